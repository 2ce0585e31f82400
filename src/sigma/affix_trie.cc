#include "sigma/affix_trie.h"

namespace candor::sigma {

void AffixTrie::build() {
  if (building_.empty()) return;
  struct Building {
    std::map<char, std::uint32_t> edges;
    std::vector<std::uint32_t> numbers;
  };
  std::vector<Building> nodes(1);
  for (auto& [text, numbers] : building_) {
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = direction_ == Direction::forwards ? text[i] : text[text.size() - 1 - i];
      const auto [edge, fresh] = nodes[node].edges.emplace(c, static_cast<std::uint32_t>(nodes.size()));
      node = edge->second;
      if (fresh) nodes.emplace_back();
    }
    nodes[node].numbers = std::move(numbers);
  }
  building_.clear();
  nodes_.resize(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Node& node = nodes_[i];
    node.first_edge = static_cast<std::uint32_t>(edge_bytes_.size());
    node.edge_count = static_cast<std::uint16_t>(nodes[i].edges.size());
    node.first_number = static_cast<std::uint32_t>(numbers_.size());
    node.number_count = static_cast<std::uint16_t>(nodes[i].numbers.size());
    for (const auto& [byte, goal] : nodes[i].edges) {
      edge_bytes_.push_back(byte);
      edge_nodes_.push_back(goal);
      if (i == 0) roots_[static_cast<unsigned char>(byte)] = goal;
    }
    numbers_.insert(numbers_.end(), nodes[i].numbers.begin(), nodes[i].numbers.end());
  }
}

}  // namespace candor::sigma
