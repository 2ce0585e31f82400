#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "activity/field.h"
#include "indicators/expression.h"
#include "indicators/rule_file.h"

// The Sigma value modifiers: `field|modifier|modifier: value`. A new one is a row in modifiers.cc and its function.
namespace candor {

struct ValueFault {
  std::string id;
  std::string message;
  std::string hint;
};
using ValueResult = std::expected<Expression, ValueFault>;

// What a value function knows besides the value.
struct ValueContext {
  const FieldCatalogue& catalogue;
  FieldId field = 0;
  FieldType type = FieldType::keyword;
  bool cased = false;
  bool is_operation = false;     // values are brought to the normalised form of operations
  std::string regex_flags = {};  // of i, m, s
};

enum class ModifierRole : std::uint8_t {
  comparison,  // how field and value compare: one of them at most
  reference,   // the value names another field
  cased,       // letter case counts
  all,         // all values of the list must compare, not one of them
  negated,     // none of the values may compare
  regex_flag,  // after `re`
};

struct Modifier {
  std::string_view name;
  ModifierRole role = ModifierRole::comparison;
  std::uint8_t types = 0;  // set of FieldTypes it may stand on, see type_bit()
  bool texts = false;      // comparison: of texts, so that `cased` means something
  bool lists = false;      // comparison: may have several values
  ValueResult (*value)(const ValueContext&, const Scalar&) = nullptr;  // comparison: one value's test
  Comparison referenced = Comparison::present;  // comparison: the same against another field; present: there is none
};

constexpr std::uint8_t type_bit(FieldType type) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(type)); }

std::span<const Modifier> modifiers();
const Modifier* find_modifier(std::string_view name);

// `field: value` without a comparison modifier.
const Modifier& plain_comparison();

// The form in which the matcher sees operation names: no blanks at the ends, no trailing full stops, plain dashes.
std::string operation_as_matched(std::string_view text);

}  // namespace candor
