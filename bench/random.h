#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace candor {

// splitmix64: the same numbers for the same seed everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((next() >> 32) * std::uint64_t{bound} >> 32);
  }
  bool chance(double probability) { return unit() < probability; }

  // An index, each as likely as its weight.
  template <std::size_t N>
  std::size_t pick(const std::array<double, N>& weights) {
    double total = 0;
    for (const double weight : weights) total += weight;
    double rest = unit() * total;
    for (std::size_t i = 0; i < N; ++i) {
      if (rest < weights[i]) return i;
      rest -= weights[i];
    }
    return N - 1;
  }

 private:
  std::uint64_t state_;
};

inline std::uint64_t mix(std::uint64_t number) { return Random(number).next(); }

}  // namespace candor
