#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ingest/source_health.h"
#include "notifications/telling.h"
#include "notifications/texts.h"

namespace candor {

// How many policies have warnings, without alerts about these people.
using CountPolicyWarnings = std::function<Result<std::int64_t>(const HiddenPeople& without)>;

// What else a summary of the week counts. All must outlive the call.
struct WeeklySources {
  SourceHealth& sources;
  const CountPolicyWarnings& policies_with_warnings;
};

// The lines of a viewer's summary of the week: how things stand now, of what they may read, and nothing about
// people hidden from them. Empty: nothing may be told.
Result<std::vector<std::string>> weekly_lines(const TellingSources& from, const WeeklySources& also,
                                              const NotifiedViewer& viewer, const HiddenPeople& hidden,
                                              const NotificationLanguage& language);

}  // namespace candor
