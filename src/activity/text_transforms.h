#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "activity/activity.h"
#include "activity/mapping_program.h"

namespace candor {

// nullptr for transforms that do not make one text of one text.
TextTransform text_transform(Transform transform);

// The number after the address of "1.2.3.4:5" and "[::1]:5", or "".
std::string_view port_of(std::string_view text, Activity& activity);
// The hour of the first "h:mm" or "hh:mm" of a text, moved by a PM or AM behind it; nullopt when there is none.
std::optional<std::int64_t> hour_of(std::string_view text);
// The whole part of a sum of money, whichever of "." and "," parts thousands; the last one parts the fraction when one
// or two digits follow it. nullopt when there are no digits, or too many.
std::optional<std::int64_t> amount_of(std::string_view text);
std::string_view domain_of(std::string_view text, Activity& activity);

// Where a text of more than `limit` bytes is cut without splitting a character.
std::string_view cut_text(std::string_view text, std::size_t limit);

}  // namespace candor
