#include "profile/directory_fields.h"

#include <algorithm>
#include <array>

#include "profile/export_file.h"

namespace candor {
namespace {

struct DirectoryFieldName {
  DirectoryField field;
  std::string_view text;
  std::string_view attribute;
};

using enum DirectoryField;

constexpr std::array kDirectoryFieldNames = {
    DirectoryFieldName{id, "id", ""},
    DirectoryFieldName{employee_number, "employee_number", ""},
    DirectoryFieldName{sign_in, "sign_in", ""},
    DirectoryFieldName{mail, "mail", ""},
    DirectoryFieldName{alias, "alias", ""},
    DirectoryFieldName{account, "account", ""},
    DirectoryFieldName{display_name, "display_name", "display_name"},
    DirectoryFieldName{given_name, "given_name", "given_name"},
    DirectoryFieldName{surname, "surname", "surname"},
    DirectoryFieldName{title, "title", "title"},
    DirectoryFieldName{department, "department", "department"},
    DirectoryFieldName{company, "company", "company"},
    DirectoryFieldName{office, "office", "office"},
    DirectoryFieldName{country, "country", ""},
    DirectoryFieldName{usage_location, "usage_location", ""},
    DirectoryFieldName{time_zone, "time_zone", "time_zone"},
    DirectoryFieldName{working_hours, "working_hours", "working_hours"},
    DirectoryFieldName{manager, "manager", ""},
    DirectoryFieldName{employee_type, "employee_type", ""},
    DirectoryFieldName{user_type, "user_type", ""},
    DirectoryFieldName{hire_date, "hire_date", ""},
    DirectoryFieldName{leave_date, "leave_date", ""},
    DirectoryFieldName{group, "group", ""},
    DirectoryFieldName{enabled, "enabled", ""},
};
static_assert(kDirectoryFieldNames.size() == kDirectoryFields);

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

}  // namespace

std::string_view to_text(DirectoryField field) { return kDirectoryFieldNames[static_cast<std::size_t>(field)].text; }

std::optional<DirectoryField> directory_field(std::string_view name) {
  const std::string folded = fold_header(name);
  const auto* const known = std::ranges::find(kNames, folded, &KnownName::folded);
  if (known != kNames.end()) return known->field;
  for (const DirectoryFieldName& entry : kDirectoryFieldNames) {
    if (fold_header(entry.text) == folded) return entry.field;
  }
  return std::nullopt;
}

std::vector<std::string> directory_field_names() {
  std::vector<std::string> names;
  names.reserve(kDirectoryFieldNames.size());
  for (const DirectoryFieldName& entry : kDirectoryFieldNames) names.emplace_back(entry.text);
  return names;
}

bool has_many(DirectoryField field) { return field == alias || field == account || field == group; }

std::string_view attribute_of(DirectoryField field) {
  return kDirectoryFieldNames[static_cast<std::size_t>(field)].attribute;
}

std::optional<std::string_view> employee_type_of(std::string_view word) {
  const std::string folded = fold_header(word);
  const auto* const found = std::ranges::find(kTypes, folded, &TypeWord::folded);
  if (found == kTypes.end()) return std::nullopt;
  return found->type;
}

}  // namespace candor
