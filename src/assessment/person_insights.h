#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "policy/sequence.h"
#include "profile/ownership.h"
#include "timeline/timeline.h"

// What one person's stored activities come to: insights of indicators, and of sequences over all accounts together.
namespace candor {

struct InsightQuery {
  Day from = 0;
  Day to = 65'535;  // inclusive
};

// Ascending by (day, indicator). `owned`: the person's accounts. Matches that any of `expected` means are left out, of
// sequences too. Errors are the timeline's.
Result<Insights> person_insights(const Timeline& timeline, std::span<const OwnedAccount> owned,
                                 std::span<const Sequence> sequences, const InsightQuery& query,
                                 std::span<const Expected> expected = {});

// Of one day, counting only activities and chains that end with time > after, and <= until where it is given.
Result<Insights> person_insights_within(const Timeline& timeline, std::span<const OwnedAccount> owned,
                                        std::span<const Sequence> sequences, Day day, TimePoint after,
                                        std::optional<TimePoint> until, std::span<const Expected> expected = {});

}  // namespace candor
