#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assessment/analytics.h"
#include "policy/policy.h"

// A policy with levels from the organisation's own days in place of the shipped ones.
namespace candor {

struct FittedLevel {
  std::string indicator;  // its name
  std::string title;
  Dimension dimension = Dimension::all;
  Levels now;     // as the policy counts today
  Levels fitted;  // as it would count
};

struct FittedPolicy {
  std::string text;                  // the policy's text with the section `fitted`
  std::vector<FittedLevel> changed;  // by the policy's order; what stays is not there
};

// Pure. Levels that the policy says itself hold before fitted ones. Fails with `policy.faulty` when the text with the
// section is no policy.
Result<FittedPolicy> fit_policy(const Policy& policy, const Analytics& found, std::span<const IndicatorInfo> indicators,
                                const ScoringContent& scoring);

}  // namespace candor
