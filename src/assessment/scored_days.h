#pragma once

#include <vector>

#include "base/time.h"
#include "policy/policy.h"
#include "profile/profile.h"

namespace candor {

// Days a timeline can hold: 1970-01-01 to 2149-06-06.
inline constexpr Day kFirstDay = 0;
inline constexpr Day kLastDay = 65'535;

// Both inclusive.
struct Days {
  Day from = kFirstDay;
  Day to = kLastDay;
};

// The days on which a policy scores somebody, ascending and disjoint: membership as of each day, by what a directory
// says; of somebody whom none tells of, `is_guest` is what the log says.
std::vector<Days> scored_days(const Policy& policy, const Profile& profile, bool is_guest);

// The days of which a directory says that somebody meets a condition, ascending and disjoint; for somebody who has left
// the last word holds on, and before the first one that one holds. None of whom no directory tells.
std::vector<Days> days_meeting(const Scope::Condition& condition, const Profile& profile);

}  // namespace candor
