#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "activity/field.h"
#include "indicators/collect.h"
#include "sigma/compile.h"

// Step 3 of 3: a checked set to what the matcher runs. Cannot fail.
namespace candor {

struct CompiledRule {
  Reads reads;  // nothing for a correlation, which is never asked itself
  std::vector<sigma::Node> nodes;
};

// Immutable; shared by all matchers of a set.
struct CompiledRules {
  std::shared_ptr<const FieldCatalogue> catalogue;
  FieldId operation_field = 0;  // event.action; catalogue->size() when the catalogue has none
  std::vector<sigma::Atom> atoms;
  std::vector<CompiledRule> rules;    // by IndicatorIndex; then those that correlations count, in their order
  std::vector<std::uint16_t> owners;  // by position in `rules`: the indicator that decides whether it is asked
};

std::shared_ptr<const CompiledRules> compile(const std::vector<CheckedRule>& rules,
                                             std::shared_ptr<const FieldCatalogue> catalogue);

// Hash of all that decides what matches.
std::uint64_t fingerprint_of(const std::vector<CheckedRule>& rules, const FieldCatalogue& catalogue);

}  // namespace candor
