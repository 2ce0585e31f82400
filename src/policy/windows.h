#pragma once

#include <vector>

#include "policy/assessment.h"
#include "policy/baseline.h"
#include "policy/policy.h"
#include "profile/profile.h"
#include "timeline/insight.h"

// What brings a person into scope and when (SEMANTICS 8).
namespace candor {

// Of a person's decision (FactKind::scoring_start); no trigger may have this id.
inline constexpr const char* kByHand = "by_hand";

// Windows of all triggers up to the end of `last`, ascending by (at, trigger, from, to). A resignation's window reaches
// from its day less the look-back to its last working day plus the activation.
// `baselines` may know later insights too. Whom somebody asked to be scored under this policy is in scope whatever its
// triggers: those windows have the trigger kByHand.
std::vector<InScope> windows_of(const Policy& policy, const Profile& profile, const Insights& insights,
                                const Baselines& baselines, Day last);

// Is the fact valid on `day`, and does it meet the rule's conditions?
bool speaks_for(const Exculpatory& rule, const Fact& fact, Day day);

}  // namespace candor
