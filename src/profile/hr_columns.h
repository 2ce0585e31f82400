#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "profile/fact.h"

// Which column of an HR file means what: one table, also behind docs/reference/hr-csv.md.
namespace candor {

enum class HrField : std::uint8_t {
  scenario,
  email,
  resignation_date,
  last_working_date,
  effective_date,
  remarks,
  rating,
  old_level,
  new_level,
  user_name,
  first_name,
  last_name,
  address_line_1,
  address_line_2,
  city,
  state,
  zip,
  department,
  type,
  role,
};
inline constexpr std::size_t kHrFields = 20;

// "last_working_date": what `--map Column=Field` takes, and the name of the attribute it becomes.
std::string_view to_text(HrField field);
// By the field's own name or by any column name known for it; letter case, blanks and marks do not matter.
std::optional<HrField> hr_field(std::string_view column);
std::vector<std::string> hr_field_names();

// The kind that a column gives away ("OldLevel": a job level change), if any.
std::optional<FactKind> kind_given_away(std::string_view column);
// What a cell of the column HRScenario says.
std::optional<FactKind> kind_of_scenario(std::string_view cell);

// Which fields become attributes of a kind of fact.
std::vector<HrField> attributes_of(FactKind kind);

}  // namespace candor
