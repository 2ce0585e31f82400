#include "organisation/book.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace candor {
std::vector<OrganisationFact> OrganisationBook::World::all() const {
  std::vector<OrganisationFact> found;
  found.reserve(facts.size());
  for (const Known& each : facts) found.push_back(each.fact);
  return found;
}

Result<OrganisationBook::World> OrganisationBook::world(TimePoint known_at) const {
  CANDOR_TRY(const auto imported, facts_->all(known_at));
  std::map<OrganisationFactIdentity, TimePoint> since;
  for (const StoredOrganisationFact& each : imported) since.emplace(identity_of(each.fact), each.known_since);
  World world;
  auto together = combine(content_, imported);
  world.organisation = Organisation::build(together, lists_);
  std::multimap<OrganisationFactIdentity, OrganisationFact> sorted;
  for (OrganisationFact& fact : together) sorted.emplace(identity_of(fact), std::move(fact));
  world.facts.reserve(sorted.size());
  for (auto& [identity, fact] : sorted) {
    const auto known = since.find(identity);
    const auto time = known == since.end() ? std::nullopt : std::optional(known->second);
    world.facts.push_back({std::move(fact), time});
  }
  return world;
}

Result<OrganisationBook::World> OrganisationBook::world() const { return world(std::numeric_limits<TimePoint>::max()); }

Result<bool> OrganisationBook::is_pending() const {
  CANDOR_TRY(const World now, world());
  return now.organisation->fingerprint() != read_by_->fingerprint();
}

}  // namespace candor
