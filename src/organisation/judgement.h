#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "activity/organisation.h"
#include "indicators/indicator_info.h"

namespace candor {

// An indicator that cannot judge, or judges by a list that ships, because of what the organisation has not said.
struct Judgement {
  const IndicatorInfo* indicator = nullptr;
  OrganisationFactKind kind = OrganisationFactKind::own_domain;  // what it needs
  FactState state = FactState::missing;                          // never known
  // The whole rule, or one dimension of its thresholds ("unallowed", "priority"): "" or its word.
  std::string_view dimension;
};

// Of all indicators, by name, as of one day: which needed facts the organisation has not said. `indicators` must
// outlive the result.
std::vector<Judgement> judge(const std::vector<IndicatorInfo>& indicators, const Organisation& organisation, Day day);

// What stands in for facts that are not said, in a sentence; "" when nothing does.
std::string_view assumption_of(OrganisationFactKind kind);

}  // namespace candor
