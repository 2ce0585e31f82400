#include "sources/source_name.h"

#include <algorithm>

namespace candor {

Result<std::string> source_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto taken = [&](char c) { return plain(c) || c == '.' || c == '_' || c == '-'; };
  if (text.empty() || text.size() > kLongestSourceName || !plain(text.front()) || !std::ranges::all_of(text, taken)) {
    return fail("sources.bad_name",
                "the name of a source has 1 to 64 lower-case letters, digits, `.`, `_` and `-`, and starts with a "
                "letter or digit: for example m365-audit");
  }
  return std::string(text);
}

}  // namespace candor
