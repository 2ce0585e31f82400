#pragma once

#include <string>
#include <string_view>

#include "simulator/random.h"

namespace candor {

// Invented names put together from syllables of many languages; none is meant to be a real person's.
std::string given_name(Random& random);
std::string family_name(Random& random);
// Only a-z of a name, for an address: diacritics are written out ("ö" as "oe").
std::string plain_letters(std::string_view name);

}  // namespace candor
