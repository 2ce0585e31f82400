#pragma once

#include <cstdint>

#include "indicators/indicator_info.h"
#include "indicators/rule_file.h"
#include "indicators/rule_report.h"

// The `candor:` block of a rule and its tags: what an indicator says about itself. Part of step 2 (collect.h).
namespace candor {

// Fills in `info` and reports every fault. `sources`: what the rule reads by its log source, bit n stands for
// SourceKind n. Its feeds may name more applications.
void check_candor_block(const RuleFile& rule, std::uint32_t sources, IndicatorInfo& info, RuleReport& report);

}  // namespace candor
