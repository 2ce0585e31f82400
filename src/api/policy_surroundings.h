#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "activity/mapping.h"
#include "alerts/alerts.h"
#include "alerts/policy_health.h"
#include "indicators/indicator_set.h"
#include "ingest/source_health.h"
#include "ingest/switches.h"
#include "profile/facts.h"
#include "profile/people.h"

namespace candor {

// What the health of policies is told from, on the pages and on the command line; all must outlive the call.
struct SurroundingsSources {
  const Clock& clock;
  Store& store;
  std::shared_ptr<const IndicatorSet> indicators;
  std::shared_ptr<const MappingSet> mappings;  // null: none is known
  const Switchboard& switches;
  const Facts& facts;
  const People& people;
  const AlertBook& alerts;
  SourceHealth* sources = nullptr;  // null: none is known
  const HiddenPeople& without;      // whose alerts are not counted
};

// `unusable`: of PolicyBook::Compiled, why_unusable().
Result<PolicySurroundings> policy_surroundings(const SurroundingsSources& from,
                                               std::map<std::string, std::string> unusable);

}  // namespace candor
