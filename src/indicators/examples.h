#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace candor {

// A record of an indicator's neighbour file, and whether the indicator must match it. Of a correlation: records of one
// account, of which it must match some.
struct IndicatorExample {
  bool matches = false;
  std::string about;                 // one line, "" when nothing is said
  std::string source;                // "m365_audit", "badge", the name of a feed
  std::string record;                // JSON, for people: of several, one a line
  std::vector<std::string> records;  // JSON, as they are tried; at least one
  int line = 0;                      // in the file, from 1
};

struct IndicatorExamples {
  std::vector<IndicatorExample> examples;  // those that match first
  std::vector<std::string> facts;          // sections of the organisation's facts they are read by
};

inline constexpr std::int64_t kMostRepeats = 10'000;

// Of the rule in `rule_file`. Without a neighbour file there are none. Fails with `indicators.bad_examples`.
// A row has `record: TEXT`, or `records:` with a list of texts and of `{record, times, from, every}`: the text so many
// times (1 to kMostRepeats), %n% replaced by 1, 2, ..., %time% by the time `from` (ISO 8601, UTC) and `every` seconds
// (0 to 86,400) later each time.
Result<IndicatorExamples> read_examples(const std::filesystem::path& rule_file);

}  // namespace candor
