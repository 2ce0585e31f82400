#include "ingest/exclusion_counts.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace candor {
namespace {

class Count {
 public:
  Count(const std::shared_ptr<const FieldCatalogue>& catalogue, std::shared_ptr<const IndicatorSet> indicators,
        AllowedIndicators allowed)
      : set_(*indicators),
        action_(catalogue->find("event.action")),
        activity_(catalogue),
        matcher_(std::move(indicators)),
        allowed_(std::move(allowed)) {}

  void add(const std::string& account, const StoredActivity& stored) {
    fill(account, stored);
    const Day day = day_of(stored.time);
    matcher_.match(activity_, allowed_.of(account, day), matched_);
    for (const ExcludedMatch& one : matcher_.left_out()) {
      Cell& cell = cells_[{one.exclusion, one.indicator}];
      ++cell.activities;
      cell.last = std::max(cell.last, day);
    }
  }

  std::vector<ExclusionCount> counts() const {
    std::vector<ExclusionCount> counts;
    counts.reserve(cells_.size());
    for (const auto& [key, cell] : cells_) {
      counts.push_back({.exclusion = set_.exclusions()[key.first].name,
                        .indicator = set_[key.second].name,
                        .activities = cell.activities,
                        .last = cell.last});
    }
    return counts;
  }

 private:
  struct Cell {
    std::int64_t activities = 0;
    Day last = std::numeric_limits<Day>::min();
  };

  void fill(const std::string& account, const StoredActivity& stored) {
    activity_.clear();
    activity_.source = stored.source;
    activity_.actor = stored.actor;
    activity_.time = stored.time;
    activity_.account = account;
    for (const StoredActivity::Value& value : stored.values) {
      const FieldType type = activity_.catalogue()[value.field].type;
      if (type == FieldType::integer || type == FieldType::boolean) {
        activity_.set_number(value.field, value.number);
      } else if (type == FieldType::keywords) {
        const std::vector<std::string_view> texts(value.texts.begin(), value.texts.end());
        activity_.set_list(value.field, texts);
      } else if (!value.texts.empty()) {
        activity_.set_text(value.field, value.texts.front());
      }
    }
    if (action_) activity_.operation = activity_.text(*action_);
  }

  const IndicatorSet& set_;
  const std::optional<FieldId> action_;
  Activity activity_;
  Matcher matcher_;
  AllowedIndicators allowed_;
  std::vector<IndicatorIndex> matched_;
  // Exclusions and indicators are both sorted by name.
  std::map<std::pair<std::uint32_t, IndicatorIndex>, Cell> cells_;
};

}  // namespace

Result<std::vector<ExclusionCount>> count_left_out(const Timeline& timeline,
                                                   const std::shared_ptr<const FieldCatalogue>& catalogue,
                                                   const std::shared_ptr<const IndicatorSet>& indicators,
                                                   AllowedIndicators allowed) {
  if (indicators->exclusions().empty()) return {};
  Count count(catalogue, indicators, std::move(allowed));
  Result<void> outcome;
  CANDOR_TRY_VOID(timeline.for_each_account([&](const AccountInfo& account) {
    const auto activities = timeline.activities(account.id, {.limit = std::numeric_limits<std::size_t>::max()});
    if (activities) {
      for (const StoredActivity& each : *activities) count.add(account.name, each);
    } else {
      outcome = std::unexpected(activities.error());
    }
    return outcome.has_value();
  }));
  CANDOR_TRY_VOID(outcome);
  return count.counts();
}

Result<void> ExclusionBook::save(const std::vector<ExclusionCount>& counts) {
  return store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("delete from exclusion_counts"));
    for (const ExclusionCount& one : counts) {
      CANDOR_TRY_VOID(work.execute(
          "insert into exclusion_counts (exclusion, indicator, activities, last_day) values (?1, ?2, ?3, ?4)",
          {one.exclusion, one.indicator, one.activities, one.last}));
    }
    return {};
  });
}

Result<std::vector<ExclusionCount>> ExclusionBook::all() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto rows, reading.rows("select exclusion, indicator, activities, last_day from exclusion_counts "
                                           "order by exclusion, indicator"));
  std::vector<ExclusionCount> counts;
  counts.reserve(rows.size());
  for (const Row& row : rows) {
    ExclusionCount one{.exclusion = row.text(0), .indicator = row.text(1), .activities = row.integer(2), .last = {}};
    if (const auto day = row.optional_integer(3)) one.last = static_cast<Day>(*day);
    counts.push_back(std::move(one));
  }
  return counts;
}

Result<std::int64_t> ExclusionBook::left_out_of(const std::string& indicator) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row,
             reading.row("select sum(activities) from exclusion_counts where indicator = ?1", {indicator}));
  return row ? row->integer(0) : 0;
}

}  // namespace candor
