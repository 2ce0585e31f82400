#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// Somebody whose records a court, an authority or counsel wants kept: retention leaves them alone, and nobody is erased
// while it holds.
struct LegalHold {
  std::int64_t number = 0;  // from 1
  PersonId person;
  std::string reason;
  std::string placed_by;
  TimePoint placed_at = 0;
  std::string released_by;  // "": it holds
  TimePoint released_at = 0;
  std::string released_reason;
};

// Reasons are without the person's names (masked_for_audit). Callers write the audit line into the same transaction.
// How many of them there are of one person does not matter: all must be released. Thread safety: no state.
// Returns its number.
Result<std::int64_t> place_hold(Transaction& work, const PersonId& person, std::string_view reason,
                                std::string_view viewer, TimePoint now);
// Releases all of the person's; how many. Fails with `cases.no_hold` when there is none.
Result<std::int64_t> release_holds(Transaction& work, const PersonId& person, std::string_view reason,
                                   std::string_view viewer, TimePoint now);
// Those that hold, ascending by number.
Result<std::vector<LegalHold>> holds(Reading& reading);
Result<std::vector<LegalHold>> holds_of(Reading& reading, const PersonId& person);
// Erasure: those of the person, which were all released. How many.
Result<std::int64_t> erase_holds(Transaction& work, const PersonId& person);

}  // namespace candor
