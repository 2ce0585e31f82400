#include "assessment/expectations.h"

#include <algorithm>
#include <tuple>

#include "assessment/assess.h"
#include "assessment/scored_days.h"

namespace candor {
namespace {

// Days over which one instant decides which expectations hold; nullopt: now.
struct Segment {
  Day from = kFirstDay;
  Day to = kLastDay;
  std::optional<TimePoint> at;
};

std::vector<Segment> segments_of(const std::vector<PersonDecisions::Shown>& shown) {
  std::vector<Segment> out;
  Day next = kFirstDay;
  for (const PersonDecisions::Shown& one : shown) {
    const Day last = day_of(one.cutoff);
    if (last < next) continue;  // decided on before
    out.push_back({.from = next, .to = last, .at = one.at});
    next = last + 1;
  }
  out.push_back({.from = next, .to = kLastDay, .at = std::nullopt});
  return out;
}

bool has_insight(const Insights& insights, Day from, Day to) {
  const auto first = std::ranges::lower_bound(insights, from, {}, &Insight::day);
  return first != insights.end() && first->day <= to;
}

// Counts of `before` that `after` has no more; both ascending by (day, indicator).
void add_difference(const Insights& before, const Insights& after, const Expectation& taken_by, std::size_t rank,
                    std::vector<ExpectedPart>& parts) {
  const auto earlier = [](const Insight& a, const Insight& b) {
    return std::tie(a.day, a.indicator) < std::tie(b.day, b.indicator);
  };
  auto left = after.begin();
  for (const Insight& one : before) {
    while (left != after.end() && earlier(*left, one)) ++left;
    const bool there = left != after.end() && !earlier(one, *left);
    const std::int64_t count = one.counts[0] - (there ? left->counts[0] : 0);
    if (count <= 0) continue;
    parts.push_back({.indicator = one.indicator,
                     .day = one.day,
                     .count = count,
                     .until = taken_by.to,
                     .rank = rank,
                     .expectation = taken_by.number});
  }
}

}  // namespace

void sort_expectations(Expectations& expectations) {
  std::ranges::sort(expectations, {}, [](const Expectation& one) {
    return std::tuple(one.to, one.from, one.towards, one.destinations, one.indicators, one.policy, one.group,
                      one.number);
  });
}

ExpectedInsights::ExpectedInsights(const Expectations& expectations, const PersonId& person, const Profile& profile,
                                   const PersonDecisions& decisions)
    : expectations_(expectations), decisions_(decisions) {
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    const Expectation& one = expectations[i];
    if (one.person && *one.person != person) continue;
    const auto members = one.group.empty() ? std::vector<Days>{Days{}} : days_meeting(one.group, profile);
    Concerning concerning{.rank = i, .expectation = &one, .days = {}};
    for (const Days& days : members) {
      const Day from = std::max(days.from, one.from);
      const Day to = std::min(days.to, one.to);
      if (from <= to) concerning.days.emplace_back(from, to);
    }
    if (!concerning.days.empty()) concerning_.push_back(std::move(concerning));
  }
}

ExpectedRules ExpectedInsights::rules(std::string_view policy, int k) const {
  ExpectedRules out;
  if (concerning_.empty()) return out;
  const auto decided = decisions_.shown.find({std::string(policy), k});
  const auto segments =
      segments_of(decided == decisions_.shown.end() ? std::vector<PersonDecisions::Shown>() : decided->second);
  for (const Concerning& one : concerning_) {
    const Expectation& expectation = *one.expectation;
    if (!expectation.policy.empty() && expectation.policy != policy) continue;
    for (const Segment& segment : segments) {
      if (segment.at ? !expectation.held_at(*segment.at) : expectation.withdrawn_at.has_value()) continue;
      for (const auto& [first, last] : one.days) {
        const Day from = std::max(first, segment.from);
        const Day to = std::min(last, segment.to);
        if (from > to) continue;
        out.rules.push_back({.from = from,
                             .to = to,
                             .indicators = expectation.indicators,
                             .towards = expectation.towards,
                             .destinations = expectation.destinations});
        out.ranks.push_back(one.rank);
      }
    }
  }
  return out;
}

Result<ExpectedInsights::Left> ExpectedInsights::leave_out(const ExpectedRules& rules, const Insights& all,
                                                           const Read& read) const {
  Left out{.counting = all, .parts = {}};
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    if (!has_insight(out.counting, rules.rules[i].from, rules.rules[i].to)) continue;
    CANDOR_TRY(Insights left, read(std::span(rules.rules).first(i + 1)));
    add_difference(out.counting, left, expectations_[rules.ranks[i]], rules.ranks[i], out.parts);
    out.counting = std::move(left);
  }
  return out;
}

Result<const ExpectedInsights::Left*> ExpectedInsights::leave_out_of_all(const ExpectedRules& rules,
                                                                         const Insights& all, const Read& read) {
  const auto kept = std::ranges::find(kept_, rules, &std::pair<ExpectedRules, Left>::first);
  if (kept != kept_.end()) return &kept->second;
  CANDOR_TRY(Left left, leave_out(rules, all, read));
  return &kept_.emplace_back(rules, std::move(left)).second;
}

}  // namespace candor
