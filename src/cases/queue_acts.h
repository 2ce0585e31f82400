#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/own_people.h"
#include "access/present.h"
#include "access/viewers.h"
#include "alerts/alerts.h"
#include "cases/reread_book.h"

// What a viewer does to many alerts of the queue at once, each as if it were done alone, and taking it back
// (docs/architecture/decisions/0035).
namespace candor {

enum class QueueActKind : std::uint8_t { dismiss, confirm, assign };
std::string_view to_text(QueueActKind kind);
std::optional<QueueActKind> queue_act_kind(std::string_view text);

struct QueueAct {
  std::string id;  // 32 hexadecimal digits, chosen by who asks
  QueueActKind kind = QueueActKind::dismiss;
  std::optional<DismissReason> reason = {};  // of dismiss
  std::string note = {};                     // of dismiss and confirm; `other` needs one
  std::string to = {};                       // of assign: a viewer's user name, "" nobody
  TimePoint as_of = 0;                       // when the viewer was shown the queue: what changed since is left as it is
};

// How far an act has come.
struct QueueActState {
  std::string id;
  QueueActKind kind = QueueActKind::dismiss;
  TimePoint at = 0;
  std::int64_t total = 0;    // alerts asked for
  std::int64_t done = 0;     // and audited
  std::int64_t refused = 0;  // left as they are
  std::int64_t undone = 0;   // of those done
  bool ended = false;        // false for good where the process ended in between: what is done is done
};

struct QueueActOutcome {
  QueueActState state;
  // Why alerts were left as they are, by error id, and how many: of the act, or of the undoing.
  std::map<std::string, std::int64_t> refused;
};

// Errors besides the store's: `alerts.act_known` (there is one of that id), `alerts.no_act` (of nobody else's is told
// either), `alerts.act_too_old`, `alerts.bad_act`, `alerts.bad_viewer` (whom alerts are given to may not decide about
// alerts), and before anything is done those of AlertBook about notes. What is refused about one alert leaves the
// others: `alerts.not_found`, `alerts.closed`, `alerts.changed` (since `as_of`), `alerts.bad_decision`,
// `alerts.assigned_already`, `access.own_team`, `alerts.own_person`, `alerts.outside_units`, `alerts.their_team` (it
// may not be given to that viewer), and those of undo_decision(). Thread safety: any member from any thread.
class QueueActs {
 public:
  static constexpr std::size_t kMostAlerts = 10'000;  // of one act
  static constexpr std::size_t kAtOnce = 100;         // of one transaction: other writers come in between
  static constexpr TimePoint kUndoWithin = kMicrosPerDay;

  // All must outlive this object.
  struct Needs {
    Store& store;
    const Keys& keys;
    const Clock& clock;
    AlertBook& alerts;
    const Viewers& viewers;
    const Facts& facts;
    const Presenter& presenter;
    const AuditLog& audit;
  };
  explicit QueueActs(const Needs& needs) : needs_(needs) {}

  // One alert's dismissal, in the caller's transaction: with the choice whether it is read a second time.
  Result<void> dismiss(Transaction& work, std::string_view alert_id, DismissReason reason, std::string_view note,
                       TimePoint evidence_until, std::string_view user, const RereadRule& rule) const;
  // Whether an alert about that person may be given to `user`: they may decide, and would find it.
  Result<void> may_be_given(std::string_view user, const PersonId& person) const;

  // Of at most kMostAlerts alerts, each named once, in transactions of kAtOnce; ids that name nothing are refused. Each
  // alert done has its line in the audit log, and the whole has one. Takes seconds for thousands.
  Result<QueueActOutcome> run(const Viewer& viewer, const QueueAct& act, std::span<const std::string> alerts,
                              const RereadRule& rule) const;
  Result<QueueActState> get(std::string_view user, std::string_view act_id) const;
  // Takes back what can be; the rest stays, and says why.
  Result<QueueActOutcome> undo(const Viewer& viewer, std::string_view act_id) const;

 private:
  struct Receiver;
  struct Item;
  struct Judge;

  Result<Receiver> receiver(std::string_view user) const;
  Result<void> check(const QueueAct& act) const;
  Result<void> begin(const Viewer& viewer, const QueueAct& act, std::size_t total) const;
  Result<void> do_one(Transaction& work, const Viewer& viewer, const QueueAct& act, const Item& item,
                      const RereadRule& rule) const;
  Result<void> undo_one(Transaction& work, const Viewer& viewer, const QueueActState& state, std::string_view given_to,
                        const Item& item) const;
  Result<void> end(const Viewer& viewer, const QueueActState& state, const char* action) const;

  const Needs needs_;
};

}  // namespace candor
