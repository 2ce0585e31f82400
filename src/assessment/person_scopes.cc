#include "assessment/person_scopes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace candor {

std::vector<PersonScope> person_scopes(const Policy& policy, std::span<const InScope> windows,
                                       std::span<const Days> scored) {
  std::map<std::string, std::vector<PersonScope>> by_trigger;
  for (const InScope& window : windows) {
    for (const Days& days : scored) {
      const Day from = std::max(window.from, days.from);
      const Day to = std::min(window.to, days.to);
      if (from > to) continue;
      auto& spans = by_trigger[window.trigger];
      if (!spans.empty() && from <= spans.back().to + 1) {
        spans.back().to = std::max(spans.back().to, to);
        ++spans.back().times;
      } else {
        spans.push_back({.policy = &policy,
                         .trigger = window.trigger,
                         .since = day_of(window.at),
                         .from = from,
                         .to = to,
                         .times = 1});
      }
    }
  }
  std::vector<PersonScope> out;
  for (auto& [trigger, spans] : by_trigger) std::ranges::move(spans, std::back_inserter(out));
  std::ranges::sort(out, {}, [](const PersonScope& one) { return std::tie(one.since, one.trigger, one.from, one.to); });
  return out;
}

}  // namespace candor
