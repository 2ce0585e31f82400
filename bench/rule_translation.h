#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "base/result.h"
#include "indicators/indicator_set.h"

namespace candor {

// The benchmark's rules (rules.json: [field, eq|contains|starts|ends|gt|lt, [values]], all / none) as Sigma rules over
// the benchmark's fields, to go the way every rule goes. Fails with `bench.bad_rules`.
Result<std::vector<RuleText>> translate_rules(std::string_view json, const FieldCatalogue& catalogue);

// Rules named stage_1 ... stage_4 for the steps of the benchmark's sequence.
std::vector<RuleText> stage_rules();

}  // namespace candor
