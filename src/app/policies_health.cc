#include "app/policies_health.h"

#include <utility>

#include "api/policy_surroundings.h"

namespace candor {

Result<std::vector<PolicyWithHealth>> policies_health(Installation& installation, const HiddenPeople& without) {
  CANDOR_TRY(auto standings, installation.policies().standings());
  const PolicyContentNow now = installation.policy_content();
  CANDOR_TRY(const auto compiled, installation.policies().compile(now.indicators, now.scoring));
  CANDOR_TRY(const auto around, policy_surroundings({.clock = installation.clock(),
                                                     .store = installation.store(),
                                                     .indicators = installation.content().indicators,
                                                     .mappings = installation.content().mappings,
                                                     .switches = installation.switches(),
                                                     .facts = installation.facts(),
                                                     .people = installation.people(),
                                                     .alerts = installation.alerts(),
                                                     .sources = &installation.sources(),
                                                     .without = without},
                                                    PolicyBook::why_unusable(compiled)));
  std::vector<PolicyWithHealth> out;
  for (PolicyStanding& one : standings) {
    const StoredPolicy& shown = one.in_force ? *one.in_force : *one.waiting;
    const LoadedPolicy loaded = load_policy(shown.yaml, "policy " + one.id, now.indicators, now.scoring);
    auto messages = health_of(one, loaded.policy.value_or(Policy()), around);
    out.push_back({.standing = std::move(one), .messages = std::move(messages)});
  }
  return out;
}

}  // namespace candor
