#include "assessment/scored_days.h"

#include <string_view>

namespace candor {
namespace {

// Whom a policy scores, by what a directory calls them.
bool scores(const Policy& policy, std::string_view employee_type) {
  if (employee_type == "guest") return policy.guests;
  if (employee_type == "contractor") return policy.contractors;
  return employee_type != "service";
}

}  // namespace

std::vector<Days> scored_days(const Policy& policy, const Profile& profile, bool is_guest) {
  std::vector<const Fact*> told;
  for (const Fact& fact : profile.facts) {
    if (fact.kind == FactKind::directory) told.push_back(&fact);
  }
  if (told.empty()) {
    if (is_guest && !policy.guests) return {};
    return {Days{}};
  }
  std::vector<Days> days;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (!scores(policy, attribute_of(told[i], "employee_type"))) continue;
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

}  // namespace candor
