#include "assessment/person_insights.h"

#include <algorithm>

namespace candor {
namespace {

// Chains that end on days from..to.
Result<std::vector<Completion>> completions_of(const Timeline& timeline, std::span<const OwnedAccount> owned,
                                               std::span<const Sequence> sequences, Day from, Day to,
                                               std::span<const Expected> expected) {
  if (sequences.empty()) return std::vector<Completion>{};
  const auto wanted = wanted_by(sequences);
  const int window = std::ranges::max(sequences, {}, &Sequence::window_days).window_days;
  std::vector<Step> steps;
  for (const OwnedAccount& one : owned) {
    const Day begin = std::max({one.from, from - window - 1, Day{0}});
    const Day end = std::min(one.to, to);
    if (begin > end) continue;
    CANDOR_TRY(auto more, timeline.steps(one.account, begin, end, wanted, expected));
    std::ranges::move(more, std::back_inserter(steps));
  }
  auto completions = find_sequences(sequences, std::move(steps));
  std::erase_if(completions, [&](const Completion& one) { return day_of(one.time) < from || day_of(one.time) > to; });
  return completions;
}

}  // namespace

Result<Insights> person_insights(const Timeline& timeline, std::span<const OwnedAccount> owned,
                                 std::span<const Sequence> sequences, const InsightQuery& query,
                                 std::span<const Expected> expected) {
  Insights all;
  for (const OwnedAccount& one : owned) {
    const Day from = std::max(one.from, query.from);
    const Day to = std::min(one.to, query.to);
    if (from > to) continue;
    CANDOR_TRY(const Insights insights, timeline.insights(one.account, from, to, expected));
    merge_insights(all, insights);
  }
  CANDOR_TRY(const auto completions, completions_of(timeline, owned, sequences, query.from, query.to, expected));
  merge_insights(all, insights_of(completions));
  return all;
}

Result<Insights> person_insights_within(const Timeline& timeline, std::span<const OwnedAccount> owned,
                                        std::span<const Sequence> sequences, Day day, TimePoint after,
                                        std::optional<TimePoint> until, std::span<const Expected> expected) {
  Insights all;
  for (const OwnedAccount& one : owned) {
    if (day < one.from || one.to < day) continue;
    CANDOR_TRY(const Insights insights, timeline.insights_within(one.account, day, after, until, expected));
    merge_insights(all, insights);
  }
  CANDOR_TRY(auto completions, completions_of(timeline, owned, sequences, day, day, expected));
  std::erase_if(completions, [&](const Completion& one) { return one.time <= after || (until && one.time > *until); });
  merge_insights(all, insights_of(completions));
  return all;
}

}  // namespace candor
