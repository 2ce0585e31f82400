#include "simulator/random.h"

namespace candor {
namespace {

// Quantiles of a log-normal distribution (sigma 0.7 and 0.5), scaled to mean 100: a table, because exp() may differ
// between machines in the last bit.
constexpr std::array<std::uint16_t, 32> kWide = {18,  25,  29,  34,  37,  41,  44,  48,  51,  55,  58,
                                                 62,  65,  69,  73,  77,  81,  86,  91,  96,  102, 108,
                                                 115, 123, 132, 142, 154, 169, 188, 214, 256, 358};
constexpr std::array<std::uint16_t, 32> kCalm = {30,  38,  44,  48,  52,  55,  59,  62,  65,  68,  71,
                                                 74,  77,  80,  84,  87,  91,  94,  98,  102, 106, 111,
                                                 116, 121, 128, 134, 142, 152, 164, 180, 205, 261};
constexpr char kDigits[] = "0123456789abcdef";

}  // namespace

std::uint32_t Random::wide_percent() { return pick(kWide); }
std::uint32_t Random::calm_percent() { return pick(kCalm); }

int Random::count(std::uint32_t mean_thousandths) {
  const std::uint64_t scaled = std::uint64_t{mean_thousandths} * wide_percent() / 100;
  return static_cast<int>(scaled / 1000) + (below(1000) < scaled % 1000 ? 1 : 0);
}

void append_hex(std::string& out, std::uint64_t seed, int digits) {
  std::uint64_t bits = 0;
  for (int i = 0; i < digits; ++i) {
    if (i % 16 == 0) bits = mix(seed + static_cast<std::uint64_t>(i));
    out += kDigits[bits & 15];
    bits >>= 4;
  }
}

void append_guid(std::string& out, std::uint64_t seed) {
  std::uint64_t high = mix(seed);
  std::uint64_t low = mix(high ^ seed);
  char text[36];
  int at = 0;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text[at++] = '-';
    std::uint64_t& bits = i < 16 ? high : low;
    unsigned digit = bits & 15;
    bits >>= 4;
    if (i == 12) digit = 4;                // version: random
    if (i == 16) digit = 8 | (digit & 3);  // variant
    text[at++] = kDigits[digit];
  }
  out.append(text, sizeof text);
}

std::string guid(std::uint64_t seed) {
  std::string out;
  append_guid(out, seed);
  return out;
}

}  // namespace candor
