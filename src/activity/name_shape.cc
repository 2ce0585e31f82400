#include "activity/name_shape.h"

#include <algorithm>
#include <array>

namespace candor {
namespace {

constexpr std::size_t kGuid = 36;
constexpr std::size_t kFewestHex = 12;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::size_t hex_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_hex) - text.begin());
}

bool is_bare_guid(std::string_view text) {
  constexpr std::array<std::size_t, 4> kDashes = {8, 13, 18, 23};
  if (text.size() != kGuid) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = std::find(kDashes.begin(), kDashes.end(), i) != kDashes.end();
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

// Takes what a placeholder at the start of `shape` stands for off both; false when it is not there.
bool take(std::string_view& name, std::string_view& shape) {
  const std::size_t digits = hex_digits(name);
  if (shape.starts_with("<guid>")) {
    if (!is_bare_guid(name.substr(0, kGuid))) return false;
    name.remove_prefix(kGuid);
  } else if (shape.starts_with("<hex16>")) {
    if (digits != 16) return false;
    name.remove_prefix(digits);
  } else {
    if (digits < kFewestHex) return false;
    name.remove_prefix(digits);
  }
  shape.remove_prefix(shape.find('>') + 1);
  return true;
}

}  // namespace

bool is_guid(std::string_view text) {
  if (text.size() == kGuid + 2 && text.front() == '{' && text.back() == '}') text = text.substr(1, kGuid);
  return is_bare_guid(text);
}

bool fits_shape(std::string_view name, std::string_view shape) {
  while (!shape.empty()) {
    if (shape == "*") return true;
    if (shape.front() == '<') {
      if (!take(name, shape)) return false;
    } else {
      if (name.empty() || name.front() != shape.front()) return false;
      name.remove_prefix(1);
      shape.remove_prefix(1);
    }
  }
  return name.empty();
}

}  // namespace candor
