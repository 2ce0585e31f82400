#include "assessment/person_view.h"

#include <algorithm>

#include "assessment/peer_shares.h"
#include "assessment/scored_days.h"
#include "assessment/stored_person.h"
#include "policy/baseline.h"
#include "policy/windows.h"
#include "store/store.h"

namespace candor {
namespace {

std::vector<Sequence> sequences_of(const PersonViewQuery& query) {
  std::vector<std::shared_ptr<const Policy>> policies(query.in_force.begin(), query.in_force.end());
  // Shared ownership of nothing: the query's policy outlives the call.
  policies.emplace_back(std::shared_ptr<const Policy>(), &query.policy);
  return sequences_of(policies);
}

}  // namespace

Result<PersonView> view_person(const AssessSources& sources, const PersonViewQuery& query) {
  CANDOR_TRY(Reading reading, sources.store.read());
  CANDOR_TRY(const StoredPerson known, stored_person(sources, reading, query.person, sequences_of(query)));
  PersonView out;
  const auto scopes = [&](const Policy& policy, const Baselines& baselines) {
    return person_scopes(policy, windows_of(policy, known.profile, known.insights, baselines, query.today),
                         scored_days(policy, known.profile, known.guest));
  };
  CANDOR_TRY(const auto book, stored_peers(reading));
  std::optional<Peers> peers;
  if (book) peers.emplace(*book, known.profile);
  const Peers* const others = peers ? &*peers : nullptr;
  const Baselines baselines(query.policy, known.insights, known.profile.kept_from, others);
  const auto own = scopes(query.policy, baselines);
  for (const Insight& insight : known.insights) {
    if (insight.day < query.from || insight.day > query.to) continue;
    const bool in_scope = std::ranges::any_of(
        own, [&](const PersonScope& one) { return one.from <= insight.day && insight.day <= one.to; });
    const PolicyIndicator* const indicator = query.policy.find(insight.indicator);
    if (!in_scope || indicator == nullptr) continue;
    const Strength strength = strength_of(query.policy, *indicator, insight, &baselines);
    if (strength.level < 0) continue;
    out.evidence.push_back(
        {indicator, insight, strength, baselines.standing(*indicator, insight.counts[0], insight.day)});
  }
  for (const auto& policy : query.in_force) {
    const auto all = scopes(*policy, Baselines(*policy, known.insights, known.profile.kept_from, others));
    std::ranges::copy_if(all, std::back_inserter(out.scopes),
                         [&](const PersonScope& one) { return one.to >= query.from; });
  }
  return out;
}

}  // namespace candor
