#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sigma/compile.h"

namespace candor::sigma {

// Whether the subtree at `at` holds; `ask(AtomIndex)` answers atoms. No more of them are asked than needed.
template <typename Ask>
bool holds(std::span<const Node> nodes, std::size_t at, Ask& ask) {
  const Node& node = nodes[at];
  switch (node.kind) {
    case Node::Kind::atom:
      return ask(node.atom);
    case Node::Kind::negation:
      return !holds(nodes, at + 1, ask);
    case Node::Kind::all_of:
      for (std::size_t child = at + 1; child < node.end; child = nodes[child].end) {
        if (!holds(nodes, child, ask)) return false;
      }
      return true;
    case Node::Kind::any_of:
      for (std::size_t child = at + 1; child < node.end; child = nodes[child].end) {
        if (holds(nodes, child, ask)) return true;
      }
      return false;
    case Node::Kind::at_least: {
      std::uint32_t missing = node.atom;
      for (std::size_t child = at + 1; child < node.end && missing > 0; child = nodes[child].end) {
        if (holds(nodes, child, ask)) --missing;
      }
      return missing == 0;
    }
  }
  return false;
}

}  // namespace candor::sigma
