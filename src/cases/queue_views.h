#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/viewer.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Views of the queue that a viewer saved under a name, and how each viewer has the queue otherwise. They name nobody.
namespace candor {

// What makes a view.
struct QueueViewParts {
  std::string name;  // 1 to 60 characters on one line
  bool shared = false;
  std::string query;    // as the page's address has it, without the page: "view=all&severity=high"; "" the usual queue
  std::string columns;  // "severity,score,policy": each once, in their order; `policy`, which opens the alert, is there
};

struct QueueView : QueueViewParts {
  std::string id;         // 32 hexadecimal digits
  std::string owner;      // a viewer's user name
  std::string pseudonym;  // that `query` holds, "" none
  TimePoint changed_at = 0;
};

// How a viewer has the queue where no view says otherwise.
struct QueueChoice {
  std::string columns;     // "" the usual ones
  std::string opens_with;  // id of a view they may use, "" none
};

// The columns there are, in the order they usually have.
std::vector<std::string_view> queue_columns();

// Of an address's query, as a view may keep it: known parameters with values that fit, each once (but for severity); of
// the text searched for a whole pseudonym only. Gives the pseudonym, "" when there is none. Fails with
// `queue_views.bad_query` and `queue_views.names_somebody`.
Result<std::string> check_queue_query(std::string_view query);

// A shared view is there for every viewer who may read alerts, but for those from whom the person of its pseudonym is
// hidden; it is changed by its owner, and deleted by whoever may change viewers, too. Acts on shared ones, and what
// makes or ends sharing, have their line in the audit log. Errors besides: `queue_views.not_found`,
// `queue_views.bad_name`, `queue_views.name_taken` (by another of one's own), `queue_views.bad_columns`,
// `queue_views.too_many`. Thread safety: any member from any thread.
class QueueViews {
 public:
  static constexpr std::size_t kMostOfViewer = 50;
  static constexpr std::size_t kMostShared = 200;
  static constexpr std::size_t kLongestName = 60;     // characters
  static constexpr std::size_t kLongestQuery = 1000;  // bytes

  // All must outlive this object.
  QueueViews(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit);

  // One's own and the shared ones, by name.
  Result<std::vector<QueueView>> all(const Viewer& viewer) const;
  Result<QueueView> add(const Viewer& viewer, const QueueViewParts& parts) const;
  // All parts anew.
  Result<QueueView> change(const Viewer& viewer, std::string_view id, const QueueViewParts& parts) const;
  Result<void> remove(const Viewer& viewer, std::string_view id) const;

  // A view that is not there for them any more opens nothing.
  Result<QueueChoice> choice(const Viewer& viewer) const;
  Result<void> choose(const Viewer& viewer, const QueueChoice& choice) const;

 private:
  Result<QueueView> visible(Reading& reading, const Viewer& viewer, std::string_view id) const;
  Result<void> note(Transaction& work, const Viewer& viewer, const char* action, const QueueView& view) const;

  Store* store_;
  const Keys* keys_;
  const Clock* clock_;
  const AuditLog* audit_;
};

}  // namespace candor
