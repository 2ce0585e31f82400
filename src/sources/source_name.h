#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

inline constexpr std::size_t kLongestSourceName = 64;

// What a source is called on the command line, in tables, addresses and metrics: lower-case letters, digits, `.`, `_`
// and `-`, starting with a letter or digit, at most kLongestSourceName bytes. Fails with `sources.bad_name`.
Result<std::string> source_name(std::string_view text);

}  // namespace candor
