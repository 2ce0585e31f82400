#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace candor {

// What may stand around a value, and between two.
inline constexpr std::string_view kBlanks = " \t\r\n";

// Position of `c` from `from` on, or the size: find() as fast as memchr().
inline std::size_t find_from(std::string_view text, char c, std::size_t from) {
  if (from >= text.size()) return text.size();
  const void* found = std::memchr(text.data() + from, c, text.size() - from);
  return found == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace candor
