#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace candor {

enum class FactKind : std::uint8_t {
  resignation = 1,         // attributes: last_working_day
  job_level_change = 2,    // old_level, new_level, remarks
  performance_review = 3,  // rating, remarks
  improvement_plan = 4,    // rating, remarks
  employee_profile = 5,    // user_name, first_name, last_name, address lines, city, state, zip, department, type, role
  directory = 6,           // who somebody is, as a directory says: attributes in directory_fields.h
  account = 7,             // `account` is the person's: name (normalised), use
  scoring_start = 8,       // somebody asked that the person be scored on days valid_from..valid_to: policy (its id)
};
std::string_view to_text(FactKind kind);
std::optional<FactKind> fact_kind(std::string_view text);

// Something dated about a person. Never changed in place: a correction is a new version of the same fact_id, a
// withdrawal a version with `withdrawn`; "as known at T" uses the newest version known by then.
struct Fact {
  std::string fact_id;  // 32 hex digits, the same for all versions of one fact
  std::int64_t version = 1;
  PersonId person;
  FactKind kind = FactKind::resignation;
  Day valid_from = 0;
  std::optional<Day> valid_to;        // last day it holds; nullopt: until further notice
  TimePoint known_since = 0;          // when Candor learnt this version
  std::optional<TimePoint> occurred;  // the source's own instant, e.g. when notice was given
  bool withdrawn = false;
  std::string source;                             // "hr csv", ...
  std::map<std::string, std::string> attributes;  // by kind, see above; days as YYYY-MM-DD
  std::optional<AccountId> account;               // of the kind account only
};

}  // namespace candor
