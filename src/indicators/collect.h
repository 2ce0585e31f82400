#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "activity/field.h"
#include "base/diagnostics.h"
#include "indicators/correlation_check.h"
#include "indicators/indicator_info.h"
#include "indicators/log_sources.h"
#include "indicators/rule_file.h"
#include "sigma/expression.h"

// Step 2 of 3: rules as written to a checked set. Knows the fields of activities, the `candor:` block and its
// thresholds; detections are sigma/detection.h.
namespace candor {

struct CheckedRule {
  IndicatorInfo info;
  // What its `logsource` means, and the feeds `candor.feeds` names besides: activities are alike, whatever application
  // wrote them down. Of a correlation: what its rules read together.
  Reads reads;
  sigma::Expression expression;  // of a correlation: that one of its rules holds
  std::optional<CheckedCorrelation> correlation = {};
};

// The valid ones, in the order of their names. Adds every fault found to `diagnostics`; of two rules with one id, name
// or key the one read first stays.
std::vector<CheckedRule> collect(const std::vector<RuleFile>& rules, const FieldCatalogue& catalogue,
                                 std::vector<Diagnostic>& diagnostics);

// Leaves as many rules, those that correlations count among them, as `most`: the first by name. One fault names the
// rest.
void keep_at_most(std::size_t most, std::vector<CheckedRule>& rules, std::vector<Diagnostic>& diagnostics);

}  // namespace candor
