#include "assessment/person_view.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "assessment/person_insights.h"
#include "assessment/scored_days.h"
#include "base/keys.h"
#include "policy/baseline.h"
#include "policy/windows.h"
#include "profile/facts.h"
#include "profile/ownership.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {
namespace {

struct KnownOfPerson {
  Profile profile;
  Insights insights;
  bool guest = false;
};

Result<KnownOfPerson> load(const AssessSources& sources, const PersonViewQuery& query) {
  std::map<IndicatorKey, Sequence> by_key;
  const auto add = [&](const Policy& policy) {
    for (const Sequence& one : policy.sequences) by_key.emplace(one.key, one);
  };
  add(query.policy);
  for (const auto& policy : query.in_force) add(*policy);
  std::vector<Sequence> sequences;
  for (auto& [key, one] : by_key) sequences.push_back(std::move(one));

  KnownOfPerson known;
  CANDOR_TRY(Reading reading, sources.store.read());
  CANDOR_TRY(auto accounts, owned_accounts(reading, query.person));
  std::erase_if(accounts, [](const OwnedAccount& one) { return one.to < kFirstDay || kLastDay < one.from; });
  std::optional<Day> kept_from;
  std::size_t seen = 0;
  std::size_t guests = 0;
  for (OwnedAccount& one : accounts) {
    one.from = std::max(one.from, kFirstDay);
    one.to = std::min(one.to, kLastDay);
    CANDOR_TRY(const auto kept, sources.timeline.kept_from(one.account));
    kept_from = std::max(kept_from, kept);  // none is before all
    CANDOR_TRY(const auto info, sources.timeline.account(one.account));
    if (!info) continue;
    ++seen;
    if (info->actor == ActorKind::guest) ++guests;
  }
  known.guest = seen > 0 && guests == seen;
  CANDOR_TRY(known.insights, person_insights(sources.timeline, accounts, sequences, {}));
  CANDOR_TRY(known.profile, sources.facts.profile(reading, query.person, kKnownNow));
  known.profile.kept_from = kept_from;
  return known;
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
  CANDOR_TRY(const KnownOfPerson known, load(sources, query));
  PersonView out;
  const auto scopes = [&](const Policy& policy, const Baselines& baselines) {
    return scopes_of(policy, windows_of(policy, known.profile, known.insights, baselines, query.today),
                     scored_days(policy, known.profile, known.guest));
  };
  const Baselines baselines(query.policy, known.insights, known.profile.kept_from);
  const auto own = scopes(query.policy, baselines);
  for (const Insight& insight : known.insights) {
    if (insight.day < query.from || insight.day > query.to) continue;
    const bool in_scope = std::ranges::any_of(
        own, [&](const PersonScope& one) { return one.from <= insight.day && insight.day <= one.to; });
    const PolicyIndicator* const indicator = query.policy.find(insight.indicator);
    if (!in_scope || indicator == nullptr) continue;
    const Strength strength = strength_of(query.policy, *indicator, insight, &baselines);
    if (strength.level >= 0) out.evidence.push_back({indicator, insight, strength});
  }
  for (const auto& policy : query.in_force) {
    const auto all = scopes(*policy, Baselines(*policy, known.insights, known.profile.kept_from));
    std::ranges::copy_if(all, std::back_inserter(out.scopes),
                         [&](const PersonScope& one) { return one.to >= query.from; });
  }
  return out;
}

}  // namespace candor
