#include "profile/account_links.h"

#include <algorithm>

namespace candor {
namespace {

bool holds_on(const Fact& fact, Day day) { return fact.valid_from <= day && (!fact.valid_to || day <= *fact.valid_to); }

Fact link(const Keys& keys, const std::string& name, const PersonId& person, Day from, const std::string& source) {
  const AccountId account = keys.account(name);
  Fact fact;
  fact.fact_id = fact_id(keys, account, FactKind::account, from);
  fact.person = person;
  fact.kind = FactKind::account;
  fact.valid_from = from;
  fact.source = source;
  fact.account = account;
  fact.attributes["name"] = name;
  return fact;
}

}  // namespace

Result<Day> AccountLinks::first_day(const Fact& holder, std::optional<Day> hired) const {
  const Day today = day_of(known_.time);
  if (!hired || *hired > today || *hired <= holder.valid_from) return today;
  CANDOR_TRY(
      const auto row,
      work_->row("select max(left_on) from directory_entries where person_id = ?1 and left_on is not null and not "
                 "exists (select 1 from directory_entries e where e.person_id = ?1 and e.left_on is null)",
                 {holder.person}));
  if (!row || row->is_null(0)) return today;
  return *hired >= row->integer(0) ? *hired : today;
}

Result<bool> AccountLinks::record(const DirectoryEntry::Account& account, const PersonId& person, Day from) const {
  Fact fact = link(*keys_, account.name, person, from, source_);
  fact.attributes["use"] = to_text(account.use);
  CANDOR_TRY(const auto recorded, facts_->record(*work_, fact, known_));
  return recorded == Facts::Recorded::first || recorded == Facts::Recorded::correction;
}

Result<AccountLinks::Outcome> AccountLinks::claim(const DirectoryEntry::Account& account, const PersonId& person,
                                                  std::optional<Day> hired) {
  const Day today = day_of(known_.time);
  CANDOR_TRY(const auto told, facts_->of_account(*work_, keys_->account(account.name)));
  const Fact* holder = nullptr;
  for (const Fact& fact : told) {
    if (holds_on(fact, today)) holder = &fact;
  }
  if (holder == nullptr) {
    CANDOR_TRY(const bool is_new, record(account, person, told.empty() ? 0 : today));
    return is_new ? Outcome::linked : Outcome::unchanged;
  }
  if (holder->person == person) return Outcome::unchanged;
  if (holder->source != source_) return Outcome::refused;
  CANDOR_TRY(const Day from, first_day(*holder, hired));
  if (holder->valid_from < from) {
    Fact ended = *holder;
    ended.valid_to = from - 1;
    CANDOR_TRY_VOID(facts_->record(*work_, ended, known_));
  }
  CANDOR_TRY(const bool is_new, record(account, person, from));
  return is_new ? Outcome::handed_on : Outcome::unchanged;
}

Result<void> decide_owner(Transaction& work, const Facts& facts, const Keys& keys, const People::Account& account,
                          const PersonId& person, std::optional<Day> from, std::optional<Day> to, KnownSince known) {
  if (to && from.value_or(0) > *to) return fail("profile.bad_days", "the last day lies before the first");
  Fact fact = link(keys, account.name, person, from.value_or(0), kDecisionSource);
  fact.valid_to = to;
  fact.attributes["use"] = "decision";
  CANDOR_TRY_VOID(facts.record(work, fact, known, true));
  // What begins within these days would count instead.
  CANDOR_TRY(const auto told, facts.of_account(work, account.id));
  for (const Fact& other : told) {
    const bool is_within = other.valid_from > fact.valid_from && (!to || other.valid_from <= *to);
    if (is_within) CANDOR_TRY_VOID(facts.withdraw(work, other.fact_id, known));
  }
  return {};
}

Result<int> take_back_owners(Transaction& work, const Facts& facts, const Keys& keys, std::string_view account_name,
                             std::optional<Day> from, KnownSince known) {
  CANDOR_TRY(const auto told, facts.of_account(work, keys.account(account_name)));
  int count = 0;
  for (const Fact& fact : told) {
    if (from && fact.valid_from != *from) continue;
    CANDOR_TRY(const bool withdrawn, facts.withdraw(work, fact.fact_id, known));
    count += withdrawn ? 1 : 0;
  }
  return count;
}

}  // namespace candor
