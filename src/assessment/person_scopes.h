#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assessment/scored_days.h"
#include "policy/policy.h"
#include "policy/windows.h"

// Why and since when somebody is in the scope of a policy. Pure.
namespace candor {

// Windows of one trigger that touch each other, as one.
struct PersonScope {
  const Policy* policy = nullptr;
  std::string trigger;  // id within the policy, or kByHand
  Day since = 0;        // day of the first thing that triggered it
  Day from = 0;         // the days it brings into scope
  Day to = 0;
  int times = 0;
};

// The windows of a policy on the days on which it scores the person; ascending by the day of what triggered them.
std::vector<PersonScope> person_scopes(const Policy& policy, std::span<const InScope> windows,
                                       std::span<const Days> scored);

}  // namespace candor
