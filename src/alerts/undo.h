#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Taking a decision back, as long as nothing came of it (docs/architecture/decisions/0035).
namespace candor {

// Number of the last decision about an alert that stands; 0: there is none.
Result<std::int64_t> standing_decision(Reading& reading, std::string_view alert_id);

// Takes back the decision of that number. It stays in the alert's history, with when and by whom; from now on results
// are what they would be without it. The alert is what it was before, and its person is marked for assessment.
// Refused when something came of it: `alerts.told` (somebody outside was told, by a webhook), `alerts.decided_since`
// (it is not the last word on the alert, or a confirmed alert came into a case), `alerts.next_exists` (evidence after
// it opened the next alert). Else `alerts.not_found`. Whether the person may do this is the caller's question, and the
// audit line the caller's.
Result<void> undo_decision(Transaction& work, std::string_view alert_id, std::int64_t number, std::string_view user,
                           TimePoint now);

// To be asked by who is about to tell somebody outside of an alert's decisions of a kind ("dismissed"), in the
// transaction that tells: those that stand cannot be undone any more. False: none of that kind stands, tell nothing.
Result<bool> note_told(Transaction& work, std::string_view alert_id, std::string_view kind, TimePoint now);

}  // namespace candor
