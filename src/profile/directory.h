#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// What directories say of people, in memory, for questions that are asked of every activity: who is it that has this
// account on that day, in which country and department? Made of all directory and account facts that are known when it
// is loaded; about 100 bytes an account. A question costs one hash look-up.
// Thread safety: immutable; share freely.
class Directory {
 public:
  // Texts as the facts have them, "" when not told. Equal ones are kept once.
  struct Attributes {
    std::string country;        // two capital letters where the directory has a code, else its own text
    std::string department;     //
    std::string employee_type;  // employee, contractor, guest, service
    std::string time_zone;
    std::vector<std::string> groups;  // ascending
    auto operator<=>(const Attributes&) const = default;
  };
  struct Found {
    PersonId person;
    const Attributes* attributes = nullptr;  // of that day; never null; lives as long as the directory
  };

  // Errors are those of store/store.h, and `base.seal_broken`.
  static Result<std::shared_ptr<const Directory>> load(Store& store, const Keys& keys);
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory();

  // nullopt for an account that no directory gives to anybody on that day. What was told first holds before its own day
  // too; for somebody who has left what was told last holds on. `account` may also be that of an address without its
  // tag (without_tag() of profile/people.h): ask that when an account with a tag was never seen before.
  std::optional<Found> find(const AccountId& account, Day day) const;

  std::size_t accounts() const;
  // False: no directory was imported yet.
  bool is_known() const { return accounts() > 0; }
  // The last change of facts that is in here.
  std::int64_t upto() const;

 private:
  struct State;
  explicit Directory(std::unique_ptr<State> state);
  std::unique_ptr<const State> state_;
};

// The directory as it is now: loads it again when facts have changed since.
// Thread safety: any member from any thread.
class CurrentDirectory {
 public:
  // Both must outlive this object.
  CurrentDirectory(Store& store, const Keys& keys);
  CurrentDirectory(const CurrentDirectory&) = delete;
  CurrentDirectory& operator=(const CurrentDirectory&) = delete;
  ~CurrentDirectory();

  // Costs one statement while nothing has changed. Hold the pointer for a batch, not for ever.
  Result<std::shared_ptr<const Directory>> get();
  // What upto() of the next get() is, at least.
  Result<std::int64_t> last_change() const;

 private:
  struct Guarded;
  Store* store_;
  const Keys* keys_;
  std::unique_ptr<Guarded> guarded_;
};

}  // namespace candor
