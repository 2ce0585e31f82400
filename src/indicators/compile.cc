#include "indicators/compile.h"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>

#include "base/keys.h"
#include "base/result.h"

namespace candor {
namespace {

constexpr std::int64_t kRegexMemory = 1 << 20;

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
  put(bytes, static_cast<std::uint64_t>(test.number));
  put(bytes, test.other);
  put(bytes, test.text);
  return bytes;
}

void put(std::string& out, const Expression& expression) {
  put(out, static_cast<std::uint64_t>(expression.kind));
  if (expression.kind == Expression::Kind::test) put(out, signature(expression.test));
  put(out, expression.parts.size());
  for (const Expression& part : expression.parts) put(out, part);
}

bool has_literals(Comparison comparison) {
  return comparison == Comparison::equals || comparison == Comparison::contains ||
         comparison == Comparison::starts_with || comparison == Comparison::ends_with ||
         comparison == Comparison::wildcard;
}

// Cheap questions first: the order of parts changes no answer.
int cost_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::present:
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
      return 4;
  }
  return 4;
}

int cost_of(const Expression& expression) {
  if (expression.kind == Expression::Kind::test) return cost_of(expression.test.comparison);
  int cost = 0;
  for (const Expression& part : expression.parts) cost = std::max(cost, cost_of(part));
  return cost;
}

class Compiler {
 public:
  explicit Compiler(CompiledRules& out) : out_(out) {}

  CompiledRule compile(const CheckedRule& rule) {
    nodes_.clear();
    add(rule.expression);
    return {.sources = rule.sources, .nodes = std::move(nodes_)};
  }

 private:
  using Kind = Expression::Kind;

  void add(const Expression& expression) {
    if (expression.kind == Kind::test) {
      const Expression* test = &expression;
      return add_atom(std::span(&test, 1));
    }
    if (expression.kind != Kind::negation && expression.parts.size() == 1) return add(expression.parts[0]);
    const std::size_t self = nodes_.size();
    nodes_.push_back({.kind = expression.kind == Kind::all_of   ? Node::Kind::all_of
                              : expression.kind == Kind::any_of ? Node::Kind::any_of
                                                                : Node::Kind::negation,
                      .atom = 0,
                      .end = 0});
    if (expression.kind == Kind::any_of) {
      add_alternatives(expression.parts);
    } else {
      for (const Expression* part : cheap_first(expression.parts)) add(*part);
    }
    nodes_[self].end = static_cast<std::uint32_t>(nodes_.size());
  }

  static std::vector<const Expression*> cheap_first(const std::vector<Expression>& parts) {
    std::vector<const Expression*> sorted;
    sorted.reserve(parts.size());
    for (const Expression& part : parts) sorted.push_back(&part);
    std::ranges::sort(sorted, {}, [](const Expression* part) { return std::pair(cost_of(*part), part); });
    return sorted;
  }

  // Texts compared with one field in one way become one atom.
  void add_alternatives(const std::vector<Expression>& parts) {
    using Group = std::tuple<int, Comparison, FieldId, bool>;
    std::map<Group, std::vector<const Expression*>> texts;
    for (const Expression* part : cheap_first(parts)) {
      const Test& test = part->test;
      if (part->kind == Kind::test && has_literals(test.comparison)) {
        texts[{cost_of(test.comparison), test.comparison, test.field, test.cased}].push_back(part);
      } else {
        add(*part);
      }
    }
    for (const auto& [group, tests] : texts) add_atom(tests);
  }

  void add_atom(std::span<const Expression* const> tests) {
    std::string key;
    for (const Expression* expression : tests) put(key, signature(expression->test));
    const auto [it, fresh] = atoms_.emplace(std::move(key), static_cast<AtomIndex>(out_.atoms.size()));
    if (fresh) out_.atoms.push_back(make_atom(tests));
    nodes_.push_back(
        {.kind = Node::Kind::atom, .atom = it->second, .end = static_cast<std::uint32_t>(nodes_.size() + 1)});
  }

  Atom make_atom(std::span<const Expression* const> tests) {
    const Test& test = tests[0]->test;
    Atom atom;
    atom.field = test.field;
    atom.other = test.other;
    atom.type = (*out_.catalogue)[test.field].type;
    atom.comparison = test.comparison;
    atom.cased = test.cased;
    atom.number = test.number;
    if (has_literals(test.comparison)) {
      std::set<std::string_view> texts;
      for (const Expression* expression : tests) texts.insert(expression->test.text);
      for (const std::string_view text : texts) atom.literals.emplace_back(std::string(text));
    }
    if (test.comparison == Comparison::regex) {
      RE2::Options options;
      options.set_log_errors(false);
      options.set_max_mem(kRegexMemory);
      options.set_never_capture(true);
      atom.regex = std::make_shared<const RE2>(test.text, options);
    }
    if (test.comparison == Comparison::cidr) set_network(atom, test.text);
    return atom;
  }

  // "address/bits", as collect.cc checked it.
  static void set_network(Atom& atom, const std::string& text) {
    const std::size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    atom.network_family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
    CANDOR_CHECK(inet_pton(atom.network_family, address.c_str(), atom.network.data()) == 1);
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), atom.network_bits);
  }

  CompiledRules& out_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, AtomIndex> atoms_;
};

}  // namespace

Literal::Literal(std::string bytes) : text(std::move(bytes)) {
  const std::size_t size = std::min<std::size_t>(8, text.size());
  const std::uint64_t all = ~std::uint64_t{0};
  std::memcpy(&head, text.data(), size);
  std::memcpy(&mask, &all, size);
}

std::shared_ptr<const CompiledRules> compile(const std::vector<CheckedRule>& rules,
                                             std::shared_ptr<const FieldCatalogue> catalogue) {
  auto compiled = std::make_shared<CompiledRules>();
  compiled->catalogue = std::move(catalogue);
  compiled->operation_field =
      compiled->catalogue->find("event.action").value_or(static_cast<FieldId>(compiled->catalogue->size()));
  Compiler compiler(*compiled);
  for (const CheckedRule& rule : rules) compiled->rules.push_back(compiler.compile(rule));
  return compiled;
}

std::uint64_t fingerprint_of(const std::vector<CheckedRule>& rules, const FieldCatalogue& catalogue) {
  std::string bytes;
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    const Field& field = catalogue[static_cast<FieldId>(i)];
    put(bytes, field.name);
    put(bytes, static_cast<std::uint64_t>(field.type));
  }
  for (const CheckedRule& rule : rules) {
    put(bytes, rule.info.key);
    put(bytes, rule.sources);
    put(bytes, rule.expression);
  }
  return content_hash(bytes);
}

}  // namespace candor
