#pragma once

#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "indicators/collect.h"
#include "indicators/detection_groups.h"
#include "indicators/restriction_texts.h"
#include "indicators/rule_file.h"

namespace candor {

// An indicator that is another one narrowed by detection groups: content/variants/NAME.yml. It has a name, an id and
// thresholds of its own and is an indicator like any other.
struct Variant {
  RuleFile rule;  // the rule it is a variant of, with what the variant says of its own
  std::string name;
  std::string variant_of;
  // Each entry: groups of one variant, from the original down, for a variant may be of a variant.
  struct Narrowing {
    std::vector<std::string> only;    // it must meet one of them
    std::vector<std::string> except;  // and be wholly within none of these
  };
  std::vector<Narrowing> narrowings;
};

// Those without a fault in what they say themselves; the rules they make are yet to be checked by collect().
std::vector<Variant> read_variants(const RestrictionTexts& texts, const std::vector<RuleFile>& rules,
                                   const DetectionGroups& groups, std::vector<Diagnostic>& diagnostics);

// Narrows the checked rules that are variants, which come out of collect() as what they are variants of.
void narrow(std::vector<CheckedRule>& rules, const std::vector<Variant>& variants, const DetectionGroups& groups);

}  // namespace candor
