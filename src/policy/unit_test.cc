#include "policy/unit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Fact entry(std::map<std::string, std::string> attributes) {
  Fact fact;
  fact.kind = FactKind::directory;
  fact.attributes = std::move(attributes);
  return fact;
}

Units sound_units(const std::string& text) {
  std::vector<Diagnostic> faults;
  Units units = read_units(text, "units.yml", faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  return units;
}

TEST(Units, AreReadInTheOrderOfTheirIds) {
  const Units units = sound_units(R"(units:
  - {id: sales, name: Sales, where: [{department: [Sales, Presales], country: DE}], except: [{title: Head}]}
  - {id: germany, name: Germany, description: All of it, where: [{country: DE}, {office: Munich}]}
)");
  ASSERT_EQ(units.units.size(), 2u);
  EXPECT_EQ(units.units[0].id, "germany");
  EXPECT_EQ(units.units[0].description, "All of it");
  EXPECT_EQ(rule_in_words(units.units[0]), "country: DE or office: Munich");
  EXPECT_EQ(rule_in_words(units.units[1]), "country: DE; department: Sales, Presales - except title: Head");
  EXPECT_NE(units.find("sales"), nullptr);
  EXPECT_EQ(units.find("Sales"), nullptr);
  EXPECT_THAT(sound_units("units: []").units, IsEmpty());
}

TEST(Units, MembersAreWhoTheDirectorySaysSo) {
  const Units units = sound_units(R"(units:
  - {id: a, name: A, where: [{department: [Sales], country: [DE]}, {groups: [Red team]}], except: [{title: Head, office: Bonn}]}
)");
  const Unit& unit = units.units.front();
  const auto is_in = [&](std::map<std::string, std::string> attributes) {
    attributes.emplace("title", "Clerk");
    const Fact fact = entry(std::move(attributes));
    return is_member(unit, &fact);
  };
  EXPECT_TRUE(is_in({{"department", "sales"}, {"country", "de"}}));
  EXPECT_FALSE(is_in({{"department", "Sales"}, {"country", "FR"}}));
  EXPECT_TRUE(is_in({{"groups", "Blue team\nRed team"}}));
  EXPECT_FALSE(is_in({{"groups", "Red"}}));
  EXPECT_FALSE(is_in({{"groups", "Red team"}, {"title", "Head"}, {"office", "Bonn"}}));
  EXPECT_TRUE(is_in({{"groups", "Red team"}, {"title", "Head"}, {"office", "Rome"}}));
}

TEST(Units, WhatIsNotKnownBringsNobodyIn) {
  const Units units = sound_units(R"(units:
  - {id: a, name: A, where: [{country: [DE]}], except: [{department: [Board]}]}
)");
  const Unit& unit = units.units.front();
  EXPECT_FALSE(is_member(unit, nullptr)) << "no directory tells of them";
  Fact fact = entry({{"department", "Sales"}});
  EXPECT_FALSE(is_member(unit, &fact)) << "the country is not told";
  fact = entry({{"country", "DE"}});
  EXPECT_FALSE(is_member(unit, &fact)) << "may be of the board";
  fact = entry({{"country", "DE"}, {"department", "Sales"}});
  EXPECT_TRUE(is_member(unit, &fact));
  fact.withdrawn = true;
  EXPECT_FALSE(is_member(unit, &fact));
  fact.withdrawn = false;
  fact.kind = FactKind::employee_profile;
  EXPECT_FALSE(is_member(unit, &fact)) << "another kind of fact";
}

struct UnitFault {
  const char* yaml;
  const char* says;
};

class BadUnits : public ::testing::TestWithParam<UnitFault> {};

TEST_P(BadUnits, AreToldWithTheirPlaceAndHaveNobodyInThem) {
  std::vector<Diagnostic> faults;
  const Units units = read_units(GetParam().yaml, "units.yml", faults);
  EXPECT_THAT(units.units, IsEmpty());
  ASSERT_FALSE(faults.empty());
  EXPECT_THAT(to_text(faults.front()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadUnits,
    ::testing::Values(
        UnitFault{"", "units."}, UnitFault{"- a", "units."}, UnitFault{"units: {a: 1}", "units."},
        UnitFault{"unit: []", "unit"}, UnitFault{"units: [{", "units."},
        UnitFault{"units: [{name: A, where: [{country: DE}]}]", "`id` is missing"},
        UnitFault{"units: [{id: a, where: [{country: DE}]}]", "`name` is missing"},
        UnitFault{"units: [{id: A b, name: A, where: [{country: DE}]}]", "units.bad_id"},
        UnitFault{"units:\n  - {id: a, name: A}", "units.yml:2:5  error units.no_rule"},
        UnitFault{"units: [{id: a, name: A, where: []}]", "units.no_rule"},
        UnitFault{"units: [{id: a, name: A, where: [{}]}]", "units.bad_scope"},
        UnitFault{"units: [{id: a, name: A, where: [{contry: DE}]}]", "did you mean `country`?"},
        UnitFault{"units: [{id: a, name: A, where: [{display_name: Ann}]}]", "units.unknown_attribute"},
        UnitFault{"units: [{id: a, name: A, where: [{country: []}]}]", "units.no_value"},
        UnitFault{"units: [{id: a, name: A, where: [{country: DE}], except: [{offices: X}]}]", "`office`"},
        UnitFault{"units: [{id: a, name: A, wher: [{country: DE}]}]", "wher"},
        UnitFault{"units: [{id: a, name: A, where: [{country: DE}]}, {id: a, name: B, where: [{country: FR}]}]",
                  "units.repeated"}));

TEST(Units, PriorityGroupsAreReadBesideThem) {
  std::vector<Diagnostic> faults;
  const Units units = read_units(R"(units:
  - {id: a, name: A, where: [{country: DE}]}
priority_groups:
  - {id: deals, name: Deals, where: [{groups: [Deals]}]}
  - {id: board, name: Board, description: And their offices, where: [{groups: [Board]}], except: [{title: Guest}]}
)",
                                 "units.yml", faults);
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_FALSE(units.faulty);
  ASSERT_EQ(units.groups.size(), 2u);
  EXPECT_EQ(units.groups.front().id, "board");
  EXPECT_EQ(rule_in_words(units.groups.front()), "groups: Board - except title: Guest");
  EXPECT_EQ(units.find("board"), nullptr) << "a viewer is not limited to a group";
  EXPECT_NE(units.find_group("board"), nullptr);
}

TEST(Units, AnIdIsGivenOnceToUnitsAndGroupsTogether) {
  std::vector<Diagnostic> faults;
  const Units units = read_units(R"(units: [{id: a, name: A, where: [{country: DE}]}]
priority_groups: [{id: a, name: A, where: [{country: DE}]}, {id: b, name: B}]
)",
                                 "units.yml", faults);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_THAT(to_text(faults[0]), HasSubstr("units.yml:2:19  error units.repeated"));
  EXPECT_THAT(to_text(faults[1]), HasSubstr("a priority group says who is in it"));
  EXPECT_TRUE(units.units.empty() && units.groups.empty() && units.faulty);
}

TEST(Units, AFaultInOneLeavesTheOthers) {
  std::vector<Diagnostic> faults;
  const Units units = read_units(R"(units:
  - {id: a, name: A, where: [{country: DE}]}
  - {id: b, name: B, where: [{county: FR}]}
)",
                                 "units.yml", faults);
  EXPECT_EQ(faults.size(), 1u);
  ASSERT_EQ(units.units.size(), 1u);
  EXPECT_EQ(units.units.front().id, "a");
}

}  // namespace
}  // namespace candor
