#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "simulator/facts.h"
#include "simulator/rates.h"

namespace candor {
namespace {

// Whose rows say that they leave, by person.
using Notices = std::map<std::uint32_t, const Resignation*>;

Notices notices_of(const Plan& plan) {
  Notices notices;
  for (const Resignation& row : plan.resignations) notices[row.person] = &row;
  return notices;
}

// The last day as the directory has it on a day: of the contract, or what human resources know of a notice.
std::string leave_day(const Person& person, const Resignation* notice, Day day) {
  std::optional<Day> leaves;
  if (person.contract_end != kNever) leaves = person.contract_end;
  if (notice != nullptr && notice->known <= day && !(notice->withdrawn && *notice->withdrawn <= day)) {
    const bool corrected = !notice->told_at_first || notice->corrected <= day;
    const Day told = corrected ? notice->last_working_day : *notice->told_at_first;
    leaves = leaves ? std::min(*leaves, told) : told;
  }
  return leaves ? format_day(*leaves) + "T00:00:00Z" : std::string();
}

std::string local_part(const std::string& address) { return address.substr(0, address.find('@')); }

std::string employee_number(std::size_t index) {
  std::string number = std::to_string(index + 1);
  return "NL" + std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number;
}

std::string groups_of(const Workforce& organisation, const Person& person, const Assignment& work) {
  std::string groups = person.contractor ? "Contractors" : "All employees";
  groups.append(";").append(to_text(work.department));
  if (work.site != work.department_site) groups.append(";").append(organisation.sites[work.site].name);
  if (person.crew != 0) groups.append(";Shift crew ").append(std::to_string(person.crew));
  if (person.administrator) groups.append(";Administrators");
  return groups;
}

std::string_view agency_of(const Person& person) {
  constexpr std::array<std::string_view, 3> kAgencies = {"Brightstaff Services", "Cobalt Engineering Partners",
                                                         "Meridian Temporary Work"};
  return person.contractor ? kAgencies[person.key % kAgencies.size()] : std::string_view("Northlight");
}

void append_person(std::string& out, const Workforce& organisation, std::size_t index, const Resignation* notice,
                   Day day) {
  const Person& person = organisation.people[index];
  const Assignment work = assignment_known_on(person, day);
  const Office& office = offices()[person.office];
  const std::string_view manager =
      work.manager < 0 ? std::string_view{} : organisation.people[static_cast<std::size_t>(work.manager)].address;
  const bool gave_address = Random{person.key, 80}.chance(kLife.other_mails);
  append_csv_row(
      out, {person.address,
            person.given + " " + person.family,
            person.given,
            person.family,
            person.mail_address,
            person.object_id,
            work.title,
            to_text(work.department),
            office.city,
            office.country,
            office.zone,
            manager,
            "Member",
            person.contractor ? "Contractor" : "Employee",
            format_day(person.hired),
            day > person.last_day ? "false" : "true",
            agency_of(person),
            leave_day(person, notice, day),
            gave_address ? std::string_view{person.personal_address} : std::string_view{},
            "SMTP:" + person.mail_address + ";smtp:" + local_part(person.address) + "@" + std::string(kTenantDomain),
            employee_number(index),
            groups_of(organisation, person, work)});
}

Result<void> write_export(const Workforce& organisation, const Notices& notices, const std::string& name, Day day,
                          Output& output) {
  CANDOR_TRY(OutputStream file, output.open(name));
  append_csv_row(file.buffer(), {"userPrincipalName",
                                 "displayName",
                                 "givenName",
                                 "surname",
                                 "mail",
                                 "id",
                                 "jobTitle",
                                 "department",
                                 "officeLocation",
                                 "usageLocation",
                                 "preferredTimeZone",
                                 "manager",
                                 "userType",
                                 "employeeType",
                                 "employeeHireDate",
                                 "accountEnabled",
                                 "companyName",
                                 "employeeLeaveDateTime",
                                 "otherMails",
                                 "proxyAddresses",
                                 "onPremisesSamAccountName",
                                 "groups"});
  for (std::uint32_t i = 0; i < organisation.people.size(); ++i) {
    const Person& person = organisation.people[i];
    if (person.last_day != kNever && day > person.last_day + kLife.directory_keeps_leavers_days) continue;
    const auto notice = notices.find(i);
    append_person(file.buffer(), organisation, i, notice == notices.end() ? nullptr : notice->second, day);
    CANDOR_TRY_VOID(file.flush_if_full());
  }
  for (const Guest& guest : organisation.guests) {
    const std::string domain = guest.address.substr(guest.address.find('@') + 1);
    append_csv_row(file.buffer(), {guest.sign_in,
                                   local_part(guest.address),
                                   "",
                                   "",
                                   guest.address,
                                   guid(guest.key),
                                   "",
                                   "",
                                   "",
                                   "",
                                   "",
                                   "",
                                   "Guest",
                                   "",
                                   "",
                                   "true",
                                   domain,
                                   "",
                                   "",
                                   "",
                                   "",
                                   "Guests"});
  }
  return output.close(file);
}

// Days after the first on which the directory is not what it was the day before.
std::set<Day> change_days(const Workforce& organisation, const Plan& plan) {
  std::set<Day> days;
  for (const Person& person : organisation.people) {
    for (const Move& move : person.moves) days.insert(move.known);
    if (person.last_day == kNever) continue;
    days.insert(person.last_day + 1);
    days.insert(person.last_day + kLife.directory_keeps_leavers_days + 1);
  }
  for (const Resignation& row : plan.resignations) {
    days.insert(row.known);
    if (row.told_at_first) days.insert(row.corrected);
    if (row.withdrawn) days.insert(*row.withdrawn);
  }
  std::erase_if(days, [&](Day day) { return day <= organisation.first || day > organisation.last; });
  return days;
}

}  // namespace

Result<void> write_directory(const Workforce& organisation, const Plan& plan, Output& output) {
  const Notices notices = notices_of(plan);
  CANDOR_TRY_VOID(write_export(organisation, notices, "directory.csv", organisation.last, output));
  std::set<Day> days = change_days(organisation, plan);
  days.insert(organisation.first);
  for (const Day day : days) {
    CANDOR_TRY_VOID(write_export(organisation, notices, "directory/" + format_day(day) + ".csv", day, output));
  }
  return {};
}

}  // namespace candor
