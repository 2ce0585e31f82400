#include "profile/directory_fields.h"

#include <algorithm>
#include <array>

namespace candor {
namespace {

struct FieldName {
  DirectoryField field;
  std::string_view text;
  std::string_view attribute;
};

using enum DirectoryField;

constexpr std::array kFields = {
    FieldName{id, "id", ""},
    FieldName{employee_number, "employee_number", ""},
    FieldName{sign_in, "sign_in", ""},
    FieldName{mail, "mail", ""},
    FieldName{alias, "alias", ""},
    FieldName{account, "account", ""},
    FieldName{display_name, "display_name", "display_name"},
    FieldName{given_name, "given_name", "given_name"},
    FieldName{surname, "surname", "surname"},
    FieldName{title, "title", "title"},
    FieldName{department, "department", "department"},
    FieldName{company, "company", "company"},
    FieldName{office, "office", "office"},
    FieldName{country, "country", ""},
    FieldName{usage_location, "usage_location", ""},
    FieldName{time_zone, "time_zone", "time_zone"},
    FieldName{working_hours, "working_hours", "working_hours"},
    FieldName{manager, "manager", ""},
    FieldName{employee_type, "employee_type", ""},
    FieldName{user_type, "user_type", ""},
    FieldName{hire_date, "hire_date", ""},
    FieldName{leave_date, "leave_date", ""},
    FieldName{group, "group", ""},
    FieldName{enabled, "enabled", ""},
};
static_assert(kFields.size() == kDirectoryFields);

struct KnownName {
  std::string_view folded;
  DirectoryField field;
};

// As the Entra portal's export, Microsoft Graph and LDAP schemas call them, folded.
constexpr std::array kNames = {
    KnownName{"objectid", id},
    KnownName{"entryuuid", id},
    KnownName{"objectguid", id},
    KnownName{"employeeid", employee_number},
    KnownName{"userprincipalname", sign_in},
    KnownName{"upn", sign_in},
    KnownName{"username", sign_in},
    KnownName{"email", mail},
    KnownName{"emailaddress", mail},
    KnownName{"alternateemailaddress", alias},
    KnownName{"proxyaddresses", alias},
    KnownName{"othermails", alias},
    KnownName{"aliases", alias},
    KnownName{"addresses", alias},
    KnownName{"mailalternateaddress", alias},
    KnownName{"accounts", account},
    KnownName{"otheraccounts", account},
    KnownName{"adminaccount", account},
    KnownName{"uid", account},
    KnownName{"samaccountname", account},
    KnownName{"onpremisessamaccountname", account},
    KnownName{"name", display_name},
    KnownName{"cn", display_name},
    KnownName{"firstname", given_name},
    KnownName{"sn", surname},
    KnownName{"lastname", surname},
    KnownName{"jobtitle", title},
    KnownName{"departmentnumber", department},
    KnownName{"companyname", company},
    KnownName{"o", company},
    KnownName{"officelocation", office},
    KnownName{"physicaldeliveryofficename", office},
    KnownName{"c", usage_location},
    KnownName{"co", country},
    KnownName{"preferredtimezone", time_zone},
    KnownName{"timezone", time_zone},
    KnownName{"managerid", manager},
    KnownName{"manageremail", manager},
    KnownName{"type", employee_type},
    KnownName{"employeehiredate", hire_date},
    KnownName{"startdate", hire_date},
    KnownName{"employeeleavedatetime", leave_date},
    KnownName{"enddate", leave_date},
    KnownName{"groups", group},
    KnownName{"memberof", group},
    KnownName{"accountenabled", enabled},
};

struct TypeWord {
  std::string_view folded;
  std::string_view type;
};

constexpr std::array kTypes = {
    TypeWord{"employee", "employee"},
    TypeWord{"regular", "employee"},
    TypeWord{"fulltime", "employee"},
    TypeWord{"parttime", "employee"},
    TypeWord{"permanent", "employee"},
    TypeWord{"intern", "employee"},
    TypeWord{"apprentice", "employee"},
    TypeWord{"member", "employee"},
    TypeWord{"contractor", "contractor"},
    TypeWord{"consultant", "contractor"},
    TypeWord{"vendor", "contractor"},
    TypeWord{"external", "contractor"},
    TypeWord{"contingent", "contractor"},
    TypeWord{"contingentworker", "contractor"},
    TypeWord{"temporary", "contractor"},
    TypeWord{"freelancer", "contractor"},
    TypeWord{"guest", "guest"},
    TypeWord{"service", "service"},
    TypeWord{"serviceaccount", "service"},
    TypeWord{"shared", "service"},
    TypeWord{"room", "service"},
    TypeWord{"equipment", "service"},
    TypeWord{"application", "service"},
};

// Lower case, only letters and digits: "Employee Hire-Date" and "employeehiredate" are one.
std::string fold_name(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) folded += c;
    if (c >= 'A' && c <= 'Z') folded += static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

}  // namespace

std::string_view to_text(DirectoryField field) { return kFields[static_cast<std::size_t>(field)].text; }

std::optional<DirectoryField> directory_field(std::string_view name) {
  const std::string folded = fold_name(name);
  const auto* const known = std::ranges::find(kNames, folded, &KnownName::folded);
  if (known != kNames.end()) return known->field;
  for (const FieldName& entry : kFields) {
    if (fold_name(entry.text) == folded) return entry.field;
  }
  return std::nullopt;
}

std::vector<std::string> directory_field_names() {
  std::vector<std::string> names;
  names.reserve(kFields.size());
  for (const FieldName& entry : kFields) names.emplace_back(entry.text);
  return names;
}

bool has_many(DirectoryField field) { return field == alias || field == account || field == group; }

std::string_view attribute_of(DirectoryField field) { return kFields[static_cast<std::size_t>(field)].attribute; }

std::optional<std::string_view> employee_type_of(std::string_view word) {
  const std::string folded = fold_name(word);
  const auto* const found = std::ranges::find(kTypes, folded, &TypeWord::folded);
  if (found == kTypes.end()) return std::nullopt;
  return found->type;
}

}  // namespace candor
