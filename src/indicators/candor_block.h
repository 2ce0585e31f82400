#pragma once

#include <cstdint>
#include <string>

#include "indicators/indicator_info.h"
#include "indicators/rule_file.h"
#include "indicators/rule_report.h"

// The `candor:` block of a rule and its tags: what an indicator says about itself. Part of step 2 (collect.h).
namespace candor {

// What a rule reads, by its log source.
struct RuleSources {
  std::uint32_t sources = 0;  // bit n stands for SourceKind n
  std::string feed;           // of SourceKind::feed: which
};

// Fills in `info` and reports every fault.
void check_candor_block(const RuleFile& rule, const RuleSources& sources, IndicatorInfo& info, RuleReport& report);

}  // namespace candor
