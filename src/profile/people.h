#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "store/store.h"

namespace candor {

// The form of an account's name that keys.account() is given everywhere: without blanks around it, letter case folded
// (base/fold.h).
std::string normalise_account_name(std::string_view name);

// A normalised address without the tag of plus-addressing: "ada+news@example.com" is "ada@example.com"'s. "" when the
// name has none.
std::string without_tag(std::string_view normalised_name);

// What accounts of one domain have in common, for look-ups without opening names: "@example.com", "@guid" for a GUID.
// "" for names that are neither.
std::string domain_of_account(std::string_view normalised_name);

// An account's name as stored. Only access opens it, for a viewer who may see it.
struct SealedName {
  AccountId account;
  std::string bytes;  // seal(keys.derive("identity"), name, context: the account id)
};

// Whether there is such a person.
Result<bool> is_person(Reading& reading, const PersonId& person);

// Who is whom: a person is the set of accounts linked to one random PersonId. An account seen in the timeline and the
// same account named in an HR file are one person, whichever comes first.
// Thread safety: any member from any thread. Members that take a Reading or Transaction use that one, so that a caller
// can put several steps into one; the others open their own. Errors are those of store/store.h.
class People {
 public:
  struct Account {
    AccountId id;      // keys.account(name)
    std::string name;  // normalised
  };

  // Both must outlive this object.
  People(Store& store, const Keys& keys) : store_(&store), keys_(&keys) {}

  // The person of an account, a new one when the account is not known yet. This is the account's own person, on whom
  // falls what no fact gives to anybody else; who owns it on a day: profile/ownership.h.
  Result<PersonId> ensure(Transaction& work, const Account& account) const;
  // The same for many, in one transaction; persons in the order of `accounts`.
  Result<std::vector<PersonId>> ensure(std::span<const Account> accounts) const;

  Result<std::optional<PersonId>> person_of(Reading& reading, const AccountId& account) const;
  Result<std::optional<PersonId>> person_of(const AccountId& account) const;

  // Accounts that are the person's on some day (profile/ownership.h says on which), ascending, each once.
  Result<std::vector<AccountId>> accounts_of(Reading& reading, const PersonId& person) const;
  Result<std::vector<AccountId>> accounts_of(const PersonId& person) const;
  // Of the accounts that are the person's on some day, or would be if no fact spoke, as far as records or human
  // resources named them; ascending by account.
  Result<std::vector<SealedName>> names_of(Reading& reading, const PersonId& person) const;

  // Retention: forgets accounts that only records named and that no record names any more, with their sealed names, and
  // people who have none other. `is_named` says whether some record names the account; whoever `keep` holds, and whom a
  // directory, human resources or a link tell of, stays. Returns how many people went.
  Result<std::int64_t> forget_unnamed(Transaction& work, const std::function<bool(const AccountId&)>& is_named,
                                      const std::function<bool(const PersonId&)>& keep) const;

  // Every person, ascending; stop by returning false.
  Result<void> each(const std::function<bool(const PersonId&)>& visit) const;
  Result<std::int64_t> count() const;

 private:
  Store* store_;
  const Keys* keys_;
};

}  // namespace candor
