#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace candor {

// A record of an indicator's neighbour file, and whether the indicator must match it.
struct IndicatorExample {
  bool matches = false;
  std::string about;   // one line, "" when nothing is said
  std::string source;  // "m365_audit", "badge", the name of a feed
  std::string record;  // JSON
};

struct IndicatorExamples {
  std::vector<IndicatorExample> examples;  // those that match first
  std::vector<std::string> facts;          // sections of the organisation's facts they are read by
};

// Of the rule in `rule_file`. Without a neighbour file there are none. Fails with `indicators.bad_examples`.
Result<IndicatorExamples> read_examples(const std::filesystem::path& rule_file);

}  // namespace candor
