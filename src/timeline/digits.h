#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "timeline/row.h"

// GUIDs and hexadecimal texts as bytes: half of what they are as text, and nothing that could be compressed.
namespace candor {

// Stored: never renumber.
enum class Form : std::uint8_t { plain = 0, guid = 1, hex = 2 };

inline constexpr std::size_t kGuidBytes = 16;

// Only texts in lower case are guid (36 letters) or hex (an even number of them, 16 at least): what is packed must come
// back letter for letter.
Form form_of(std::string_view text);

// The digits of `text`, which is guid or hex, two in a byte. `out` has room for half of them; returns the end.
char* pack_digits(std::string_view text, char* out);
void append_digits(std::string_view text, std::string& out);
// The text again. A GUID's bytes are kGuidBytes many.
std::string_view unpack_digits(std::string_view bytes, bool guid, RowArena& arena);

}  // namespace candor
