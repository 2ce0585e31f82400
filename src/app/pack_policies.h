#pragma once

#include <string>

#include "app/content.h"
#include "app/pack_plan.h"
#include "policy/policy.h"

namespace candor {

// The shipped policies that packs take, with what the packs say of them. `by` names the packs in the policies' text. A
// policy that does not bear what is said is left out, with the errors of load_policy() for it.
LoadedPolicies pack_policies(const PackWishes& wishes, const std::string& by, const Content& content);

}  // namespace candor
