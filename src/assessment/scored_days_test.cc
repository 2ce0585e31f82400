#include "assessment/scored_days.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

constexpr Day kMove = 20'010;

Fact told(Day from, const char* department, const char* groups) {
  Fact fact;
  fact.kind = FactKind::directory;
  fact.valid_from = from;
  fact.attributes = {{"department", department}, {"groups", groups}, {"employee_type", "employee"}};
  return fact;
}

// Moves from Sales to Finance, and into a group with it.
Profile mover() {
  Profile profile;
  profile.facts = {told(20'000, "Sales", "All employees"), told(kMove, "Finance", "All employees\nPriority users")};
  return profile;
}

std::string days(const Scope& scope, const Profile& profile) {
  Policy policy;
  policy.scope = scope;
  std::string out;
  for (const Days& one : scored_days(policy, profile, false)) {
    out += std::to_string(one.from) + "-" + std::to_string(one.to) + " ";
  }
  return out;
}

TEST(ScoredDays, FollowTheScopeDayByDay) {
  const std::string before = "0-20009 ";
  const std::string after = "20010-65535 ";
  const std::string always = "0-65535 ";
  EXPECT_EQ(days({}, mover()), always);
  EXPECT_EQ(days({.where = {{{"department", {"finance"}}}}, .except = {}}, mover()), after);
  EXPECT_EQ(days({.where = {{{"department", {"Finance", "Sales"}}}}, .except = {}}, mover()), always);
  EXPECT_EQ(days({.where = {{{"groups", {"priority users"}}}}, .except = {}}, mover()), after);
  EXPECT_EQ(days({.where = {{{"groups", {"priority"}}}}, .except = {}}, mover()), "") << "no part of a name";
  EXPECT_EQ(days({.where = {}, .except = {{{"groups", {"Priority users"}}}}}, mover()), before);
  EXPECT_EQ(days({.where = {{{"department", {"Finance"}}, {"groups", {"nobody"}}}}, .except = {}}, mover()), "")
      << "all attributes of a condition";
  EXPECT_EQ(days({.where = {{{"department", {"Sales"}}}, {{"groups", {"Priority users"}}}}, .except = {}}, mover()),
            always)
      << "any condition";
}

TEST(ScoredDays, WhoIsInNoDirectoryMeetsNoCondition) {
  EXPECT_EQ(days({}, {}), "0-65535 ");
  EXPECT_EQ(days({.where = {{{"department", {"Sales"}}}}, .except = {}}, {}), "");
}

}  // namespace
}  // namespace candor
