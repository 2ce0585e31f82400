#include "app/retention.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <limits>
#include <set>

#include "access/audit_log.h"
#include "access/lifting.h"
#include "alerts/over_alerts.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/retention_records.h"
#include "assessment/assess.h"
#include "cases/cases.h"
#include "cases/legal_holds.h"
#include "cases/over_cases.h"
#include "cases/request_book.h"
#include "cases/scoring_starts.h"

namespace candor {
namespace {

struct Held {
  std::set<PersonId> people;
  absl::flat_hash_set<AccountId> accounts;
};

// Alerts in `going` hold nothing any more.
Result<Held> held(Installation& installation, const std::set<std::string>& going) {
  Held held;
  CANDOR_TRY(const auto alerted, installation.alerts().held(going));
  CANDOR_TRY(auto reading, installation.store().read());
  // A case that was reopened has closed alerts only, and is worked on all the same.
  CANDOR_TRY(held.people, protected_people(reading));
  held.people.insert(alerted.begin(), alerted.end());
  for (const PersonId& person : held.people) {
    CANDOR_TRY(const auto accounts, installation.people().accounts_of(reading, person));
    held.accounts.insert(accounts.begin(), accounts.end());
  }
  return held;
}

// What is left of alerts goes with the last activity of their people; that one was dismissed or confirmed is forgotten
// as soon as nothing rests on it: the evidence is gone, and so is the time a dismissal is remembered.
Result<void> forget_alerts(Installation& installation, const RemovalOrder& removal, const Held& held,
                           const absl::flat_hash_set<AccountId>& named) {
  return installation.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto people, people_of_remains(work));
    const bool back_file_over = removal.from == std::numeric_limits<Day>::min();
    const TimePoint remembered = installation.clock().now() - kMemoryDays * kMicrosPerDay;
    for (const PersonId& person : people) {
      CANDOR_TRY(const auto accounts, installation.people().accounts_of(work, person));
      const bool any = std::ranges::any_of(accounts, [&](const AccountId& one) { return named.contains(one); });
      if (!any) {
        CANDOR_TRY_VOID(forget_remains(work, person));
      } else if (back_file_over && !held.people.contains(person)) {
        CANDOR_TRY_VOID(fade_remains(work, person, start_of(removal.before), remembered));
      }
    }
    return {};
  });
}

Result<absl::flat_hash_set<AccountId>> named_accounts(Installation& installation) {
  absl::flat_hash_set<AccountId> named;
  CANDOR_TRY_VOID(installation.timeline().for_each_account([&](const AccountInfo& account) {
    named.insert(account.id);
    return true;
  }));
  return named;
}

// People only records told of, with nothing left of them, are forgotten; not those of whom the record speaks: an
// alert, a lifting, a case, or a request, whatever came of it.
Result<void> forget_people(Installation& installation, const absl::flat_hash_set<AccountId>& named) {
  CANDOR_TRY(const auto alerted, installation.alerts().people());
  absl::flat_hash_set<PersonId> kept(alerted.begin(), alerted.end());
  return installation.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto lifted, people_lifted(work));
    kept.insert(lifted.begin(), lifted.end());
    CANDOR_TRY(const auto in_cases, people_of_cases(work));
    kept.insert(in_cases.begin(), in_cases.end());
    CANDOR_TRY(const auto on_hold, holds(work));
    for (const LegalHold& one : on_hold) kept.insert(one.person);
    CANDOR_TRY(const auto requested, RequestBook::people(work));
    kept.insert(requested.begin(), requested.end());
    CANDOR_TRY(const auto scored, ScoringRequests::people(work));
    kept.insert(scored.begin(), scored.end());
    CANDOR_TRY([[maybe_unused]] const auto people,
               installation.people().forget_unnamed(
                   work, [&](const AccountId& account) { return named.contains(account); },
                   [&](const PersonId& person) { return kept.contains(person); }));
    return {};
  });
}

Result<void> write_down(Installation& installation, const RetentionRun& run, std::string_view viewer) {
  CANDOR_TRY_VOID(RetentionBook(installation.store()).add(run));
  // As the book counts it: with what a run took that was killed.
  CANDOR_TRY(const auto written, RetentionBook(installation.store()).runs(1));
  const Removed& removed = run.removed;
  Json kinds = Json::object();
  for (const RetentionKindCount& one : written.empty() ? run.kinds : written.front().kinds) {
    if (one.removed > 0) kinds[one.kind] = one.removed;
  }
  if (removed.activities == 0 && removed.raw_records == 0 && kinds.empty()) return {};
  const Json details = {{"activities_before", format_day(run.before)},
                        {"raw_records_before", format_day(run.raw_before)},
                        {"activities", removed.activities},
                        {"accounts", removed.accounts},
                        {"raw_records", removed.raw_records},
                        {"held_people", run.held_people},
                        {"kinds", kinds}};
  AuditEntry entry;
  entry.viewer = viewer;
  entry.action = "retention.ran";
  entry.object_kind = "retention";
  entry.details = details.dump();
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY([[maybe_unused]] const auto line, audit.append(entry));
  return {};
}

}  // namespace

RetentionDays retention_days(const Settings& settings) {
  return {.raw = static_cast<int>(settings.retention.raw_days),
          .activities = static_cast<int>(settings.retention.activity_days)};
}

Result<RetentionRun> run_retention(Installation& installation, Day today, bool dry, std::string_view viewer) {
  RetentionBook book(installation.store());
  CANDOR_TRY(const Day began, book.began(day_of(installation.clock().now())));
  CANDOR_TRY(const std::int64_t number, book.next());
  // First of all: an alert or case that goes holds no activities any more.
  CANDOR_TRY(const RecordsTaken records, take_records(installation, today, dry, number));
  CANDOR_TRY(const Held hold, held(installation, records.alerts));
  RemovalOrder removal = due(retention_days(*installation.settings()), began, today);
  removal.held = [&](const AccountId& account) { return hold.accounts.contains(account); };
  removal.dry = true;
  Timeline& timeline = installation.timeline();
  CANDOR_TRY(Removed removed, timeline.remove(removal));
  if (!dry) {
    // What is counted of these days is counted for the last time.
    if (removed.activities > 0) CANDOR_TRY_VOID(installation.ledger());
    removal.dry = false;
    CANDOR_TRY(removed, timeline.remove(removal));
    CANDOR_TRY(const auto named, named_accounts(installation));
    CANDOR_TRY_VOID(forget_alerts(installation, removal, hold, named));
    CANDOR_TRY_VOID(forget_people(installation, named));
  }
  RetentionRun run{.number = 0,
                   .at = installation.clock().now(),
                   .day = today,
                   .from = removal.from,
                   .before = removal.before,
                   .raw_before = removal.raw_before,
                   .removed = removed,
                   .held_people = static_cast<std::int64_t>(hold.people.size()),
                   .kinds = records.kinds};
  if (!dry) CANDOR_TRY_VOID(write_down(installation, run, viewer));
  return run;
}

Result<void> retain_daily(Installation& installation, Day today) {
  CANDOR_TRY(const auto runs, RetentionBook(installation.store()).runs(1));
  if (!runs.empty() && runs.front().day >= today) return {};
  CANDOR_TRY([[maybe_unused]] const RetentionRun run, run_retention(installation, today, false, ""));
  return {};
}

}  // namespace candor
