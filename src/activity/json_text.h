#pragma once

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// Texts as JSON writes them, read and written. Nothing here trusts its input.
namespace candor {

// Writes the text without its escapes to `out`, which must hold `escaped.size()` bytes; returns the length. A broken
// escape and half a surrogate pair become a replacement character, so that one odd name does not cost the record.
std::size_t unescape_json(std::string_view escaped, char* out);

// Whether there is a backslash. Reads up to 31 bytes past the text, which must be readable.
inline bool has_backslash(std::string_view padded) {
#if defined(__AVX2__)
  const __m256i slashes = _mm256_set1_epi8('\\');
  for (std::size_t i = 0; i < padded.size(); i += 32) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(padded.data() + i));
    auto hits = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, slashes)));
    const std::size_t left = padded.size() - i;
    if (left < 32) hits &= (std::uint32_t{1} << left) - 1;
    if (hits != 0) return true;
  }
  return false;
#else
  return padded.find('\\') != std::string_view::npos;
#endif
}

std::optional<std::int64_t> parse_long_integer(std::string_view digits, bool negative);
// A decimal integer and nothing else; nullopt when it is none or does not fit.
inline std::optional<std::int64_t> parse_integer(std::string_view text) {
  constexpr std::size_t kSafeDigits = 18;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  if (text.size() > kSafeDigits) return parse_long_integer(text, negative);
  std::int64_t value = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
    if (digit > 9) return std::nullopt;
    value = value * 10 + static_cast<std::int64_t>(digit);
  }
  return negative ? -value : value;
}

// `text` in quotes: control characters escaped, bytes that are not UTF-8 replaced by U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// The text with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

bool has_ascii_upper(std::string_view text);

}  // namespace candor
