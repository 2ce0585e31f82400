#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "indicators/rule_file.h"

// Step 1 of 3: text to indicators as written. Sigma's part is read by sigma/read.h; here is Candor's block.
namespace candor {

// A rule, or a correlation with the rules it counts. nullopt when the text has an error; every fault found is added to
// `diagnostics`. `file` is for messages. Safe for hostile text: size, nesting and the number of values are bounded.
std::optional<RuleFile> read_rule(const std::string& file, std::string_view text, std::vector<Diagnostic>& diagnostics);

// Every *.yml below the folders, except *.examples.yml and public rules (public_rules.h), in the order of their paths.
// A folder or file that cannot be read is a diagnostic; the rest is read.
std::vector<RuleFile> read_rules(const std::vector<std::filesystem::path>& folders,
                                 std::vector<Diagnostic>& diagnostics);

}  // namespace candor
