#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "activity/organisation_fact.h"
#include "base/diagnostics.h"
#include "organisation/facts.h"

namespace candor {

struct OrganisationImportOptions {
  std::optional<OrganisationFactKind> kind;  // of every row of a CSV; nullopt: the file tells
  bool csv = false;                          // else YAML as content/organisation.yml
  bool withdraw = false;                     // what the file names is no longer true and never was
  bool reinstate = false;                    // what was withdrawn holds again
  bool dry_run = false;                      // tell, change nothing
};

// What a file comes to, fact by fact.
struct OrganisationImport {
  enum class Outcome : std::uint8_t { added, corrected, unchanged, withdrawn, still_withdrawn, not_there };
  struct Change {
    Outcome outcome = Outcome::unchanged;
    OrganisationFact fact;
    std::string before;  // what counted before a correction, as describe() says it
  };
  std::vector<Change> changes;  // in the file's order
  std::vector<Diagnostic> diagnostics;
  std::int64_t rejected = 0;      // entries that could not be taken
  bool decides_matching = false;  // something changed that records are read by

  std::int64_t count(Outcome outcome) const;
  bool changes_anything() const;
};
std::string_view to_text(OrganisationImport::Outcome outcome);

// Takes a file into the stored facts, in one transaction; the same file again changes nothing, and what a file does not
// name stays. A bad entry is named and left out, the others are taken. Errors are the store's.
Result<OrganisationImport> import_organisation(Store& store, const OrganisationFacts& facts, const std::string& text,
                                               const std::string& file, LearntAt learnt,
                                               const OrganisationImportOptions& options);

// "own_domains example.com, from 2026-01-01: reason merger" for people.
std::string describe(const OrganisationFact& fact);

}  // namespace candor
