#pragma once

#include <string>

#include "alerts/policies.h"
#include "app/installation.h"

// What commands that act on policies have in common.
namespace candor {

// What applying changes, for people: a headline, what it waits for, the difference. Ends with a new line.
std::string to_text(const PolicyChange& change);

// Who acts, with the audit line of each act in its transaction. `installation` must outlive what is returned.
PolicyActor policy_actor(Installation& installation, const std::string& name, std::string action,
                         const std::string& reason);

}  // namespace candor
