// The files beside the audit log: directory with its history, human resources' deliveries, the organisation's own
// world, labels with what was carried out.
#include "simulator/facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "simulator/documents.h"
#include "simulator/memory_sink.h"
#include "simulator/simulate.h"

namespace candor {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<Row> rows_of(const std::string& text) {
  const auto lines = csv(text);
  std::vector<Row> rows;
  rows.reserve(lines.size());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].size(), lines[0].size());
    Row& row = rows.emplace_back();
    for (std::size_t column = 0; column < lines[0].size(); ++column) row[lines[0][column]] = lines[i][column];
  }
  return rows;
}

struct Written {
  Workforce organisation;
  Plan plan;
  MemorySink sink;
};

// Everything but audit log and badges.
const Written& written() {
  static const Written kept = [] {
    SimulationOptions options;
    options.people = 500;
    options.seed = 5;
    Written made{
        build_organisation(options.people, options.seed, options.start, options.start + options.days - 1), {}, {}};
    made.plan = make_plan(made.organisation, options).value();
    Output output{made.sink};
    EXPECT_TRUE(write_directory(made.organisation, made.plan, output));
    EXPECT_TRUE(write_organisation(made.organisation, made.plan, output));
    EXPECT_TRUE(write_hr(made.organisation, made.plan, output));
    EXPECT_TRUE(write_labels(made.organisation, made.plan, output));
    return made;
  }();
  return kept;
}

// The directory's exports by day, each by sign-in name.
std::map<Day, std::map<std::string, Row>> exports() {
  std::map<Day, std::map<std::string, Row>> all;
  for (const auto& [name, text] : written().sink.files) {
    if (!name.starts_with("directory/")) continue;
    auto& people = all[parse_day(name.substr(10, 10)).value()];
    for (const Row& row : rows_of(text)) people[row.at("userPrincipalName")] = row;
  }
  return all;
}

TEST(DirectoryHistory, begins_with_the_first_day_and_ends_with_the_directory_of_today) {
  const auto all = exports();
  ASSERT_GT(all.size(), 5U);
  EXPECT_EQ(all.begin()->first, written().organisation.first);
  std::map<std::string, Row> today;
  for (const Row& row : rows_of(written().sink.files.at("directory.csv"))) today[row.at("userPrincipalName")] = row;
  EXPECT_EQ(all.rbegin()->second, today);
}

TEST(DirectoryHistory, each_export_differs_from_the_one_before) {
  const auto all = exports();
  for (auto at = std::next(all.begin()); at != all.end(); ++at) {
    EXPECT_NE(at->second, std::prev(at)->second) << format_day(at->first);
  }
}

TEST(DirectoryHistory, says_a_job_change_when_it_is_known_and_not_before) {
  const auto all = exports();
  int seen = 0;
  for (const Person& person : written().organisation.people) {
    if (person.moves.empty()) continue;
    const Move& move = person.moves.front();
    for (const auto& [day, people] : all) {
      const auto row = people.find(person.address);
      if (row == people.end()) continue;
      const bool knows = day >= move.known;
      const int manager = knows ? move.to.manager : person.manager;
      EXPECT_EQ(row->second.at("manager"), written().organisation.people[static_cast<std::size_t>(manager)].address);
      EXPECT_EQ(row->second.at("department"), to_text(knows ? move.to.department : person.department));
      ++seen;
    }
  }
  EXPECT_GT(seen, 10);
}

TEST(DirectoryHistory, switches_leavers_off_and_then_forgets_them) {
  const auto all = exports();
  int off = 0;
  int gone = 0;
  for (const Person& person : written().organisation.people) {
    if (person.last_day == kNever) continue;
    for (const auto& [day, people] : all) {
      const auto row = people.find(person.address);
      if (row == people.end()) {
        EXPECT_GT(day, person.last_day + 30);
        ++gone;
        continue;
      }
      EXPECT_EQ(row->second.at("accountEnabled"), day > person.last_day ? "false" : "true");
      off += day > person.last_day ? 1 : 0;
    }
  }
  EXPECT_GT(off, 5);
  EXPECT_GT(gone, 5);
}

TEST(DirectoryHistory, has_addresses_groups_and_ends_of_contracts) {
  const std::vector<Row> rows = rows_of(written().sink.files.at("directory.csv"));
  std::set<std::string> accounts;
  int contractors = 0;
  for (const Row& row : rows) {
    if (row.at("userType") != "Member") continue;
    EXPECT_TRUE(accounts.insert(row.at("onPremisesSamAccountName")).second);
    EXPECT_TRUE(row.at("proxyAddresses").starts_with("SMTP:" + row.at("mail") + ";smtp:"));
    EXPECT_NE(row.at("groups").find(row.at("department")), std::string::npos);
    if (row.at("employeeType") != "Contractor") continue;
    ++contractors;
    EXPECT_NE(row.at("companyName"), "Northlight");
    EXPECT_TRUE(parse_time(row.at("employeeLeaveDateTime")));
  }
  EXPECT_GT(contractors, 5);
}

TEST(ResignationHistory, leads_to_the_final_file) {
  // Taking the deliveries in order, the withdrawn ones away, gives hr.csv.
  std::map<std::string, Row> known;
  int corrections = 0;
  int withdrawals = 0;
  for (const auto& [name, text] : written().sink.files) {
    if (!name.starts_with("hr_history/")) continue;
    const bool withdrawn = name.ends_with("-withdrawn.csv");
    for (const Row& row : rows_of(text)) {
      const std::string key = row.at("EmailAddress");
      if (withdrawn) {
        EXPECT_EQ(known.erase(key), 1U) << "withdrawn before it was told";
        ++withdrawals;
        continue;
      }
      corrections += known.contains(key) ? 1 : 0;
      if (known.contains(key)) {
        EXPECT_EQ(known[key].at("ResignationDate"), row.at("ResignationDate"));
      }
      known[key] = row;
    }
  }
  std::map<std::string, Row> final_rows;
  for (const Row& row : rows_of(written().sink.files.at("hr.csv"))) final_rows[row.at("EmailAddress")] = row;
  EXPECT_EQ(known, final_rows);
  EXPECT_GT(corrections, 0);
  EXPECT_GT(withdrawals, 0);
}

TEST(OrganisationFile, names_what_the_records_name) {
  const std::string& text = written().sink.files.at("organisation.yml");
  for (const char* section : {"own_domains:", "partner_domains:", "personal_mail_domains:", "labels:",
                              "sensitive_info_types:", "sites:", "devices:", "removable_media:", "networks:", "places:",
                              "clouds:", "applications:", "printers:", "holidays:", "announced_events:"}) {
    EXPECT_NE(("\n" + text).find("\n" + std::string(section) + "\n"), std::string::npos) << section;
  }
  for (const Site& site : written().organisation.sites) EXPECT_NE(text.find("\"" + site.url + "\""), std::string::npos);
  for (const Person& person : written().organisation.people) {
    EXPECT_NE(text.find("\"" + person.device + "\""), std::string::npos);
    EXPECT_EQ(text.find(person.address), std::string::npos) << "owners are departments, never people";
  }
  EXPECT_NE(text.find("{country: \"US\", date: \"2026-01-19\"}"), std::string::npos);
  EXPECT_NE(text.find("kind: migration,"), std::string::npos);
  EXPECT_NE(text.find("kind: laptop_roll_out,"), std::string::npos);
  EXPECT_NE(text.find("kind: auto_labelling,"), std::string::npos);
  EXPECT_NE(text.find("kind: reorganisation,"), std::string::npos);
}

TEST(OrganisationFile, is_cut_where_it_would_grow_too_large) {
  MemorySink sink;
  Output output{sink};
  const Day first = kDefaultSimulationStart;
  const Workforce large = build_organisation(60'000, 1, first, first);
  ASSERT_TRUE(write_organisation(large, {}, output));
  EXPECT_TRUE(sink.files.contains("organisation-0002.yml"));
  for (const auto& [name, text] : sink.files) {
    EXPECT_LT(text.size(), std::size_t{8} << 20) << name;
    EXPECT_LT(std::ranges::count(text, '\n'), 200'000) << name;
  }
}

TEST(Labels, tell_what_was_carried_out) {
  std::map<std::string, int> with;  // scenario: people with something carried out
  std::map<std::string, int> all;
  for (const Row& row : rows_of(written().sink.files.at("labels.csv"))) {
    ++all[row.at("scenario")];
    if (row.at("carry_outs").empty()) continue;
    ++with[row.at("scenario")];
    for (const auto& one : nlohmann::json::parse(row.at("carry_outs"))) {
      EXPECT_GE(one.at("files").get<int>(), 1);
      EXPECT_GE(one.at("bytes").get<std::int64_t>(), 1000);
      EXPECT_LE(one.at("first").get<std::string>(), one.at("last").get<std::string>());
      EXPECT_NE(one.at("destination").get<std::string>(), "");
    }
  }
  for (const char* name : {"departing_thief", "slow_leaker", "night_media_leak_site", "other_mailbox_mailed_home",
                           "cloud_upload_after_layoffs", "mail_to_self", "label_downgrade_exfiltration",
                           "misdirected_mail", "link_left_open", "first_use", "audit_season"}) {
    EXPECT_EQ(with[name], all[name]) << name;
    EXPECT_GT(all[name], 0) << name;
  }
  for (const char* name : {"saboteur_administrator", "site_migration", "holiday_catch_up", "job_change",
                           "laptop_resync_wave", "auto_label_wave", "mail_migration"}) {
    EXPECT_EQ(with[name], 0) << name;
    EXPECT_GT(all[name], 0) << name;
  }
}

TEST(Labels, a_lowered_label_does_not_hide_what_left) {
  for (const Row& row : rows_of(written().sink.files.at("labels.csv"))) {
    if (row.at("scenario") != "label_downgrade_exfiltration") continue;
    for (const auto& one : nlohmann::json::parse(row.at("carry_outs"))) {
      const std::string label = one.at("label");
      EXPECT_TRUE(label == "Confidential" || label == "Highly Confidential") << label;
    }
  }
}

}  // namespace
}  // namespace candor
