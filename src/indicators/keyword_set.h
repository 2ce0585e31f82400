#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// Whether a text holds any of many keywords, anywhere. A search takes as long as the text, whatever the keywords are
// and however many (Aho and Corasick); about 14 bytes of memory a byte of keyword. Thread safety: immutable.
class KeywordSet {
 public:
  KeywordSet() = default;
  // Folded (base/fold.h); empty ones are our own mistake.
  explicit KeywordSet(std::vector<std::string> keywords);

  bool empty() const { return keywords_.empty(); }
  // The keyword that ends first in the folded text; nullptr when it holds none.
  const std::string* find(std::string_view text) const;

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  using State = std::uint32_t;  // breadth first, so that the children of a state lie side by side

  State child(State state, unsigned char byte) const;
  State next(State state, unsigned char byte) const;
  void grow();
  void link();

  std::vector<std::string> keywords_;  // sorted, each once
  std::vector<State> first_;           // of a state's children; one more entry than states
  std::vector<unsigned char> byte_;    // that leads to the state
  std::vector<State> fail_;            // the longest end of its text that another state stands for
  std::vector<std::uint32_t> found_;   // keyword that ends here; kNone
  std::array<State, 256> start_{};     // of the first state, which is asked most; 0: stays there
};

}  // namespace candor
