#include "profile/erase_person.h"

#include <sodium.h>

#include <algorithm>
#include <set>

#include "profile/people.h"

namespace candor {
namespace {

bool is_owned(std::span<const OwnedAccount> owned, const AccountId& account, Day day) {
  return std::ranges::any_of(
      owned, [&](const OwnedAccount& one) { return one.account == account && one.from <= day && day <= one.to; });
}

// One fact as it is told apart from others; all its versions speak of one day.
struct ToldFact {
  std::string id;
  FactKind kind = FactKind::directory;
  Day day = 0;
};

// One run over one person's records.
class ProfileEraser {
 public:
  ProfileEraser(Transaction& work, const Facts& facts, const Keys& keys, const PersonId& person,
                std::span<const OwnedAccount> owned, CountByKind& counts)
      : work_(work), facts_(facts), keys_(keys), person_(person), owned_(owned), counts_(counts) {}

  Result<void> run() {
    CANDOR_TRY_VOID(find_accounts());
    CANDOR_TRY_VOID(erase_managers());
    for (const AccountId& account : accounts_) CANDOR_TRY_VOID(erase_told(account));
    for (const AccountId& account : accounts_) CANDOR_TRY_VOID(part_with(account));
    CANDOR_TRY_VOID(erase("facts", "delete from facts where person_id = ?1"));
    CANDOR_TRY_VOID(erase("directory_entries", "delete from directory_entries where person_id = ?1"));
    CANDOR_TRY_VOID(erase("directory_names", "delete from directory_names where person_id = ?1"));
    CANDOR_TRY_VOID(erase("people", "delete from people where person_id = ?1"));
    for (const PersonId& other : emptied_) CANDOR_TRY_VOID(forget_empty(other));
    // Whoever keeps facts in memory sees by this that they are others now.
    CANDOR_TRY_VOID(work_.execute("update fact_counter set last = last + 1 where id = 1"));
    return {};
  }

 private:
  Result<void> erase(const char* kind, Sql sql) {
    CANDOR_TRY(const std::int64_t gone, work_.execute(sql, {person_}));
    counts_[kind] += gone;
    return {};
  }

  // Those the person had on some day, and those that would be the person's if no fact spoke.
  Result<void> find_accounts() {
    for (const OwnedAccount& one : owned_) accounts_.insert(one.account);
    return work_.each("select account_id from accounts where person_id = ?1", {person_}, [&](const Row& row) {
      accounts_.insert(row.id<AccountId>(0));
      return true;
    });
  }

  // What directories say of others names their manager by an account.
  Result<void> erase_managers() {
    CANDOR_TRY(
        const std::int64_t gone,
        facts_.take_out(work_, FactKind::directory, "manager", [&](const Fact& fact, const std::string& manager) {
          const AccountId account = keys_.account(manager);
          const Day last = fact.valid_to.value_or(kLastOwnedDay);
          return std::ranges::any_of(owned_, [&](const OwnedAccount& one) {
            return one.account == account && one.from <= last && fact.valid_from <= one.to;
          });
        }));
    counts_["manager_entries"] += gone;
    return {};
  }

  Result<std::optional<PersonId>> own_person_of(const AccountId& account) {
    CANDOR_TRY(const auto row, work_.row("select person_id from accounts where account_id = ?1", {account}));
    return row ? std::optional(row->id<PersonId>(0)) : std::nullopt;
  }

  // What human resources told of this account, by its fact id.
  Result<std::vector<ToldFact>> told_of(const PersonId& own, const AccountId& account) {
    std::vector<ToldFact> told;
    CANDOR_TRY_VOID(
        work_.each("select distinct fact_id, kind, valid_from from facts where person_id = ?1 and account_id is null",
                   {own}, [&](const Row& row) {
                     ToldFact one{.id = row.text(0),
                                  .kind = static_cast<FactKind>(row.integer(1)),
                                  .day = static_cast<Day>(row.integer(2))};
                     if (fact_id(keys_, account, one.kind, one.day) == one.id) told.push_back(std::move(one));
                     return true;
                   }));
    return told;
  }

  // Told of the account while it would be somebody else's by itself, on a day it was the person's.
  Result<void> erase_told(const AccountId& account) {
    CANDOR_TRY(const auto own, own_person_of(account));
    if (!own || *own == person_) return {};
    CANDOR_TRY(const auto told, told_of(*own, account));
    for (const ToldFact& one : told) {
      if (!is_owned(owned_, account, one.day)) continue;
      CANDOR_TRY(const std::int64_t gone, work_.execute("delete from facts where fact_id = ?1", {one.id}));
      counts_["facts"] += gone;
    }
    return {};
  }

  // The account's name goes, unless somebody else had the account as well.
  Result<void> part_with(const AccountId& account) {
    CANDOR_TRY(const auto own, own_person_of(account));
    CANDOR_TRY(const auto owners, owners_of(work_, account));
    const bool shared = std::ranges::any_of(owners, [&](const Ownership& one) { return one.person != person_; });
    if (shared) return leave_days(account, own == person_);
    if (!own) return {};
    CANDOR_TRY(const std::int64_t gone, work_.execute("delete from accounts where account_id = ?1", {account}));
    counts_["account_names"] += gone;
    if (*own != person_) emptied_.insert(*own);
    return {};
  }

  // Days that were the person's are of somebody of whom nothing else is known: they must not fall to whoever had the
  // account before. What was told of days on which it was others' goes on being told.
  Result<void> leave_days(const AccountId& account, bool is_own) {
    CANDOR_TRY(const auto linked,
               work_.row("select 1 from facts where person_id = ?1 and account_id = ?2", {person_, account}));
    if (!is_own && !linked) return {};
    PersonId fresh;
    randombytes_buf(fresh.bytes.data(), fresh.bytes.size());
    CANDOR_TRY_VOID(work_.execute("insert into people (person_id) values (?1)", {fresh}));
    CANDOR_TRY_VOID(work_.execute("update facts set person_id = ?3 where person_id = ?1 and account_id = ?2",
                                  {person_, account, fresh}));
    if (!is_own) return {};
    CANDOR_TRY_VOID(work_.execute("update accounts set person_id = ?2 where account_id = ?1", {account, fresh}));
    CANDOR_TRY(const auto told, told_of(person_, account));
    for (const ToldFact& one : told) {
      if (is_owned(owned_, account, one.day)) continue;
      CANDOR_TRY_VOID(work_.execute("update facts set person_id = ?2 where fact_id = ?1", {one.id, fresh}));
    }
    return {};
  }

  // Somebody who was nothing but an account of the person's.
  Result<void> forget_empty(const PersonId& other) {
    CANDOR_TRY_VOID(work_.execute(
        "delete from people where person_id = ?1 and not exists (select 1 from accounts a where a.person_id = ?1) and "
        "not exists (select 1 from facts f where f.person_id = ?1) and not exists (select 1 from directory_entries d "
        "where d.person_id = ?1) and not exists (select 1 from lifts l where l.person_id = ?1)",
        {other}));
    return {};
  }

  Transaction& work_;
  const Facts& facts_;
  const Keys& keys_;
  const PersonId person_;
  const std::span<const OwnedAccount> owned_;
  CountByKind& counts_;
  std::set<AccountId> accounts_;
  std::set<PersonId> emptied_;
};

}  // namespace

Result<void> erase_profile(Transaction& work, const Facts& facts, const Keys& keys, const PersonId& person,
                           std::span<const OwnedAccount> owned, CountByKind& counts) {
  return ProfileEraser(work, facts, keys, person, owned, counts).run();
}

}  // namespace candor
