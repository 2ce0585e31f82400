#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sigma/document.h"
#include "sigma/expression.h"
#include "sigma/field_scope.h"

// The Sigma value modifiers: `field|modifier|modifier: value`. A new one is a row in modifiers.cc and its function.
// Source: sigma-specification, appendix modifiers, 2.1.0.
namespace candor::sigma {

struct ValueFault {
  std::string id;
  std::string message;
  std::string hint;
};
using ValueResult = std::expected<Expression, ValueFault>;
// Patterns: texts in which kAnyRun and kAnyOne stand for the wildcards.
using Patterns = std::expected<std::vector<std::string>, ValueFault>;

struct Modifier;

// What a value function knows besides the value.
struct ValueContext {
  const FieldScope& scope;
  FieldIndex field = 0;
  ValueType type = ValueType::any;
  bool cased = false;
  std::string regex_flags = {};  // of i, m, s
  DatePart part = DatePart::none;
  std::span<const Modifier* const> transforms = {};  // in the order in which the rule writes them
};

enum class ModifierRole : std::uint8_t {
  comparison,  // how field and value compare: one of them at most
  reference,   // the value names another field
  cased,       // letter case counts
  all,         // all values of the list must compare, not one of them
  negated,     // none of the values may compare
  regex_flag,  // after `re`
  date_part,   // a number of the field's date is compared
  transform,   // other texts than the one written are looked for
  expand,      // `%name%` stands for values given elsewhere
};

struct Modifier {
  std::string_view name;
  ModifierRole role = ModifierRole::comparison;
  std::uint8_t types = 0;  // set of ValueTypes it may stand on, see type_bit()
  bool texts = false;      // comparison: of texts, so that `cased` and transforms mean something
  bool lists = false;      // comparison: takes several values
  bool numbers = false;    // comparison: of numbers, so that date parts may stand before it
  ValueResult (*value)(const ValueContext&, const Scalar&) = nullptr;      // comparison
  Comparison referenced = Comparison::present;                             // comparison: the same against a field
  Patterns (*transform)(const ValueContext&, std::string_view) = nullptr;  // transform
  bool encodes = false;  // transform: gives bytes, not a text with wildcards
  DatePart part = DatePart::none;
};

constexpr std::uint8_t type_bit(ValueType type) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(type)); }

// All of them, in the order of documentation.
std::span<const Modifier> modifiers();
const Modifier* find_modifier(std::string_view name);
// `field: value` without any comparison named.
const Modifier& plain_comparison();

// The text with its placeholders replaced, in all combinations; the text itself when it has none. Fault when one has no
// values.
Patterns expand_placeholders(const FieldScope& scope, std::string_view text);

}  // namespace candor::sigma
