#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// Erasure: of each case about the person a stub stays - number, dates, resolution, who worked on it, "Erased on DAY" -
// that names nobody and cannot be reopened; notes, tasks, evidence, notices, history, requests about the person and
// what followers of decisions were told of their alerts go. Adds to `counts` by kind, and to `messages` the ids of the
// notices' messages. The same again takes nothing.
Result<void> erase_cases(Transaction& work, const PersonId& person, Day today,
                         std::map<std::string, std::int64_t>& counts, std::vector<std::string>& messages);

// What keeps somebody from being erased: work that is not over.
struct OpenMatters {
  std::vector<std::int64_t> cases;  // numbers of open ones, ascending
  std::vector<std::string> alerts;  // ids of those that wait for review or were confirmed
};
Result<OpenMatters> open_matters(Reading& reading, const PersonId& person);

}  // namespace candor
