#include "profile/people.h"

#include <sodium.h>

#include <algorithm>

#include "base/fold.h"
#include "profile/ownership.h"

namespace candor {

std::string normalise_account_name(std::string_view name) {
  static constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const auto first = name.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return "";
  return fold(name.substr(first, name.find_last_not_of(kBlanks) - first + 1));
}

std::string without_tag(std::string_view name) {
  const auto at = name.find('@');
  const auto plus = name.find('+');
  if (at == std::string_view::npos || plus == std::string_view::npos || plus == 0 || plus > at) return "";
  return std::string(name.substr(0, plus)) + std::string(name.substr(at));
}

std::string domain_of_account(std::string_view name) {
  const auto at = name.rfind('@');
  if (at != std::string_view::npos) return std::string(name.substr(at));
  if (name.size() != 36) return "";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (name[i] >= '0' && name[i] <= '9') || (name[i] >= 'a' && name[i] <= 'f');
    if (dash ? name[i] != '-' : !digit) return "";
  }
  return "@guid";
}

Result<bool> is_person(Reading& reading, const PersonId& person) {
  CANDOR_TRY(const auto row, reading.row("select 1 from people where person_id = ?1", {person}));
  return row.has_value();
}

Result<PersonId> People::ensure(Transaction& work, const Account& account) const {
  CANDOR_TRY(const auto known, person_of(work, account.id));
  if (known) return *known;
  PersonId person;
  randombytes_buf(person.bytes.data(), person.bytes.size());
  CANDOR_TRY_VOID(work.execute("insert into people (person_id) values (?1)", {person}));
  const std::string sealed = seal(keys_->derive("identity"), account.name, account.id.view());
  std::optional<AccountId> base;
  if (const std::string name = without_tag(account.name); !name.empty()) base = keys_->account(name);
  std::optional<AccountId> domain;
  if (const std::string name = domain_of_account(account.name); !name.empty()) domain = keys_->account(name);
  CANDOR_TRY_VOID(
      work.execute("insert into accounts (account_id, person_id, sealed_name, base_id, domain_id) values (?1, ?2, ?3, "
                   "?4, ?5)",
                   {account.id, person, Blob{sealed}, base, domain}));
  return person;
}

Result<std::vector<PersonId>> People::ensure(std::span<const Account> accounts) const {
  return store_->transact([&](Transaction& work) -> Result<std::vector<PersonId>> {
    std::vector<PersonId> people;
    people.reserve(accounts.size());
    for (const Account& account : accounts) {
      CANDOR_TRY(const auto person, ensure(work, account));
      people.push_back(person);
    }
    return people;
  });
}

Result<std::optional<PersonId>> People::person_of(Reading& reading, const AccountId& account) const {
  CANDOR_TRY(const auto row, reading.row("select person_id from accounts where account_id = ?1", {account}));
  if (!row) return std::nullopt;
  return row->id<PersonId>(0);
}

Result<std::optional<PersonId>> People::person_of(const AccountId& account) const {
  CANDOR_TRY(auto reading, store_->read());
  return person_of(reading, account);
}

Result<std::vector<AccountId>> People::accounts_of(Reading& reading, const PersonId& person) const {
  CANDOR_TRY(const auto owned, owned_accounts(reading, person));
  std::vector<AccountId> accounts;
  accounts.reserve(owned.size());
  for (const OwnedAccount& one : owned) accounts.push_back(one.account);
  accounts.erase(std::ranges::unique(accounts).begin(), accounts.end());
  return accounts;
}

Result<std::vector<AccountId>> People::accounts_of(const PersonId& person) const {
  CANDOR_TRY(auto reading, store_->read());
  return accounts_of(reading, person);
}

Result<std::vector<SealedName>> People::names_of(Reading& reading, const PersonId& person) const {
  std::vector<SealedName> names;
  const auto add = [&](const Row& row) {
    names.push_back({row.id<AccountId>(0), row.text(1)});
    return true;
  };
  CANDOR_TRY_VOID(reading.each("select account_id, sealed_name from accounts where person_id = ?1", {person}, add));
  CANDOR_TRY(const auto accounts, accounts_of(reading, person));
  for (const AccountId& account : accounts) {
    CANDOR_TRY_VOID(
        reading.each("select account_id, sealed_name from accounts where account_id = ?1 and person_id <> ?2",
                     {account, person}, add));
  }
  std::ranges::sort(names, {}, &SealedName::account);
  return names;
}

Result<std::int64_t> People::forget_unnamed(Transaction& work, const std::function<bool(const AccountId&)>& is_named,
                                            const std::function<bool(const PersonId&)>& keep) const {
  struct Unnamed {
    AccountId account;
    PersonId person;
  };
  std::vector<Unnamed> unnamed;
  CANDOR_TRY_VOID(work.each(
      "select a.account_id, a.person_id from accounts a where not exists (select 1 from facts f where f.person_id = "
      "a.person_id or f.account_id = a.account_id) and not exists (select 1 from directory_entries d where d.person_id "
      "= a.person_id) and not exists (select 1 from accounts b where b.base_id = a.account_id) order by a.account_id",
      {}, [&](const Row& row) {
        const Unnamed one{row.id<AccountId>(0), row.id<PersonId>(1)};
        if (!is_named(one.account) && !keep(one.person)) unnamed.push_back(one);
        return true;
      }));
  std::int64_t people = 0;
  for (const Unnamed& one : unnamed) {
    CANDOR_TRY_VOID(work.execute("delete from accounts where account_id = ?1", {one.account}));
    CANDOR_TRY(const auto gone,
               work.execute("delete from people where person_id = ?1 and not exists (select 1 from accounts a where "
                            "a.person_id = ?1)",
                            {one.person}));
    people += gone;
  }
  return people;
}

Result<void> People::each(const std::function<bool(const PersonId&)>& visit) const {
  CANDOR_TRY(auto reading, store_->read());
  return reading.each("select person_id from people order by person_id", {},
                      [&](const Row& row) { return visit(row.id<PersonId>(0)); });
}

Result<std::int64_t> People::count() const {
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto row, reading.row("select count(*) from people"));
  return row->integer(0);
}

}  // namespace candor
