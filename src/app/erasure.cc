#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/lifting.h"
#include "access/local_names.h"
#include "access/present.h"
#include "access/unit_members.h"
#include "alerts/erase_alerts.h"
#include "app/erasure_steps.h"
#include "app/installation.h"
#include "assessment/peer_shares.h"
#include "assessment/pending.h"
#include "cases/erase_cases.h"
#include "cases/legal_holds.h"
#include "outbox/outbox.h"
#include "profile/erase_person.h"
#include "profile/ownership.h"
#include "store/scrub.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

// What a run over the records needs to know beforehand, from readings of its own.
struct RecordsOf {
  PersonId person;
  std::vector<OwnedAccount> accounts;
  std::vector<std::string> words;  // what names the person in messages
};

Result<RecordsOf> records_of(Installation& installation, const PersonId& person,
                             const std::vector<OwnedAccount>& accounts) {
  RecordsOf records{.person = person, .accounts = accounts, .words = {}};
  CANDOR_TRY(records.words, words_for(installation.store(), installation.keys(), person, installation.clock().now()));
  constexpr std::size_t kShortestWord = 4;  // a shorter one is in everybody's messages
  std::erase_if(records.words, [](const std::string& word) { return word.size() < kShortestWord; });
  return records;
}

// Every noun takes out what it holds; what points to something goes before it.
Result<void> take_out_of_records(Installation& installation, Transaction& work, const RecordsOf& records,
                                 CountByKind& counts) {
  const PersonId& person = records.person;
  const Day today = day_of(installation.clock().now());
  std::vector<std::string> messages;
  CANDOR_TRY_VOID(erase_cases(work, person, today, counts, messages));
  CANDOR_TRY_VOID(erase_alerts(work, person, counts));
  const Outbox outbox(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY(counts["messages"], outbox.erase(work, messages, records.words));
  CANDOR_TRY(counts["lifts"], erase_lifts(work, person));
  CANDOR_TRY(counts["unit_memberships"], erase_unit_memberships(work, person));
  CANDOR_TRY(counts["legal_holds_released"], erase_holds(work, person));
  CANDOR_TRY(counts["peer_shares"], erase_peer_shares(work, person));
  CANDOR_TRY(counts["pending_assessments"], erase_mark(work, person));
  return erase_profile(work, installation.facts(), installation.keys(), person, records.accounts, counts);
}

Result<void> note_erasure(Installation& installation, Transaction& work, const Erasure& erasure) {
  AuditEntry entry;
  entry.viewer = erasure.asked_by + (erasure.agreed_by.empty() ? "" : " and " + erasure.agreed_by);
  entry.action = "person.erased";
  entry.object_kind = "person";
  entry.object_id = erasure.pseudonym;
  entry.pseudonym = erasure.pseudonym;
  entry.reason = erasure.reason;
  entry.details = ordered_json{{"erasure", erasure.id},
                               {"from_list", erasure.from_list},
                               {"found", ordered_json::parse(erasure.found)["counts"]}}
                      .dump();
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(audit.append(work, entry));
  return {};
}

// The records of an erasure go in one transaction with the line that says so.
Result<void> take_out_records(Installation& installation, const Erasure& erasure, CountByKind& left) {
  std::optional<RecordsOf> records;
  if (erasure.person) {
    CANDOR_TRY(records, records_of(installation, *erasure.person, erasure.accounts));
  }
  return installation.store().transact([&](Transaction& work) -> Result<void> {
    CountByKind taken;
    if (records) {
      CANDOR_TRY_VOID(take_out_of_records(installation, work, *records, taken));
      // Looked for once more, so that the proof says what was seen and not what was meant.
      CANDOR_TRY_VOID(take_out_of_records(installation, work, *records, left));
    }
    drop_zeros(left);
    CANDOR_TRY_VOID(note_erasure(installation, work, erasure));
    return ErasureBook(installation.keys()).removed(work, erasure.id, ordered_json(left).dump());
  });
}

Result<void> remove_all(Installation& installation, const Erasure& erasure, const ErasureStep& step) {
  const auto days = account_days(erasure.accounts);
  CANDOR_TRY_VOID(installation.timeline().erase(days, false, step));
  CountByKind left;
  CANDOR_TRY(const ErasedActivities still, installation.timeline().erase(days, true));
  count_activities(still, left);
  if (step) step("taking out records");
  return take_out_records(installation, erasure, left);
}

// Ends what was begun, from wherever it got to.
Result<Erasure> end_erasure(Installation& installation, std::int64_t number, const ErasureStep& step) {
  const ErasureBook book(installation.keys());
  const auto as_stored = [&]() -> Result<Erasure> {
    CANDOR_TRY(auto reading, installation.store().read());
    return book.get(reading, number);
  };
  CANDOR_TRY(Erasure erasure, as_stored());
  if (erasure.state == ErasureState::kUnderWay) {
    CANDOR_TRY_VOID(remove_all(installation, erasure, step));
    CANDOR_TRY(erasure, as_stored());
  }
  if (erasure.state == ErasureState::kRemoved) {
    CANDOR_TRY_VOID(scrub_records(installation.folder()));
    CANDOR_TRY_VOID(installation.store().transact(
        [&](Transaction& work) -> Result<void> { return book.done(work, erasure.id, installation.clock().now()); }));
    CANDOR_TRY(erasure, as_stored());
  }
  return erasure;
}

std::string remedy(const char* what, const std::string& which, const std::string& how) {
  return fmt::format("{} {}: {}", what, which, how);
}

}  // namespace

void drop_zeros(CountByKind& counts) {
  std::erase_if(counts, [](const auto& one) { return one.second == 0; });
}

std::vector<AccountDays> account_days(const std::vector<OwnedAccount>& accounts) {
  std::vector<AccountDays> days;
  days.reserve(accounts.size());
  for (const OwnedAccount& one : accounts) days.push_back({.account = one.account, .from = one.from, .to = one.to});
  return days;
}

void count_activities(const ErasedActivities& erased, CountByKind& counts) {
  counts["activities"] += static_cast<std::int64_t>(erased.activities);
  counts["raw_records"] += static_cast<std::int64_t>(erased.raw_records);
  counts["raw_segments_rewritten"] += static_cast<std::int64_t>(erased.segments);
  counts["account_keys"] += static_cast<std::int64_t>(erased.accounts);
}

std::string found_text(const ErasurePlan& plan) {
  ordered_json out = {{"counts", plan.found}};
  if (plan.first_activity) {
    out["first_activity"] = format_day(*plan.first_activity);
    out["last_activity"] = format_day(*plan.last_activity);
  }
  return out.dump();
}

Result<void> check_erasable(Installation& installation, const PersonId& person) {
  CANDOR_TRY(auto reading, installation.store().read());
  CANDOR_TRY(const auto held, holds_of(reading, person));
  CANDOR_TRY(const OpenMatters open, open_matters(reading, person));
  const std::string who = pseudonym(installation.keys(), person);
  std::vector<std::string> reasons;
  for (const LegalHold& one : held) {
    reasons.push_back(
        remedy("legal hold", std::to_string(one.number), "`candor people release " + who + " --reason ...`"));
  }
  for (const std::int64_t number : open.cases) {
    reasons.push_back(remedy("open case", std::to_string(number), "close it on its page"));
  }
  for (const std::string& alert : open.alerts) {
    reasons.push_back(remedy("open alert", alert, "dismiss or resolve it on its page"));
  }
  if (reasons.empty()) return {};
  std::string text = who + " cannot be erased while this is not over:";
  for (const std::string& reason : reasons) text += "\n  " + reason;
  return fail("app.erasure_held", text);
}

Result<ErasurePlan> plan_erasure(Installation& installation, const PersonId& person, const ErasureStep& step) {
  ErasurePlan plan;
  plan.person = person;
  plan.pseudonym = pseudonym(installation.keys(), person);
  plan.last_day = day_of(installation.clock().now());
  {
    CANDOR_TRY(auto reading, installation.store().read());
    CANDOR_TRY(plan.accounts, owned_accounts(reading, person));
  }
  CANDOR_TRY(const ErasedActivities there, installation.timeline().erase(account_days(plan.accounts), true, step));
  plan.first_activity = there.first;
  plan.last_activity = there.last;
  count_activities(there, plan.found);
  CANDOR_TRY(const RecordsOf records, records_of(installation, person, plan.accounts));
  {
    // Counted by doing it, and taking it back: let go without commit().
    CANDOR_TRY(Transaction work, installation.store().transaction());
    CANDOR_TRY_VOID(take_out_of_records(installation, work, records, plan.found));
  }
  drop_zeros(plan.found);
  return plan;
}

Result<Erasure> carry_out(Installation& installation, const Erasure& erasure, const ErasureStep& step) {
  const ErasureBook book(installation.keys());
  CANDOR_TRY(const std::int64_t number,
             installation.store().transact([&](Transaction& work) { return book.begin(work, erasure); }));
  CANDOR_TRY_VOID(installation.follow_erasures());
  return end_erasure(installation, number, step);
}

Result<Erasure> erase_person(Installation& installation, const ErasurePlan& plan, const ErasureActors& actors,
                             const ErasureStep& step) {
  Erasure erasure;
  erasure.id = ErasureBook::new_id();
  erasure.pseudonym = plan.pseudonym;
  erasure.person_hash = erased_hash(installation.keys(), plan.person);
  erasure.last_day = plan.last_day;
  erasure.asked_by = actors.asked_by;
  erasure.agreed_by = actors.agreed_by;
  erasure.reason = actors.reason;
  erasure.begun_at = installation.clock().now();
  erasure.found = found_text(plan);
  erasure.person = plan.person;
  erasure.accounts = plan.accounts;
  return carry_out(installation, erasure, step);
}

Result<void> finish_erasures(Installation& installation, const ErasureStep& step) {
  const ErasureBook book(installation.keys());
  std::vector<std::int64_t> begun;
  {
    CANDOR_TRY(auto reading, installation.store().read());
    CANDOR_TRY(const auto all, book.all(reading));
    for (const Erasure& one : all) {
      if (one.state != ErasureState::kDone) begun.push_back(one.number);
    }
  }
  for (const std::int64_t number : begun) CANDOR_TRY_VOID(end_erasure(installation, number, step));
  return {};
}

}  // namespace candor
