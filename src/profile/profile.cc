#include "profile/profile.h"

namespace candor {

const Fact* Profile::directory_on(Day day) const {
  const Fact* found = nullptr;
  for (const Fact& fact : facts) {
    if (fact.kind != FactKind::directory) continue;
    if (found == nullptr || fact.valid_from <= day) found = &fact;
  }
  return found;
}

std::string_view attribute_of(const Fact* fact, std::string_view name) {
  if (fact == nullptr) return "";
  const auto found = fact->attributes.find(std::string(name));
  return found == fact->attributes.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace candor
