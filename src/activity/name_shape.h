#pragma once

#include <string_view>

namespace candor {

// Eight-four-four-four-twelve hexadecimal digits, lower case, in braces or not.
bool is_guid(std::string_view text);

// Whether a name (lower case) has the shape a platform gives to names it makes itself. In a shape `<guid>` is a guid
// without braces, `<hex>` at least 12 hexadecimal digits (as many as there are), `<hex16>` exactly 16, a `*` at the end
// anything; all else is itself: `sm_<hex>@*`. A shape must be met whole, so that `sm_garcia@...` stays a person.
bool fits_shape(std::string_view name, std::string_view shape);

}  // namespace candor
