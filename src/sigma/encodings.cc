#include "sigma/encodings.h"

#include <array>
#include <cstdint>

#include "base/fold.h"

namespace candor::sigma {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::array<std::string_view, 5> kDashes = {"-", "/", "\u2013", "\u2014", "\u2015"};
constexpr std::string_view kReplacement = "\uFFFD";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) >= 0x80 &&
          static_cast<unsigned char>(c) < 0xFE);  // the two above stand for wildcards
}

// The code point at the start of `text` (not empty) and the bytes it takes; invalid ones are U+FFFD and one byte.
struct CodePoint {
  std::uint32_t value = 0xFFFD;
  std::size_t size = 1;
};
CodePoint first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = code_point_length(text);
  switch (size) {
    case 1:
      return {.value = byte(0) < 0x80 ? byte(0) : 0xFFFDu, .size = 1};
    case 2:
      return {.value = (byte(0) & 0x1Fu) << 6 | (byte(1) & 0x3Fu), .size = 2};
    case 3:
      return {.value = (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu), .size = 3};
    default:
      return {.value = (byte(0) & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu),
              .size = 4};
  }
}

template <typename Put>
void each_unit(std::string_view text, Put put) {
  while (!text.empty()) {
    const CodePoint point = first_of(text);
    text.remove_prefix(point.size);
    if (point.value < 0x10000) {
      put(point.value);
    } else {
      put(0xD800 + ((point.value - 0x10000) >> 10));
      put(0xDC00 + ((point.value - 0x10000) & 0x3FF));
    }
  }
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t there = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < there ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      result += k <= there ? kBase64[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return result;
}

std::vector<std::string> base64_offsets(std::string_view bytes) {
  std::vector<std::string> forms;
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string whole = base64(std::string(before, ' ') + std::string(bytes));
    // Letters that hold bits of a neighbour: of `before` bytes in front, and of what may follow the last byte.
    constexpr std::array<std::size_t, 3> kStart = {0, 2, 3};
    constexpr std::array<std::size_t, 3> kEnd = {0, 3, 2};
    const std::size_t end = whole.size() - kEnd[(bytes.size() + before) % 3];
    if (end > kStart[before]) forms.push_back(whole.substr(kStart[before], end - kStart[before]));
  }
  return forms;
}

std::string utf16_little(std::string_view text) {
  std::string result;
  each_unit(text, [&](std::uint32_t unit) {
    result += static_cast<char>(unit & 0xFF);
    result += static_cast<char>(unit >> 8);
  });
  return result;
}

std::string utf16_big(std::string_view text) {
  std::string result;
  each_unit(text, [&](std::uint32_t unit) {
    result += static_cast<char>(unit >> 8);
    result += static_cast<char>(unit & 0xFF);
  });
  return result;
}

std::vector<std::string> dash_forms(std::string_view text) {
  std::vector<std::string> forms = {""};
  char before = ' ';
  while (!text.empty()) {
    std::string_view dash;
    for (const std::string_view candidate : kDashes) {
      if (text.starts_with(candidate)) dash = candidate;
    }
    const bool begins = !dash.empty() && !is_word(before) && text.size() > dash.size() && is_word(text[dash.size()]);
    if (begins) {
      if (forms.size() * kDashes.size() > kMostDashForms) return {};
      std::vector<std::string> more;
      more.reserve(forms.size() * kDashes.size());
      for (const std::string& form : forms) {
        for (const std::string_view other : kDashes) more.push_back(form + std::string(other));
      }
      forms = std::move(more);
      before = '-';
      text.remove_prefix(dash.size());
      continue;
    }
    const std::size_t size = dash.empty() ? 1 : dash.size();
    for (std::string& form : forms) form += text.substr(0, size);
    before = dash.empty() ? text[0] : '-';
    text.remove_prefix(size);
  }
  return forms;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = code_point_length(text);
    if (length == 1 && static_cast<unsigned char>(text[0]) >= 0x80) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = code_point_length(text);
    if (length == 1 && static_cast<unsigned char>(text[0]) >= 0x80) {
      result += kReplacement;
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace candor::sigma
