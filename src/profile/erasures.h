#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/ownership.h"
#include "store/store.h"

// Erasures of people: what is known of somebody of whom nothing may be known. docs/reference/erasure.md.
namespace candor {

// How much there was of each kind, by the kind's name ("activities", "alerts", ...).
using CountByKind = std::map<std::string, std::int64_t>;

// Keyed hashes by which an account and a person are known again, and by nothing else that is stored.
AccountId erased_hash(const Keys& keys, const AccountId& account);
PersonId erased_hash(const Keys& keys, const PersonId& person);

// The accounts of everybody who was erased, with the days of which nothing is kept.
// Thread safety: immutable; share freely.
class ErasedAccounts {
 public:
  // Those of all erasures, also of one that is still under way.
  static Result<std::shared_ptr<const ErasedAccounts>> load(Reading& reading, const Keys& keys);

  bool is_empty() const { return days_.empty(); }
  // Costs one hash; nothing while nobody was erased.
  bool holds(const AccountId& account, Day day) const;
  // The last day of which nothing is kept; nullopt: the account was never that of somebody who was erased.
  std::optional<Day> last_day(const AccountId& account) const;

 private:
  struct Days {
    Day from = 0;  // both inclusive
    Day to = 0;
  };
  explicit ErasedAccounts(const Keys& keys) : keys_(keys) {}
  const std::vector<Days>* find(const AccountId& account) const;

  const Keys keys_;
  std::map<AccountId, std::vector<Days>> days_;  // by hash
};

struct ErasureState {
  static constexpr const char* kUnderWay = "under_way";  // whatever there is may be gone already
  static constexpr const char* kRemoved = "removed";     // nothing is there any more, but in what files keep by the way
  static constexpr const char* kDone = "done";
};

// Days of an account as a list names it.
struct ErasedHash {
  AccountId hash;
  Day from = 0;  // both inclusive
  Day to = 0;
};

// One erasure as the book has it.
struct Erasure {
  std::string id;           // 32 hexadecimal digits
  std::int64_t number = 0;  // from 1
  std::string pseudonym;
  PersonId person_hash;
  Day last_day = 0;
  std::string asked_by;
  std::string agreed_by;
  std::string reason;
  TimePoint begun_at = 0;
  TimePoint done_at = 0;  // 0: not yet
  std::string state;
  std::string found;      // JSON
  std::string left_over;  // JSON; "" until it is known
  bool from_list = false;
  std::optional<PersonId> person;      // while it is under way, when there is one in this copy
  std::vector<ErasedHash> hashes;      // what stays away
  std::vector<OwnedAccount> accounts;  // while it is under way: what goes
};

// The book of erasures. Members that take a Transaction are steps of a greater one. Thread safety: any member from any
// thread. Errors are those of store/store.h, and `profile.no_erasure`.
class ErasureBook {
 public:
  // `keys` must outlive this object.
  explicit ErasureBook(const Keys& keys) : keys_(&keys) {}

  static std::string new_id();
  // Writes down that it has begun: from here on nothing of it may come back, and whoever opens the folder next ends it.
  // Returns its number. Hashes are made of `accounts`, their last days cut to last_day, unless there are some.
  Result<std::int64_t> begin(Transaction& work, const Erasure& erasure) const;
  // All that can be found is gone.
  Result<void> removed(Transaction& work, std::string_view id, std::string_view left_over) const;
  Result<void> done(Transaction& work, std::string_view id, TimePoint at) const;

  // In order of their numbers.
  Result<std::vector<Erasure>> all(Reading& reading) const;
  // Fails with `profile.no_erasure`.
  Result<Erasure> get(Reading& reading, std::int64_t number) const;
  Result<bool> has(Reading& reading, std::string_view id) const;
  // Whose person's, or account's on some day, it was; the newest first.
  Result<std::vector<Erasure>> of(Reading& reading, std::string_view pseudonym, const AccountId& account) const;

 private:
  Result<void> read_accounts(Reading& reading, Erasure& erasure) const;

  const Keys* keys_;
};

// In a copy of older records: which of its accounts a list means, with the days, and whom.
Result<std::vector<OwnedAccount>> accounts_meant(Reading& reading, const Keys& keys, const std::vector<AccountId>& seen,
                                                 const std::vector<ErasedHash>& hashes);
Result<std::optional<PersonId>> person_meant(Reading& reading, const Keys& keys, const PersonId& hash);

}  // namespace candor
