#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace candor {

using KeyBytes = std::array<std::uint8_t, 32>;

// The variables that name the key which seals the master key, and the one that is to follow it.
inline constexpr const char* kOuterKey = "CANDOR_KEY";
inline constexpr const char* kNewOuterKey = "CANDOR_NEW_KEY";

// A key that is kept outside the data folder: 64 hexadecimal digits that the environment variable `name` holds, or the
// file that `name`_FILE names, or that the shell command `name`_COMMAND prints, for a vault. nullopt: none of them is
// set. Fails with `base.bad_outer_key`; no message holds any of it. Waits for the command.
Result<std::optional<KeyBytes>> outer_key(const std::string& name);

// A new one, in 64 hexadecimal digits.
std::string new_outer_key();

}  // namespace candor
