#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/audit_log.h"
#include "ingest/ledger.h"
#include "ingest/retention_book.h"
#include "ingest/switches.h"

// What an installation did in a country over some days: what was on and off, what was evaluated, looked at, removed.
// For works councils and data protection officers; nobody is in it. Pure.
namespace candor {

struct AttestationOrder {
  std::string country;  // ISO 3166, two capital letters
  Day from = 0;         // UTC days, both inclusive
  Day to = 0;
};

struct AttestedIndicator {
  struct Span {
    Day from = 0;
    Day to = 0;
    bool on = false;  // for people of the country who are in no group
    bool operator==(const Span&) const = default;
  };
  std::string name;
  std::string title;
  int intrusion = 1;
  std::vector<Span> spans;           // ascending, they cover the days
  std::vector<Switch> decisions;     // about the country or everywhere, that reach into the days
  std::int64_t offered = 0;          // activities of the country's people in these days ...
  std::int64_t evaluated = 0;        // ... on how many it was evaluated, by the content that evaluated most ...
  std::int64_t matched = 0;          // ... and how many it matched
  std::int64_t unknown_country = 0;  // evaluated on activities of people whose country is not known
  // Days on which it was off for the country and all its groups, and that had been said the day before, and it was
  // evaluated all the same: there must be none.
  std::vector<Day> contradicted;
};

struct Attestation {
  AttestationOrder order;
  std::vector<AttestedIndicator> indicators;  // ascending by name
  std::map<std::string, std::int64_t> looks;  // action of the audit log -> how many lines; of the whole installation
  std::int64_t viewers = 0;                   // who are in these lines
  std::int64_t retention_runs = 0;
  Removed removed;
  std::map<std::string, std::int64_t> removed_kinds;  // as retention's books name them; those that there are

  bool holds() const;  // no indicator is contradicted
};

// `switches` ascending by number; `ledger` of all contents; `lines` and `runs` of whatever time.
Attestation attest(const AttestationOrder& order, const IndicatorSet& indicators, const std::vector<Switch>& switches,
                   const std::vector<LedgerLine>& ledger, const std::vector<AuditLine>& lines,
                   const std::vector<RetentionRun>& runs);

// A JSON object; `made_at`: when, `audit`: the state of the audit log, `invented`: whether the people are.
std::string to_json(const Attestation& attestation, TimePoint made_at, const AuditVerification& audit, bool invented,
                    const std::string& version);

}  // namespace candor
