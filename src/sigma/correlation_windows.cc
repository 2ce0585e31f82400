#include "sigma/correlation_windows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace candor::sigma {
namespace {

constexpr std::size_t kMostGroups = 64;  // that one record belongs to, by fields with several values

// A match of a rule or of a correlation, as one that counts it sees it.
struct Item {
  TimePoint time = 0;
  std::uint64_t event = 0;
  std::uint32_t position = 0;
  const CorrelatedRecord* kept = nullptr;
  std::map<std::string, std::string> group;  // of a correlation: its group-by names and values
  bool starts = true;                        // of a correlation: the first of its adjoining ones
};

// Millionths: sums of them do not depend on their order. nullopt: no number, or one of more than nine trillion.
std::optional<std::int64_t> millionths(const std::string& text) {
  double real = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, real);
  if (error != std::errc() || stop != end || !(std::abs(real) <= 9e12)) return std::nullopt;
  return std::llround(real * 1e6);
}

bool meets(double number, const Criterion& criterion) {
  switch (criterion.comparison) {
    case Comparison::greater:
      return number > criterion.value;
    case Comparison::greater_equal:
      return number >= criterion.value;
    case Comparison::less:
      return number < criterion.value;
    case Comparison::less_equal:
      return number <= criterion.value;
    default:
      return (number == criterion.value) != criterion.negated;
  }
}

// What lies in the window of one group, and its figure.
class Window {
 public:
  Window(const Correlation& correlation, const KnownFields& known)
      : correlation_(correlation), distinct_(std::set(correlation.rules.begin(), correlation.rules.end()).size()) {
    for (const std::string& field : correlation.fields) fields_.push_back(known(field).value_or(0));
  }

  void add(const Item& item) {
    items_.push_back(&item);
    change(item, 1);
  }
  // Drops what is no later than `limit`.
  void drop(TimePoint limit) {
    while (!items_.empty() && items_.front()->time <= limit) pop();
  }
  void pop() {
    const Item& item = *items_.front();
    items_.pop_front();
    change(item, -1);
  }
  std::size_t size() const { return items_.size(); }
  const std::deque<const Item*>& items() const { return items_; }

  bool holds(const Item& now) const {
    if (correlation_.type == CorrelationType::temporal || correlation_.type == CorrelationType::temporal_ordered) {
      const bool ordered = correlation_.type == CorrelationType::temporal_ordered;
      if (correlation_.criteria.empty()) {
        // Most windows lack one of the steps: thousands of records of one kind are not looked through for their order.
        if (by_position_.size() < distinct_) return false;
        return !ordered || steps_in_order() == correlation_.rules.size();
      }
      return all_meet(static_cast<double>(ordered ? steps_in_order() : by_position_.size()));
    }
    const auto number = figure(now);
    return number && all_meet(*number);
  }

 private:
  bool all_meet(double number) const {
    return std::ranges::all_of(correlation_.criteria, [&](const Criterion& each) { return meets(number, each); });
  }

  std::optional<double> figure(const Item& now) const {
    switch (correlation_.type) {
      case CorrelationType::event_count:
        return static_cast<double>(items_.size());
      case CorrelationType::value_count:
        return static_cast<double>(tuples_.size());
      case CorrelationType::value_sum:
        return static_cast<double>(sum_) / 1e6;
      case CorrelationType::value_avg:
        if (count_ == 0) return std::nullopt;
        return static_cast<double>(sum_) / 1e6 / static_cast<double>(count_);
      default:
        return correlation_.percentile < 0 ? rarity(now) : percentile();
    }
  }

  // How often this record's value is there, in percent.
  std::optional<double> rarity(const Item& now) const {
    std::size_t all = 0;
    for (const auto& [tuple, count] : tuples_) all += count;
    std::size_t own = 0;
    for (const auto& tuple : tuples_of(now)) own = std::max(own, tuples_.at(tuple));
    if (all == 0 || own == 0) return std::nullopt;
    return 100.0 * static_cast<double>(own) / static_cast<double>(all);
  }

  // By nearest rank.
  std::optional<double> percentile() const {
    if (numbers_.empty()) return std::nullopt;
    std::size_t count = 0;
    for (const auto& [number, times] : numbers_) count += times;
    const double rank = std::ceil(correlation_.percentile / 100 * static_cast<double>(count));
    std::size_t seen = 0;
    for (const auto& [number, times] : numbers_) {
      seen += times;
      if (static_cast<double>(seen) >= std::max(1.0, rank)) return static_cast<double>(number) / 1e6;
    }
    return std::nullopt;
  }

  // How many of the steps follow each other, each a record of its own, times not falling.
  std::size_t steps_in_order() const {
    std::set<std::uint64_t> used;
    TimePoint after = std::numeric_limits<TimePoint>::min();
    for (std::size_t step = 0; step < correlation_.rules.size(); ++step) {
      const auto next = std::ranges::find_if(items_, [&](const Item* item) {
        return item->time >= after && item->position == correlation_.rules[step] && !used.contains(item->event);
      });
      if (next == items_.end()) return step;
      after = (*next)->time;
      used.insert((*next)->event);
    }
    return correlation_.rules.size();
  }

  // The values of all fields together, in all combinations.
  std::vector<std::vector<std::string>> tuples_of(const Item& item) const {
    std::vector<std::vector<std::string>> tuples = {{}};
    for (const FieldIndex field : fields_) {
      const auto values = item.kept->values.find(field);
      if (values == item.kept->values.end()) return {};
      std::vector<std::vector<std::string>> more;
      for (const auto& tuple : tuples) {
        for (const std::string& value : values->second) {
          if (more.size() == kMostGroups) break;
          more.push_back(tuple);
          more.back().push_back(value);
        }
      }
      tuples = std::move(more);
    }
    return tuples;
  }

  void change(const Item& item, int by) {
    const auto count = [by](auto& map, const auto& key) {
      auto& times = map[key];
      times += static_cast<std::size_t>(by);
      if (times == 0) map.erase(key);
    };
    count(by_position_, item.position);
    if (fields_.empty()) return;
    for (const auto& tuple : tuples_of(item)) {
      count(tuples_, tuple);
      const auto number = tuple.size() == 1 ? millionths(tuple.front()) : std::nullopt;
      if (!number) continue;
      count(numbers_, *number);
      sum_ += by * static_cast<Sum>(*number);
      count_ += by;
    }
  }

  __extension__ using Sum = __int128;
  const Correlation& correlation_;
  const std::size_t distinct_;  // rules it names, each once
  std::vector<FieldIndex> fields_;
  std::deque<const Item*> items_;
  std::map<std::uint32_t, std::size_t> by_position_;
  std::map<std::vector<std::string>, std::size_t> tuples_;
  std::map<std::int64_t, std::size_t> numbers_;
  Sum sum_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace

bool only_grows(const Correlation& correlation) {
  const bool counts =
      correlation.type == CorrelationType::event_count || correlation.type == CorrelationType::value_count ||
      correlation.type == CorrelationType::temporal || correlation.type == CorrelationType::temporal_ordered;
  return counts && std::ranges::all_of(correlation.criteria, [](const Criterion& each) {
           return each.comparison == Comparison::greater || each.comparison == Comparison::greater_equal;
         });
}

class CorrelationWindows::Body {
 public:
  Body(const RuleSet& rules, KnownFields known)
      : rules_(rules), known_(std::move(known)), wanted_(rules.rules.size(), false) {
    for (const Correlation& correlation : rules_.correlations) {
      for (const std::uint32_t position : correlation.rules) {
        if (position < wanted_.size()) wanted_[position] = true;
      }
      for (const std::string& name : correlation.group_by) ask(name);
      for (const std::string& name : correlation.fields) ask(name);
      for (const auto& [alias, by_rule] : correlation.aliases) {
        for (const auto& [rule, name] : by_rule) ask(name);
      }
    }
  }

  bool wants(std::span<const std::uint32_t> matched) const {
    return std::ranges::any_of(matched, [&](std::uint32_t rule) { return wanted_[rule]; });
  }

  const std::set<FieldIndex>& asked() const { return asked_; }

  bool is_new(std::uint64_t event) { return seen_.insert(event).second; }

  void add(CorrelatedRecord record, std::span<const std::uint32_t> matched) {
    const CorrelatedRecord& kept = records_.emplace_back(std::move(record));
    for (const std::uint32_t rule : matched) {
      if (!wanted_[rule]) continue;
      items_[rule].push_back(
          {.time = kept.time, .event = kept.event, .position = rule, .kept = &kept, .group = {}, .starts = true});
    }
  }

  std::vector<CorrelationMatch> matches() {
    std::vector<CorrelationMatch> matches;
    for (std::uint32_t i = 0; i < rules_.correlations.size(); ++i) {
      const Correlation& correlation = rules_.correlations[i];
      std::vector<CorrelationMatch> found;
      run(i, correlation, [&](const Firing& firing) {
        const Item& item = firing.item;
        if (firing.starts) {
          found.push_back({.correlation = i, .event = item.event, .first = item.time, .last = 0, .events = {}});
        }
        found.back().last = item.time;
        note(firing, found.back());
      });
      if (correlation.reported) std::ranges::move(found, std::back_inserter(matches));
    }
    std::ranges::sort(matches, {}, [](const CorrelationMatch& match) {
      return std::tuple(match.first, match.event, match.correlation);
    });
    return matches;
  }

  std::vector<TakenPart> taken_part() {
    std::vector<TakenPart> taken;
    for (std::uint32_t i = 0; i < rules_.correlations.size(); ++i) {
      const Correlation& correlation = rules_.correlations[i];
      run(i, correlation, [&](const Firing& firing) {
        if (!correlation.reported) return;
        for (const Item* item : firing.fresh) {
          if (day_of(item->time) == day_of(firing.item.time)) taken.push_back({.correlation = i, .event = item->event});
        }
      });
    }
    const auto order = [](const TakenPart& part) { return std::pair(part.event, part.correlation); };
    std::ranges::sort(taken, {}, order);
    const auto repeats = std::ranges::unique(taken, {}, order);
    taken.erase(repeats.begin(), repeats.end());
    return taken;
  }

  std::uint64_t left_out() const { return left_out_; }

 private:
  // A correlation holds at `item`.
  struct Firing {
    const Window& window;
    const Item& item;
    bool starts;                         // and did not at the one before of its group
    std::span<const Item* const> fresh;  // of the window, those that came after the last firing of the group; ascending
  };
  using Visit = std::function<void(const Firing& firing)>;

  void ask(const std::string& name) {
    if (const auto field = known_(name)) asked_.insert(*field);
  }

  // The values of a group-by name for one item; empty: it has none, and so no group.
  std::vector<std::string> values_of(const Correlation& correlation, const std::string& name, const Item& item) const {
    std::string field = name;
    if (const auto alias = correlation.aliases.find(name); alias != correlation.aliases.end()) {
      const auto own = alias->second.find(item.position);
      if (own != alias->second.end()) field = own->second;
    }
    if (const auto inherited = item.group.find(field); inherited != item.group.end()) return {inherited->second};
    const auto index = known_(field);
    if (!index) return {};
    const auto found = item.kept->values.find(*index);
    return found == item.kept->values.end() ? std::vector<std::string>() : found->second;
  }

  std::vector<std::vector<std::string>> groups_of(const Correlation& correlation, const Item& item) const {
    std::vector<std::vector<std::string>> groups = {{}};
    for (const std::string& name : correlation.group_by) {
      std::vector<std::vector<std::string>> more;
      for (const auto& group : groups) {
        for (const std::string& value : values_of(correlation, name, item)) {
          if (more.size() == kMostGroups) break;
          more.push_back(group);
          more.back().push_back(value);
        }
      }
      groups = std::move(more);
    }
    return groups;
  }

  void run(std::uint32_t number, const Correlation& correlation, const Visit& visit) {
    std::map<std::vector<std::string>, std::vector<const Item*>> groups;
    const bool counts_runs =
        correlation.type != CorrelationType::temporal && correlation.type != CorrelationType::temporal_ordered;
    const std::set<std::uint32_t> distinct(correlation.rules.begin(), correlation.rules.end());
    for (const std::uint32_t position : distinct) {
      for (const Item& item : items_[position]) {
        if (counts_runs && !item.starts) continue;
        for (auto& group : groups_of(correlation, item)) groups[std::move(group)].push_back(&item);
      }
    }
    const auto position = static_cast<std::uint32_t>(rules_.rules.size() + number);
    for (auto& [group, items] : groups) {
      std::ranges::sort(items, {},
                        [](const Item* item) { return std::tuple(item->time, item->event, item->position); });
      slide(correlation, position, group, items, visit);
    }
  }

  void slide(const Correlation& correlation, std::uint32_t position, const std::vector<std::string>& group,
             const std::vector<const Item*>& items, const Visit& visit) {
    Window window(correlation, known_);
    const bool each = only_grows(correlation);
    bool held = false;
    std::size_t told = 0;  // items before this one were in a window that fired, or in none that will
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Item& item = *items[i];
      window.drop(item.time - correlation.timespan);
      window.add(item);
      if (window.size() > CorrelationWindows::kMostInWindow) {
        window.pop();
        ++left_out_;
      }
      if (!each && i + 1 < items.size() && items[i + 1]->time == item.time) continue;
      const bool holds = window.holds(item);
      if (holds) {
        const std::size_t fresh = std::max(told, i + 1 - window.size());
        visit(
            {.window = window, .item = item, .starts = !held, .fresh = std::span(items).subspan(fresh, i + 1 - fresh)});
        told = i + 1;
        Item firing{.time = item.time,
                    .event = item.event,
                    .position = position,
                    .kept = item.kept,
                    .group = {},
                    .starts = !held};
        for (std::size_t k = 0; k < group.size(); ++k) firing.group[correlation.group_by[k]] = group[k];
        items_[position].push_back(std::move(firing));
      }
      held = holds;
    }
  }

  static void note(const Firing& firing, CorrelationMatch& match) {
    const auto add = [&](std::uint64_t event) {
      const auto place = std::ranges::lower_bound(match.events, event);
      const bool there = place != match.events.end() && *place == event;
      if (!there && match.events.size() < CorrelationWindows::kMostEvents) match.events.insert(place, event);
    };
    if (!firing.starts) return add(firing.item.event);
    for (const Item* item : firing.window.items()) add(item->event);
  }

  const RuleSet& rules_;
  const KnownFields known_;
  std::vector<bool> wanted_;
  std::set<FieldIndex> asked_;
  std::set<std::uint64_t> seen_;
  std::deque<CorrelatedRecord> records_;
  std::map<std::uint32_t, std::deque<Item>> items_;  // by position
  std::uint64_t left_out_ = 0;
};

CorrelationWindows::CorrelationWindows(const RuleSet& rules, KnownFields known)
    : body_(std::make_unique<Body>(rules, std::move(known))) {}
CorrelationWindows::~CorrelationWindows() = default;

const std::set<FieldIndex>& CorrelationWindows::asked() const { return body_->asked(); }
bool CorrelationWindows::wants(std::span<const std::uint32_t> matched) const { return body_->wants(matched); }
bool CorrelationWindows::is_new(std::uint64_t event) { return body_->is_new(event); }
void CorrelationWindows::add(CorrelatedRecord record, std::span<const std::uint32_t> matched) {
  body_->add(std::move(record), matched);
}
std::vector<CorrelationMatch> CorrelationWindows::matches() { return body_->matches(); }
std::vector<TakenPart> CorrelationWindows::taken_part() { return body_->taken_part(); }
std::uint64_t CorrelationWindows::left_out() const { return body_->left_out(); }

}  // namespace candor::sigma
