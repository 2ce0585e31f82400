#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/place.h"
#include "base/time.h"
#include "sigma/expression.h"

// Checked rules: what collect.h makes and compile.h, correlate.h run.
namespace candor::sigma {

struct LogSource {
  std::string product;
  std::string service;
  std::string category;
  bool operator==(const LogSource&) const = default;
  auto operator<=>(const LogSource&) const = default;
};

struct Rule {
  std::string id;    // "" when the file gives none
  std::string name;  // as correlations call it; may be ""
  std::string title;
  std::string level;
  std::string status;
  std::string file;
  Place place;
  LogSource log_source;
  Expression expression;
  bool reported = true;  // false: only a correlation asked for it
};

enum class CorrelationType : std::uint8_t {
  event_count,
  value_count,
  temporal,
  temporal_ordered,
  value_sum,
  value_avg,
  value_percentile,
};

struct Criterion {
  Comparison comparison = Comparison::greater_equal;  // of the number comparisons
  bool negated = false;                               // neq
  double value = 0;
};

// A rule about matches of other rules. Source: sigma-specification, correlation rules, 2.1.0.
struct Correlation {
  std::string id;
  std::string name;
  std::string title;
  std::string level;
  std::string file;
  Place place;
  CorrelationType type = CorrelationType::event_count;
  std::vector<std::uint32_t> rules;  // positions: rules first, then correlations (RuleSet::rules.size() + i)
  std::vector<std::string> group_by;
  TimePoint timespan = 0;           // microseconds, > 0
  std::vector<Criterion> criteria;  // all must hold; never empty but for temporal ones
  std::vector<std::string> fields;  // whose values are counted, summed, ...
  double percentile = -1;           // value_percentile: which; -1: how rare the value is, in percent
  std::map<std::string, std::map<std::uint32_t, std::string>> aliases;  // alias -> rule -> field
  bool reported = true;
};

struct RuleSet {
  std::vector<Rule> rules;
  std::vector<Correlation> correlations;  // each after all it refers to
};

}  // namespace candor::sigma
