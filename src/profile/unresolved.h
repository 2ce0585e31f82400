#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/hidden_people.h"
#include "profile/people.h"
#include "store/store.h"

namespace candor {

// An account that acted, or that human resources named, and that no fact gives to anybody, though a directory was
// imported and its name has an own domain, or is a GUID: somebody has to decide whose it is. Until then it is a person
// of its own.
struct UnresolvedAccount {
  AccountId account;
  PersonId person;  // its own
  SealedName name;
};

struct UnresolvedPage {
  std::vector<UnresolvedAccount> accounts;  // by account
  std::int64_t total = 0;
};

struct UnresolvedQuery {
  std::int64_t offset = 0;
  std::int64_t limit = 50;
  HiddenPeople without = {};  // whose accounts are not there, nor counted
};

// Those that wait for a decision. None before the first import of a directory.
Result<UnresolvedPage> unresolved_accounts(Reading& reading, const UnresolvedQuery& query);

// One of them, with its name; nullopt when it waits for no decision.
Result<std::optional<People::Account>> unresolved_account(Reading& reading, const Keys& keys, const AccountId& account);

}  // namespace candor
