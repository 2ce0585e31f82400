#include "sigma/compile.h"

#include <arpa/inet.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <map>
#include <set>
#include <tuple>

#include "base/result.h"

namespace candor::sigma {
namespace {

void put(std::string& out, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(number >> (8 * i) & 0xFF);
}
void put(std::string& out, std::string_view text) {
  put(out, text.size());
  out += text;
}

// Bytes that tell one test from every other.
std::string signature(const Test& test) {
  std::string bytes;
  put(bytes, test.field);
  put(bytes, static_cast<std::uint64_t>(test.comparison));
  put(bytes, static_cast<std::uint64_t>(test.cased));
  put(bytes, static_cast<std::uint64_t>(test.part));
  put(bytes, static_cast<std::uint64_t>(test.number));
  put(bytes, std::bit_cast<std::uint64_t>(test.real));
  put(bytes, test.other);
  put(bytes, test.text);
  if (test.question) put(bytes, test.question->fingerprint());
  return bytes;
}

// Cheap questions first: the order of parts changes no answer.
int cost_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::present:
    case Comparison::valued:
    case Comparison::number_equals:
    case Comparison::less:
    case Comparison::less_equal:
    case Comparison::greater:
    case Comparison::greater_equal:
      return 0;
    case Comparison::equals:
    case Comparison::starts_with:
    case Comparison::ends_with:
      return 1;
    case Comparison::contains:
    case Comparison::equals_field:
    case Comparison::starts_with_field:
    case Comparison::ends_with_field:
      return 2;
    case Comparison::contains_field:
    case Comparison::cidr:
    case Comparison::wildcard:
      return 3;
    case Comparison::regex:
    case Comparison::asked:
      return 4;
  }
  return 4;
}

int cost_of(const Expression& expression) {
  if (expression.kind == Expression::Kind::test) {
    return cost_of(expression.test.comparison) + (expression.test.field == kAllFields ? 4 : 0);
  }
  int cost = 0;
  for (const Expression& part : expression.parts) cost = std::max(cost, cost_of(part));
  return cost;
}

std::vector<const Expression*> cheap_first(const std::vector<Expression>& parts) {
  std::vector<std::tuple<int, std::size_t, const Expression*>> costs;
  costs.reserve(parts.size());
  for (const Expression& part : parts) costs.emplace_back(cost_of(part), costs.size(), &part);
  std::ranges::sort(costs);
  std::vector<const Expression*> sorted;
  sorted.reserve(parts.size());
  for (const auto& [cost, place, part] : costs) sorted.push_back(part);
  return sorted;
}

// "address/bits", as the modifier checked it.
void set_network(Atom& atom, const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  atom.network_family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  CANDOR_CHECK(inet_pton(atom.network_family, address.c_str(), atom.network.data()) == 1);
  std::from_chars(text.data() + slash + 1, text.data() + text.size(), atom.network_bits);
}

Node::Kind kind_of(Expression::Kind kind) {
  switch (kind) {
    case Expression::Kind::all_of:
      return Node::Kind::all_of;
    case Expression::Kind::any_of:
      return Node::Kind::any_of;
    case Expression::Kind::at_least:
      return Node::Kind::at_least;
    default:
      return Node::Kind::negation;
  }
}

}  // namespace

Literal::Literal(std::string bytes) : text(std::move(bytes)) {
  const std::size_t size = std::min<std::size_t>(8, text.size());
  const std::uint64_t all = ~std::uint64_t{0};
  std::memcpy(&head, text.data(), size);
  std::memcpy(&mask, &all, size);
}

bool has_literals(Comparison comparison) {
  return comparison == Comparison::equals || comparison == Comparison::contains ||
         comparison == Comparison::starts_with || comparison == Comparison::ends_with ||
         comparison == Comparison::wildcard;
}

void put_signature(std::string& bytes, const Expression& expression) {
  put(bytes, static_cast<std::uint64_t>(expression.kind));
  put(bytes, expression.count);
  if (expression.kind == Expression::Kind::test) put(bytes, signature(expression.test));
  put(bytes, expression.parts.size());
  for (const Expression& part : expression.parts) put_signature(bytes, part);
}

std::vector<Node> Compiler::compile(const Expression& expression) {
  nodes_.clear();
  add(expression);
  return std::move(nodes_);
}

void Compiler::add(const Expression& expression) {
  using Kind = Expression::Kind;
  if (expression.kind == Kind::test) return add_atom({&expression.test});
  if (expression.kind != Kind::negation && expression.parts.size() == 1) return add(expression.parts[0]);
  const std::size_t self = nodes_.size();
  nodes_.push_back({.kind = kind_of(expression.kind), .atom = expression.count, .end = 0});
  if (expression.kind == Kind::any_of) {
    add_alternatives(expression.parts);
  } else {
    for (const Expression* part : cheap_first(expression.parts)) add(*part);
  }
  nodes_[self].end = static_cast<std::uint32_t>(nodes_.size());
}

// Texts compared with one field in one way become one atom.
void Compiler::add_alternatives(const std::vector<Expression>& parts) {
  using Group = std::tuple<int, Comparison, FieldIndex, bool>;
  std::map<Group, std::vector<const Test*>> texts;
  for (const Expression* part : cheap_first(parts)) {
    const Test& test = part->test;
    if (part->kind == Expression::Kind::test && has_literals(test.comparison)) {
      texts[{cost_of(test.comparison), test.comparison, test.field, test.cased}].push_back(&test);
    } else {
      add(*part);
    }
  }
  for (const auto& [group, tests] : texts) add_atom(tests);
}

void Compiler::add_atom(const std::vector<const Test*>& tests) {
  std::string key;
  for (const Test* test : tests) put(key, signature(*test));
  const auto [it, fresh] = by_signature_.emplace(std::move(key), static_cast<AtomIndex>(atoms_.size()));
  if (fresh) atoms_.push_back(make_atom(tests));
  nodes_.push_back(
      {.kind = Node::Kind::atom, .atom = it->second, .end = static_cast<std::uint32_t>(nodes_.size() + 1)});
}

Atom Compiler::make_atom(const std::vector<const Test*>& tests) const {
  const Test& test = *tests[0];
  Atom atom;
  atom.field = test.field;
  atom.other = test.other;
  atom.type = test.field == kAllFields ? ValueType::any : scope_.type(test.field);
  atom.comparison = test.comparison;
  atom.cased = test.cased;
  atom.part = test.part;
  atom.number = test.number;
  atom.real = test.real;
  atom.question = test.question;
  if (has_literals(test.comparison)) {
    std::set<std::string_view> texts;
    for (const Test* each : tests) texts.insert(each->text);
    for (const std::string_view text : texts) atom.literals.emplace_back(std::string(text));
  }
  if (test.comparison == Comparison::regex) {
    const std::size_t colon = test.text.find(':');  // flags:pattern
    atom.pattern = test.text.substr(colon + 1);
    atom.flags = test.text.substr(0, colon);
    auto regex = Regex::compile(atom.pattern, atom.flags);
    CANDOR_CHECK(regex.has_value());  // the modifier has compiled it before
    atom.regex = std::move(*regex);
  }
  if (test.comparison == Comparison::cidr) set_network(atom, test.text);
  return atom;
}

Atom atom_of(const Test& test, const FieldScope& scope) {
  Compiler compiler(scope);
  compiler.compile(Expression::of(test));
  return std::move(compiler.take_atoms().front());
}

}  // namespace candor::sigma
