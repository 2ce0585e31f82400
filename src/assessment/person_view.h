#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assessment/assess.h"
#include "assessment/person_scopes.h"
#include "policy/strength.h"

// What policies see of one person over some days: for the page that an alert opens. Evidence only: nothing of what the
// person did outside the scope of the alert's policy, nor below its levels, is in it.
namespace candor {

struct PersonEvidence {
  const PolicyIndicator* indicator = nullptr;  // of the alert's policy
  Insight insight;
  Strength strength;  // its level is low at least
  std::optional<PeerStanding> peers = std::nullopt;
};

struct PersonView {
  std::vector<PersonEvidence> evidence;  // ascending by (day, indicator)
  std::vector<PersonScope> scopes;       // that reach into the days asked for; by policy as given, then by day
};

struct PersonViewQuery {
  PersonId person{};
  const Policy& policy;                                     // the alert's: whose evidence
  std::span<const std::shared_ptr<const Policy>> in_force;  // whose scopes
  Day from = 0;
  Day to = 0;     // of the evidence
  Day today = 0;  // the last day of windows
};

// Pointers in the result are into the policies of `query`. Errors are those of timeline and store.
Result<PersonView> view_person(const AssessSources& sources, const PersonViewQuery& query);

}  // namespace candor
