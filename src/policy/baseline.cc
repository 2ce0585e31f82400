#include "policy/baseline.h"

#include <algorithm>

namespace candor {
Baselines::Baselines(const Policy& policy, const Insights& insights, std::optional<Day> kept_from, const Peers* peers)
    : policy_(policy), kept_from_(kept_from), peers_(peers), series_(policy.indicators.size()) {
  for (const Cumulative& rule : policy.cumulative) measures_.push_back(peer_measure(policy, rule));
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

Baselines::Telling Baselines::telling(Day day, int days) const {
  const Day from = day - policy_.usual.days;
  // Nothing is left out of the days before: day..day-1 is none.
  if (!kept_from_ || from >= *kept_from_) return {.from = from, .to = day - 1, .day = day, .after = day};
  // As many days in all; those judged are not among them, on whichever side they lie.
  const Day first = std::min(*kept_from_, day);
  const Day after = day + days;
  return {.from = first, .to = first + policy_.usual.days + days - 1, .day = day, .after = after};
}

int Baselines::active_days(const Telling& telling) const {
  return active_days(telling.from, telling.to) - active_days(telling.day, telling.after - 1);
}

std::optional<Micropoints> Baselines::usual(const PolicyIndicator& indicator, Dimension dimension, Day day) const {
  const Telling days = telling(day, 1);
  const int active = active_days(days);
  if (active < policy_.usual.least_days) return std::nullopt;
  const Series& series = series_[static_cast<std::size_t>(&indicator - policy_.indicators.data())];
  const std::int64_t all = sum(series, dimension, days.from, days.to) - sum(series, dimension, day, days.after - 1);
  return std::min(all, 100 * kMostCount) * kOnePoint / active;
}

std::optional<Micropoints> Baselines::usual_sum(std::size_t rule, Day day) const {
  const Telling days = telling(day, policy_.cumulative[rule].days);
  if (active_days(days) < policy_.usual.least_days) return std::nullopt;
  const RunningSum& sums = sums_[rule];
  const Micropoints all = sums.between(days.from, days.to) - sums.between(day, days.after - 1);
  const Day known = std::max(days.from, active_.front());
  const int count = days.to - known + 1 - (days.after - day);
  return count > 0 ? std::optional(all / count * policy_.cumulative[rule].days) : std::nullopt;
}

std::optional<Micropoints> Baselines::allowed(PeerMeasure measure, Day day) const {
  if (peers_ == nullptr || policy_.usual.peers_percent == 0) return std::nullopt;
  const auto most = peers_->doers(measure, day);
  if (!most) return std::nullopt;
  return std::min(*most, kMostCount) * (kOnePoint / 100) * policy_.usual.peers_percent;
}

std::optional<Micropoints> Baselines::excused(const PolicyIndicator& indicator, Dimension dimension, Day day) const {
  const auto own = usual(indicator, dimension, day);
  if (!own) return std::nullopt;
  if (indicator.is_sequence) return own;
  // In every dimension by what peers do in all: that is no less.
  const auto peers = allowed(peer_measure(indicator.key), day);
  return peers ? std::min(*own, *peers) : own;
}

std::optional<Micropoints> Baselines::excused_sum(std::size_t rule, Day day) const {
  const auto own = usual_sum(rule, day);
  const auto peers = allowed(measures_[rule], day);
  return own && peers ? std::min(*own, *peers) : own ? own : peers;
}

std::optional<std::int64_t> Baselines::above_usual(std::size_t rule, std::int64_t sum, Day day) const {
  const Cumulative& cumulative = policy_.cumulative[rule];
  const auto usual = excused_sum(rule, day - cumulative.days + 1);
  if (!usual) return std::nullopt;
  return sum - *usual / 100 * cumulative.usual_percent / kOnePoint;
}

std::optional<PeerStanding> Baselines::standing(const PolicyIndicator& indicator, std::int64_t count, Day day) const {
  if (peers_ == nullptr || indicator.is_sequence) return std::nullopt;
  return peers_->standing(peer_measure(indicator.key), count, day);
}

std::optional<PeerStanding> Baselines::standing(std::size_t rule, std::int64_t sum, Day day) const {
  const Day from = day - policy_.cumulative[rule].days + 1;
  return peers_ == nullptr ? std::nullopt : peers_->standing(measures_[rule], sum, from);
}

}  // namespace candor
