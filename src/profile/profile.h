#pragma once

#include <optional>
#include <vector>

#include "profile/fact.h"

namespace candor {

// Who a person is, as far as policies may know: values only, no names. A snapshot "as known at T".
struct Profile {
  PersonId person;
  // Effective versions only (newest known, not withdrawn), ascending by (valid_from, kind, fact_id). Facts valid in the
  // future are included: a resignation counts before its last working day.
  std::vector<Fact> facts;
  // Retention has taken what the person did on earlier days; nullopt: nothing.
  std::optional<Day> kept_from = std::nullopt;
  // Earlier alerts of this person confirmed as violations before the assessed day are not here: policy gets decisions
  // apart.

  // The directory fact of a day: department, country, employee_type, time_zone, manager, groups and more
  // (profile/directory_fields.h). For somebody who has left the last one; nullptr when no directory tells of the
  // person.
  const Fact* directory_on(Day day) const;
};

// The value of an attribute, "" when the fact has none or is not there.
std::string_view attribute_of(const Fact* fact, std::string_view name);

}  // namespace candor
