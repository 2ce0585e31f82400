#include "organisation/import.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <limits>

#include "organisation/csv.h"
#include "store/test_store.h"

namespace candor {
namespace {

using Outcome = OrganisationImport::Outcome;
constexpr OrganisationImportOptions kDryRun{
    .kind = {}, .csv = false, .withdraw = false, .reinstate = false, .dry_run = true};
constexpr OrganisationImportOptions kDryWithdrawal{
    .kind = {}, .csv = false, .withdraw = true, .reinstate = false, .dry_run = true};
constexpr OrganisationImportOptions kWithdrawal{
    .kind = {}, .csv = false, .withdraw = true, .reinstate = false, .dry_run = false};
constexpr OrganisationImportOptions kReinstatement{
    .kind = {}, .csv = false, .withdraw = false, .reinstate = true, .dry_run = false};
constexpr TimePoint kForEver = std::numeric_limits<TimePoint>::max();

std::filesystem::path make_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "candor_organisation_XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

class Import : public testing::Test {
 protected:
  ~Import() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  OrganisationImport take(const std::string& text, OrganisationImportOptions options = {}, LearntAt learnt = {}) {
    if (learnt.time == 0) learnt.time = ++now_ * kMicrosPerSecond;
    auto import = import_organisation(*store_, facts_, text, "facts.yml", learnt, options);
    EXPECT_TRUE(import) << import.error().message;
    return import.value();
  }
  // What counts, as known then, in words.
  std::vector<std::string> said(TimePoint known = kForEver) const {
    std::vector<std::string> all;
    const auto counting = facts_.all(known).value();
    for (const StoredOrganisationFact& each : counting) {
      if (!each.withdrawn) all.push_back(describe(each.fact));
    }
    return all;
  }

  const std::filesystem::path folder_ = make_folder();
  const Keys keys_ = Keys::from_master({7});
  std::unique_ptr<Store> store_ = open_test_store(folder_).value();
  OrganisationFacts facts_{*store_, keys_};
  TimePoint now_ = 1000;
};

using Said = std::vector<std::string>;

TEST_F(Import, TheSameFileAgainChangesNothing) {
  const std::string text = "own_domains: [example.com]\nclouds: [{domain: c.example, sanctioned: false}]\n";
  const OrganisationImport first = take(text);
  EXPECT_EQ(first.count(Outcome::added), 2);
  EXPECT_TRUE(first.decides_matching);
  const OrganisationImport again = take(text);
  EXPECT_EQ(again.count(Outcome::unchanged), 2);
  EXPECT_FALSE(again.changes_anything());
  EXPECT_EQ(said(), (Said{"own_domains example.com", "clouds c.example: sanctioned false"}));
}

TEST_F(Import, ADryRunStoresNothing) {
  EXPECT_EQ(take("own_domains: [example.com]", kDryRun).count(Outcome::added), 1);
  EXPECT_EQ(said(), Said{});
  take("own_domains: [example.com]");
  EXPECT_EQ(take("own_domains: [example.com]", kDryWithdrawal).count(Outcome::withdrawn), 1);
  EXPECT_EQ(said(), (Said{"own_domains example.com"}));
}

TEST_F(Import, CorrectionsAndWithdrawalsAreKnownFromTheirTimeOn) {
  const auto at = [](const char* time) { return LearntAt{.time = *parse_time(time), .stated = true}; };
  take("own_domains: [{domain: a.example, from: 2026-01-01}]", {}, at("2026-01-10"));
  const auto corrected =
      take("own_domains: [{domain: a.example, from: 2026-01-01, to: 2026-06-30}]", {}, at("2026-02-10"));
  EXPECT_EQ(corrected.count(Outcome::corrected), 1);
  EXPECT_EQ(corrected.changes[0].before, "own_domains a.example, from 2026-01-01");
  take("own_domains: [{domain: a.example, from: 2026-01-01}]", kWithdrawal, at("2026-03-10"));
  EXPECT_EQ(said(*parse_time("2026-01-09")), Said{});
  EXPECT_EQ(said(*parse_time("2026-01-10")), (Said{"own_domains a.example, from 2026-01-01"}));
  EXPECT_EQ(said(*parse_time("2026-02-10")), (Said{"own_domains a.example, from 2026-01-01, to 2026-06-30"}));
  EXPECT_EQ(said(*parse_time("2026-03-10")), Said{});
}

TEST_F(Import, WhatWasWithdrawnStaysSoUnlessReinstated) {
  take("printers: [p]");
  EXPECT_EQ(take("printers: [p, q]", kWithdrawal).count(Outcome::withdrawn), 1);
  EXPECT_EQ(take("printers: [q]", kWithdrawal).count(Outcome::not_there), 1);
  EXPECT_EQ(take("printers: [p]").count(Outcome::still_withdrawn), 1);
  EXPECT_EQ(said(), Said{});
  EXPECT_EQ(take("printers: [p]", kReinstatement).count(Outcome::corrected), 1);
  EXPECT_EQ(said(), (Said{"printers p"}));
}

TEST_F(Import, TheOrderOfImportsForStatedTimesDoesNotMatter) {
  const LearntAt then{.time = kMicrosPerDay, .stated = true};
  const std::string one = "clouds: [{domain: c.example, sanctioned: false}, {domain: d.example, sanctioned: true}]";
  const std::string two = "clouds: [{domain: c.example, sanctioned: true}, {domain: d.example, sanctioned: false}]";
  take(one, {}, then);
  take(two, {}, then);
  const Said first = said();
  const std::filesystem::path folder = make_folder();
  {
    const auto store = open_test_store(folder).value();
    const OrganisationFacts others(*store, keys_);
    ASSERT_TRUE(import_organisation(*store, others, two, "", then, {}));
    ASSERT_TRUE(import_organisation(*store, others, one, "", then, {}));
    Said second;
    const auto counting = others.all(kForEver).value();
    for (const auto& each : counting) second.push_back(describe(each.fact));
    EXPECT_EQ(first, second);
  }
  std::filesystem::remove_all(folder);
}

TEST_F(Import, BadEntriesAreNamedAndTheOthersTaken) {
  const auto import = take(
      "own_domains:\n  - good.example\n  - bad\nclouds:\n  - {domain: c.example, sanctioned: false}\n"
      "  - {domain: c.example, sanctioned: true}\n");
  EXPECT_EQ(import.rejected, 2);
  ASSERT_EQ(import.diagnostics.size(), 2U);
  EXPECT_EQ(import.diagnostics[0].line, 3);
  EXPECT_EQ(import.diagnostics[1].line, 6);
  EXPECT_EQ(import.diagnostics[1].id, "organisation.contradiction");
  EXPECT_EQ(said(), (Said{"own_domains good.example", "clouds c.example: sanctioned false"}));
}

TEST_F(Import, AnImportCorrectsTheContentFile) {
  std::vector<OrganisationFact> content;
  OrganisationFact fact;
  fact.kind = OrganisationFactKind::cloud;
  fact.attributes = {{"domain", "c.example"}, {"sanctioned", "false"}};
  content.push_back(fact);
  take("clouds: [{domain: c.example, sanctioned: true}]");
  auto together = combine(content, facts_.all(kForEver).value());
  ASSERT_EQ(together.size(), 1U);
  EXPECT_EQ(together[0].attribute("sanctioned"), "true");
  take("clouds: [{domain: c.example, sanctioned: true}]", kWithdrawal);
  EXPECT_TRUE(combine(content, facts_.all(kForEver).value()).empty());
}

TEST_F(Import, WhatIsStoredIsSealed) {
  take("sites: [{url: 'https://example.sharepoint.com/sites/unheard-of', owner: Board office}]");
  auto reading = store_->read();
  ASSERT_TRUE(reading);
  const auto rows = reading->rows("select sealed_fact from organisation_facts").value();
  ASSERT_EQ(rows.size(), 1U);
  for (const Row& row : rows) {
    EXPECT_EQ(row.text(0).find("unheard-of"), std::string::npos);
  }
}

TEST(OrganisationCsv, LabelsAsTheTenantExportsThem) {
  std::vector<Diagnostic> faults;
  const auto labels = read_organisation_csv(
      "\xEF\xBB\xBF\"ImmutableId\",\"Guid\",\"DisplayName\",\"Name\",\"Priority\",\"ParentId\","
      "\"ParentLabelDisplayName\",\"Tooltip\"\r\n"
      "\"id-1\",\"g-1\",\"Public\",\"defa4170\",\"0\",\"\",\"\",\"x\"\r\n"
      "\"id-2\",\"g-2\",\"Confidential\",\"c\",\"1\",\"00000000-0000-0000-0000-000000000000\",\"\",\"two\nlines\"\r\n"
      "\"\",\"g-3\",\"All employees\",\"c\",\"2\",\"id-2\",\"Confidential\",\"\"\r\n",
      "labels.csv", std::nullopt, faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  ASSERT_EQ(labels.size(), 3U);
  EXPECT_EQ(describe(labels[0]), "labels id-1: name Public, order 0");
  EXPECT_EQ(describe(labels[1]), "labels id-2: name Confidential, order 1");
  EXPECT_EQ(describe(labels[2]), "labels g-3: name All employees, order 2, parent id-2");
}

struct Csv {
  const char* text;
  std::optional<OrganisationFactKind> kind;
  const char* id;
  int line;
};

TEST(OrganisationCsv, NamesEachBadRow) {
  using Kind = OrganisationFactKind;
  const Csv rows[] = {
      {"", Kind::site, "organisation.no_header", 1},
      {"a,b\n1,2\n", std::nullopt, "organisation.unknown_columns", 1},
      {"owner\nBoard\n", Kind::site, "organisation.missing_column", 1},
      {"url,priority\nexample.com/a,yes\nexample.com/b,perhaps\n", Kind::site, "organisation.bad_value", 3},
      {"url,owner\nexample.com/a,ann@example.com\n", Kind::site, "organisation.bad_value", 2},
      {"serial,from\nA,2026-01-01\nB,yesterday\n", Kind::removable_medium, "organisation.bad_value", 3},
      {"domain,sanctioned\nc.example,\n", Kind::cloud, "organisation.missing_value", 2},
      {"serial\n\"A\nB\n", Kind::removable_medium, "organisation.bad_row", 2},
  };
  for (const Csv& row : rows) {
    std::vector<Diagnostic> faults;
    read_organisation_csv(row.text, "x.csv", row.kind, faults);
    ASSERT_FALSE(faults.empty()) << row.text;
    EXPECT_EQ(faults[0].id, row.id) << row.text;
    EXPECT_EQ(faults[0].line, row.line) << row.text;
    EXPECT_EQ(to_text(faults[0]).find("ann@"), std::string::npos);
  }
}

}  // namespace
}  // namespace candor
