#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "sigma/explain.h"
#include "sigma/rule_set.h"

// What `candor sigma` prints: texts only.
namespace candor {

// One line, no end of line.
std::string check_json(const std::vector<Diagnostic>& faults, std::size_t rules, std::size_t correlations);
// SARIF 2.1.0 (OASIS). Files below `folder` are named relative to it.
std::string sarif_of(const std::vector<Diagnostic>& faults, const std::filesystem::path& folder);

// `event` counts from 0. `matches` differs from what the expression gives when the record is of another log source.
std::string explained_json(const sigma::Rule& rule, std::uint64_t event, const sigma::Explained& explained,
                           bool matches);
std::string explained_text(const sigma::Rule& rule, std::uint64_t event, const sigma::Explained& explained,
                           bool matches);

}  // namespace candor
