#pragma once

#include <vector>

#include "app/erasure.h"
#include "timeline/timeline.h"

// Internal to app: what erasing somebody here and erasing whom a list means have in common.
namespace candor {

void drop_zeros(CountByKind& counts);
std::vector<AccountDays> account_days(const std::vector<OwnedAccount>& accounts);
void count_activities(const ErasedActivities& erased, CountByKind& counts);
// Erasure::found of what a plan found.
std::string found_text(const ErasurePlan& plan);
// Writes it down, then does it: whoever opens the folder after a crash finds what is to be ended.
Result<Erasure> carry_out(Installation& installation, const Erasure& erasure, const ErasureStep& step);

}  // namespace candor
