#pragma once

#include <string>
#include <string_view>

namespace candor {

// What a browser says it is, in words of a closed list: "Firefox on Windows", "Chrome", "Another program on Linux". A
// `User-Agent` is written by whoever sends it, so nothing of its text comes through. "" when it says nothing. Pure.
std::string program_name(std::string_view user_agent);

}  // namespace candor
