#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "assessment/trace.h"

// Internal to tracing: whose accounts are read, by number.
namespace candor {

class TracePeople {
 public:
  struct Owner {
    std::uint32_t person = 0;
    Day from = 0;  // both inclusive
    Day to = 0;
  };
  struct Account {
    AccountId id;
    std::vector<Owner> owners;  // ascending, apart
  };

  // Numbers follow the order of account ids, so that they are the same however records came. Errors are those of store
  // and timeline.
  static Result<TracePeople> load(const TraceSources& sources, const HiddenPeople& without);

  const std::vector<Account>& accounts() const { return accounts_; }  // of the timeline, that are somebody's
  std::int64_t of_nobody() const { return of_nobody_; }
  std::optional<std::uint32_t> owner(const Account& account, Day day) const;
  // Whom an address is on that day.
  std::optional<std::uint32_t> at_address(std::string_view address, Day day) const;

  const PersonId& person(std::uint32_t number) const { return people_[number].id; }
  // Of the viewer themselves: as if there were nobody.
  bool is_own(std::uint32_t number) const { return people_[number].own; }
  bool is_hidden(std::uint32_t number) const { return people_[number].hidden; }
  bool is_shown(std::uint32_t number) const { return !is_own(number) && !is_hidden(number); }
  std::size_t size() const { return people_.size(); }

 private:
  struct Person {
    PersonId id;
    bool own = false;
    bool hidden = false;
  };

  const Keys* keys_ = nullptr;
  std::vector<Account> accounts_;
  std::int64_t of_nobody_ = 0;
  std::vector<Person> people_;
  absl::flat_hash_map<AccountId, std::vector<Owner>> owners_;  // of accounts without activities, too
};

}  // namespace candor
