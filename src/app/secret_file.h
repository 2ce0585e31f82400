#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace candor {

inline constexpr std::size_t kLongestSecret = 4096;  // bytes

// A secret of the installation that is never in its settings: `from_environment` when that says something, else the
// text of `file` (without line breaks at its end), "" when there is neither. `what` names it in errors ("the client
// secret"), `error_id` is theirs. Fails when the file cannot be read or is empty, and when the secret is too long or
// has characters that cannot be seen; no message holds any of it.
Result<std::string> read_secret_of(const std::filesystem::path& file, const std::string& from_environment,
                                   const std::string& what, const std::string& error_id);
// What the environment says, "" when nothing.
std::string environment_text(const char* name);
// Whether others than the owner's group may read the file.
bool others_may_read(const std::filesystem::path& file);

}  // namespace candor
