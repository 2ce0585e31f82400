#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "sigma/document.h"

// Step 1 of 3: text to documents as written. Knows YAML and the shape of a Sigma file, no field, no modifier.
namespace candor::sigma {

inline constexpr std::size_t kMaxFileBytes = 1 << 20;
inline constexpr std::size_t kMaxValues = 20'000;  // of one document, aliases expanded

// All documents of a text that have no error; every fault found is added to `diagnostics`. `file` is for messages.
// Safe for hostile text: size, nesting and the number of values are bounded.
std::vector<Document> read_documents(const std::string& file, std::string_view text,
                                     std::vector<Diagnostic>& diagnostics);

// Rule files of a path: itself when it is a file, else every *.yml and *.yaml below it except *.examples.yml, in the
// order of their paths. A folder that cannot be read is a diagnostic.
std::vector<std::filesystem::path> rule_files(const std::filesystem::path& path, std::vector<Diagnostic>& diagnostics);

// The text of a rule file; nullopt, and a diagnostic, when it cannot be read. One byte more than kMaxFileBytes at most.
std::optional<std::string> read_file(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics);

// The documents of all files below the paths. A file that cannot be read is a diagnostic; the rest is read.
std::vector<Document> read_paths(const std::vector<std::filesystem::path>& paths, std::vector<Diagnostic>& diagnostics);

}  // namespace candor::sigma
