#include "policy/windows.h"

#include <algorithm>
#include <ranges>
#include <tuple>

namespace candor {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<Day> last_working_day(const Fact& fact) {
  const auto working = fact.attributes.find("last_working_day");
  return working == fact.attributes.end() ? std::nullopt : parse_day(working->second);
}

InScope window_of_fact(const Policy& policy, const Trigger& trigger, const Fact& fact) {
  Day first = fact.valid_from;
  Day last = fact.valid_from;
  if (const auto day = last_working_day(fact)) {
    first = std::min(first, *day);
    last = std::max(last, *day);
  }
  if (fact.valid_to) last = std::max(first, std::min(last, *fact.valid_to));
  return {.trigger = trigger.id,
          .detail = fact.fact_id,
          .at = start_of(fact.valid_from),
          .from = first - policy.look_back_days,
          .to = last + policy.activation_days};
}

// Of one who stayed after all, or whose last day nobody told, there is none.
std::optional<InScope> window_after_leaving(const Policy& policy, const Trigger& trigger, const Fact& fact) {
  const auto working = last_working_day(fact);
  if (!working || (fact.valid_to && *fact.valid_to < *working)) return std::nullopt;
  const Day gone = *working + 1;
  return InScope{.trigger = trigger.id,
                 .detail = fact.fact_id,
                 .at = start_of(gone),
                 .from = gone - policy.look_back_days,
                 .to = gone + policy.activation_days};
}

void add_fact_windows(const Policy& policy, const Trigger& trigger, const Profile& profile, Day last,
                      std::vector<InScope>& windows) {
  for (const Fact& fact : profile.facts) {
    if (fact.kind != *trigger.fact || fact.withdrawn || fact.valid_from > last) continue;
    if (!trigger.after_last_working_day) {
      windows.push_back(window_of_fact(policy, trigger, fact));
    } else if (const auto window = window_after_leaving(policy, trigger, fact); window && day_of(window->at) <= last) {
      windows.push_back(*window);
    }
  }
}

// The directory's last word on somebody who is in it no more.
void add_end_windows(const Policy& policy, const Trigger& trigger, const Profile& profile, Day last,
                     std::vector<InScope>& windows) {
  const Fact* latest = nullptr;
  for (const Fact& fact : profile.facts) {
    if (fact.kind == FactKind::directory && !fact.withdrawn) latest = &fact;
  }
  if (latest == nullptr || !latest->valid_to || *latest->valid_to >= last) return;
  const Day gone = *latest->valid_to + 1;
  windows.push_back({.trigger = trigger.id,
                     .detail = latest->fact_id,
                     .at = start_of(gone),
                     .from = gone - policy.look_back_days,
                     .to = gone + policy.activation_days});
}

void add_windows_by_hand(const Policy& policy, const Profile& profile, Day last, std::vector<InScope>& windows) {
  for (const Fact& fact : profile.facts) {
    if (fact.kind != FactKind::scoring_start || fact.withdrawn || fact.valid_from > last) continue;
    const auto named = fact.attributes.find("policy");
    if (named == fact.attributes.end() || named->second != policy.id) continue;
    windows.push_back({.trigger = kByHand,
                       .detail = fact.fact_id,
                       .at = start_of(fact.valid_from),
                       .from = fact.valid_from - policy.look_back_days,
                       .to = fact.valid_to.value_or(fact.valid_from + policy.activation_days)});
  }
}

void add_insight_windows(const Policy& policy, const Trigger& trigger, const Insights& insights, Day last,
                         std::vector<InScope>& windows) {
  for (const Insight& insight : insights) {
    if (insight.day > last) break;
    const auto watched = std::ranges::lower_bound(trigger.watched, insight.indicator, {}, &Trigger::Watched::key);
    if (watched == trigger.watched.end() || watched->key != insight.indicator) continue;
    const bool reached = std::ranges::any_of(std::views::iota(0, kDimensions), [&](int d) {
      const std::int64_t least = watched->least[static_cast<std::size_t>(d)];
      return least > 0 && insight.counts[d] >= least;
    });
    if (!reached) continue;
    windows.push_back({.trigger = trigger.id,
                       .detail = watched->name,
                       .at = insight.last,
                       .from = insight.day - policy.look_back_days,
                       .to = insight.day + policy.activation_days});
  }
}

void add_sum_windows(const Policy& policy, const Trigger& trigger, const Insights& insights, const Baselines& baselines,
                     Day last, std::vector<InScope>& windows) {
  const Cumulative& rule = policy.cumulative[trigger.sum->rule];
  const RunningSum sums(policy, rule, insights);
  for (const RunningSum::Upto& upto : sums.days()) {
    if (upto.day > last) break;
    const std::int64_t sum = sums.between(upto.day - rule.days + 1, upto.day) / kOnePoint;
    if (sum < trigger.sum->least) continue;
    const auto above = baselines.above_usual(trigger.sum->rule, sum, upto.day);
    if (!above || *above < trigger.sum->least) continue;
    windows.push_back({.trigger = trigger.id,
                       .detail = rule.id,
                       .at = upto.last,
                       .from = upto.day - policy.look_back_days,
                       .to = upto.day + policy.activation_days});
  }
}

}  // namespace

std::vector<InScope> windows_of(const Policy& policy, const Profile& profile, const Insights& insights,
                                const Baselines& baselines, Day last) {
  std::vector<InScope> windows;
  for (const Trigger& trigger : policy.triggers) {
    if (trigger.fact) {
      add_fact_windows(policy, trigger, profile, last, windows);
    } else if (trigger.directory_end) {
      add_end_windows(policy, trigger, profile, last, windows);
    } else if (trigger.sum) {
      add_sum_windows(policy, trigger, insights, baselines, last, windows);
    } else {
      add_insight_windows(policy, trigger, insights, last, windows);
    }
  }
  add_windows_by_hand(policy, profile, last, windows);
  std::ranges::sort(windows, [](const InScope& a, const InScope& b) {
    return std::tie(a.at, a.trigger, a.from, a.to, a.detail) < std::tie(b.at, b.trigger, b.from, b.to, b.detail);
  });
  return windows;
}

bool speaks_for(const Exculpatory& rule, const Fact& fact, Day day) {
  if (fact.kind != rule.fact || fact.withdrawn || fact.valid_from > day) return false;
  if (fact.valid_to && *fact.valid_to < day) return false;
  return std::ranges::all_of(rule.where, [&](const auto& condition) {
    const auto attribute = fact.attributes.find(condition.first);
    return attribute != fact.attributes.end() && std::ranges::any_of(condition.second, [&](const std::string& value) {
             return equal_ignoring_case(value, attribute->second);
           });
  });
}

}  // namespace candor
