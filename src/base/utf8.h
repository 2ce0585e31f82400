#pragma once

#include <cstddef>
#include <string_view>

namespace candor {

// Bytes of the UTF-8 character at the start of `text`, 0 when there is none: cut off, overlong, a surrogate, or beyond
// U+10FFFF.
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace candor
