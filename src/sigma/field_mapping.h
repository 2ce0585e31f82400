#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "sigma/rule_set.h"

namespace candor::sigma {

// Where the fields of public rules lie in the records of one kind of log, and which records belong to which log source.
// Content: content/mappings/sigma/*.yml (docs/reference/sigma.md). A value; plain lookups by name when empty.
struct FieldMapping {
  // All pairs must be there with one of the values; a record that lacks one of the fields is not judged.
  using Alternative = std::vector<std::pair<std::string, std::vector<std::string>>>;
  struct LogSourceRow {
    LogSource source;
    std::vector<Alternative> any;  // empty: every record
  };

  // Which activities a log source's records become, for rules that are taken as indicators
  // (indicators/public_rules.h): as an indicator's `candor.feeds`, as written.
  struct ActivityRow {
    std::string service;  // "" for all
    std::string source;
    std::vector<std::string> record_types;
    std::string setting;
    std::string licence;
    std::map<std::string, std::string> fields;  // rule field -> field of activities, before `activity`
  };

  std::string name;
  std::string description;
  std::vector<std::string> products;                      // rules for another product are not asked; empty: all are
  std::vector<std::string> roots;                         // a field is also looked for below these; `*` is any key
  std::vector<std::string> time;                          // paths of the record's time, the first that is there counts
  std::map<std::string, std::vector<std::string>> paths;  // rule field -> where else it lies
  std::map<std::string, std::string> activity;            // rule field -> field of activities
  std::vector<LogSourceRow> log_sources;
  std::vector<ActivityRow> activities;
};

// nullopt and diagnostics when the text has an error. `file` is for messages.
std::optional<FieldMapping> read_mapping(const std::string& file, std::string_view text,
                                         std::vector<Diagnostic>& diagnostics);

}  // namespace candor::sigma
