#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "alerts/alerts.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// What a second reading of a dismissal looks at and changes. Whose turn it is, and what they may know, is
// cases/reread_book.h.
namespace candor {

struct Dismissal {
  std::int64_t number = 0;    // among the alert's decisions, from 1
  std::int64_t revision = 0;  // of the alert, as its viewer was shown it
  AlertDecision decision;
  std::optional<TimePoint> returned_at;  // a second reading disagreed
};

// The decision of that number, which is a dismissal; nullopt: there is none. Errors are those of the store.
Result<std::optional<Dismissal>> dismissal(Reading& reading, std::string_view alert_id, std::int64_t number);
// The same of the last decision, while the alert is dismissed by it: not once late evidence put it back.
Result<std::optional<Dismissal>> standing_dismissal(Reading& reading, std::string_view alert_id);

// Puts an alert back into the queue because a second reading disagreed with the dismissal of that number, which must be
// the standing one. It keeps the end of its evidence, and who decides next may dismiss it again; until then the
// dismissal holds nothing back (decision 0015). `said` becomes a comment by `viewer`, 1 to 8,000 bytes. The time is
// stored once, and the person is marked for assessment.
// Errors: `alerts.bad_decision`, `alerts.not_found`.
Result<void> return_to_queue(Transaction& work, std::string_view alert_id, std::int64_t number, std::string_view said,
                             std::string_view viewer, TimePoint now);

}  // namespace candor
