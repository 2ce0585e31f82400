#pragma once

#include <string>
#include <vector>

#include "policy/policy.h"

namespace candor {

// In how far a policy may look at more people, at more of what they do, or score it higher than it did before: a line
// each, for people. Empty only when it is certain that nobody's score can rise; what cannot be told counts as wider.
std::vector<std::string> widenings(const Policy& before, const Policy& after);

}  // namespace candor
