#pragma once

#include <span>
#include <string>

// Internal to access: how a keyed hash is written as a pseudonym.
namespace candor {

// "XXXX-XXXX-XXXX": 60 bits as 12 Crockford base-32 symbols.
inline std::string pseudonym_symbols(std::span<const unsigned char, 8> digest) {
  static constexpr char kSymbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  unsigned long long bits = 0;
  for (const unsigned char byte : digest) bits = bits << 8 | byte;
  std::string text;
  for (int symbol = 0; symbol < 12; ++symbol) {
    if (symbol > 0 && symbol % 4 == 0) text += '-';
    text += kSymbols[bits >> 59 & 31];
    bits <<= 5;
  }
  return text;
}

}  // namespace candor
