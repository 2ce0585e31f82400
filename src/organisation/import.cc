#include "organisation/import.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "activity/organisation_text.h"
#include "organisation/csv.h"

namespace candor {
namespace {

using Outcome = OrganisationImport::Outcome;

Outcome outcome_of(OrganisationFacts::Recorded recorded) {
  switch (recorded) {
    case OrganisationFacts::Recorded::first:
      return Outcome::added;
    case OrganisationFacts::Recorded::correction:
      return Outcome::corrected;
    case OrganisationFacts::Recorded::withdrawn:
      return Outcome::still_withdrawn;
    case OrganisationFacts::Recorded::repeat:
      break;
  }
  return Outcome::unchanged;
}

// Entries with a fault: a row may have several.
std::int64_t faulty(const std::vector<Diagnostic>& diagnostics) {
  std::set<std::pair<int, int>> places;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::error) places.emplace(diagnostic.line, diagnostic.column);
  }
  return static_cast<std::int64_t>(places.size());
}

// Says which of two entries about the same thing stays: the first; the others are faults unless they say the same.
void keep_first(std::vector<OrganisationFact>& facts, std::vector<Diagnostic>& diagnostics) {
  std::map<std::tuple<OrganisationFactKind, std::string, std::optional<Day>>, OrganisationFact> seen;
  std::vector<OrganisationFact> kept;
  kept.reserve(facts.size());
  for (OrganisationFact& fact : facts) {
    const auto [found, is_new] = seen.try_emplace({fact.kind, fact.key(), fact.valid_from}, fact);
    if (is_new) {
      kept.push_back(std::move(fact));
    } else if (found->second.canonical() != fact.canonical()) {
      diagnostics.push_back(fault_of(fact, Severity::error, "organisation.contradiction",
                                     "line " + std::to_string(found->second.line) + " says otherwise about the same",
                                     "keep one of them, or give them different first days"));
    }
  }
  facts = std::move(kept);
}

Result<std::string> before_of(const OrganisationFacts& facts, Reading& reading, const OrganisationFact& fact) {
  CANDOR_TRY(const auto versions, facts.history(reading, fact));
  if (versions.empty()) return std::string();
  const auto last = std::ranges::max_element(
      versions, {}, [](const StoredOrganisationFact& each) { return std::pair(each.known_since, each.version); });
  return describe(last->fact) + (last->withdrawn ? " (withdrawn)" : "");
}

}  // namespace

std::string_view to_text(OrganisationImport::Outcome outcome) {
  switch (outcome) {
    case Outcome::added:
      return "added";
    case Outcome::corrected:
      return "corrected";
    case Outcome::unchanged:
      return "unchanged";
    case Outcome::withdrawn:
      return "withdrawn";
    case Outcome::still_withdrawn:
      return "still_withdrawn";
    case Outcome::not_there:
      return "not_there";
  }
  return "unchanged";
}

std::int64_t OrganisationImport::count(Outcome outcome) const {
  return std::ranges::count(changes, outcome, &Change::outcome);
}

bool OrganisationImport::changes_anything() const {
  return count(Outcome::added) + count(Outcome::corrected) + count(Outcome::withdrawn) > 0;
}

Result<OrganisationImport> import_organisation(Store& store, const OrganisationFacts& facts, const std::string& text,
                                               const std::string& file, LearntAt learnt,
                                               const OrganisationImportOptions& options) {
  OrganisationImport import;
  auto read = options.csv ? read_organisation_csv(text, file, options.kind, import.diagnostics)
                          : read_organisation_text(text, file, import.diagnostics);
  keep_first(read, import.diagnostics);
  import.rejected = faulty(import.diagnostics);
  CANDOR_TRY(auto work, store.transaction());
  import.changes.reserve(read.size());
  for (OrganisationFact& fact : read) {
    OrganisationImport::Change change;
    if (options.withdraw) {
      CANDOR_TRY(const bool withdrawn,
                 options.dry_run ? facts.can_withdraw(work, fact, learnt) : facts.withdraw(work, fact, learnt));
      change.outcome = withdrawn ? Outcome::withdrawn : Outcome::not_there;
    } else {
      CANDOR_TRY(const auto recorded, facts.compare(work, fact, learnt, options.reinstate));
      change.outcome = outcome_of(recorded);
      if (change.outcome == Outcome::corrected) {
        CANDOR_TRY(change.before, before_of(facts, work, fact));
      }
      if (!options.dry_run) {
        CANDOR_TRY([[maybe_unused]] const auto done, facts.record(work, fact, learnt, options.reinstate));
      }
    }
    const bool changed = change.outcome == Outcome::added || change.outcome == Outcome::corrected ||
                         change.outcome == Outcome::withdrawn;
    import.decides_matching = import.decides_matching || (changed && schema_of(fact.kind).decides_matching);
    change.fact = std::move(fact);
    import.changes.push_back(std::move(change));
  }
  if (!options.dry_run) CANDOR_TRY_VOID(work.commit());
  return import;
}

std::string describe(const OrganisationFact& fact) {
  const OrganisationFactSchema& schema = schema_of(fact.kind);
  std::string out(schema.section);
  std::string rest;
  for (std::size_t i = 0; i < schema.attributes.size(); ++i) {
    const AttributeSchema& each = schema.attributes[i];
    const std::string_view value = fact.attribute(each.name);
    if (value.empty()) continue;
    if (i < schema.keys) {
      out.append(" ").append(value);
    } else {
      rest.append(rest.empty() ? ": " : ", ").append(each.name).append(" ").append(value);
    }
  }
  if (fact.valid_from) out.append(", from ").append(format_day(*fact.valid_from));
  if (fact.valid_to) out.append(", to ").append(format_day(*fact.valid_to));
  return out + rest;
}

}  // namespace candor
