#include "policy/running_sum.h"

#include <algorithm>
#include <iterator>

namespace candor {
RunningSum::RunningSum(const Policy& policy, const Cumulative& rule, const Insights& insights) {
  for (const Insight& insight : insights) {
    if (!std::ranges::binary_search(rule.indicators, insight.indicator)) continue;
    const bool first_of_day = days_.empty() || days_.back().day != insight.day;
    if (first_of_day) days_.push_back({.day = insight.day, .last = 0, .sum = days_.empty() ? 0 : days_.back().sum});
    Upto& upto = days_.back();
    upto.last = std::max(upto.last, insight.last);
    if (!rule.counts_days) {
      const std::int64_t count = std::clamp<std::int64_t>(insight.counts[0], 0, kMostCount);
      upto.sum += static_cast<std::uint64_t>(count * policy.find(insight.indicator)->weight);
    } else if (first_of_day) {
      upto.sum += kOnePoint;
    }
  }
}

Micropoints RunningSum::between(Day from, Day to) const {
  const auto upto = [&](Day day) -> std::uint64_t {
    const auto after = std::ranges::upper_bound(days_, day, {}, &Upto::day);
    return after == days_.begin() ? 0 : std::prev(after)->sum;
  };
  return static_cast<Micropoints>(upto(to) - upto(from - 1));
}

}  // namespace candor
