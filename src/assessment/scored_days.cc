#include "assessment/scored_days.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "policy/condition.h"

namespace candor {
namespace {

// The days of the directory facts that `is_wanted` holds for.
std::vector<Days> days_of_facts(const std::vector<const Fact*>& told,
                                const std::function<bool(const Fact&)>& is_wanted) {
  std::vector<Days> days;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (!is_wanted(*told[i])) continue;
    // The last one holds on for somebody who has left.
    const Day from = i == 0 ? kFirstDay : told[i]->valid_from;
    const Day to = i + 1 == told.size() ? kLastDay : told[i + 1]->valid_from - 1;
    if (!days.empty() && days.back().to + 1 == from) {
      days.back().to = to;
    } else {
      days.push_back({.from = from, .to = to});
    }
  }
  return days;
}

std::vector<const Fact*> directory_facts(const Profile& profile) {
  std::vector<const Fact*> told;
  for (const Fact& fact : profile.facts) {
    if (fact.kind == FactKind::directory) told.push_back(&fact);
  }
  return told;
}

// Whether the policy looks at somebody of whom the directory says this.
bool looks_at(const Policy& policy, const Fact& fact) {
  const Scope& scope = policy.scope;
  const auto& countries = policy.lawful_start.countries;
  if (!countries.empty() && !has_value(fact, "country", countries)) return false;
  return (scope.where.empty() || meets(fact, scope.where)) && !meets(fact, scope.except);
}

// The days until the policy's end.
std::vector<Days> until_end(std::vector<Days> days, const Policy& policy) {
  const auto end = policy.lawful_start.last_day();
  if (!end) return days;
  std::erase_if(days, [&](const Days& one) { return one.from > *end; });
  if (!days.empty()) days.back().to = std::min(days.back().to, *end);
  return days;
}

// Whom a policy scores, by what a directory calls them.
bool scores(const Policy& policy, std::string_view employee_type) {
  if (employee_type == "guest") return policy.guests;
  if (employee_type == "contractor") return policy.contractors;
  return employee_type != "service";
}

}  // namespace

std::vector<Days> scored_days(const Policy& policy, const Profile& profile, bool is_guest) {
  const auto told = directory_facts(profile);
  if (told.empty()) {
    // Who is in no directory meets no condition.
    if ((is_guest && !policy.guests) || !policy.scope.where.empty()) return {};
    if (!policy.lawful_start.countries.empty()) return {};
    return until_end({Days{}}, policy);
  }
  auto days = days_of_facts(told, [&](const Fact& fact) {
    return scores(policy, attribute_of(&fact, "employee_type")) && looks_at(policy, fact);
  });
  return until_end(std::move(days), policy);
}

std::vector<Days> days_meeting(const Scope::Condition& condition, const Profile& profile) {
  return days_of_facts(directory_facts(profile), [&](const Fact& fact) { return meets(fact, condition); });
}

}  // namespace candor
