#pragma once

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
  const auto equal_at = [&](std::size_t at) {
    return _mm256_cmpeq_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(padded.data() + at)), slashes);
  };
  std::size_t i = 0;
  for (; i + 128 <= padded.size(); i += 128) {
    const __m256i hits = _mm256_or_si256(_mm256_or_si256(equal_at(i), equal_at(i + 32)),
                                         _mm256_or_si256(equal_at(i + 64), equal_at(i + 96)));
    if (_mm256_testz_si256(hits, hits) == 0) return true;
  }
  for (; i < padded.size(); i += 32) {
    auto hits = static_cast<std::uint32_t>(_mm256_movemask_epi8(equal_at(i)));
    const std::size_t left = padded.size() - i;
    if (left < 32) hits &= (std::uint32_t{1} << left) - 1;
    if (hits != 0) return true;
  }
  return false;
#else
  return padded.find('\\') != std::string_view::npos;
#endif
}

// One to eight digits, all at once: how many there are is what a loop over them cannot foresee.
inline std::optional<std::int64_t> parse_few_digits(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  const auto* const at = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t size = text.size();
  std::uint64_t digits = 0;  // the first in the lowest byte
  if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, at, sizeof first);
    std::memcpy(&last, at + size - sizeof last, sizeof last);
    digits = first | std::uint64_t{last} << 8 * (size - sizeof last);
  } else {
    digits = at[0] | std::uint64_t{at[size / 2]} << 8 * (size / 2) | std::uint64_t{at[size - 1]} << 8 * (size - 1);
  }
  // Digits become numbers from 0 to 9 at the top end, with noughts before them.
  digits = (digits ^ 0x3030303030303030) << 8 * (sizeof digits - size);
  if ((((digits + 0x7676767676767676) | digits) & 0x8080808080808080) != 0) return std::nullopt;
  digits = (digits * 10 + (digits >> 8)) & 0x00FF00FF00FF00FF;
  digits = (digits * 100 + (digits >> 16)) & 0x0000FFFF0000FFFF;
  return static_cast<std::int64_t>((digits * 10'000 + (digits >> 32)) & 0xFFFFFFFF);
}
std::optional<std::int64_t> parse_long_integer(std::string_view digits, bool negative);
// A decimal integer and nothing else; nullopt when it is none or does not fit.
inline std::optional<std::int64_t> parse_integer(std::string_view text) {
  constexpr std::size_t kSafeDigits = 18;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  if (text.size() > kSafeDigits) return parse_long_integer(text, negative);
  if (text.size() <= sizeof(std::uint64_t)) {
    const auto few = parse_few_digits(text);
    return few && negative ? -*few : few;
  }
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
