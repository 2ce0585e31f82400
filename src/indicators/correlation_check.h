#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "base/diagnostics.h"
#include "indicators/indicator_info.h"
#include "indicators/log_sources.h"
#include "indicators/rule_file.h"
#include "indicators/rule_report.h"
#include "sigma/expression.h"
#include "sigma/rule_set.h"

// An indicator that is a correlation of Sigma: what it may ask for. Part of step 2 (collect.h).
namespace candor {

// A rule that a correlation counts.
struct CorrelatedRule {
  std::string name;  // as the correlation calls it
  // With which its matches are stored: the first four bytes of a hash of the indicator's id and this name.
  IndicatorKey key = 0;
  Reads reads;
  sigma::Expression expression;
  std::vector<std::string> operations;  // as IndicatorInfo::operations
  std::string indicator;                // the indicator it was taken from; "" when it stands in the file
};

struct CheckedCorrelation {
  std::vector<CorrelatedRule> rules;   // by position in `set.rules`
  sigma::RuleSet set;                  // its rules are empty but in number; only the indicator's own one is reported
  TimePoint reach = 0;                 // microseconds before an activity that can matter to it
  std::map<std::string, Place> needs;  // facts its rules ask for (IndicatorInfo::needs)
  std::uint64_t fingerprint = 0;       // of what it counts and how; that of its rules is not in it
};

// Rules of other files by id and `candor.name`, for correlations that count indicators.
using RulesByName = std::map<std::string, const RuleFile*, std::less<>>;

inline constexpr TimePoint kLongestReach = 30 * kMicrosPerDay;

// nullopt after an error. An indicator that correlates is about one account: its group holds the account, and more
// activities never make it hold less, for no score may fall when something more is known (SEMANTICS 12).
std::optional<CheckedCorrelation> check_correlation(const RuleFile& rule, const RulesByName& all,
                                                    const FieldCatalogue& catalogue, const std::string& id,
                                                    RuleReport& report, std::vector<Diagnostic>& diagnostics);

}  // namespace candor
