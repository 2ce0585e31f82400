#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a directory may tell of a person, and how exports call it: one table, also behind docs/reference/people.md.
namespace candor {

enum class DirectoryField : std::uint8_t {
  id,               // the directory's own id of the entry, never given twice: object id, entryUUID
  employee_number,  // by which somebody who comes back is known again
  sign_in,          // user principal name
  mail,
  alias,    // further addresses, many
  account,  // other accounts, many: administrator accounts, user names of other systems
  display_name,
  given_name,
  surname,
  title,
  department,
  company,
  office,
  country,
  usage_location,  // country code of the licence; stands in for a country that is no code
  time_zone,
  working_hours,
  manager,        // an id, address or account name of another entry
  employee_type,  // employee, contractor, guest, service; also what directories write for these
  user_type,      // Member or Guest
  hire_date,
  leave_date,
  group,  // many
  enabled,
};
inline constexpr std::size_t kDirectoryFields = 24;

// "employee_type": what `--map Column=Field` takes, and, for most, the attribute of the fact it becomes. Attributes are
// display_name, given_name, surname, title, department, company, office, country, time_zone, working_hours, manager
// (normalised account name), employee_type, hire_date and leave_date (YYYY-MM-DD), groups (ascending, one a line),
// enabled (only "false").
std::string_view to_text(DirectoryField field);
// By the field's own name or by a name that Entra, Microsoft Graph or LDAP directories have for it; letter case, blanks
// and marks do not matter.
std::optional<DirectoryField> directory_field(std::string_view name);
std::vector<std::string> directory_field_names();
// May have several values.
bool has_many(DirectoryField field);
// The attribute that texts of this field become as they are; "" for those that are looked into.
std::string_view attribute_of(DirectoryField field);

// "employee", "contractor", "guest", "service"; nullopt for a word that is none of them.
std::optional<std::string_view> employee_type_of(std::string_view word);

}  // namespace candor
