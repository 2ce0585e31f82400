#include "activity/operation_name.h"

namespace candor {

std::string normalised_operation(std::string_view operation) {
  std::string out;
  out.reserve(operation.size());
  for (std::size_t i = 0; i < operation.size();) {
    const std::string_view rest = operation.substr(i);
    // U+2010 to U+2015 are dashes, U+2212 is the minus sign, U+00A0 the no-break space.
    const bool dash = rest.size() >= 3 && rest.starts_with("\xE2\x80") && rest[2] >= '\x90' && rest[2] <= '\x95';
    if (dash || rest.starts_with("\xE2\x88\x92")) {
      out += '-';
      i += 3;
    } else if (rest.starts_with("\xC2\xA0")) {
      out += ' ';
      i += 2;
    } else {
      out += rest[0];
      ++i;
    }
  }
  const auto last = out.find_last_not_of(" \t\r\n.");
  if (last == std::string::npos) return {};
  out.resize(last + 1);
  return out.substr(out.find_first_not_of(" \t\r\n"));
}

}  // namespace candor
