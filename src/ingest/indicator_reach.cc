#include "ingest/indicator_reach.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <set>

namespace candor {
namespace {

using FewPeople = std::set<PersonId>;  // no more than kLeastReached

struct Reached {
  bool matched = false;
  FewPeople people;                                                   // of all these days
  std::array<FewPeople, static_cast<std::size_t>(kReachDays)> daily;  // [0]: yesterday
};

bool is_many(const FewPeople& people) { return people.size() >= kLeastReached; }

void count(FewPeople& people, const PersonId& person) {
  if (!is_many(people)) people.insert(person);
}

class ReachFold {
 public:
  ReachFold(const Timeline& timeline, const std::vector<IndicatorInfo>& indicators, const PersonOfAccount& person_of,
            Day today)
      : timeline_(timeline), person_of_(person_of), today_(today), reached_(indicators.size()) {
    for (std::size_t i = 0; i < indicators.size(); ++i) by_key_.emplace(indicators[i].key, i);
  }

  Result<void> add(const AccountInfo& account) {
    CANDOR_TRY(const Insights insights, timeline_.insights(account.id, 0, today_));
    if (insights.empty()) return {};
    std::optional<PersonId> person;
    if (account.actor == ActorKind::person) {
      CANDOR_TRY(person, person_of_(account.id));
    }
    for (const Insight& insight : insights) add(insight, person);
    return {};
  }

  IndicatorReach reach_of(const IndicatorInfo& info, std::size_t at) const {
    const Reached& reached = reached_[at];
    IndicatorReach out{.indicator = info.name, .matched = reached.matched, .last_hit = std::nullopt};
    out.many = is_many(reached.people);
    out.hit_days = std::ranges::count_if(reached.daily, is_many);
    const auto last = std::ranges::find_if(reached.daily, is_many);
    if (last != reached.daily.end()) out.last_hit = today_ - 1 - static_cast<Day>(last - reached.daily.begin());
    return out;
  }

 private:
  void add(const Insight& insight, const std::optional<PersonId>& person) {
    const auto found = by_key_.find(insight.indicator);
    if (found == by_key_.end() || insight.counts[0] <= 0) return;
    Reached& reached = reached_[found->second];
    reached.matched = true;
    if (insight.day >= today_ || insight.day < today_ - kReachDays) return;
    if (!person) return;
    count(reached.people, *person);
    count(reached.daily.at(static_cast<std::size_t>(today_ - 1 - insight.day)), *person);
  }

  const Timeline& timeline_;
  const PersonOfAccount& person_of_;
  const Day today_;
  absl::flat_hash_map<IndicatorKey, std::size_t> by_key_;
  std::vector<Reached> reached_;
};

}  // namespace

Result<std::vector<IndicatorReach>> fold_reach(const Timeline& timeline, const std::vector<IndicatorInfo>& indicators,
                                               const PersonOfAccount& person_of, Day today) {
  ReachFold fold(timeline, indicators, person_of, today);
  Result<void> outcome;
  CANDOR_TRY_VOID(timeline.for_each_account([&](const AccountInfo& account) {
    outcome = fold.add(account);
    return outcome.has_value();
  }));
  CANDOR_TRY_VOID(outcome);
  std::vector<IndicatorReach> out;
  out.reserve(indicators.size());
  for (std::size_t i = 0; i < indicators.size(); ++i) out.push_back(fold.reach_of(indicators[i], i));
  return out;
}

Result<void> ReachBook::save(const std::vector<IndicatorReach>& reach, TimePoint now) {
  return store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("delete from indicator_reach"));
    for (const IndicatorReach& one : reach) {
      const std::optional<std::int64_t> days = one.many ? std::optional(one.hit_days) : std::nullopt;
      const std::optional<std::int64_t> last = one.last_hit ? std::optional<std::int64_t>(*one.last_hit) : std::nullopt;
      CANDOR_TRY_VOID(work.execute(
          "insert into indicator_reach (indicator, matched, many, hit_days, last_hit) values (?1, ?2, ?3, ?4, ?5)",
          {one.indicator, one.matched ? 1 : 0, one.many ? 1 : 0, days, last}));
    }
    CANDOR_TRY_VOID(
        work.execute("insert into indicator_reach_counted (id, counted_at) values (1, ?1) on conflict (id) "
                     "do update set counted_at = excluded.counted_at",
                     {now}));
    return {};
  });
}

Result<ReachBook::Count> ReachBook::last() const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto counted, reading.row("select counted_at from indicator_reach_counted where id = 1"));
  CANDOR_TRY(const auto rows, reading.rows("select indicator, matched, many, hit_days, last_hit from indicator_reach "
                                           "order by indicator"));
  Count out;
  if (counted) out.at = counted->integer(0);
  out.reach.reserve(rows.size());
  for (const Row& row : rows) {
    IndicatorReach one{.indicator = row.text(0), .matched = row.integer(1) != 0, .last_hit = std::nullopt};
    one.many = row.integer(2) != 0;
    one.hit_days = row.optional_integer(3).value_or(0);
    if (const auto day = row.optional_integer(4)) one.last_hit = static_cast<Day>(*day);
    out.reach.push_back(std::move(one));
  }
  return out;
}

}  // namespace candor
