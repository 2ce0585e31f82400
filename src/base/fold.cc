#include "base/fold.h"

#include <algorithm>
#include <cstring>

#include "base/fold_table.h"

namespace candor {
namespace {

// Compilers turn these into the widest registers the platform has.
constexpr std::size_t kVector = 32;
using Bytes = unsigned char __attribute__((vector_size(kVector)));
using SignedBytes = char __attribute__((vector_size(kVector)));
using Words = std::uint64_t __attribute__((vector_size(kVector)));

// Up to 31 bytes, the rest zero: two overlapping copies of a constant size instead of one of a variable.
Bytes load_short(std::string_view text) {
  unsigned char bytes[kVector] = {};
  const std::size_t size = text.size();
  if (size >= 16) {
    std::memcpy(bytes, text.data(), 16);
    std::memcpy(bytes + size - 16, text.data() + size - 16, 16);
  } else if (size >= 8) {
    std::memcpy(bytes, text.data(), 8);
    std::memcpy(bytes + size - 8, text.data() + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(bytes, text.data(), 4);
    std::memcpy(bytes + size - 4, text.data() + size - 4, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(text[i]);
  }
  Bytes result;
  std::memcpy(&result, bytes, kVector);
  return result;
}

bool any_high_bit(Bytes bytes) {
#ifdef __AVX2__
  return __builtin_ia32_pmovmskb256(reinterpret_cast<SignedBytes>(bytes)) != 0;
#else
  const Words words = reinterpret_cast<Words>(bytes);
  return ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) != 0;
#endif
}

Bytes lower_ascii(Bytes bytes) {
  const auto upper = (bytes - 'A') < static_cast<unsigned char>(26);
  return bytes | (reinterpret_cast<Bytes>(upper) & static_cast<unsigned char>(0x20));
}

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The code point at the start of `text`, with its length in bytes; length 0 when it is not well-formed UTF-8.
struct Decoded {
  std::uint32_t code_point = 0;
  std::size_t length = 0;
};

Decoded decode(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xC2 && lead < 0xE0 && text.size() >= 2 && continues(at(1))) {
    return {(lead & 0x1Fu) << 6 | (at(1) & 0x3Fu), 2};
  }
  if (lead >= 0xE0 && lead < 0xF0 && text.size() >= 3 && continues(at(1)) && continues(at(2))) {
    const std::uint32_t point = (lead & 0x0Fu) << 12 | (at(1) & 0x3Fu) << 6 | (at(2) & 0x3Fu);
    if (point >= 0x800 && (point < 0xD800 || point > 0xDFFF)) return {point, 3};
  }
  if (lead >= 0xF0 && lead < 0xF5 && text.size() >= 4 && continues(at(1)) && continues(at(2)) && continues(at(3))) {
    const std::uint32_t point = (lead & 0x07u) << 18 | (at(1) & 0x3Fu) << 12 | (at(2) & 0x3Fu) << 6 | (at(3) & 0x3Fu);
    if (point >= 0x10000 && point <= 0x10FFFF) return {point, 4};
  }
  return {};
}

std::size_t encode(std::uint32_t point, char* out) {
  if (point < 0x80) {
    out[0] = static_cast<char>(point);
    return 1;
  }
  if (point < 0x800) {
    out[0] = static_cast<char>(0xC0 | point >> 6);
    out[1] = static_cast<char>(0x80 | (point & 0x3F));
    return 2;
  }
  if (point < 0x10000) {
    out[0] = static_cast<char>(0xE0 | point >> 12);
    out[1] = static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out[2] = static_cast<char>(0x80 | (point & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | point >> 18);
  out[1] = static_cast<char>(0x80 | (point >> 12 & 0x3F));
  out[2] = static_cast<char>(0x80 | (point >> 6 & 0x3F));
  out[3] = static_cast<char>(0x80 | (point & 0x3F));
  return 4;
}

std::size_t fold_slowly(std::string_view text, char* out) {
  std::size_t written = 0;
  while (!text.empty()) {
    const Decoded decoded = decode(text);
    if (decoded.length == 0) {
      out[written++] = text[0];
      text.remove_prefix(1);
    } else {
      written += encode(fold_code_point(decoded.code_point), out + written);
      text.remove_prefix(decoded.length);
    }
  }
  return written;
}

}  // namespace

std::uint32_t fold_code_point(std::uint32_t code_point) {
  const auto* run = std::ranges::upper_bound(kFoldRuns, code_point, {}, &FoldRun::first);
  if (run == kFoldRuns.begin()) return code_point;
  --run;
  if (code_point > run->last || (code_point - run->first) % run->step != 0) return code_point;
  return code_point + static_cast<std::uint32_t>(run->delta);
}

std::size_t fold_into(std::string_view text, char* out) {
  const std::size_t size = text.size();
  std::size_t i = 0;
  Bytes bytes;
  for (; i + kVector <= size; i += kVector) {
    std::memcpy(&bytes, text.data() + i, kVector);
    if (any_high_bit(bytes)) return i + fold_slowly(text.substr(i), out + i);
    bytes = lower_ascii(bytes);
    std::memcpy(out + i, &bytes, kVector);
  }
  if (i == size) return size;
  // The rest: the last whole vector once more where there is one, so that every copy has a constant size.
  const std::size_t last = size < kVector ? 0 : size - kVector;
  if (size < kVector) {
    bytes = load_short(text);
  } else {
    std::memcpy(&bytes, text.data() + last, kVector);
  }
  if (any_high_bit(bytes)) return i + fold_slowly(text.substr(i), out + i);
  bytes = lower_ascii(bytes);
  std::memcpy(out + last, &bytes, kVector);
  return size;
}

std::string fold(std::string_view text) {
  std::string folded(folded_capacity(text.size()), '\0');
  folded.resize(fold_into(text, folded.data()));
  return folded;
}

std::string ascii_lowered(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = ascii_lower(c);
  return lowered;
}

std::size_t code_point_length(std::string_view text) { return std::max<std::size_t>(1, decode(text).length); }

}  // namespace candor
