#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sigma/expression.h"
#include "sigma/field_scope.h"
#include "sigma/regex.h"

// Step 3 of 3: expressions to what the matchers run. Cannot fail.
namespace candor::sigma {

using AtomIndex = std::uint32_t;

// A text to compare with, and its first eight bytes as a number: most comparisons end there.
struct Literal {
  explicit Literal(std::string bytes);
  std::string text;
  std::uint64_t head = 0;
  std::uint64_t mask = 0;  // covers the bytes of `head` the text has
};

// One question about one field, asked at most once a record however many rules ask it.
struct Atom {
  FieldIndex field = 0;
  FieldIndex other = 0;
  ValueType type = ValueType::any;
  Comparison comparison = Comparison::present;
  bool cased = false;
  DatePart part = DatePart::none;
  std::int64_t number = 0;
  double real = 0;
  std::shared_ptr<const Question> question;
  std::vector<Literal> literals;  // texts: one of them must compare
  std::shared_ptr<const Regex> regex;
  std::string pattern;  // of the regex
  std::string flags;    // of the regex: of i, m, s
  std::array<unsigned char, 16> network{};
  int network_bits = 0;
  int network_family = 0;
};

// An expression in preorder. A node's children follow it; `end` is where its subtree ends.
struct Node {
  enum class Kind : std::uint8_t { all_of, any_of, negation, at_least, atom };
  Kind kind = Kind::all_of;
  std::uint32_t atom = 0;  // of at_least: how many
  std::uint32_t end = 0;
};

// Turns expressions into nodes over shared atoms.
class Compiler {
 public:
  explicit Compiler(const FieldScope& scope) : scope_(scope) {}
  std::vector<Node> compile(const Expression& expression);  // never empty
  std::vector<Atom> take_atoms() { return std::move(atoms_); }

 private:
  void add(const Expression& expression);
  void add_alternatives(const std::vector<Expression>& parts);
  void add_atom(const std::vector<const Test*>& tests);
  Atom make_atom(const std::vector<const Test*>& tests) const;

  const FieldScope& scope_;
  std::vector<Node> nodes_;
  std::vector<Atom> atoms_;
  std::unordered_map<std::string, AtomIndex> by_signature_;
};

// An atom that asks this one test: for explanations and plain evaluators.
Atom atom_of(const Test& test, const FieldScope& scope);

// Whether the atom compares its literals with texts.
bool has_literals(Comparison comparison);

// Appends bytes that tell this expression from every other that matches otherwise.
void put_signature(std::string& bytes, const Expression& expression);

}  // namespace candor::sigma
