#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/erasures.h"

// Erasing one person from everything a data folder holds, and keeping them away. docs/reference/erasure.md says of each
// table what becomes of it. Callers hold Installation::writing().
namespace candor {

class Installation;

using ErasureStep = std::function<void(std::string_view what)>;

// What there is, and would go.
struct ErasurePlan {
  PersonId person;
  std::string pseudonym;
  std::vector<OwnedAccount> accounts;
  Day last_day = 0;   // what is delivered later of days up to this one is left out
  CountByKind found;  // kinds without any are not in it
  std::optional<Day> first_activity;
  std::optional<Day> last_activity;
};

// Fails with `app.erasure_held` while a legal hold, an open case or an open alert is about the person: says which, and
// what to do.
Result<void> check_erasable(Installation& installation, const PersonId& person);

// Counts; changes nothing.
Result<ErasurePlan> plan_erasure(Installation& installation, const PersonId& person, const ErasureStep& step);

// Who does it. `reason` without the person's names.
struct ErasureActors {
  std::string asked_by;
  std::string agreed_by;  // "" over invented people
  std::string reason;
};

// All of the plan goes. From the first moment on nothing of it is taken in again; killed at any later one, the next who
// opens the folder ends it. The audit line `person.erased` is written with the last record. Errors besides those of the
// parts: `store.locked` when what the record database's log keeps could not be cut off; then the next start does it.
Result<Erasure> erase_person(Installation& installation, const ErasurePlan& plan, const ErasureActors& actors,
                             const ErasureStep& step);

// Ends those that were begun.
Result<void> finish_erasures(Installation& installation, const ErasureStep& step);

// The list of all erasures, signed: for copies of the folder that are older than some of them. Holds keyed hashes only.
Result<std::string> erasure_list(Installation& installation);
// Erases whom a list of this installation means and this copy still has. How many of its erasures were new here. Fails
// with `access.bad_statement` when the list is not this installation's, or was changed.
Result<std::int64_t> apply_erasure_list(Installation& installation, const std::string& list, const ErasureStep& step);
// The same with the file `erasures.json` in the data folder, when there is one; it is gone afterwards.
Result<void> apply_list_in_folder(Installation& installation);

// A signed statement of what one erasure took, with nobody's name in it.
Result<std::string> erasure_proof(Installation& installation, const Erasure& erasure);

inline constexpr const char* kErasureProof = "erasure";
inline constexpr const char* kErasureList = "erasures";
inline constexpr const char* kListInFolder = "erasures.json";

}  // namespace candor
