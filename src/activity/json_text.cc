#include "activity/json_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace candor {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The four digits after \u, or nothing.
std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  // A range, not a C string. NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage)
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (error != std::errc() || end != text.data() + 4) return std::nullopt;
  return value;
}

char* put_utf8(char* out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { *out++ = static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6);
    byte(0x80 | (code & 63));
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 63));
    byte(0x80 | (code & 63));
  } else {
    byte(0xF0 | code >> 18);
    byte(0x80 | (code >> 12 & 63));
    byte(0x80 | (code >> 6 & 63));
    byte(0x80 | (code & 63));
  }
  return out;
}

struct Unicode {
  std::uint32_t code = 0xFFFD;
  std::size_t used = 0;  // bytes after the \u
};

Unicode read_unicode(std::string_view rest) {
  const auto high = hex4(rest);
  if (!high) return {};
  if (*high < 0xD800 || *high > 0xDFFF) return {*high, 4};
  if (*high < 0xDC00 && rest.size() >= 10 && rest[4] == '\\' && rest[5] == 'u') {
    const auto low = hex4(rest.substr(6));
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) return {0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00), 10};
  }
  return {0xFFFD, 4};
}

// What stands for a one-letter escape, or 0.
char simple_escape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

// Length of the valid UTF-8 sequence at the start of `text`, 0 when it is none.
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and beyond the last code point.
  if ((lead == 0xE0 && at(1) < 0xA0) || (lead == 0xED && at(1) > 0x9F) || (lead == 0xF0 && at(1) < 0x90) ||
      (lead == 0xF4 && at(1) > 0x8F)) {
    return 0;
  }
  return length;
}

void append_escaped(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
  }
}

constexpr bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

}  // namespace

std::size_t unescape_json(std::string_view escaped, char* out) {
  char* const start = out;
  for (std::size_t i = 0; i < escaped.size();) {
    const std::size_t slash = std::min(escaped.find('\\', i), escaped.size());
    std::memcpy(out, escaped.data() + i, slash - i);
    out += slash - i;
    if (slash + 1 >= escaped.size()) break;
    const char letter = escaped[slash + 1];
    i = slash + 2;
    if (letter == 'u') {
      const Unicode unicode = read_unicode(escaped.substr(i));
      // A broken \u gives its two bytes' room to nothing: U+FFFD needs three, and there may be no more.
      if (unicode.used == 0) {
        *out++ = '?';
        continue;
      }
      out = put_utf8(out, unicode.code);
      i += unicode.used;
    } else if (const char plain = simple_escape(letter); plain != 0) {
      *out++ = plain;
    } else {
      *out++ = letter;
    }
  }
  return static_cast<std::size_t>(out - start);
}

std::optional<std::int64_t> parse_long_integer(std::string_view digits, bool negative) {
  if (digits.front() < '0' || digits.front() > '9') return std::nullopt;  // from_chars would take a second sign
  const std::string text = (negative ? "-" : "") + std::string(digits);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    std::size_t plain = i;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out.append(text, i, plain - i);
    if (plain == text.size()) break;
    i = plain;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      append_escaped(out, byte);
      ++i;
    } else if (const std::size_t length = utf8_length(text.substr(i)); length != 0) {
      out.append(text, i, length);
      i += length;
    } else {
      out += kReplacement;
      ++i;
    }
  }
  out += '"';
}

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) {
      out += kReplacement;
      ++i;
    } else {
      out.append(text, i, length);
      i += length;
    }
  }
  return out;
}

bool has_ascii_upper(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace candor
