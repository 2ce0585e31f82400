#include "policy/condition.h"

#include <algorithm>
#include <string_view>

#include "base/fold.h"
#include "profile/profile.h"

namespace candor {
namespace {

bool is_same_word(std::string_view a, std::string_view b) { return fold(a) == fold(b); }

}  // namespace

bool has_value(const Fact& fact, const std::string& attribute, const std::vector<std::string>& wanted) {
  const std::string_view value = attribute_of(&fact, attribute);
  const auto is_wanted = [&](std::string_view one) {
    return std::ranges::any_of(wanted, [&](const std::string& each) { return is_same_word(each, one); });
  };
  if (attribute != "groups") return !value.empty() && is_wanted(value);
  for (std::size_t from = 0; from < value.size();) {
    const std::size_t to = std::min(value.find('\n', from), value.size());
    if (is_wanted(value.substr(from, to - from))) return true;
    from = to + 1;
  }
  return false;
}

bool meets(const Fact& fact, const Scope::Condition& condition) {
  return std::ranges::all_of(condition, [&](const auto& one) { return has_value(fact, one.first, one.second); });
}

bool meets(const Fact& fact, const std::vector<Scope::Condition>& conditions) {
  return std::ranges::any_of(conditions, [&](const Scope::Condition& condition) { return meets(fact, condition); });
}

}  // namespace candor
