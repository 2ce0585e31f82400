#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/keys.h"
#include "base/result.h"
#include "profile/fact.h"
#include "profile/ownership.h"
#include "profile/profile.h"
#include "store/store.h"

namespace candor {

// The id of a fact follows from what it is about - the account it was told of, its kind, the day it happened - so that
// neither order nor repetition of imports matters. Keyed: it cannot be guessed from a name, and differs between
// installations, so it has no place in a canonical export.
std::string fact_id(const Keys& keys, const AccountId& account, FactKind kind, Day day);

// When Candor learnt something: its clock, or, for replays, an instant that the caller states.
struct KnownSince {
  TimePoint time = 0;
  bool stated = false;  // keep `time` exactly; else it is moved behind the newest version of the same fact
};

// Dated facts about people, with all their versions. Of several versions the one with the greatest
// (known_since, version) not after the asked instant counts; of two told for the same stated instant the one whose
// content sorts last, whichever came first.
// Thread safety: any member from any thread. Errors are those of store/store.h, and `base.seal_broken`.
class Facts {
 public:
  // Both must outlive this object.
  Facts(Store& store, const Keys& keys) : store_(&store), keys_(&keys) {}

  enum class Recorded { first, repeat, correction, withdrawn };

  // Stores a version of `fact`, unless the one that counts at that time says the same. `fact_id`, person, kind, dates,
  // source and attributes are taken from `fact`; its version, known_since and withdrawn are not.
  // `withdrawn`: the fact was withdrawn and this is what some version before that said: it stays so, unless
  // `reinstate`.
  Result<Recorded> record(Transaction& work, const Fact& fact, KnownSince known, bool reinstate = false) const;
  // No longer true, and never was. False when there is no such fact or it is withdrawn already.
  Result<bool> withdraw(Transaction& work, const std::string& fact_id, KnownSince known) const;

  // The version that counts of each of the person's facts, withdrawn ones too, by fact_id; as known at `known_at`.
  Result<std::map<std::string, Fact>> versions(Reading& reading, const PersonId& person, TimePoint known_at) const;
  // What was known at `known_at` (inclusive), without facts of the kind account. What was told of an account is of
  // whoever owned it on the fact's day. Employee profiles, and directory facts, that say nothing of their end hold
  // until the next begins; the first holds before its own day as well (SEMANTICS 6): valid_to and valid_from say so.
  Result<Profile> profile(Reading& reading, const PersonId& person, TimePoint known_at) const;
  Result<Profile> profile(const PersonId& person, TimePoint known_at) const;
  // Every version of every fact about a person, account facts included, in the order they became known.
  Result<std::vector<Fact>> all_versions(Reading& reading, const PersonId& person) const;
  // The versions that count of the facts about one account, without withdrawn ones, ascending by valid_from.
  Result<std::vector<Fact>> of_account(Reading& reading, const AccountId& account,
                                       TimePoint known_at = kKnownNow) const;
  // Every version of every directory fact, by person, in the order they became known.
  Result<void> each_of_directory(Reading& reading, const std::function<void(Fact)>& visit) const;
  // All versions of one fact, oldest first; empty when there is none.
  Result<std::vector<Fact>> history(Reading& reading, const std::string& fact_id) const;

  // Erasure: takes an attribute out of the versions of facts of a kind for whose value `is` says so, in place: what it
  // said is nowhere any more. Returns out of how many.
  Result<std::int64_t> take_out(Transaction& work, FactKind kind, const std::string& attribute,
                                const std::function<bool(const Fact&, const std::string& value)>& is) const;

  struct Told {
    std::int64_t facts = 0;   // withdrawn ones left out
    TimePoint last_told = 0;  // when the latest of them became known
  };
  // What is known at all, by kind.
  Result<std::map<FactKind, Told>> told(Reading& reading) const;

  struct Changes {
    std::vector<PersonId> people;  // ascending, each once
    std::int64_t upto = 0;         // hand back to the next call
  };
  // Whose facts changed after `mark` (0: ever). Survives restarts, sees changes of other processes.
  Result<Changes> changed_since(std::int64_t mark) const;

 private:
  Result<void> append(Transaction& work, const Fact& fact) const;
  Result<Fact> read(const Row& row) const;
  Result<std::map<std::string, Fact>> newest(Reading& reading, Sql query, const PersonId& person,
                                             TimePoint known_at) const;
  // Adds to `profile` what was told of `told_of` and is of the profile's person.
  Result<void> take_owned(Reading& reading, const PersonId& told_of, const std::vector<OwnedAccount>& owned,
                          TimePoint known_at, Profile& profile) const;

  Store* store_;
  const Keys* keys_;
};

}  // namespace candor
