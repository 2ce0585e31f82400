#include "access/own_people.h"

#include <algorithm>
#include <set>

#include "profile/ownership.h"
#include "profile/people.h"

namespace candor {
namespace {

// Whoever owns the account on some day, and its own person: the one it was given when it was first seen, about whom
// there may be alerts from before a fact gave the account to somebody.
Result<void> add_owners(Reading& reading, const AccountId& account, std::set<PersonId>& people) {
  CANDOR_TRY(const auto owners, owners_of(reading, account));
  for (const Ownership& one : owners) people.insert(one.person);
  CANDOR_TRY(const auto own, reading.row("select person_id from accounts where account_id = ?1", {account}));
  if (own) people.insert(own->id<PersonId>(0));
  return {};
}

Result<std::vector<AccountId>> linked_accounts(Reading& reading, std::string_view user) {
  std::vector<AccountId> accounts;
  CANDOR_TRY_VOID(
      reading.each("select account_id from viewer_accounts where user_name = ?1", {user}, [&](const Row& row) {
        accounts.push_back(row.id<AccountId>(0));
        return true;
      }));
  return accounts;
}

}  // namespace

OwnPeople::OwnPeople(std::vector<PersonId> people) : people_(std::move(people)) {}

Result<OwnPeople> OwnPeople::of(Reading& reading, const Keys& keys, std::string_view user) {
  std::set<PersonId> named;
  CANDOR_TRY(auto accounts, linked_accounts(reading, user));
  accounts.push_back(keys.account(normalise_account_name(user)));
  for (const AccountId& account : accounts) CANDOR_TRY_VOID(add_owners(reading, account, named));
  std::set<PersonId> people = named;
  for (const PersonId& person : named) {
    CANDOR_TRY(const auto owned, owned_accounts(reading, person));
    for (const OwnedAccount& one : owned) {
      CANDOR_TRY(const auto own, reading.row("select person_id from accounts where account_id = ?1", {one.account}));
      if (own) people.insert(own->id<PersonId>(0));
    }
  }
  return OwnPeople({people.begin(), people.end()});
}

bool OwnPeople::contains(const PersonId& person) const { return std::ranges::binary_search(people_, person); }

bool OwnPeople::share(const OwnPeople& other) const {
  return std::ranges::any_of(people_, [&](const PersonId& person) { return other.contains(person); });
}

}  // namespace candor
