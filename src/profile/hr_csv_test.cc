#include "profile/hr_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

std::string sample(const std::string& name) {
  std::ifstream in(std::string(CANDOR_SOURCE_DIR) + "/src/profile/testdata/purview/" + name, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << name;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

HrCsv read_hr(std::string_view text, const HrCsvOptions& options = {}) {
  auto csv = read_hr_csv(text, "hr.csv", options);
  EXPECT_TRUE(csv.has_value()) << csv.error().message;
  return csv ? *std::move(csv) : HrCsv{};
}

std::string refused(std::string_view text, const HrCsvOptions& options = {}) {
  const auto csv = read_hr_csv(text, "hr.csv", options);
  return csv ? "read" : csv.error().id;
}

// "line kind account occurred attributes"
std::string words(const HrRow& row) {
  std::string text = std::to_string(row.line) + " " + std::string(to_text(row.kind)) + " " + row.account;
  if (row.occurred) text += " " + format_time(*row.occurred);
  for (const auto& [name, value] : row.attributes) text += " " + name + "=" + value;
  return text;
}

std::vector<std::string> all_words(const HrCsv& csv) {
  std::vector<std::string> texts;
  for (const HrRow& row : csv.rows) texts.push_back(words(row));
  return texts;
}

TEST(HrCsvSamples, Resignation) {
  EXPECT_THAT(all_words(read_hr(sample("hr-resignation.csv"))),
              ElementsAre("2 resignation sarad@contoso.com 2019-04-23T09:48:02.467504Z last_working_day=2019-04-29",
                          "3 resignation pilarp@contoso.com 2019-04-24T09:15:49Z last_working_day=2019-04-29"));
}

TEST(HrCsvSamples, JobLevelChange) {
  EXPECT_THAT(
      all_words(read_hr(sample("hr-job-level-change.csv"))),
      ElementsAre("2 job_level_change sarad@contoso.com 2019-04-23T09:48:02.467504Z new_level=Level 60- Manager "
                  "old_level=Level 61 - Sr. Manager",
                  "3 job_level_change pillar@contoso.com 2019-04-23T09:48:02.467504Z new_level=Level 60- Sr. "
                  "Manager old_level=Level 62 - Director"));
}

TEST(HrCsvSamples, PerformanceReview) {
  EXPECT_THAT(
      all_words(read_hr(sample("hr-performance-review.csv"))),
      ElementsAre("2 performance_review sarad@contoso.com 2019-04-23T09:48:02.467504Z rating=2-Below expectation "
                  "remarks=Met expectations but bad attitude",
                  "3 performance_review pillar@contoso.com 2019-04-23T09:48:02.467504Z remarks=Multiple "
                  "conflicts with the team"));
}

TEST(HrCsvSamples, ImprovementPlan) {
  EXPECT_THAT(
      all_words(read_hr(sample("hr-performance-improvement-plan.csv"))),
      ElementsAre("2 improvement_plan sarad@contoso.com 2019-04-23T09:48:02.467504Z rating=2-Below expectation "
                  "remarks=Met expectation but bad attitude",
                  "3 improvement_plan pillar@contoso.com 2019-04-23T09:48:02.467504Z remarks=Multiple conflicts "
                  "with the team"));
}

TEST(HrCsvSamples, EmployeeProfile) {
  EXPECT_THAT(all_words(read_hr(sample("hr-employee-profile.csv"))),
              ElementsAre("2 employee_profile jackq@contoso.com address_line_1=50 Oakland Ave address_line_2=#206 "
                          "city=City department=Orthopaedic first_name=jack last_name=qualtz role=Nurse state=Florida "
                          "type=Regular user_name=jackq zip=32104"));
}

TEST(HrCsvSamples, SeveralScenariosInOneFile) {
  const HrCsv csv = read_hr(sample("hr-multi-scenario.csv"));
  EXPECT_EQ(csv.rows_read, 8);
  ASSERT_EQ(csv.rows.size(), 8u);
  EXPECT_EQ(words(csv.rows[3]),
            "5 job_level_change pillarp@contoso.com 2019-04-23T09:48:02.467504Z new_level=Level 60 Sr Manager "
            "old_level=Level 62 Director");
  EXPECT_EQ(csv.rows[6].kind, FactKind::improvement_plan);
  // Its two level changes have their date under ResignationDate.
  ASSERT_EQ(csv.diagnostics.size(), 2u);
  EXPECT_EQ(csv.diagnostics[0].id, "profile.hr_date_elsewhere");
  EXPECT_EQ(csv.diagnostics[0].line, 4);
  EXPECT_EQ(csv.diagnostics[0].severity, Severity::warning);
}

TEST(HrCsv, EveryTimeFormatAndTheLastDayAsWritten) {
  const HrCsv csv = read_hr(
      "EmailAddress,ResignationDate,LastWorkingDate\n"
      "a@example.com,2026-04-23T00:00:00+05:30,2026-04-30T00:00:00+05:30\n"
      "b@example.com,2026-04-23T00:00:00,2026-04-30T23:59:59.9999999\n"
      "c@example.com,2026-04-23T00:00:00Z,2026-04-30\n"
      "d@example.com,2026-04-23,\n");
  EXPECT_THAT(all_words(csv),
              ElementsAre("2 resignation a@example.com 2026-04-22T18:30:00Z last_working_day=2026-04-30",
                          "3 resignation b@example.com 2026-04-23T00:00:00Z last_working_day=2026-04-30",
                          "4 resignation c@example.com 2026-04-23T00:00:00Z last_working_day=2026-04-30",
                          "5 resignation d@example.com 2026-04-23T00:00:00Z"));
}

struct BadRow {
  std::string row;
  std::string reason;
};

class HrCsvBadRow : public testing::TestWithParam<BadRow> {};

TEST_P(HrCsvBadRow, IsNamedAndTheRestIsTaken) {
  const std::string text = "EmailAddress,ResignationDate,LastWorkingDate\r\nfirst@example.com,2026-01-01,\r\n" +
                           GetParam().row + "\r\nlast@example.com,2026-01-02,\r\n";
  const HrCsv csv = read_hr(text);
  EXPECT_EQ(csv.rows_read, 3);
  ASSERT_EQ(csv.rows.size(), 2u);
  EXPECT_EQ(csv.rows[1].account, "last@example.com");
  EXPECT_THAT(csv.rejected, ElementsAre(Pair(GetParam().reason, 1)));
  ASSERT_EQ(csv.diagnostics.size(), 1u);
  EXPECT_EQ(csv.diagnostics[0].id, GetParam().reason);
  EXPECT_EQ(csv.diagnostics[0].line, 3);
  EXPECT_THAT(to_text(csv.diagnostics[0]), Not(HasSubstr("somebody"))) << "no names in messages";
}

INSTANTIATE_TEST_SUITE_P(
    Rows, HrCsvBadRow,
    testing::Values(BadRow{",2026-01-01,", "profile.hr_bad_address"},
                    BadRow{"somebody,2026-01-01,", "profile.hr_bad_address"},
                    BadRow{"@example.com,2026-01-01,", "profile.hr_bad_address"},
                    BadRow{"somebody@,2026-01-01,", "profile.hr_bad_address"},
                    BadRow{"some body@example.com,2026-01-01,", "profile.hr_bad_address"},
                    BadRow{"a@b@example.com,2026-01-01,", "profile.hr_bad_address"},
                    BadRow{std::string(400, 'a') + "@example.com,2026-01-01,", "profile.hr_bad_address"},
                    BadRow{"somebody@example.com", "profile.hr_no_date"},
                    BadRow{"somebody@example.com,,2026-01-01", "profile.hr_no_date"},
                    BadRow{"somebody@example.com,4/23/2026,", "profile.hr_bad_date"},
                    BadRow{"somebody@example.com,2026-02-30,", "profile.hr_bad_date"},
                    BadRow{"somebody@example.com,somebody left,", "profile.hr_bad_date"},
                    BadRow{"somebody@example.com,2026-01-01,soon", "profile.hr_bad_date"},
                    BadRow{"somebody@example.com,2026-01-01,2026-01-31T99:00:00", "profile.hr_bad_date"},
                    BadRow{"somebody@example.com,2026-01-01,,surplus", "profile.hr_too_many_fields"},
                    BadRow{"somebody\xff@example.com,2026-01-01,", "profile.hr_not_utf8"},
                    BadRow{"\"somebody\"@example.com,2026-01-01,", "profile.hr_bad_row"}));

TEST(HrCsv, EmptyRowsOfSpreadsheetsArePassedOver) {
  const HrCsv csv = read_hr("EmailAddress,ResignationDate\n,\n , ,,\na@example.com,2026-01-01,,\n,,,,\n");
  EXPECT_EQ(csv.rows_read, 1);
  EXPECT_TRUE(csv.diagnostics.empty());
}

TEST(HrCsv, AddressesAreTrimmedAndInLowerCase) {
  EXPECT_EQ(read_hr("EmailAddress,ResignationDate\n\" Sara.D@Example.COM \",2026-01-01\n").rows[0].account,
            "sara.d@example.com");
}

TEST(HrCsv, ColumnsInAnyOrderSpellingAndMapped) {
  EXPECT_THAT(all_words(read_hr("resignation date;X;EMAIL ADDRESS\n2026-01-01;y;a@example.com\n")),
              ElementsAre("2 resignation a@example.com 2026-01-01T00:00:00Z"));
  HrCsvOptions options;
  options.columns = {{"Wer", "email"}, {"Gekündigt am", "ResignationDate"}, {"Letzter Tag", "last_working_date"}};
  EXPECT_THAT(
      all_words(read_hr("Wer,Gekündigt am,Letzter Tag,EmailAddress\na@example.com,2026-01-01,2026-02-01,x\n", options)),
      ElementsAre("2 resignation a@example.com 2026-01-01T00:00:00Z last_working_day=2026-02-01"));
}

TEST(HrCsv, TheKindIsSaidWhenColumnsDoNotTell) {
  const std::string text = "EmailAddress,EffectiveDate,Remarks\na@example.com,2026-01-01,x\n";
  EXPECT_EQ(read_hr(text).rows[0].kind, FactKind::performance_review);
  EXPECT_EQ(read_hr(text, {.kind = FactKind::improvement_plan, .columns = {}}).rows[0].kind,
            FactKind::improvement_plan);
  EXPECT_EQ(read_hr("EmailAddress,UserName,ResignationDate\na@example.com,a,2026-01-01\n").rows[0].kind,
            FactKind::resignation);
  const HrCsv csv = read_hr("HRScenario,EmailAddress,EffectiveDate\nParty,a@example.com,2026-01-01\n");
  EXPECT_THAT(csv.rejected, ElementsAre(Pair("profile.hr_unknown_scenario", 1)));
}

TEST(HrCsv, FilesThatCannotBeReadAreRefused) {
  EXPECT_EQ(refused(""), "profile.hr_no_header");
  EXPECT_EQ(refused("\n\n"), "profile.hr_no_header");
  EXPECT_EQ(refused("\"EmailAddress"), "profile.hr_no_header");
  EXPECT_EQ(refused("Name,ResignationDate\n"), "profile.hr_no_address_column");
  EXPECT_EQ(refused("EmailAddress,EffectiveDate\n"), "profile.hr_kind_unknown");
  EXPECT_EQ(refused("EmailAddress,ResignationDate,OldLevel\n"), "profile.hr_kind_unknown");
  EXPECT_EQ(refused("EmailAddress,UPN,ResignationDate\n"), "profile.hr_column_twice");
  EXPECT_EQ(refused(std::string("\xff\xfe"
                                "E\0",
                                4)),
            "profile.hr_not_utf8");
  EXPECT_EQ(refused(std::string((64u << 20) + 1, 'x')), "profile.hr_too_large");
  EXPECT_EQ(refused("EmailAddress,ResignationDate\n", {.kind = {}, .columns = {{"Email", "email"}}}),
            "profile.hr_unknown_column");
  EXPECT_EQ(refused("EmailAddress,ResignationDate\n", {.kind = {}, .columns = {{"EmailAddress", "adress"}}}),
            "profile.hr_unknown_field");
  std::string garbage = "EmailAddress,ResignationDate\n";
  for (int i = 0; i < 10'002; ++i) garbage += "x\"\n";
  EXPECT_EQ(refused(garbage), "profile.hr_not_csv");
}

TEST(HrCsv, OnlySoManyDiagnosticsAreKept) {
  std::string text = "EmailAddress,ResignationDate\n";
  for (int i = 0; i < 1500; ++i) text += "a@example.com,\n";
  const HrCsv csv = read_hr(text);
  EXPECT_EQ(csv.diagnostics.size(), 1000u);
  EXPECT_EQ(csv.diagnostics_left_out, 500);
  EXPECT_THAT(csv.rejected, ElementsAre(Pair("profile.hr_no_date", 1500)));
}

}  // namespace
}  // namespace candor
