#include "profile/hr_import.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <unordered_map>

#include "profile/erasures.h"
#include "profile/facts.h"
#include "profile/people.h"

namespace candor {
namespace {

constexpr const char* kSource = "hr csv";

constexpr TimePoint kNewest = std::numeric_limits<TimePoint>::max();

// A row without a date holds from the day it became known.
Day day_of_row(const HrRow& row, KnownSince known) { return day_of(row.occurred.value_or(known.time)); }

std::string fact_id_of(const Keys& keys, const HrRow& row, Day day) {
  return fact_id(keys, keys.account(row.account), row.kind, day);
}

auto content(const HrRow& row) { return std::tie(row.occurred, row.attributes); }

// One row for each fact that the file tells of, in the order of the file.
struct Chosen {
  std::vector<std::pair<std::string, const HrRow*>> rows;  // fact id, row
  std::int64_t repeats = 0;
};

void warn(HrImportSummary& summary, Diagnostic diagnostic) {
  if (summary.diagnostics.size() >= HrCsv::kMostDiagnostics) {
    ++summary.diagnostics_left_out;
  } else {
    diagnostic.severity = Severity::warning;
    summary.diagnostics.push_back(std::move(diagnostic));
  }
}

Chosen choose(const Keys& keys, const HrCsv& csv, const std::string& file, KnownSince known, HrImportSummary& summary) {
  Chosen chosen;
  std::unordered_map<std::string, std::size_t> by_fact;
  for (const HrRow& row : csv.rows) {
    std::string id = fact_id_of(keys, row, day_of_row(row, known));
    const auto [place, added] = by_fact.emplace(id, chosen.rows.size());
    if (added) {
      chosen.rows.emplace_back(std::move(id), &row);
      continue;
    }
    ++chosen.repeats;
    const HrRow*& kept = chosen.rows[place->second].second;
    if (content(*kept) == content(row)) continue;
    // The same whichever of the two comes first in the file.
    const HrRow* left_out = &row;
    if (content(*kept) < content(row)) std::swap(kept, left_out);
    warn(summary,
         {.file = file,
          .line = left_out->line,
          .id = "profile.hr_contradiction",
          .message = "line " + std::to_string(kept->line) +
                     " tells of the same fact (address, kind, day) and says something else; that line is taken",
          .hint = "leave only one of them in the file"});
  }
  return chosen;
}

Fact fact_of(const std::string& id, const HrRow& row, const PersonId& person, KnownSince known) {
  Fact fact;
  fact.fact_id = id;
  fact.person = person;
  fact.kind = row.kind;
  fact.valid_from = day_of_row(row, known);
  fact.occurred = row.occurred;
  fact.source = kSource;
  fact.attributes = row.attributes;
  return fact;
}

Result<HrImportSummary> read(std::string_view text, const std::string& file, const HrImportOptions& options,
                             HrCsv& csv) {
  CANDOR_TRY(csv, read_hr_csv(text, file, options.csv));
  HrImportSummary summary;
  summary.rows_read = csv.rows_read;
  summary.rejected = csv.rejected;
  summary.diagnostics = std::move(csv.diagnostics);
  summary.diagnostics_left_out = csv.diagnostics_left_out;
  return summary;
}

KnownSince known_since(const Clock& clock, const HrImportOptions& options) {
  return {.time = options.known_since.value_or(clock.now()), .stated = options.known_since.has_value()};
}

// Takes the rows of one file; one transaction.
class HrImporter {
 public:
  HrImporter(Store& store, const Keys& keys, KnownSince known, const HrImportOptions& options, const std::string& file,
             HrImportSummary& summary)
      : keys_(keys),
        people_(store, keys),
        facts_(store, keys),
        known_(known),
        options_(options),
        file_(file),
        summary_(summary) {}

  Result<void> take(Transaction& work, const std::string& id, const HrRow& row) {
    CANDOR_TRY(const auto person, people_.ensure(work, {keys_.account(row.account), row.account}));
    seen_.insert(person);
    CANDOR_TRY(const auto told, told_before(work, row, person));
    if (told) {
      count(*told);
      return {};
    }
    CANDOR_TRY(const auto recorded, facts_.record(work, fact_of(id, row, person, known_), known_, options_.reinstate));
    count(recorded);
    if (recorded == Facts::Recorded::first && row.kind == FactKind::resignation) {
      return warn_of_another_resignation(work, row, person);
    }
    return {};
  }

  // The fact a row names that is to be withdrawn. One without a date means the newest that does not begin later.
  Result<std::string> named(Reading& reading, const HrRow& row) const {
    const Day day = day_of_row(row, known_);
    std::string id = fact_id_of(keys_, row, day);
    CANDOR_TRY(const auto person, people_.person_of(reading, keys_.account(row.account)));
    if (row.occurred || !person) return id;
    CANDOR_TRY(const auto earlier, of_account(reading, row, *person));
    for (const Fact& fact : earlier) {
      if (!fact.withdrawn) return fact.fact_id;
    }
    return id;
  }

  std::int64_t people() const { return static_cast<std::int64_t>(seen_.size()); }
  const Facts& facts() const { return facts_; }

 private:
  void count(Facts::Recorded recorded) {
    switch (recorded) {
      case Facts::Recorded::first:
        ++summary_.added;
        break;
      case Facts::Recorded::correction:
        ++summary_.corrected;
        break;
      case Facts::Recorded::repeat:
        ++summary_.unchanged;
        break;
      case Facts::Recorded::withdrawn:
        ++summary_.still_withdrawn;
        break;
    }
  }

  // Facts of the row's account and kind that begin on its day or before, newest first, withdrawn ones too.
  Result<std::vector<Fact>> of_account(Reading& reading, const HrRow& row, const PersonId& person) const {
    CANDOR_TRY(auto versions, facts_.versions(reading, person, known_.stated ? known_.time : kNewest));
    std::vector<Fact> found;
    for (auto& [id, fact] : versions) {
      const bool is_of_account = id == fact_id_of(keys_, row, fact.valid_from);
      if (fact.kind == row.kind && is_of_account && fact.valid_from <= day_of_row(row, known_)) {
        found.push_back(std::move(fact));
      }
    }
    std::ranges::sort(found, std::ranges::greater(), &Fact::valid_from);
    return found;
  }

  // A nightly file of profiles without dates would else begin a new fact every day.
  Result<std::optional<Facts::Recorded>> told_before(Transaction& work, const HrRow& row,
                                                     const PersonId& person) const {
    if (row.occurred) return std::nullopt;
    CANDOR_TRY(const auto earlier, of_account(work, row, person));
    for (const Fact& fact : earlier) {
      if (fact.valid_from == day_of_row(row, known_)) return std::nullopt;  // the same fact: its versions decide
      const bool same = fact.attributes == row.attributes;
      if (fact.withdrawn && same && !options_.reinstate) return Facts::Recorded::withdrawn;
      if (fact.withdrawn) continue;
      // What was told for a stated instant is kept: an earlier one may still come between.
      return same && !known_.stated ? std::optional(Facts::Recorded::repeat) : std::nullopt;
    }
    return std::nullopt;
  }

  // The day is a part of what a resignation is: another day is another one, and both bring the person into scope.
  Result<void> warn_of_another_resignation(Transaction& work, const HrRow& row, const PersonId& person) {
    CANDOR_TRY(const auto profile, facts_.profile(work, person, known_.stated ? known_.time : kNewest));
    const Day day = day_of_row(row, known_);
    std::string others;
    for (const Fact& fact : profile.facts) {
      if (fact.kind != FactKind::resignation || fact.valid_from == day) continue;
      others += (others.empty() ? "" : ", ") + format_day(fact.valid_from);
    }
    if (others.empty()) return {};
    warn(summary_,
         {.file = file_,
          .line = row.line,
          .id = "profile.hr_second_resignation",
          .message = "the resignation of " + format_day(day) + " was added beside the one already known of " + others +
                     ": both count",
          .hint = "if the date was moved, take the old one back: `candor hr withdraw` with a file whose row has "
                  "the address and the old ResignationDate"});
    return {};
  }

  const Keys& keys_;
  const People people_;
  const Facts facts_;
  const KnownSince known_;
  const HrImportOptions& options_;
  const std::string& file_;
  HrImportSummary& summary_;
  std::set<PersonId> seen_;
};

}  // namespace

std::int64_t HrImportSummary::rejected_rows() const {
  std::int64_t rows = 0;
  for (const auto& [reason, count] : rejected) rows += count;
  return rows;
}

std::string to_json(const HrImportSummary& summary) {
  auto diagnostics = nlohmann::ordered_json::array();
  for (const Diagnostic& each : summary.diagnostics) {
    diagnostics.push_back({{"file", each.file},
                           {"line", each.line},
                           {"severity", each.severity == Severity::error ? "error" : "warning"},
                           {"id", each.id},
                           {"message", each.message},
                           {"hint", each.hint}});
  }
  return nlohmann::ordered_json{{"rows_read", summary.rows_read},
                                {"added", summary.added},
                                {"corrected", summary.corrected},
                                {"unchanged", summary.unchanged},
                                {"still_withdrawn", summary.still_withdrawn},
                                {"withdrawn", summary.withdrawn},
                                {"erased", summary.erased},
                                {"people", summary.people},
                                {"rejected", summary.rejected},
                                {"diagnostics", std::move(diagnostics)},
                                {"diagnostics_left_out", summary.diagnostics_left_out}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<HrImportSummary> import_hr_csv(Store& store, const Keys& keys, const Clock& clock, std::string_view text,
                                      const std::string& file, const HrImportOptions& options) {
  HrCsv csv;
  CANDOR_TRY(HrImportSummary summary, read(text, file, options, csv));
  const KnownSince known = known_since(clock, options);
  return store.transact([&](Transaction& work) -> Result<HrImportSummary> {
    const Chosen chosen = choose(keys, csv, file, known, summary);
    summary.unchanged = chosen.repeats;
    HrImporter importer(store, keys, known, options, file, summary);
    CANDOR_TRY(const auto erased, ErasedAccounts::load(work, keys));
    for (const auto& [id, row] : chosen.rows) {
      if (erased->holds(keys.account(row->account), day_of_row(*row, known))) {
        ++summary.erased;
      } else {
        CANDOR_TRY_VOID(importer.take(work, id, *row));
      }
    }
    summary.people = importer.people();
    return summary;
  });
}

Result<HrImportSummary> withdraw_hr_csv(Store& store, const Keys& keys, const Clock& clock, std::string_view text,
                                        const std::string& file, const HrImportOptions& options) {
  HrCsv csv;
  CANDOR_TRY(HrImportSummary summary, read(text, file, options, csv));
  const KnownSince known = known_since(clock, options);
  return store.transact([&](Transaction& work) -> Result<HrImportSummary> {
    const HrImporter importer(store, keys, known, options, file, summary);
    std::set<std::string> seen;
    for (const HrRow& row : csv.rows) {
      seen.insert(row.account);
      CANDOR_TRY(const std::string id, importer.named(work, row));
      CANDOR_TRY(const bool withdrawn, importer.facts().withdraw(work, id, known));
      ++(withdrawn ? summary.withdrawn : summary.unchanged);
    }
    summary.people = static_cast<std::int64_t>(seen.size());
    return summary;
  });
}

}  // namespace candor
