#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Retention of alerts (docs/reference/retention.md, decision 0039): which are over, and what of one is left.
namespace candor {

// What is older than these times is over; nullopt: nothing is, however old.
struct AlertsKept {
  // Of alerts nobody decided about: of one that waits or that Candor closed, since it last came to wait and since the
  // last comment on it; of one that was withdrawn, since then.
  std::optional<TimePoint> undecided = {};
  std::optional<TimePoint> decided = {};  // of the others, since they last changed
};

struct OverAlert {
  std::string id;
  PersonId person;
  bool decided = false;  // by somebody
};

// Those that are over and in no case, and whose id comes after that one: ascending by id, at most `most`.
Result<std::vector<OverAlert>> over_alerts(Reading& reading, const AlertsKept& kept, std::string_view after,
                                           std::size_t most);

// Takes alerts away with their receipts, decisions and comments; ids that are not there are passed over. What pointed
// to them elsewhere must be gone. Of each that was not withdrawn unseen it is remembered where its evidence ended, so
// that it never exists again and later evidence is the next alert's (PersonDecisions::removed). One that nobody closed
// is closed by that, like one that expired. How many there were.
Result<std::int64_t> remove_alerts(Transaction& work, std::span<const std::string> ids, TimePoint now);

// --- what is left of them
// About whom something is; ascending.
Result<std::vector<PersonId>> people_of_remains(Reading& reading);
// Everything about one person, by policy, k and number of the decision.
struct RemainingDecision {
  std::string policy;
  int k = 0;
  std::string kind;  // as AlertDecision::kind
  TimePoint evidence_until = 0;
  TimePoint at = 0;
};
Result<std::vector<RemainingDecision>> remains_of(Reading& reading, const PersonId& person);
// Nothing that person did is stored any more, so nothing can make an alert again.
Result<std::int64_t> forget_remains(Transaction& work, const PersonId& person);
// Of alerts whose evidence ended before `evidence`, all of which is gone, and that were decided before `decided`: that
// they ended, no longer how.
Result<std::int64_t> fade_remains(Transaction& work, const PersonId& person, TimePoint evidence, TimePoint decided);
// Whether such an alert was, and where its evidence ended.
Result<std::optional<TimePoint>> remembered_cutoff(Reading& reading, std::string_view policy, const PersonId& person,
                                                   int k);

}  // namespace candor
