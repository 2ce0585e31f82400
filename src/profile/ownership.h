#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Whose an account is on which day. Facts of the kind account say so; on days of which none speaks, and for accounts
// that no fact names, an account is its own person: the one it was given when it was first seen.
// Of two facts that speak of the same day the one that begins later counts.
namespace candor {

inline constexpr Day kFirstOwnedDay = std::numeric_limits<Day>::min();
inline constexpr Day kLastOwnedDay = std::numeric_limits<Day>::max();
inline constexpr TimePoint kKnownNow = std::numeric_limits<TimePoint>::max();

// Days on which an account is one person's, both inclusive.
struct OwnedAccount {
  AccountId account;
  Day from = kFirstOwnedDay;
  Day to = kLastOwnedDay;
  bool operator==(const OwnedAccount&) const = default;
};

// The same days as instants, for questions to a timeline: first inclusive, last exclusive.
TimePoint begin_of(const OwnedAccount& owned);
TimePoint end_of(const OwnedAccount& owned);

// Days on which an account is one person's, from the account's side.
struct Ownership {
  PersonId person;
  Day from = kFirstOwnedDay;
  Day to = kLastOwnedDay;
  bool operator==(const Ownership&) const = default;
};

// Lays `over` on ascending, disjoint `days`: it replaces what they say of its days. Nothing when it ends before it
// begins.
void lay_over(std::vector<Ownership>& days, const Ownership& over);

// Ascending by day, disjoint, each neighbour another person; as known at `known_at`. Empty for an account nobody knows.
// An account with a tag (ada+news@) that no fact names is whose the one without is.
Result<std::vector<Ownership>> owners_of(Reading& reading, const AccountId& account, TimePoint known_at = kKnownNow);

// owners_of() every account that facts name, in one pass, ascending by account.
Result<void> each_linked_account(Reading& reading,
                                 const std::function<void(const AccountId&, const std::vector<Ownership>&)>& visit);

// Ascending by (account, from).
Result<std::vector<OwnedAccount>> owned_accounts(Reading& reading, const PersonId& person,
                                                 TimePoint known_at = kKnownNow);

// Everybody whose accounts may be others when a fact about `person` changes, `person` included; ascending. Those who
// own, own no longer or would own without facts any account that is, was or would be the person's.
Result<std::vector<PersonId>> related_to(Reading& reading, const PersonId& person);

}  // namespace candor
