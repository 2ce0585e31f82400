#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/organisation.h"
#include "simulator/plan.h"

namespace candor {

// Files leaving the organisation in one go: planted acts of one person, local day and destination.
struct CarryOut {
  TimePoint first = 0;  // of the first act
  TimePoint last = 0;
  std::string destination;  // "removable medium SERIAL", "personal cloud DOMAIN", "mail to DOMAIN", ...
  int files = 0;            // as copied or attached: one that leaves twice counts twice
  std::int64_t bytes = 0;
  std::uint8_t label = 0;  // the highest of the files as their site has it, whatever was lowered since; kLabels
};

// In order of time. What honest people print stays in the house, and is none. Empty for who carried nothing out.
std::vector<CarryOut> carry_outs(const Workforce& organisation, const Planting& planting);

// The first act that does harm or prepares it: not a sign-in, search, mail of one's own being read, or medium being
// mounted. nullptr when there is none.
const Act* first_harmful(const Planting& planting);

}  // namespace candor
