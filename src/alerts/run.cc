#include "alerts/run.h"

#include <algorithm>

#include "alerts/expectation_book.h"
#include "alerts/mass_events.h"
#include "assessment/run.h"

namespace candor {
namespace {

void add(RecordCounts& into, const RecordCounts& more) {
  into.raised += more.raised;
  into.revised += more.revised;
  into.withdrawn += more.withdrawn;
  into.unchanged += more.unchanged;
}

PolicyBook policies_of(const AssessmentInputs& inputs) {
  return {inputs.store, inputs.clock, [invented = inputs.invented] { return invented; }};
}

Result<Said> said(const AssessmentInputs& inputs, Decisions decisions) {
  Said out{.decisions = std::move(decisions), .expectations = {}};
  const ExpectationBook book(inputs.store, inputs.clock, [invented = inputs.invented] { return invented; });
  CANDOR_TRY(out.expectations, book.current(inputs.indicators));
  return out;
}

AssessSources sources_of(const AssessmentInputs& inputs) {
  return {.timeline = inputs.timeline, .store = inputs.store, .people = inputs.people, .facts = inputs.facts};
}

}  // namespace

Result<AssessmentRun> assess_pending(const AssessmentInputs& inputs, const AssessOptions& options) {
  AssessmentRun run;
  const AlertBook alerts(inputs.store, inputs.clock);
  CANDOR_TRY(auto compiled, policies_of(inputs).compile(inputs.indicators, inputs.scoring));
  run.diagnostics = std::move(compiled.diagnostics);
  std::vector<std::string> untouched = compiled.unusable;
  untouched.insert(untouched.end(), compiled.waiting.begin(), compiled.waiting.end());
  std::ranges::sort(untouched);
  const auto record = [&](Transaction& transaction, std::span<const PersonOutcome> outcomes) -> Result<void> {
    CANDOR_TRY(const RecordCounts counts, alerts.record(transaction, outcomes, options.as_of, untouched));
    add(run.alerts, counts);
    // In the same transaction: no queue shows one of them for a moment.
    for (const PolicyHistory& history : compiled.policies) {
      const int days = history.versions.back().policy->screen_evidence_days;
      CANDOR_TRY_VOID(AlertBook::ask_for_screen_evidence(transaction, history.id, days));
    }
    return {};
  };
  const auto load_said = [&](std::span<const PersonId> due) -> Result<Said> {
    CANDOR_TRY(Decisions decisions, alerts.decisions(due));
    return said(inputs, std::move(decisions));
  };
  CANDOR_TRY(run.people,
             run_pending(sources_of(inputs), inputs.timeline, compiled.policies, load_said, options, record));
  std::map<std::string, Micropoints> cuts;
  for (const PolicyHistory& history : compiled.policies) cuts[history.id] = history.versions.back().policy->cut;
  CANDOR_TRY(run.mass_events, MassEvents(inputs.store, inputs.clock).look(cuts));
  return run;
}

Result<std::string> canonical_alerts(const AssessmentInputs& inputs, const AssessOptions& options) {
  CANDOR_TRY(auto compiled, policies_of(inputs).compile(inputs.indicators, inputs.scoring));
  if (!compiled.unusable.empty()) {
    std::string why;
    for (const Diagnostic& diagnostic : compiled.diagnostics) {
      if (diagnostic.severity == Severity::error) why += "\n" + to_text(diagnostic);
    }
    return fail("policy.unusable", "a policy in force cannot be computed, so not every alert can be told:" + why);
  }
  CANDOR_TRY_VOID(register_touched(inputs.timeline, inputs.people));
  CANDOR_TRY(Decisions decisions, AlertBook(inputs.store, inputs.clock).decisions());
  CANDOR_TRY(Said known, said(inputs, std::move(decisions)));
  return canonical_lines(sources_of(inputs), compiled.policies, std::move(known), options);
}

}  // namespace candor
