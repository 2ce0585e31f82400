#pragma once

#include <vector>

#include "alerts/policy_health.h"
#include "app/installation.h"

namespace candor {

struct PolicyWithHealth {
  PolicyStanding standing;
  std::vector<HealthMessage> messages;
};

// Of every policy, by id; alerts about some people are not counted in it. Compiles the policies: not for every second.
Result<std::vector<PolicyWithHealth>> policies_health(Installation& installation, const HiddenPeople& without = {});

}  // namespace candor
