#include "ingest/ledger.h"

#include <absl/container/flat_hash_map.h>

#include <limits>
#include <span>
#include <utility>

namespace candor {
namespace {

struct LedgerCell {
  std::int64_t offered = 0;
  std::vector<std::int64_t> evaluated;  // by indicator
  std::vector<std::int64_t> matched;
};

class Fold {
 public:
  Fold(const std::vector<LedgerIndicator>& indicators, const std::vector<Switch>& switches, const PlaceOfAccount& place)
      : indicators_(indicators), switches_(switches), place_(place) {
    for (std::size_t i = 0; i < indicators.size(); ++i) by_key_.emplace(indicators[i].key, i);
  }

  // `activities` of one account, of any days.
  void add(const std::string& account, const std::vector<StoredActivity>& activities) {
    for (std::size_t from = 0; from < activities.size();) {
      const Day day = day_of(activities[from].time);
      std::size_t to = from + 1;
      while (to < activities.size() && day_of(activities[to].time) == day) ++to;
      add_day(account, day, std::span(activities).subspan(from, to - from));
      from = to;
    }
  }

  std::vector<LedgerLine> lines() const {
    std::vector<LedgerLine> out;
    out.reserve(cells_.size() * indicators_.size());
    for (const auto& [key, cell] : cells_) {
      for (std::size_t i = 0; i < indicators_.size(); ++i) {
        out.push_back({.content = {},
                       .day = key.first,
                       .country = key.second,
                       .indicator = indicators_[i].name,
                       .offered = cell.offered,
                       .evaluated = cell.evaluated[i],
                       .matched = cell.matched[i]});
      }
    }
    return out;
  }

 private:
  void add_day(const std::string& account, Day day, std::span<const StoredActivity> activities) {
    const AccountPlace place = place_ ? place_(account, day) : AccountPlace();
    LedgerCell& cell = cells_[{day, place.country.value_or("")}];
    cell.evaluated.resize(indicators_.size());
    cell.matched.resize(indicators_.size());
    const auto count = static_cast<std::int64_t>(activities.size());
    cell.offered += count;
    for (std::size_t i = 0; i < indicators_.size(); ++i) {
      const LedgerIndicator& one = indicators_[i];
      if (is_switched_on(switches_, one.name, one.intrusion, place, day)) cell.evaluated[i] += count;
    }
    for (const StoredActivity& activity : activities) {
      for (const IndicatorKey key : activity.matches) {
        if (const auto found = by_key_.find(key); found != by_key_.end()) ++cell.matched[found->second];
      }
    }
  }

  const std::vector<LedgerIndicator>& indicators_;
  const std::vector<Switch>& switches_;
  const PlaceOfAccount& place_;
  absl::flat_hash_map<IndicatorKey, std::size_t> by_key_;
  std::map<std::pair<Day, std::string>, LedgerCell> cells_;
};

}  // namespace

Result<std::vector<LedgerLine>> fold_ledger(const Timeline& timeline, const std::vector<LedgerIndicator>& indicators,
                                            const std::vector<Switch>& switches, const PlaceOfAccount& place) {
  Fold fold(indicators, switches, place);
  Result<void> outcome;
  CANDOR_TRY_VOID(timeline.for_each_account([&](const AccountInfo& account) {
    auto activities = timeline.activities(account.id, {.limit = std::numeric_limits<std::size_t>::max()});
    if (activities) {
      fold.add(account.name, *activities);
    } else {
      outcome = std::unexpected(activities.error());
    }
    return outcome.has_value();
  }));
  CANDOR_TRY_VOID(outcome);
  return fold.lines();
}

Result<std::optional<LedgerBook::Content>> LedgerBook::current() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, reading.row("select content, decisions from ledger_current where id = 1"));
  if (!row) return std::nullopt;
  Content content{.version = row->text(0), .decisions = row->integer(1), .indicators = {}};
  CANDOR_TRY(const auto rows, reading.rows("select indicator, indicator_key, intrusion from ledger_indicators "
                                           "where content = ?1 order by indicator",
                                           {content.version}));
  content.indicators.reserve(rows.size());
  for (const Row& one : rows) {
    content.indicators.push_back({.name = one.text(0),
                                  .key = static_cast<IndicatorKey>(one.integer(1)),
                                  .intrusion = static_cast<int>(one.integer(2))});
  }
  return content;
}

Result<void> LedgerBook::set_current(const Content& content) {
  return store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("delete from ledger_indicators where content = ?1", {content.version}));
    for (const LedgerIndicator& one : content.indicators) {
      CANDOR_TRY_VOID(work.execute(
          "insert into ledger_indicators (content, indicator, indicator_key, intrusion) values (?1, ?2, ?3, ?4)",
          {content.version, one.name, one.key, one.intrusion}));
    }
    CANDOR_TRY_VOID(
        work.execute("insert into ledger_current (id, content, decisions) values (1, ?1, ?2) "
                     "on conflict (id) do update set content = excluded.content, decisions = excluded.decisions",
                     {content.version, content.decisions}));
    return {};
  });
}

Result<void> LedgerBook::save(const std::string& content, const std::vector<LedgerLine>& lines, SealedDays sealed) {
  return store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("delete from ledger where content = ?1 and (day < ?2 or day >= ?3)",
                                 {content, sealed.from, sealed.before}));
    for (const LedgerLine& line : lines) {
      CANDOR_TRY_VOID(
          work.execute("insert into ledger (content, day, country, indicator, offered, evaluated, matched) "
                       "values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict do nothing",
                       {content, line.day, line.country, line.indicator, line.offered, line.evaluated, line.matched}));
    }
    return {};
  });
}

Result<LedgerBook::Tally> LedgerBook::tally(const std::string& indicator) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row,
             reading.row("select max(case when matched > 0 then day end), sum(offered), sum(evaluated), sum(matched) "
                         "from ledger where indicator = ?1 and "
                         "content = (select content from ledger_current where id = 1)",
                         {indicator}));
  Tally tally;
  if (!row) return tally;
  if (const auto day = row->optional_integer(0)) tally.last_matched = static_cast<Day>(*day);
  tally.offered = row->integer(1);
  tally.evaluated = row->integer(2);
  tally.matched = row->integer(3);
  return tally;
}

Result<std::vector<LedgerLine>> LedgerBook::all() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto rows, reading.rows("select content, day, country, indicator, offered, evaluated, matched from "
                                           "ledger order by content, day, country, indicator"));
  std::vector<LedgerLine> out;
  out.reserve(rows.size());
  for (const Row& row : rows) {
    out.push_back({.content = row.text(0),
                   .day = static_cast<Day>(row.integer(1)),
                   .country = row.text(2),
                   .indicator = row.text(3),
                   .offered = row.integer(4),
                   .evaluated = row.integer(5),
                   .matched = row.integer(6)});
  }
  return out;
}

}  // namespace candor
