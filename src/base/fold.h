#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Letter case, in one place: rules match without regard to it unless they say `cased`.
namespace candor {

// Unicode simple case folding of one code point: 'A' and 'a' fold to 'a', 'K' (Kelvin) to 'k'; most to themselves.
std::uint32_t fold_code_point(std::uint32_t code_point);

// Upper bound of the bytes fold_into() writes for a text of `size` bytes. Some letters fold to a longer encoding, and
// the ASCII path writes whole vectors.
constexpr std::size_t folded_capacity(std::size_t size) { return size + size / 2 + 32; }

// Folds UTF-8 text. Bytes that are not UTF-8 stay as they are. `out` has folded_capacity(text.size()) bytes; returns
// how many were used.
std::size_t fold_into(std::string_view text, char* out);

std::string fold(std::string_view text);

// Lower-case by ASCII: other letters stay, as in the tools people compare with.
constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
std::string ascii_lowered(std::string_view text);

// Bytes of the code point at the start of `text` (not empty): 1 to 4; 1 for a byte that is not UTF-8.
std::size_t code_point_length(std::string_view text);

}  // namespace candor
