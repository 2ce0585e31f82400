#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "app/content.h"
#include "app/io.h"
#include "policy/policy.h"

namespace candor {

// Policies of files and folders, as the command line names them. `lawful_start`: a file that holds the section of that
// name; policies without one get it, as if it stood at their end ("": none). Every fault is told; nullopt when one is
// an error.
std::optional<std::vector<Policy>> load_policy_files(const Io& io, const Content& content,
                                                     const std::vector<std::filesystem::path>& paths,
                                                     const std::filesystem::path& lawful_start);

// The second half of it: gives the section of the file to those of `policies` that have none. Every fault is told;
// false when one is an error, some of `policies` having it then and some not.
bool add_lawful_start(const Io& io, const Content& content, std::vector<Policy>& policies,
                      const std::filesystem::path& lawful_start);

}  // namespace candor
