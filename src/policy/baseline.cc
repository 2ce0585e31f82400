#include "policy/baseline.h"

#include <algorithm>
#include <array>

namespace candor {
namespace {

constexpr std::uint8_t kEveryWeekday = 0x7f;

// What was counted on some days.
struct Counts {
  std::int64_t sum = 0;
  std::int64_t most = 0;
  std::int64_t second = 0;

  void add(std::int64_t count) {
    sum += count;
    second = std::max(second, std::min(most, count));
    most = std::max(most, count);
  }
  // The busiest day counts as the second busiest: one day on which very much was done makes nothing usual.
  std::int64_t without_peak() const { return sum - (most - second); }
};

Micropoints mean(std::int64_t sum, int days) { return std::min(sum, 100 * kMostCount) * kOnePoint / days; }

}  // namespace

Baselines::Baselines(const Policy& policy, const Insights& insights, std::optional<Day> kept_from, const Peers* peers)
    : policy_(policy), kept_from_(kept_from), peers_(peers), series_(policy.indicators.size()) {
  for (const Cumulative& rule : policy.cumulative) measures_.push_back(peer_measure(policy, rule));
  for (const Insight& insight : insights) {
    if (active_.empty() || active_.back() != insight.day) active_.push_back(insight.day);
    const PolicyIndicator* indicator = policy.find(insight.indicator);
    if (indicator == nullptr) continue;
    Counted counted{.day = insight.day};
    for (int d = 0; d < kDimensions; ++d)
      counted.counts[d] = std::clamp<std::int64_t>(insight.counts[d], 0, kMostCount);
    series_[static_cast<std::size_t>(indicator - policy.indicators.data())].push_back(counted);
  }
  for (const Cumulative& rule : policy.cumulative) sums_.emplace_back(policy, rule, insights);
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

Baselines::Like Baselines::made_like(Day day) const {
  Like out{.day = day, .telling = telling(day, 1), .kind = UsualDays::active, .weekdays = kEveryWeekday};
  std::array<int, 7> active{};
  const auto last = std::ranges::upper_bound(active_, out.telling.to);
  for (auto one = std::ranges::lower_bound(active_, out.telling.from); one < last; ++one) {
    if (out.telling.holds(*one)) ++active[weekday_of(*one)];
  }
  const auto days_of = [&](unsigned weekdays) {
    int days = 0;
    for (std::size_t n = 0; n < active.size(); ++n) days += (weekdays >> n & 1U) != 0 ? active[n] : 0;
    return days;
  };
  const auto take = [&](UsualDays kind, unsigned weekdays) {
    out.kind = kind;
    out.weekdays = static_cast<std::uint8_t>(weekdays);
    out.alike = days_of(weekdays);
  };
  if (days_of(kEveryWeekday) < policy_.usual.least_days) return out;
  out.active = days_of(kEveryWeekday);
  take(UsualDays::active, kEveryWeekday);
  if (policy_.usual.least_weekdays == 0) return out;
  const std::size_t today = weekday_of(day);
  if (active[today] >= policy_.usual.least_weekdays) {
    take(UsualDays::weekday, 1U << today);
    return out;
  }
  // Weekdays on which the person is active half as often as on the most active one are those they work on.
  const int most = std::ranges::max(active);
  unsigned working = 0;
  for (std::size_t n = 0; n < active.size(); ++n) working |= 2 * active[n] >= most ? 1U << n : 0U;
  const bool works = (working >> today & 1U) != 0;
  const unsigned same = works ? working : kEveryWeekday & ~working;
  if (days_of(same) >= policy_.usual.least_days) take(works ? UsualDays::working : UsualDays::off, same);
  return out;
}

const Baselines::Like& Baselines::like(Day day) const {
  if (like_.day != day) like_ = made_like(day);
  return like_;
}

std::optional<Baselines::Own> Baselines::usual(const PolicyIndicator& indicator, Dimension dimension, Day day) const {
  const Like& days = like(day);
  if (days.active == 0) return std::nullopt;
  const Series& series = series_[static_cast<std::size_t>(&indicator - policy_.indicators.data())];
  Counts all;
  Counts alike;
  for (auto one = std::ranges::lower_bound(series, days.telling.from, {}, &Counted::day);
       one != series.end() && one->day <= days.telling.to; ++one) {
    if (!days.telling.holds(one->day)) continue;
    const std::int64_t count = one->counts[static_cast<std::size_t>(dimension)];
    all.add(count);
    if ((days.weekdays >> weekday_of(one->day) & 1U) != 0) alike.add(count);
  }
  if (policy_.usual.least_weekdays == 0) return Own{.count = mean(all.sum, days.active)};
  const Own by_all{.count = mean(all.without_peak(), days.active), .days = UsualDays::active, .from = days.active};
  const Own by_alike{.count = mean(alike.without_peak(), days.alike), .days = days.kind, .from = days.alike};
  // Doubt speaks for the person.
  return by_alike.count > by_all.count ? by_alike : by_all;
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

Micropoints Baselines::excused(const PolicyIndicator& indicator, const Own& own, Day day) const {
  if (indicator.is_sequence) return own.count;
  // In every dimension by what peers do in all: that is no less.
  const auto peers = allowed(peer_measure(indicator.key), day);
  return peers ? std::min(own.count, *peers) : own.count;
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
