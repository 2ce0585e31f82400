#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "assessment/assess.h"
#include "store/store.h"

// The live loop: who must be assessed, in which order things become durable.
namespace candor {

// Writes outcomes into the transaction; alerts implement it.
using RecordOutcomes = std::function<Result<void>(Transaction&, std::span<const PersonOutcome>)>;

// What people said, as far as it moves results.
struct Said {
  Decisions decisions;
  Expectations expectations;
};
// Reads it; called once who is due is known, and only if anybody is. What was said about others may be left out.
using LoadSaid = std::function<Result<Said>(std::span<const PersonId> due)>;

// Makes every touched account that is a person's or a guest's by its name a person's. Errors as Timeline and Store.
Result<void> register_touched(Timeline& timeline, const People& people);

// Assesses everybody whose result may differ from what is stored: people of touched accounts, those with changed facts,
// those marked (pending.h), those with a dated edge that as_of has reached; everybody when the policies in force have
// changed or as_of went back. What `record` writes and the marks taken are one transaction a batch; then the timeline's
// touches are settled. Killed at any instant, the next run does the rest. One run at a time. Returns how many people.
Result<std::size_t> run_pending(const AssessSources& sources, Timeline& timeline,
                                const std::vector<PolicyHistory>& policies, const LoadSaid& said,
                                const AssessOptions& options, const RecordOutcomes& record);

// SEMANTICS 14: every alert that exists at the end of options.as_of, one JSON line each, sorted; people named by the
// digests of their accounts' names. A function of the input alone, byte for byte: no PersonId, no time of ours.
Result<std::string> canonical_lines(const AssessSources& sources, const std::vector<PolicyHistory>& policies, Said said,
                                    const AssessOptions& options);

}  // namespace candor
