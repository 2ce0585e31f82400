#pragma once

#include <span>
#include <string>
#include <vector>

#include "alerts/alerts.h"
#include "alerts/policies.h"

// The live loop and its canonical answer.
namespace candor {

class Facts;
class People;
class Timeline;

// What a run needs; all owned by the caller.
struct AssessmentInputs {
  Store& store;
  Timeline& timeline;
  const People& people;
  const Facts& facts;
  std::span<const IndicatorInfo> indicators;
  const ScoringContent& scoring;
  const Clock& clock;
  bool invented = false;  // the people are invented ones: policies run without a lawful start (alerts/policies.h)
};

struct AssessmentRun {
  std::size_t people = 0;  // assessed
  RecordCounts alerts;
  std::int64_t mass_events = 0;         // raised
  std::vector<Diagnostic> diagnostics;  // policies that could not be used, or for which content has changed
};

// run_pending() of assessment/run.h with the policies, decisions and alerts of the store.
Result<AssessmentRun> assess_pending(const AssessmentInputs& inputs, const AssessOptions& options);

// SEMANTICS 14: every alert that exists at the end of options.as_of, one JSON line each, sorted; people named by the
// digests of their accounts' names. Computed afresh from all that is stored; a function of the input alone, byte for
// byte, whatever the data folder, the order of arrival and the number of threads. Fails with `policy.unusable` when a
// policy in force cannot be computed with today's content.
Result<std::string> canonical_alerts(const AssessmentInputs& inputs, const AssessOptions& options);

}  // namespace candor
