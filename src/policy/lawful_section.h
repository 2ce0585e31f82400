#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "policy/policy.h"

namespace candor {

// A lawful start that several policies are given at once.
struct LawfulSection {
  std::string text;  // the section `lawful_start:`; "" none
  std::string name;  // how faults call where it is from
  std::span<const IndicatorInfo> indicators;
  const ScoringContent& scoring;
};

// Gives the section to those of `policies` that state none, as if it stood at their end. Every fault is told; false
// when one is an error, some of `policies` having it then and some not.
bool add_lawful_section(std::vector<Policy>& policies, const LawfulSection& section, std::vector<Diagnostic>& faults);

}  // namespace candor
