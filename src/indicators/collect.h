#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "activity/field.h"
#include "base/diagnostics.h"
#include "indicators/indicator_info.h"
#include "indicators/rule_file.h"
#include "sigma/expression.h"

// Step 2 of 3: rules as written to a checked set. Knows the fields of activities, the `candor:` block and its
// thresholds; detections are sigma/detection.h.
namespace candor {

struct CheckedRule {
  IndicatorInfo info;
  std::uint32_t sources = 0;  // bit n: activities of SourceKind n
  // Of those of SourceKind::feed: of these only, sorted. The one of `logsource`, and those `candor.feeds` names
  // besides: activities are alike, whatever application wrote them down.
  std::vector<std::string> feeds;
  sigma::Expression expression;
};

// The valid ones, in the order of their names. Adds every fault found to `diagnostics`; of two rules with one id, name
// or key the one read first stays.
std::vector<CheckedRule> collect(const std::vector<RuleFile>& rules, const FieldCatalogue& catalogue,
                                 std::vector<Diagnostic>& diagnostics);

}  // namespace candor
