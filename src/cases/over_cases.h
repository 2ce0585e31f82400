#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Retention of cases and requests (docs/reference/retention.md, decision 0039): which are over, and how they go. Acts
// are in the caller's transactions, so that what went is counted in them too. Whoever is in protected_people() is the
// caller's to leave alone. Thread safety: no state.
namespace candor {

// Of whom nothing goes: they are on legal hold, or there is an open case about them.
Result<std::set<PersonId>> protected_people(Reading& reading);

// --- cases
struct OverCase {
  std::string id;
  PersonId person;
};
// Closed before that time, linked to no open case, without an alert that waits again or was confirmed since, and whose
// id comes after `after`: ascending by id, at most `most`.
Result<std::vector<OverCase>> over_cases(Reading& reading, TimePoint closed_before, std::string_view after,
                                         std::size_t most);

// Whether one of them is so still.
Result<bool> is_case_over(Reading& reading, std::string_view case_id, TimePoint closed_before);

struct CaseContents {
  std::int64_t evidence = 0;  // files
  std::vector<std::string> alerts;
};
Result<CaseContents> contents_of_case(Reading& reading, std::string_view case_id);
// One file, name and bytes: in a transaction of its own each, for they are large. False: there was none left.
Result<bool> remove_case_evidence(Transaction& work, std::string_view case_id);
// Everything else of a case that has no evidence left, with what was asked for in it; its links to others go, too.
// Adds the ids of its notices' messages. Its alerts are the caller's to take next (remove_alerts()).
Result<void> remove_case(Transaction& work, std::string_view case_id, std::vector<std::string>& messages);

// What cases and their surroundings know of an alert that goes: second readings, acts on the queue, what followers were
// told of it, and what policies asked for because of it. What people asked for at it stays and no longer names it.
Result<void> forget_alert_in_cases(Transaction& work, std::string_view alert_id);

// --- requests: looks (RequestBook) and starts of scoring (ScoringRequests)
struct OverRequest {
  std::int64_t number = 0;
  PersonId person;
};
// Asked for in no case; nothing about it happened, and nothing it gave may have been used, since that time. Ascending
// by number, from behind `after` on.
Result<std::vector<OverRequest>> over_requests(Reading& reading, TimePoint before, std::int64_t after,
                                               std::size_t most);
Result<std::vector<OverRequest>> over_scoring_requests(Reading& reading, TimePoint before, std::int64_t after,
                                                       std::size_t most);
Result<void> remove_request(Transaction& work, std::int64_t number);
Result<void> remove_scoring_request(Transaction& work, std::int64_t number);

}  // namespace candor
