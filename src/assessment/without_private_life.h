#pragma once

#include <memory>
#include <set>

#include "policy/policy.h"

namespace candor {

// The policy as it would be where the law or an agreement forbids to look at content and at private life: without the
// indicators of `private_life`, the sequences that have them for a step, and triggers and exculpations by performance
// reviews, improvement plans and job levels. What is left keeps its weights and levels.
std::shared_ptr<const Policy> without_private_life(const Policy& policy, const std::set<IndicatorKey>& private_life);

}  // namespace candor
