#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "base/diagnostics.h"
#include "indicators/rule_file.h"

// Public rules of Sigma as indicators, as they are: without a `candor:` block and without examples.
namespace candor {

// The folder of content/indicators for them, and the workload of the indicators they become.
inline constexpr std::string_view kPublicRules = "public";

// Reads every rule below `folder`/public. A rule becomes an indicator when a mapping of `mappings`
// (content/mappings/sigma) says which activities its log source's records are and where all fields it names are in
// them: experimental, named public_ and its file's name, of the category its tags suggest, with thresholds that say
// nothing (1, 5, 20 a day). What cannot be one is set aside: one warning for each reason, with the number of rules.
// Faults of a rule's text are reported as of any.
std::vector<RuleFile> read_public_rules(const std::filesystem::path& folder, const std::filesystem::path& mappings,
                                        const FieldCatalogue& catalogue, std::vector<Diagnostic>& diagnostics);

}  // namespace candor
