#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/viewer.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// One viewer may see one person's name for a while.
struct Lift {
  std::string id;  // 32 hex digits
  PersonId person;
  std::string alert;  // where it was asked for, may be empty
  std::string reason;
  std::string viewer;
  TimePoint from = 0;
  TimePoint until = 0;
};

// Ends what a viewer lifted in a session that ends. For Viewers.
Result<void> end_lifts_of_session(Transaction& work, const Keys& keys, const AuditLog& audit, TimePoint now,
                                  const std::string& viewer, const std::string& session);

// The liftings of pseudonyms; those of people hidden from a viewer are not there for them. Each begins with a
// permission and a reason, ends by itself or with the session it was made in, and is in the audit log. Thread safety:
// any member from any thread.
class Lifting {
 public:
  static constexpr TimePoint kDefaultDuration = kMicrosPerDay / 3;  // 8 hours
  static constexpr std::size_t kLongestReason = 1000;               // bytes

  // All must outlive this object.
  Lifting(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit,
          TimePoint duration = kDefaultDuration);

  // Replaces the viewer's current lift of that person, if any. Fails with `access.not_allowed`, `access.bad_reason`
  // (empty, only blanks, too long), `access.unknown_person`.
  Result<Lift> lift(const Viewer& viewer, const PersonId& person, const std::string& alert, std::string_view reason);
  // Ends one early: one's own, or anybody's with the permission to read the audit log. `access.unknown_lift`.
  Result<void> end(const Viewer& viewer, std::string_view lift_id);

  // Those that have not ended, newest first.
  Result<std::vector<Lift>> current(const Viewer& viewer) const;
  // Of everybody, for auditors (`access.not_allowed` for others).
  Result<std::vector<Lift>> current_of_all(const Viewer& viewer) const;

 private:
  Store* store_;
  const Keys* keys_;
  const Clock* clock_;
  const AuditLog* audit_;
  TimePoint duration_;
};

// Everybody whose name was ever lifted: the log of lifts speaks of them.
Result<std::vector<PersonId>> people_lifted(Reading& reading);

// Erasure: all liftings of the person's name. How many.
Result<std::int64_t> erase_lifts(Transaction& work, const PersonId& person);
// Retention: those at an alert that goes, and that ended before `now`; the audit log has them. How many.
Result<std::int64_t> forget_lifts_at(Transaction& work, std::string_view alert_id, TimePoint now);

}  // namespace candor
