#include "assessment/observed.h"

#include <algorithm>
#include <tuple>

namespace candor {

void apply(const ObservedPerson::Change& change, Insights& insights) {
  const Insight& insight = change.insight;
  const bool is_gone = std::ranges::all_of(insight.counts, [](std::int64_t count) { return count == 0; });
  const auto at = std::ranges::lower_bound(insights, insight, [](const Insight& a, const Insight& b) {
    return std::tie(a.day, a.indicator) < std::tie(b.day, b.indicator);
  });
  const bool there = at != insights.end() && at->day == insight.day && at->indicator == insight.indicator;
  if (is_gone) {
    if (there) insights.erase(at);
  } else if (there) {
    *at = insight;
  } else {
    insights.insert(at, insight);
  }
}

Observer::Seen& Observer::of(const PersonId& person) {
  Seen& seen = people_[person];
  seen.observed.person = person;
  return seen;
}

void Observer::see(const PersonId& person, Day known, Day from, Day to, const Insights& insights) {
  Seen& seen = of(person);
  auto before = seen.current.lower_bound({from, 0});
  const auto drop = [&] {
    Insight gone{.indicator = before->second.indicator, .day = before->second.day};
    seen.observed.changes.push_back({.known = known, .insight = gone});
    before = seen.current.erase(before);
  };
  for (const Insight& insight : insights) {
    const std::pair key(insight.day, insight.indicator);
    while (before != seen.current.end() && before->first < key) drop();
    if (before != seen.current.end() && before->first == key) {
      if (before->second != insight) {
        before->second = insight;
        seen.observed.changes.push_back({.known = known, .insight = insight});
      }
      ++before;
    } else {
      seen.current.emplace_hint(before, key, insight);
      seen.observed.changes.push_back({.known = known, .insight = insight});
    }
  }
  while (before != seen.current.end() && before->first.first <= to) drop();
}

void Observer::learn(const PersonId& person, Day known, Profile profile) {
  of(person).observed.knowledge.push_back({.known = known, .profile = std::move(profile)});
}

void Observer::mark_guest(const PersonId& person) { of(person).observed.is_guest = true; }

std::vector<ObservedPerson> Observer::take() {
  std::vector<ObservedPerson> out;
  out.reserve(people_.size());
  for (auto& [person, seen] : people_) out.push_back(std::move(seen.observed));
  people_.clear();
  return out;
}

}  // namespace candor
