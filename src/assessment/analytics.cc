#include "assessment/analytics.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "assessment/peer_shares.h"
#include "assessment/scored_days.h"
#include "assessment/stored_person.h"
#include "policy/baseline.h"
#include "policy/windows.h"
#include "profile/people.h"

namespace candor {
namespace {

constexpr std::int64_t kLeastPersonDays = 500;
constexpr std::array<std::int64_t, 3> kDaysOfHundredThousand = {200, 50, 10};  // that reach low, medium, high

// What one indicator counted in one dimension.
struct Use {
  std::int64_t people = 0;
  std::int64_t most = 0;   // matches of whoever had most
  std::int64_t total = 0;  // matches of everybody
  std::map<std::int64_t, std::int64_t> days_by_count;

  void add(const Use& other) {
    people += other.people;
    most = std::max(most, other.most);
    total = add_capped(total, other.total);
    for (const auto& [count, days] : other.days_by_count) days_by_count[count] += days;
  }
  // Ten people or more, none of them with more than half of it.
  bool tells_nobody() const { return people >= kLeastPeople && most <= total / 2; }
};

struct IndicatorTally {
  std::array<Use, kDimensions> use;
  std::int64_t reached_low = 0;
  std::int64_t reached_high = 0;
};

struct Counted {
  std::int64_t people = 0;
  std::int64_t person_days = 0;
  std::map<IndicatorKey, IndicatorTally> indicators;
  std::vector<std::int64_t> in_scope;  // by position of the policy

  void add(const Counted& other) {
    people += other.people;
    person_days += other.person_days;
    for (const auto& [key, one] : other.indicators) {
      IndicatorTally& own = indicators[key];
      for (std::size_t d = 0; d < kDimensions; ++d) own.use[d].add(one.use[d]);
      own.reached_low += one.reached_low;
      own.reached_high += one.reached_high;
    }
    in_scope.resize(std::max(in_scope.size(), other.in_scope.size()));
    for (std::size_t i = 0; i < other.in_scope.size(); ++i) in_scope[i] += other.in_scope[i];
  }
};

bool reaches(const Insight& insight, const IndicatorInfo& info, std::int64_t Levels::* level) {
  for (std::size_t d = 0; d < kDimensions; ++d) {
    if (info.levels[d].*level > 0 && insight.counts[d] >= info.levels[d].*level) return true;
  }
  return false;
}

class Analyser {
 public:
  Analyser(std::span<const IndicatorInfo> indicators, std::span<const std::shared_ptr<const Policy>> policies,
           const FourWeeks& period, const PeerBook* peers)
      : policies_(policies), period_(period), peers_(peers), sequences_(sequences_of(policies)) {
    for (const IndicatorInfo& info : indicators) infos_.emplace(info.key, &info);
  }

  const std::vector<Sequence>& sequences() const { return sequences_; }
  const std::map<IndicatorKey, const IndicatorInfo*>& infos() const { return infos_; }

  void add(const StoredPerson& person, Counted& tally) const {
    if (person.guest) return;
    std::set<Day> days;
    std::map<IndicatorKey, std::vector<const Insight*>> by_indicator;
    for (const Insight& insight : person.insights) {
      if (insight.day < period_.from || insight.day > period_.to || !infos_.contains(insight.indicator)) continue;
      days.insert(insight.day);
      by_indicator[insight.indicator].push_back(&insight);
    }
    tally.people += days.empty() ? 0 : 1;
    tally.person_days += static_cast<std::int64_t>(days.size());
    for (const auto& [key, insights] : by_indicator) {
      add_indicator(*infos_.at(key), insights, tally.indicators[key]);
    }
    tally.in_scope.resize(policies_.size());
    for (std::size_t i = 0; i < policies_.size(); ++i) tally.in_scope[i] += comes_into_scope(*policies_[i], person);
  }

 private:
  static void add_indicator(const IndicatorInfo& info, const std::vector<const Insight*>& insights,
                            IndicatorTally& tally) {
    const auto any = [&](std::int64_t Levels::* level) {
      return std::ranges::any_of(insights, [&](const Insight* one) { return reaches(*one, info, level); }) ? 1 : 0;
    };
    tally.reached_low += any(&Levels::low);
    tally.reached_high += any(&Levels::high);
    for (std::size_t d = 0; d < kDimensions; ++d) {
      std::int64_t sum = 0;
      for (const Insight* const insight : insights) {
        if (insight->counts[d] == 0) continue;
        ++tally.use[d].days_by_count[insight->counts[d]];
        sum = add_capped(sum, insight->counts[d]);
      }
      tally.use[d].people += sum > 0 ? 1 : 0;
      tally.use[d].most = std::max(tally.use[d].most, sum);
      tally.use[d].total = add_capped(tally.use[d].total, sum);
    }
  }

  std::int64_t comes_into_scope(const Policy& policy, const StoredPerson& person) const {
    const auto scored = scored_days(policy, person.profile, person.guest);
    if (scored.empty()) return 0;
    std::optional<Peers> peers;
    if (peers_ != nullptr) peers.emplace(*peers_, person.profile);
    const Baselines baselines(policy, person.insights, person.profile.kept_from, peers ? &*peers : nullptr);
    for (const InScope& window : windows_of(policy, person.profile, person.insights, baselines, period_.to)) {
      const Day day = day_of(window.at);
      if (day < period_.from || day > period_.to) continue;
      if (std::ranges::any_of(scored, [&](const Days& days) { return days.from <= day && day <= days.to; })) return 1;
    }
    return 0;
  }

  const std::span<const std::shared_ptr<const Policy>> policies_;
  const FourWeeks period_;
  const PeerBook* const peers_;
  const std::vector<Sequence> sequences_;
  std::map<IndicatorKey, const IndicatorInfo*> infos_;
};

// Reads people on several threads, each into a tally of its own: sums do not ask for an order.
Result<Counted> read_all(const AssessSources& sources, const Analyser& analyser, std::span<const PersonId> people,
                         const AnalyticsOptions& options) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Counted all;
  std::optional<Error> error;
  const auto work = [&](bool tells) {
    Counted own;
    const auto failed = [&](const Error& why) {
      const std::lock_guard lock(mutex);
      if (!error) error = why;
      next = people.size();
    };
    auto reading = sources.store.read();
    if (!reading) return failed(reading.error());
    for (std::size_t i = next++; i < people.size(); i = next++) {
      if (options.stop.stop_requested()) return failed({"analytics.cancelled", "analytics were cancelled"});
      const auto person = stored_person(sources, *reading, people[i], analyser.sequences());
      if (!person) return failed(person.error());
      analyser.add(*person, own);
      if (tells && options.progress && i % 64 == 0) options.progress(i, people.size());
    }
    const std::lock_guard lock(mutex);
    all.add(own);
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned thread = 1; thread < options.threads; ++thread) helpers.emplace_back(work, false);
    work(true);
  }
  if (error) return std::unexpected(*error);
  if (options.progress) options.progress(people.size(), people.size());
  return all;
}

// 137 becomes 140, 1234 becomes 1300; what has two digits stays.
std::int64_t rounded_up(std::int64_t count) {
  std::int64_t unit = 1;
  while (count / unit >= 100) unit *= 10;
  return (count + unit - 1) / unit * unit;
}

}  // namespace

std::optional<Levels> fit_levels(const std::map<std::int64_t, std::int64_t>& days_by_count, std::int64_t person_days) {
  if (person_days < kLeastPersonDays || days_by_count.empty()) return std::nullopt;
  // The smallest count that at most so many days reach; nullopt when that is not one day.
  const auto reached_by = [&](std::int64_t of_hundred_thousand) -> std::optional<std::int64_t> {
    const std::int64_t most = person_days * of_hundred_thousand / 100'000;
    if (most < 1) return std::nullopt;
    std::int64_t days = 0;
    std::int64_t least = days_by_count.rbegin()->first + 1;
    for (auto one = days_by_count.rbegin(); one != days_by_count.rend(); ++one) {
      days += one->second;
      if (days > most) break;
      least = one->first;
    }
    return rounded_up(least);
  };
  Levels levels;
  levels.low = reached_by(kDaysOfHundredThousand[0]).value_or(1);
  levels.medium = std::max(reached_by(kDaysOfHundredThousand[1]).value_or(2 * levels.low), levels.low + 1);
  levels.high = std::max(reached_by(kDaysOfHundredThousand[2]).value_or(2 * levels.medium), levels.medium + 1);
  return levels;
}

Result<Analytics> analyse(const AssessSources& sources, std::span<const IndicatorInfo> indicators,
                          std::span<const std::shared_ptr<const Policy>> policies, const AnalyticsOptions& options) {
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(sources.people.each([&](const PersonId& person) {
    people.push_back(person);
    return true;
  }));
  std::shared_ptr<const PeerBook> peers;
  {
    CANDOR_TRY(Reading reading, sources.store.read());
    CANDOR_TRY(peers, stored_peers(reading));
  }
  const Analyser analyser(indicators, policies, options.period, peers.get());
  CANDOR_TRY(const Counted tally, read_all(sources, analyser, people, options));
  Analytics out;
  out.period = options.period;
  out.people = in_tens(tally.people);
  out.person_days = in_tens(tally.person_days);
  for (const auto& [key, one] : tally.indicators) {
    if (one.use[0].people < kLeastPeople) continue;
    IndicatorUse use;
    use.indicator = analyser.infos().at(key);
    use.people = in_tens(one.use[0].people);
    use.reached_low = in_tens(one.reached_low);
    use.reached_high = in_tens(one.reached_high);
    for (std::size_t d = 0; d < kDimensions; ++d) {
      const bool counted = d == 0 || use.indicator->has_levels[d];
      if (counted && one.use[d].tells_nobody()) use.fitted[d] = fit_levels(one.use[d].days_by_count, tally.person_days);
    }
    out.used.push_back(use);
  }
  std::ranges::sort(out.used, [](const IndicatorUse& a, const IndicatorUse& b) {
    return std::pair(-a.people, a.indicator->name) < std::pair(-b.people, b.indicator->name);
  });
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const std::int64_t reached = i < tally.in_scope.size() ? tally.in_scope[i] : 0;
    out.policies.push_back({.policy = policies[i].get(), .people = in_tens(reached)});
  }
  return out;
}

}  // namespace candor
