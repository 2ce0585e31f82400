#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/diagnostics.h"

namespace candor {

// Calls `visit` with each *.yml of a folder, by name; one that cannot be read is a fault with the id
// `FAULT_PREFIX.unreadable`. A folder that is not there holds none.
void each_yaml_file(const std::filesystem::path& folder, const std::string& fault_prefix,
                    std::vector<Diagnostic>& diagnostics,
                    const std::function<void(const std::string& text, const std::string& file)>& visit);

}  // namespace candor
