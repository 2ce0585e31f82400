#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace candor::sigma {

// Finds which of many texts begin another one - or end it, when both are read backwards: one step a byte, and no more
// steps than the longest of them that fits. Immutable after build().
class AffixTrie {
 public:
  enum class Direction : std::uint8_t { forwards, backwards };
  explicit AffixTrie(Direction direction) : direction_(direction) {}

  // `number` is given back for `text`; not empty.
  void add(std::string_view text, std::uint32_t number) { building_[std::string(text)].push_back(number); }
  void build();

  // Calls `found(number, whole)` for each that fits; `whole`: it is all of the text.
  template <typename Found>
  void scan(std::string_view text, Found found) const {
    if (nodes_.empty()) return;
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = direction_ == Direction::forwards ? text[i] : text[text.size() - 1 - i];
      node = i == 0 ? roots_[static_cast<unsigned char>(c)] : next(node, c);
      if (node == 0) return;
      const Node& here = nodes_[node];
      for (std::uint32_t k = 0; k < here.number_count; ++k) {
        found(numbers_[here.first_number + k], i + 1 == text.size());
      }
    }
  }

 private:
  struct Node {
    std::uint32_t first_edge = 0;
    std::uint32_t first_number = 0;
    std::uint16_t edge_count = 0;
    std::uint16_t number_count = 0;
  };

  std::uint32_t next(std::uint32_t node, char c) const {
    const Node& here = nodes_[node];
    for (std::uint32_t k = here.first_edge; k < here.first_edge + here.edge_count; ++k) {
      if (edge_bytes_[k] == c) return edge_nodes_[k];
    }
    return 0;
  }

  Direction direction_;
  std::map<std::string, std::vector<std::uint32_t>> building_;
  std::vector<Node> nodes_;  // 0 is the root, and says "none" as a goal
  std::array<std::uint32_t, 256> roots_{};
  std::vector<char> edge_bytes_;
  std::vector<std::uint32_t> edge_nodes_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace candor::sigma
