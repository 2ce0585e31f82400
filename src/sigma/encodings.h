#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

// The transforming modifiers: from the value a rule writes to the texts a record may hold.
namespace candor::sigma {

std::string base64(std::string_view bytes);
// How `bytes` looks within a longer text in base64: one for each of the three places it may begin at, without the first
// and last letters that depend on the neighbours.
std::vector<std::string> base64_offsets(std::string_view bytes);

// UTF-8 to UTF-16, least or most significant byte first. Invalid bytes become U+FFFD.
std::string utf16_little(std::string_view text);
std::string utf16_big(std::string_view text);

inline constexpr std::size_t kMostDashForms = 625;  // four dashes

// The text with each dash that begins a word and follows none (`-`, `/`, en dash, em dash, horizontal bar) replaced by
// each of the five, in all combinations. Empty when these are more than kMostDashForms.
std::vector<std::string> dash_forms(std::string_view text);

// The text with invalid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace candor::sigma
