#include "assessment/stored_person.h"

#include <algorithm>
#include <map>

#include "assessment/person_insights.h"
#include "assessment/scored_days.h"
#include "profile/facts.h"
#include "profile/ownership.h"
#include "timeline/timeline.h"

namespace candor {

Result<StoredPerson> stored_person(const AssessSources& sources, Reading& reading, const PersonId& person,
                                   std::span<const Sequence> sequences) {
  StoredPerson known;
  CANDOR_TRY(auto accounts, owned_accounts(reading, person));
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
  CANDOR_TRY(known.profile, sources.facts.profile(reading, person, kKnownNow));
  known.profile.kept_from = kept_from;
  return known;
}

std::vector<Sequence> sequences_of(std::span<const std::shared_ptr<const Policy>> policies) {
  std::map<IndicatorKey, Sequence> by_key;
  for (const auto& policy : policies) {
    for (const Sequence& one : policy->sequences) by_key.emplace(one.key, one);
  }
  std::vector<Sequence> out;
  for (auto& [key, one] : by_key) out.push_back(std::move(one));
  return out;
}

}  // namespace candor
