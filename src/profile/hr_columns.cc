#include "profile/hr_columns.h"

#include <algorithm>
#include <array>

#include "profile/export_file.h"

namespace candor {
namespace {

struct HrFieldName {
  HrField field;
  std::string_view text;
};

constexpr std::array kHrFieldNames = {
    HrFieldName{HrField::scenario, "scenario"},
    HrFieldName{HrField::email, "email"},
    HrFieldName{HrField::resignation_date, "resignation_date"},
    HrFieldName{HrField::last_working_date, "last_working_date"},
    HrFieldName{HrField::effective_date, "effective_date"},
    HrFieldName{HrField::remarks, "remarks"},
    HrFieldName{HrField::rating, "rating"},
    HrFieldName{HrField::old_level, "old_level"},
    HrFieldName{HrField::new_level, "new_level"},
    HrFieldName{HrField::user_name, "user_name"},
    HrFieldName{HrField::first_name, "first_name"},
    HrFieldName{HrField::last_name, "last_name"},
    HrFieldName{HrField::address_line_1, "address_line_1"},
    HrFieldName{HrField::address_line_2, "address_line_2"},
    HrFieldName{HrField::city, "city"},
    HrFieldName{HrField::state, "state"},
    HrFieldName{HrField::zip, "zip"},
    HrFieldName{HrField::department, "department"},
    HrFieldName{HrField::type, "type"},
    HrFieldName{HrField::role, "role"},
};
static_assert(kHrFieldNames.size() == kHrFields);

// Column names seen in Purview's pages and samples, folded. Kind 0: tells nothing about the kind of fact.
struct ColumnName {
  std::string_view folded;
  HrField field;
  FactKind kind = FactKind{0};
};

constexpr std::array kHrColumns = {
    ColumnName{"hrscenario", HrField::scenario},
    ColumnName{"emailaddress", HrField::email},
    ColumnName{"useremail", HrField::email},
    ColumnName{"userprincipalname", HrField::email},
    ColumnName{"upn", HrField::email},
    ColumnName{"mail", HrField::email},
    ColumnName{"resignationdate", HrField::resignation_date, FactKind::resignation},
    ColumnName{"lastworkingdate", HrField::last_working_date, FactKind::resignation},
    ColumnName{"lastworkingday", HrField::last_working_date, FactKind::resignation},
    ColumnName{"effectivedate", HrField::effective_date},
    ColumnName{"remarks", HrField::remarks},
    ColumnName{"performanceremarks", HrField::remarks, FactKind::performance_review},
    ColumnName{"improvementremarks", HrField::remarks, FactKind::improvement_plan},
    ColumnName{"rating", HrField::rating},
    ColumnName{"performancerating", HrField::rating},
    ColumnName{"improvementrating", HrField::rating, FactKind::improvement_plan},
    ColumnName{"oldlevel", HrField::old_level, FactKind::job_level_change},
    ColumnName{"newlevel", HrField::new_level, FactKind::job_level_change},
    ColumnName{"username", HrField::user_name, FactKind::employee_profile},
    ColumnName{"employeefirstname", HrField::first_name, FactKind::employee_profile},
    ColumnName{"employeelastname", HrField::last_name, FactKind::employee_profile},
    ColumnName{"employeeaddline1", HrField::address_line_1, FactKind::employee_profile},
    ColumnName{"employeeaddline2", HrField::address_line_2, FactKind::employee_profile},
    ColumnName{"employeecity", HrField::city, FactKind::employee_profile},
    ColumnName{"employeestate", HrField::state, FactKind::employee_profile},
    ColumnName{"employeezipcode", HrField::zip, FactKind::employee_profile},
    ColumnName{"zipcode", HrField::zip, FactKind::employee_profile},
    ColumnName{"employeedept", HrField::department, FactKind::employee_profile},
    ColumnName{"employeedepartment", HrField::department, FactKind::employee_profile},
    ColumnName{"employeetype", HrField::type, FactKind::employee_profile},
    ColumnName{"employeerole", HrField::role, FactKind::employee_profile},
};

struct ScenarioName {
  std::string_view folded;
  FactKind kind;
};

constexpr std::array kScenarios = {
    ScenarioName{"resignation", FactKind::resignation},
    ScenarioName{"joblevelchange", FactKind::job_level_change},
    ScenarioName{"performancereview", FactKind::performance_review},
    ScenarioName{"performanceimprovementplan", FactKind::improvement_plan},
    ScenarioName{"improvementplan", FactKind::improvement_plan},
    ScenarioName{"employeeprofile", FactKind::employee_profile},
};

const ColumnName* find_column(std::string_view column) {
  const std::string folded = fold_header(column);
  const auto* const found = std::ranges::find(kHrColumns, folded, &ColumnName::folded);
  return found == kHrColumns.end() ? nullptr : found;
}

}  // namespace

std::string_view to_text(HrField field) { return kHrFieldNames[static_cast<std::size_t>(field)].text; }

std::optional<HrField> hr_field(std::string_view column) {
  if (const ColumnName* found = find_column(column)) return found->field;
  const std::string folded = fold_header(column);
  for (const HrFieldName& entry : kHrFieldNames) {
    if (fold_header(entry.text) == folded) return entry.field;
  }
  return std::nullopt;
}

std::vector<std::string> hr_field_names() {
  std::vector<std::string> names;
  for (const HrFieldName& entry : kHrFieldNames) names.emplace_back(entry.text);
  return names;
}

std::optional<FactKind> kind_given_away(std::string_view column) {
  const ColumnName* found = find_column(column);
  if (found == nullptr || found->kind == FactKind{0}) return std::nullopt;
  return found->kind;
}

std::optional<FactKind> kind_of_scenario(std::string_view cell) {
  const std::string folded = fold_header(cell);
  for (const ScenarioName& entry : kScenarios) {
    if (entry.folded == folded) return entry.kind;
  }
  return std::nullopt;
}

std::vector<HrField> attributes_of(FactKind kind) {
  switch (kind) {
    case FactKind::resignation:
      return {};  // last_working_day is a day, not a text
    case FactKind::job_level_change:
      return {HrField::old_level, HrField::new_level, HrField::remarks};
    case FactKind::performance_review:
    case FactKind::improvement_plan:
      return {HrField::rating, HrField::remarks};
    case FactKind::employee_profile:
      return {HrField::user_name,      HrField::first_name, HrField::last_name, HrField::address_line_1,
              HrField::address_line_2, HrField::city,       HrField::state,     HrField::zip,
              HrField::department,     HrField::type,       HrField::role};
    case FactKind::directory:
    case FactKind::account:
    case FactKind::scoring_start:
      break;
  }
  return {};
}

}  // namespace candor
