#include "policy/baseline.h"

#include <algorithm>

namespace candor {
namespace {

constexpr std::int64_t kMostCount = 1'000'000'000;  // counts above it are taken as it: products stay within 64 bits

}  // namespace

Baselines::Baselines(const Policy& policy, const Insights& insights)
    : policy_(policy), series_(policy.indicators.size()) {
  for (const Insight& insight : insights) {
    if (active_.empty() || active_.back() != insight.day) active_.push_back(insight.day);
    const PolicyIndicator* indicator = policy.find(insight.indicator);
    if (indicator == nullptr) continue;
    Series& series = series_[static_cast<std::size_t>(indicator - policy.indicators.data())];
    Running running = series.empty() ? Running{} : series.back();
    running.day = insight.day;
    for (int d = 0; d < kDimensions; ++d) running.sums[d] += std::clamp<std::int64_t>(insight.counts[d], 0, kMostCount);
    series.push_back(running);
  }
  for (const Cumulative& rule : policy.cumulative) sums_.emplace_back(policy, rule, insights);
}

std::int64_t Baselines::sum(const Series& series, Dimension dimension, Day from, Day to) {
  const auto upto = [&](Day day) -> std::int64_t {
    const auto after = std::ranges::upper_bound(series, day, {}, &Running::day);
    return after == series.begin() ? 0 : std::prev(after)->sums[static_cast<int>(dimension)];
  };
  return upto(to) - upto(from - 1);
}

int Baselines::active_days(Day from, Day to) const {
  const auto first = std::ranges::lower_bound(active_, from);
  const auto last = std::ranges::upper_bound(active_, to);
  return first < last ? static_cast<int>(last - first) : 0;
}

std::optional<Micropoints> Baselines::usual(const PolicyIndicator& indicator, Dimension dimension, Day day) const {
  const Day from = day - policy_.usual.days;
  const int active = active_days(from, day - 1);
  if (active < policy_.usual.least_days) return std::nullopt;
  const Series& series = series_[static_cast<std::size_t>(&indicator - policy_.indicators.data())];
  const std::int64_t total = std::min(sum(series, dimension, from, day - 1), 100 * kMostCount);
  return total * kOnePoint / active;
}

std::optional<Micropoints> Baselines::usual_sum(std::size_t rule, Day day) const {
  const Day from = day - policy_.usual.days;
  if (active_days(from, day - 1) < policy_.usual.least_days) return std::nullopt;
  const Day known = std::max(from, active_.front());
  return sums_[rule].between(from, day - 1) / (day - known) * policy_.cumulative[rule].days;
}

std::optional<std::int64_t> Baselines::above_usual(std::size_t rule, std::int64_t sum, Day day) const {
  const Cumulative& cumulative = policy_.cumulative[rule];
  const auto usual = usual_sum(rule, day - cumulative.days + 1);
  if (!usual) return std::nullopt;
  return sum - *usual / 100 * cumulative.usual_percent / kOnePoint;
}

}  // namespace candor
