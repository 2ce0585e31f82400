#include "simulator/facts.h"

#include <array>
#include <map>
#include <utility>

#include "simulator/records.h"

namespace candor {
namespace {

// "2026-03-02T09:00:00+01:00": human resources write local times; now and then UTC, or no zone at all.
std::string fact_time(const Person& person, Day day) {
  const int minute = 540 + static_cast<int>(mix({person.key, 50}) % 400);
  std::string text;
  const std::uint64_t form = mix({person.key, 51}) % 4;
  if (form == 0) {
    append_instant(text, local_instant(person, day, minute));
    return text + "Z";
  }
  append_instant(text, start_of(day) + TimePoint{minute} * 60 * kMicrosPerSecond);
  if (form == 1) return text;
  const int offset = utc_offset(offices()[person.office], day);
  const int size = offset < 0 ? -offset : offset;
  if (form == 2) text += ".4675041";
  text += offset < 0 ? '-' : '+';
  for (const int part : {size / 60, size % 60}) {
    if (text.back() != '-' && text.back() != '+') text += ':';
    text += static_cast<char>('0' + part / 10);
    text += static_cast<char>('0' + part % 10);
  }
  return text;
}

// Files of different hands spell an address differently.
const std::string& fact_address(const Person& person) {
  return mix({person.key, 52}) % 3 == 0 ? person.mail_address : person.address;
}

void append_resignation_header(std::string& out) {
  append_csv_row(out, {"EmailAddress", "ResignationDate", "LastWorkingDate"});
}

void append_resignation(std::string& out, const Person& person, Day notice, Day last_working_day) {
  append_csv_row(out, {fact_address(person), fact_time(person, notice), fact_time(person, last_working_day)});
}

// As they are in the end: corrected, and without those that were withdrawn.
Result<std::uint64_t> write_resignations(const Workforce& organisation, const Plan& plan, std::string_view name,
                                         Output& output) {
  CANDOR_TRY(OutputStream file, output.open(name));
  append_resignation_header(file.buffer());
  std::uint64_t rows = 0;
  for (const Resignation& row : plan.resignations) {
    if (row.withdrawn) continue;
    append_resignation(file.buffer(), organisation.people[row.person], row.notice, row.last_working_day);
    ++rows;
  }
  CANDOR_TRY_VOID(output.close(file));
  return rows;
}

// The same rows on the days on which human resources hand them over: late ones, ones that correct an earlier one, and
// in files of their own those that are withdrawn.
Result<std::uint64_t> write_resignation_history(const Workforce& organisation, const Plan& plan, Output& output) {
  std::map<std::pair<Day, bool>, std::string> files;  // by day; true: withdrawn
  std::uint64_t rows = 0;
  const auto add = [&](Day day, bool withdrawn, const Resignation& row, Day last_working_day) {
    append_resignation(files[{day, withdrawn}], organisation.people[row.person], row.notice, last_working_day);
    ++rows;
  };
  for (const Resignation& row : plan.resignations) {
    add(row.known, false, row, row.told_at_first.value_or(row.last_working_day));
    if (row.told_at_first) add(row.corrected, false, row, row.last_working_day);
    if (row.withdrawn) add(*row.withdrawn, true, row, row.last_working_day);
  }
  for (const auto& [key, text] : files) {
    const auto& [day, withdrawn] = key;
    CANDOR_TRY(OutputStream file,
               output.open("hr_history/" + format_day(day) + (withdrawn ? "-withdrawn.csv" : ".csv")));
    append_resignation_header(file.buffer());
    file.buffer() += text;
    CANDOR_TRY_VOID(output.close(file));
  }
  return rows;
}

Result<std::uint64_t> write_level_changes(const Workforce& organisation, const Plan& plan, Output& output) {
  CANDOR_TRY(OutputStream file, output.open("hr/job_level.csv"));
  append_csv_row(file.buffer(), {"EmailAddress", "EffectiveDate", "Remarks", "OldLevel", "NewLevel"});
  for (const LevelChange& row : plan.level_changes) {
    const Person& person = organisation.people[row.person];
    append_csv_row(file.buffer(), {fact_address(person), fact_time(person, row.day),
                                   row.new_level < row.old_level ? "Reorganisation" : "Promotion",
                                   "Level " + std::to_string(row.old_level), "Level " + std::to_string(row.new_level)});
  }
  CANDOR_TRY_VOID(output.close(file));
  return plan.level_changes.size();
}

Result<std::uint64_t> write_reviews(const Workforce& organisation, const std::vector<Review>& reviews,
                                    std::string_view name, std::array<std::string_view, 2> columns, Output& output) {
  CANDOR_TRY(OutputStream file, output.open(name));
  append_csv_row(file.buffer(), {"EmailAddress", "EffectiveDate", columns[0], columns[1]});
  for (const Review& row : reviews) {
    const Person& person = organisation.people[row.person];
    append_csv_row(file.buffer(), {fact_address(person), fact_time(person, row.day), row.remarks, row.rating});
  }
  CANDOR_TRY_VOID(output.close(file));
  return reviews.size();
}

Result<std::uint64_t> write_profiles(const Workforce& organisation, Output& output) {
  constexpr std::array<std::string_view, 5> kStreets = {"Harbour Street", "Mill Lane", "Garden Road", "Station Square",
                                                        "Linden Walk"};
  CANDOR_TRY(OutputStream file, output.open("hr/employee_profile.csv"));
  append_csv_row(file.buffer(), {"EmailAddress", "UserName", "EmployeeFirstName", "EmployeeLastName",
                                 "EmployeeAddLine1", "EmployeeAddLine2", "EmployeeCity", "EmployeeState",
                                 "EmployeeZipCode", "EmployeeDept", "EmployeeType", "EmployeeRole"});
  for (const Person& person : organisation.people) {
    const std::string street = std::to_string(1 + person.key % 180) + " " + std::string(kStreets[person.key % 5]);
    const Office& office = offices()[person.office];
    append_csv_row(file.buffer(),
                   {person.address, person.address.substr(0, person.address.find('@')), person.given, person.family,
                    street, "", office.city, office.country, std::to_string(10000 + person.key % 80000),
                    to_text(person.department), person.contractor ? "Contractor" : "Regular", person.title});
    CANDOR_TRY_VOID(file.flush_if_full());
  }
  CANDOR_TRY_VOID(output.close(file));
  return organisation.people.size();
}

}  // namespace

void append_csv_row(std::string& out, std::initializer_list<std::string_view> values) {
  bool first = true;
  for (const std::string_view value : values) {
    if (!first) out += ',';
    first = false;
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
      out += value;
      continue;
    }
    out += '"';
    for (const char c : value) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

Result<std::uint64_t> write_hr(const Workforce& organisation, const Plan& plan, Output& output) {
  CANDOR_TRY(std::uint64_t rows, write_resignations(organisation, plan, "hr.csv", output));
  CANDOR_TRY_VOID(write_resignations(organisation, plan, "hr/resignation.csv", output));
  CANDOR_TRY(const std::uint64_t levels, write_level_changes(organisation, plan, output));
  CANDOR_TRY(const std::uint64_t reviews,
             write_reviews(organisation, plan.reviews, "hr/performance_review.csv", {"Remarks", "Rating"}, output));
  CANDOR_TRY(const std::uint64_t plans, write_reviews(organisation, plan.improvement_plans, "hr/improvement_plan.csv",
                                                      {"ImprovementRemarks", "PerformanceRating"}, output));
  CANDOR_TRY(const std::uint64_t profiles, write_profiles(organisation, output));
  CANDOR_TRY(const std::uint64_t history, write_resignation_history(organisation, plan, output));
  rows += levels + reviews + plans + profiles + history;
  return rows;
}

}  // namespace candor
