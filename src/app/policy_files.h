#pragma once

#include <filesystem>
#include <optional>
#include <string>
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

// The section `lawful_start` of a file, for add_lawful_section(). nullopt, and told: it cannot be read, or says
// nothing.
std::optional<std::string> read_lawful_section(const Io& io, const std::filesystem::path& file);

// The order of policies as files keep it: `order.txt` in one of the folders named, an id a line, `#` for remarks. Empty
// where there is none. `policy.bad_order` when two folders have one, when it is longer than 64 KiB or names one twice.
inline constexpr const char* kPolicyOrderFile = "order.txt";
Result<std::vector<std::string>> read_policy_order(const Io& io, const std::vector<std::filesystem::path>& paths);
std::string policy_order_text(const std::vector<std::string>& ids);

}  // namespace candor
