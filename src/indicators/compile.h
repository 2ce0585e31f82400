#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "indicators/collect.h"
#include "indicators/expression.h"

namespace re2 {
class RE2;
}

// Step 3 of 3: a checked set to what the matcher runs. Cannot fail.
namespace candor {

using AtomIndex = std::uint32_t;

// A text to compare with, and its first eight bytes as a number: most comparisons end there.
struct Literal {
  explicit Literal(std::string bytes);
  std::string text;
  std::uint64_t head = 0;
  std::uint64_t mask = 0;  // covers the bytes of `head` the text has
};

// One question about one field, asked at most once an activity however many rules ask it.
struct Atom {
  FieldId field = 0;
  FieldId other = 0;
  FieldType type = FieldType::keyword;
  Comparison comparison = Comparison::present;
  bool cased = false;
  std::int64_t number = 0;
  std::vector<Literal> literals;  // texts: one of them must compare
  std::shared_ptr<const re2::RE2> regex;
  std::array<unsigned char, 16> network{};
  int network_bits = 0;
  int network_family = 0;
};

// A rule's expression in preorder. A node's children follow it; `end` is where its subtree ends.
struct Node {
  enum class Kind : std::uint8_t { all_of, any_of, negation, atom };
  Kind kind = Kind::all_of;
  AtomIndex atom = 0;
  std::uint32_t end = 0;
};

struct CompiledRule {
  std::uint32_t sources = 0;  // bit n: SourceKind n
  std::vector<Node> nodes;    // never empty
};

// Immutable; shared by all matchers of a set.
struct CompiledRules {
  std::shared_ptr<const FieldCatalogue> catalogue;
  FieldId operation_field = 0;  // event.action; catalogue->size() when the catalogue has none
  std::vector<Atom> atoms;
  std::vector<CompiledRule> rules;  // by IndicatorIndex
};

std::shared_ptr<const CompiledRules> compile(const std::vector<CheckedRule>& rules,
                                             std::shared_ptr<const FieldCatalogue> catalogue);

// Hash of all that decides what matches.
std::uint64_t fingerprint_of(const std::vector<CheckedRule>& rules, const FieldCatalogue& catalogue);

}  // namespace candor
