#pragma once

#include <absl/functional/function_ref.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// Finds many literal texts in one pass, ASCII letters in any case, skipping what cannot be part of any of them
// (Wu and Manber: the shortest literal decides how far). Thread safety: immutable after the constructor; share freely.
class LiteralSearch {
 public:
  static constexpr std::size_t kShortest = 2;  // bytes of a literal

  // Literals shorter than kShortest are our own mistake. None: nothing is ever found.
  explicit LiteralSearch(std::vector<std::string> literals);

  // Every place where a literal lies, in order of its end: number of the literal, its first byte in `text`. `visit`
  // returns false to stop.
  void find(std::string_view text, absl::FunctionRef<bool(std::size_t literal, std::size_t at)> visit) const;

 private:
  static constexpr std::size_t kPairs = std::size_t{1} << 16;
  static std::size_t pair(std::string_view text, std::size_t last) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[last - 1])) << 8 |
           static_cast<unsigned char>(text[last]);
  }

  std::vector<std::string> literals_;                // lower case
  std::size_t window_ = 0;                           // length of the shortest
  std::vector<std::uint8_t> shift_;                  // by the last two bytes of the window
  std::vector<std::vector<std::uint32_t>> endings_;  // by the first two bytes of a literal's window end: those to try
  std::vector<std::uint16_t> bucket_;                // by pair: index into endings_
};

}  // namespace candor
