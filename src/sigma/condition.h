#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "sigma/expression.h"

// The condition of a Sigma rule: and, or, not, parentheses, `1 of`, `any of`, `N of`, `all of`, `them`, names with `*`.
namespace candor::sigma {

struct ConditionFault {
  std::size_t offset = 0;  // in the condition's text
  std::string id;
  std::string message;
  std::string hint;
};

// Tests a rule may have after its selections are put in place.
inline constexpr std::size_t kMaxTests = 50'000;

// Puts the selections' expressions in place of their names and adds the names to `used`. `them` and patterns leave out
// names that begin with `_`. Bounded nesting: safe for hostile text.
std::expected<Expression, ConditionFault> parse_condition(std::string_view text,
                                                          const std::map<std::string, Expression>& selections,
                                                          std::set<std::string>& used);

}  // namespace candor::sigma
