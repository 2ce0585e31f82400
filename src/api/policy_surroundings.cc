#include "api/policy_surroundings.h"

#include <utility>

#include "alerts/expectation_book.h"
#include "ingest/indicator_health.h"

namespace candor {

namespace {

// Before a record was counted by what it is of, nothing can be said.
Result<void> add_unfed(const SurroundingsSources& from, PolicySurroundings& out) {
  CANDOR_TRY(const StoredHealth stored, stored_health(from.store, from.sources));
  if (!stored.counted_since()) return {};
  for (const IndicatorHealth& one : indicator_health(
           {.indicators = from.indicators->indicators(), .stored = stored, .is_mapped = mapped_by(from.mappings)})) {
    if (one.state == Fed::alive) continue;
    out.unfed[one.indicator->name] = {.workload = one.indicator->workload, .silent = one.state == Fed::silent};
  }
  return {};
}

}  // namespace

Result<PolicySurroundings> policy_surroundings(const SurroundingsSources& from,
                                               std::map<std::string, std::string> unusable) {
  PolicySurroundings out;
  const TimePoint now = from.clock.now();
  out.today = day_of(now);
  out.unusable = std::move(unusable);
  out.is_on = [switches = from.switches.get(), indicators = from.indicators,
               today = out.today](const std::string& name) {
    const auto index = indicators->find_name(name);
    return index && is_switched_on(switches->switches(), name, (*indicators)[*index].intrusion, {}, today);
  };
  {
    CANDOR_TRY(Reading reading, from.store.read());
    CANDOR_TRY(const auto told, from.facts.told(reading));
    for (const auto& [kind, known] : told) out.facts[kind] = {.count = known.facts, .last_told = known.last_told};
  }
  const ExpectationBook expectations(from.store, from.clock, [] { return false; });
  CANDOR_TRY(const auto expected, expectations.all());
  for (const StoredExpectation& one : expected) {
    if (one.agreed() && one.withdrawn_at == 0) out.expected.push_back({.policy = one.policy, .last_day = one.to});
  }
  if (from.sources != nullptr) {
    CANDOR_TRY(const auto silences, from.sources->silences());
    for (const SourceSilence& one : silences) {
      if (one.silence.state == Silence::State::silent) out.silent_sources.push_back(one.source);
    }
  }
  CANDOR_TRY_VOID(add_unfed(from, out));
  CANDOR_TRY(out.people, from.people.count());
  CANDOR_TRY(out.alerted, from.alerts.alerted_since(now - 30 * kMicrosPerDay, from.without));
  return out;
}

}  // namespace candor
