#include "activity/organisation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "activity/organisation_text.h"

namespace candor {
namespace {

using Kind = OrganisationFactKind;

std::vector<OrganisationFact> facts(const std::string& text) {
  std::vector<Diagnostic> faults;
  auto read = read_organisation_text(text, "organisation.yml", faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  return read;
}

Day day(const char* text) { return *parse_day(text); }

TEST(Organisation, OwnsItsDomainsAndThoseBelow) {
  const auto organisation = Organisation::build(facts("own_domains: [Example.com, example.co.uk]"));
  EXPECT_EQ(organisation->state(Kind::own_domain, 0), FactState::known);
  for (const char* domain : {"example.com", "a.b.example.com", "example.co.uk"}) {
    EXPECT_TRUE(organisation->owns(domain, 0)) << domain;
  }
  for (const char* domain : {"badexample.com", "com", "co.uk", ""})
    EXPECT_FALSE(organisation->owns(domain, 0)) << domain;
  EXPECT_FALSE(Organisation::build(facts("own_domains: []"))->knows_domains(0));
}

TEST(Organisation, FactsHoldOnTheirDays) {
  const auto organisation = Organisation::build(facts(R"(
own_domains:
  - {domain: old.example, to: 2026-03-31}
  - {domain: new.example, from: 2026-03-15}
clouds:
  - {domain: share.example, sanctioned: false}
  - {domain: share.example, sanctioned: true, from: 2026-06-01, to: 2026-06-30}
)"));
  EXPECT_TRUE(organisation->owns("old.example", day("2026-03-31")));
  EXPECT_FALSE(organisation->owns("old.example", day("2026-04-01")));
  EXPECT_FALSE(organisation->owns("new.example", day("2026-03-14")));
  EXPECT_TRUE(organisation->owns("new.example", day("2026-03-15")));
  // The one that begins later counts while it holds.
  EXPECT_EQ(organisation->cloud_sanctioned("share.example", day("2026-05-31")), false);
  EXPECT_EQ(organisation->cloud_sanctioned("share.example", day("2026-06-01")), true);
  EXPECT_EQ(organisation->cloud_sanctioned("share.example", day("2026-07-01")), false);
  EXPECT_EQ(organisation->domain_epoch(day("2026-01-01")), 0U);
  EXPECT_EQ(organisation->domain_epoch(day("2026-03-20")), 1U);
  EXPECT_EQ(organisation->domain_epoch(day("2026-04-01")), 2U);
}

TEST(Organisation, SaysWhatIsKnownAssumedAndMissing) {
  ShippedLists lists;
  lists.personal_mail = {"freemail.example"};
  const auto organisation =
      Organisation::build(facts("networks: [{network: 203.0.113.0/24, from: 2026-01-01, to: 2026-01-31},\n"
                                "           {network: 198.51.100.0/24, from: 2026-03-01}]"),
                          std::move(lists));
  EXPECT_EQ(organisation->state(Kind::own_domain, 0), FactState::missing);
  EXPECT_EQ(organisation->state(Kind::personal_mail_domain, 0), FactState::assumed);
  EXPECT_EQ(organisation->state(Kind::label, 0), FactState::missing);
  EXPECT_EQ(organisation->state(Kind::cloud, 0), FactState::missing);
  EXPECT_EQ(organisation->state(Kind::network, day("2026-01-31")), FactState::known);
  EXPECT_EQ(organisation->state(Kind::network, day("2026-02-01")), FactState::missing);
  EXPECT_EQ(organisation->state(Kind::network, day("2027-01-01")), FactState::known);
}

// Whatever the order of the facts, the answers and the fingerprint are the same.
TEST(Organisation, OrderDoesNotMatter) {
  auto all = facts(R"(
own_domains: [example.com, {domain: a.example, from: 2026-01-01}, {domain: a.example, to: 2026-01-01}]
labels: [{id: one, name: Same, order: 1}, {id: two, name: Same, order: 2}, {id: three, name: Other, order: 3}]
clouds: [{domain: c.example, sanctioned: true}, {domain: c.example, sanctioned: false, from: 2026-02-01}]
networks: [{network: 10.0.0.0/8, name: wide}, {network: 10.1.0.0/16, name: narrow}, {network: 10.1.0.0/16, name: later, from: 2026-02-01}]
)");
  const auto wanted = Organisation::build(all);
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::ranges::shuffle(all, random);
    const auto made = Organisation::build(all);
    EXPECT_EQ(made->fingerprint(), wanted->fingerprint());
    for (const Day at : {day("2025-12-31"), day("2026-01-01"), day("2026-03-01")}) {
      EXPECT_EQ(made->owns("a.example", at), wanted->owns("a.example", at));
      EXPECT_EQ(made->cloud_sanctioned("c.example", at), wanted->cloud_sanctioned("c.example", at));
      EXPECT_EQ(made->label_rank("same", at), std::nullopt);
      EXPECT_EQ(made->label_rank("other", at), 3);
      EXPECT_EQ(made->network(*parse_address("10.1.2.3"), at)->name, at < day("2026-02-01") ? "narrow" : "later");
      EXPECT_EQ(made->network(*parse_address("10.2.2.3"), at)->name, "wide");
    }
  }
}

TEST(Organisation, OnlyWhatRecordsAreReadByChangesTheFingerprint) {
  const auto before = Organisation::build(facts("own_domains: [example.com]"))->fingerprint();
  EXPECT_EQ(before,
            Organisation::build(facts("own_domains: [example.com]\nholidays: [{country: DE, date: 2026-12-25}]"))
                ->fingerprint());
  for (const char* text : {"own_domains: [example.org]", "own_domains: [{domain: example.com, to: 2026-01-01}]",
                           "own_domains: [example.com]\nprinters: [p]"}) {
    EXPECT_NE(before, Organisation::build(facts(text))->fingerprint()) << text;
  }
}

struct Faulty {
  const char* text;
  const char* id;
  int line;
  int column;
};

TEST(OrganisationText, NamesThePlaceOfAFault) {
  const Faulty rows[] = {
      {"own_domains:\n  - ann@example.com\n", "organisation.bad_value", 2, 5},
      {"own_domains: [example]\n", "organisation.bad_value", 1, 15},
      {"own_domains: []\nown_domain: []\n", "organisation.unknown_section", 2, 1},
      {"own_domains: []\nown_domains: []\n", "organisation.repeated_section", 2, 1},
      {"own_domains: example.com\n", "organisation.bad_section", 1, 14},
      {"own_domains: [[a.example]]\n", "organisation.bad_entry", 1, 15},
      {"own_domains: [{domain: a.example, owner: ann@example.com}]\n", "organisation.bad_value", 1, 42},
      {"own_domains: [{domain: a.example, form: 2026-01-01}]\n", "organisation.unknown_key", 1, 35},
      {"own_domains: [{domain: a.example, from: 2026-02-30}]\n", "organisation.bad_value", 1, 41},
      {"own_domains: [{domain: a.example, from: 2026-02-02, to: 2026-02-01}]\n", "organisation.bad_dates", 1, 15},
      {"labels: [{id: a, name: b}]\n", "organisation.missing_value", 1, 10},
      {"labels: [{id: a, name: b, order: -1}]\n", "organisation.bad_value", 1, 34},
      {"networks: [{network: 203.0.113.0/33}]\n", "organisation.bad_value", 1, 22},
      {"clouds: [a.example]\n", "organisation.missing_value", 1, 10},
      {"places: [{name: x, time_zone: Berlin}]\n", "organisation.bad_value", 1, 31},
      {"announced_events: [{name: x, kind: migration, owner: IT, reason: y}]\n", "organisation.missing_value", 1, 20},
      {"printers: [\"a\\u0007b\"]\n", "organisation.bad_value", 1, 12},
      {"", "organisation.bad_file", 0, 0},
      {"own_domains: [\n", "organisation.bad_yaml", 2, 1},
      {"a: 1\n---\nb: 2\n", "organisation.bad_file", 0, 0},
  };
  for (const Faulty& row : rows) {
    std::vector<Diagnostic> faults;
    read_organisation_text(row.text, "o.yml", faults);
    ASSERT_EQ(faults.size(), 1U) << row.text;
    EXPECT_EQ(faults[0].id, row.id) << row.text;
    EXPECT_TRUE(row.line == 0 || faults[0].line == row.line) << row.text << faults[0].line;
    EXPECT_TRUE(row.column == 0 || faults[0].column == row.column) << row.text << faults[0].column;
    EXPECT_EQ(to_text(faults[0]).find("ann@"), std::string::npos) << "a person's address is repeated";
  }
}

TEST(OrganisationText, KeepsWhatIsValidAndBringsItIntoOneForm) {
  std::vector<Diagnostic> faults;
  const auto read = read_organisation_text(R"(
own_domains: [EXAMPLE.com, nonsense, example.org.]
sites: [HTTPS://Example.sharepoint.com/sites/Plan/]
networks: [{network: 203.0.113.77/24}]
clouds: [{domain: a.example, sanctioned: no}]
)",
                                           "o.yml", faults);
  ASSERT_EQ(faults.size(), 1U);
  ASSERT_EQ(read.size(), 5U);
  EXPECT_EQ(read[0].attribute("domain"), "example.com");
  EXPECT_EQ(read[1].attribute("domain"), "example.org");
  EXPECT_EQ(read[2].attribute("url"), "example.sharepoint.com/sites/plan");
  EXPECT_EQ(read[3].attribute("network"), "203.0.113.0/24");
  EXPECT_EQ(read[4].attribute("sanctioned"), "false");
}

TEST(OrganisationText, FaultsBetweenFacts) {
  const auto all = facts(R"(
own_domains: [a.example, {domain: a.example, from: 2026-01-01}, {domain: b.example, to: 2026-01-01}, {domain: b.example, from: 2026-01-02}]
labels: [{id: one, name: A, order: 1}, {id: two, name: B, order: 1, parent: nobody}]
networks: [{network: 10.0.0.0/8, place: Nowhere}]
)");
  std::vector<Diagnostic> faults;
  check_between(all, faults);
  std::vector<std::string> ids;
  for (const Diagnostic& fault : faults) {
    ids.push_back(fault.id);
    EXPECT_EQ(fault.severity, Severity::warning);
    EXPECT_GT(fault.line, 0);
    EXPECT_FALSE(fault.hint.empty());
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"organisation.overlap", "organisation.equal_order",
                                           "organisation.leads_nowhere", "organisation.leads_nowhere"}));
}

TEST(Organisation, ShippedContentLoads) {
  std::vector<Diagnostic> faults;
  load_organisation_facts(std::string(CANDOR_SOURCE_DIR) + "/content/organisation.yml", faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  load_organisation_facts("/nowhere/organisation.yml", faults);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].id, "organisation.unreadable");
}

}  // namespace
}  // namespace candor
