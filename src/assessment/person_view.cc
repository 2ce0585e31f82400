#include "assessment/person_view.h"

#include <algorithm>
#include <map>
#include <tuple>

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

// The windows of a policy on the days on which it scores the person; windows of one trigger that touch are one.
std::vector<PersonScope> scopes_of(const Policy& policy, const std::vector<InScope>& windows,
                                   const std::vector<Days>& scored) {
  std::map<std::string, std::vector<PersonScope>> by_trigger;
  for (const InScope& window : windows) {
    for (const Days& days : scored) {
      const Day from = std::max(window.from, days.from);
      const Day to = std::min(window.to, days.to);
      if (from > to) continue;
      auto& spans = by_trigger[window.trigger];
      if (!spans.empty() && from <= spans.back().to + 1) {
        spans.back().to = std::max(spans.back().to, to);
        ++spans.back().times;
      } else {
        spans.push_back({.policy = &policy,
                         .trigger = window.trigger,
                         .since = day_of(window.at),
                         .from = from,
                         .to = to,
                         .times = 1});
      }
    }
  }
  std::vector<PersonScope> out;
  for (auto& [trigger, spans] : by_trigger) std::ranges::move(spans, std::back_inserter(out));
  std::ranges::sort(out, {}, [](const PersonScope& one) { return std::tie(one.since, one.trigger, one.from, one.to); });
  return out;
}

}  // namespace

Result<PersonView> view_person(const AssessSources& sources, const PersonViewQuery& query) {
  CANDOR_TRY(Reading reading, sources.store.read());
  CANDOR_TRY(const StoredPerson known, stored_person(sources, reading, query.person, sequences_of(query)));
  PersonView out;
  const auto scopes = [&](const Policy& policy, const Baselines& baselines) {
    return scopes_of(policy, windows_of(policy, known.profile, known.insights, baselines, query.today),
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
