#pragma once

#include <string>
#include <vector>

#include "policy/policy.h"
#include "profile/fact.h"

// Whom a condition means, by what a directory says of a person on a day.
namespace candor {

// Any of these values, whatever the letter case (`groups`: any group).
bool has_value(const Fact& directory, const std::string& attribute, const std::vector<std::string>& wanted);
// All attributes of the condition hold.
bool meets(const Fact& directory, const Scope::Condition& condition);
// Any of the conditions holds; none does when there are none.
bool meets(const Fact& directory, const std::vector<Scope::Condition>& conditions);

}  // namespace candor
