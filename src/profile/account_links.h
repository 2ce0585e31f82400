#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/directory_entry.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "store/store.h"

// Facts of the kind account, as an import and as a person make them.
namespace candor {

// What a person decided; an import does not touch it.
inline constexpr const char* kDecisionSource = "decision";

// The links that one export of a directory makes. Lives for one transaction, one thread.
class AccountLinks {
 public:
  // All but the texts must outlive this object. The day of `known` is the export's day.
  AccountLinks(const Facts& facts, const Keys& keys, Transaction& work, std::string source, KnownSince known)
      : facts_(&facts), keys_(&keys), work_(&work), source_(std::move(source)), known_(known) {}

  enum class Outcome : std::uint8_t {
    unchanged,  // it is theirs already, or a person took it back before
    linked,
    handed_on,  // it was somebody else's until the day before
    refused,    // it is somebody else's by a person's decision or by another directory
  };
  // `person` has `account` on the export's day. When nobody had it before, it is theirs from the beginning; when its
  // last owner had left before `hired`, from that day on; else from the export's day.
  Result<Outcome> claim(const DirectoryEntry::Account& account, const PersonId& person, std::optional<Day> hired);

 private:
  Result<Day> first_day(const Fact& holder, std::optional<Day> hired) const;
  Result<bool> record(const DirectoryEntry::Account& account, const PersonId& person, Day from) const;

  const Facts* facts_;
  const Keys* keys_;
  Transaction* work_;
  const std::string source_;
  const KnownSince known_;
};

// A person decides whose an account is: `person`'s on days from..to (default: always). Replaces what a directory, or an
// earlier decision, says of these days. Fails with `profile.bad_days` when `to` lies before `from`.
Result<void> decide_owner(Transaction& work, const Facts& facts, const Keys& keys, const People::Account& account,
                          const PersonId& person, std::optional<Day> from, std::optional<Day> to, KnownSince known);

// Takes back what decisions and directories say of an account; with `from` only what begins on that day. Imports do not
// bring it back. How many facts were withdrawn.
Result<int> take_back_owners(Transaction& work, const Facts& facts, const Keys& keys, std::string_view account_name,
                             std::optional<Day> from, KnownSince known);

}  // namespace candor
