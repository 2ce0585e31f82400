#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace candor {

// Spreads the bits of one number (the finaliser of SplitMix64). A bijection.
constexpr std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

// A number that depends on all keys and their order: streams of different things never share it by accident.
constexpr std::uint64_t mix(std::initializer_list<std::uint64_t> keys) {
  std::uint64_t state = 0x243f6a8885a308d3ULL;
  for (const std::uint64_t key : keys) state = mix(state ^ mix(key));
  return state;
}

// SplitMix64: eight bytes of state, integers only, so that the same seed gives the same numbers everywhere. Cheap to
// make, so each thing that needs chance gets a generator of its own, keyed by what it is; adding one thing then leaves
// the others as they were.
class Random {
 public:
  constexpr explicit Random(std::uint64_t seed) : state_(seed) {}
  constexpr Random(std::initializer_list<std::uint64_t> keys) : state_(mix(keys)) {}

  constexpr std::uint64_t next() {
    const std::uint64_t value = mix(state_);
    state_ += 0x9e3779b97f4a7c15ULL;
    return value;
  }
  // 0 to n-1; 0 when n is 0.
  constexpr std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }
  // low to high, both included.
  constexpr int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1)));
  }
  constexpr bool chance(std::uint32_t per_thousand) { return below(1000) < per_thousand; }
  // Towards the middle of low..high: the mean of two draws.
  constexpr int near_middle(int low, int high) {
    const int one = between(low, high);
    return (one + between(low, high)) / 2;
  }

  // A count with mean `mean_thousandths` / 1000 and a heavy tail: quiet days, busy days, a few extreme ones.
  int count(std::uint32_t mean_thousandths);
  // A factor in per cent with mean 100, median about 78, from 18 to 358.
  std::uint32_t wide_percent();
  // The same, calmer: median about 88, from 30 to 261.
  std::uint32_t calm_percent();

  template <typename T, std::size_t N>
  constexpr const T& pick(const std::array<T, N>& values) {
    return values[below(static_cast<std::uint32_t>(N))];
  }
  // Index into `weights`, chosen by weight.
  template <typename T, std::size_t N>
  std::size_t weighted(const std::array<T, N>& weights) {
    std::uint32_t total = 0;
    for (const T weight : weights) total += static_cast<std::uint32_t>(weight);
    std::uint32_t at = below(total);
    for (std::size_t i = 0; i < N; ++i) {
      if (at < static_cast<std::uint32_t>(weights[i])) return i;
      at -= static_cast<std::uint32_t>(weights[i]);
    }
    return N - 1;
  }

 private:
  std::uint64_t state_;
};

// "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx", the same for the same seed.
std::string guid(std::uint64_t seed);
void append_guid(std::string& out, std::uint64_t seed);
// `digits` lower-case hexadecimal digits.
void append_hex(std::string& out, std::uint64_t seed, int digits);

}  // namespace candor
