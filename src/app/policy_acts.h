#pragma once

#include <string>
#include <vector>

#include "alerts/policies.h"
#include "app/installation.h"

// What commands that act on policies have in common.
namespace candor {

// What applying changes, for people: a headline, what it waits for, the difference. Ends with a new line.
std::string to_text(const PolicyChange& change);

// Which policies stand elsewhere after it, for people: a headline, a line each.
std::string to_text(const PolicyOrder& before, const PolicyOrder& after);

// The change of an order, with its audit lines in its transaction: one for each policy that is placed.
PolicyPlacing policy_placing(Installation& installation, const std::string& name, const std::string& reason,
                             std::vector<std::string> ids, std::size_t place);

// Who acts, with the audit line of each act in its transaction. `installation` must outlive what is returned.
PolicyActor policy_actor(Installation& installation, const std::string& name, std::string action,
                         const std::string& reason);

}  // namespace candor
