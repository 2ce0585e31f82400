#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class AlertPersonRoutes : public ::testing::Test {
 protected:
  std::string address(const char* who) { return "/alerts/" + world_.alert_of(who) + "/person"; }

  World world_;
  const std::string ana_ = world_.sign_in("ana", "analyst");
};

TEST_F(AlertPersonRoutes, ShowsEvidenceOfTheAlertsPolicyOnly) {
  const json page = world_.read(address(World::kThief), ana_);
  EXPECT_THAT(page.dump(), Not(HasSubstr("allory")));
  EXPECT_THAT(page.at("person").at("pseudonym").get<std::string>(), ::testing::StartsWith("Anon-"));
  ASSERT_EQ(page.at("insights").size(), 6u) << "two indicators on three days";
  for (const json& one : page.at("insights")) {
    EXPECT_EQ(one.at("count"), 30);
    EXPECT_EQ(one.at("level"), "high");
    EXPECT_EQ(one.at("threshold"), 20);
    EXPECT_TRUE(one.at("usual").is_null()) << "three days tell nothing";
  }
  double points = 0;
  const json alert = world_.read("/alerts/" + world_.alert_of(World::kThief), ana_);
  for (const json& one : page.at("insights")) points += one.at("points").is_null() ? 0 : one.at("points").get<double>();
  EXPECT_NEAR(points, alert.at("score").get<double>(), 1e-5);
  EXPECT_TRUE(page.at("sequences").empty());
  EXPECT_TRUE(page.at("alerts").empty());
  EXPECT_EQ(page.at("risk_level").at("level"), "none") << "nobody has looked at it yet";
}

TEST_F(AlertPersonRoutes, LeavesOutWhatIsBelowEveryLevel) {
  world_.append(World::kOther, start_of(20'598) + 3'600'000'000, "FileDownloaded", "one.txt", {IndicatorIndex{0}});
  world_.append(World::kOther, start_of(20'598) + 3'600'000'001, "FileDownloaded", "two.txt", {IndicatorIndex{1}});
  const json page = world_.read(address(World::kOther), ana_);
  ASSERT_EQ(page.at("insights").size(), 1u) << "one copy and one download a day are work, not evidence";
  EXPECT_EQ(page.at("insights")[0].at("indicator").at("name"), "usb_copy");
  EXPECT_EQ(page.at("insights")[0].at("count"), 25);
}

TEST_F(AlertPersonRoutes, SaysSinceWhenAndWhyInWhichScope) {
  const json scopes = world_.read(address(World::kThief), ana_).at("scopes");
  ASSERT_FALSE(scopes.empty());
  const json& scope = scopes[0];
  EXPECT_EQ(scope.at("policy").at("name"), "Data leaks");
  EXPECT_EQ(scope.at("trigger"), "Exfiltration over a threshold");
  EXPECT_EQ(scope.at("since"), "2026-04-17") << "40 days ago";
  EXPECT_EQ(scope.at("times"), 3) << "windows that touch are one";
  EXPECT_TRUE(scope.at("current"));
}

TEST_F(AlertPersonRoutes, ShowsOtherAlertsAndTheirHighestLevel) {
  const std::string alert = "/alerts/" + world_.alert_of(World::kThief);
  const json before = world_.read(alert, ana_);
  const json body = {{"reason", "expected"}, {"note", ""}, {"evidence_until", before.at("evidence_until")}};
  ASSERT_EQ(world_.post(alert + "/dismiss", ana_, body.dump()).status, 200);
  const json page = world_.read(alert + "/person", ana_);
  EXPECT_EQ(page.at("risk_level").at("level"), "none") << "somebody found it wrong";
  EXPECT_TRUE(page.at("alerts").empty()) << "the alert itself is not another one";
}

TEST_F(AlertPersonRoutes, WhatWasConfirmedGivesALevelForAWhile) {
  const std::string alert = "/alerts/" + world_.alert_of(World::kThief);
  ASSERT_EQ(world_.read(alert, ana_).at("severity"), "high");
  ASSERT_EQ(world_.post(alert + "/confirm", ana_, R"({"note":""})").status, 200);
  const json level = world_.read(alert + "/person", ana_).at("risk_level");
  EXPECT_EQ(level.at("level"), "elevated");
  EXPECT_EQ(level.at("because"), "An alert of high severity was confirmed");
  EXPECT_EQ(level.at("until"), format_day(day_of(world_.clock().now()) + 60));
}

TEST_F(AlertPersonRoutes, IsReachedFromAnAlertOnlyAndEveryLookIsInTheAuditLog) {
  world_.read(address(World::kThief), ana_);
  world_.read(address(World::kThief), ana_);
  EXPECT_EQ(world_.get("/alerts/0f/person", ana_).status, 404);
  EXPECT_EQ(world_.get("/alerts/person", ana_).status, 404);
  const std::string audrey = world_.sign_in("audrey", "auditor");
  EXPECT_EQ(world_.get(address(World::kThief), audrey).status, 403);
  int looks = 0;
  for (const AuditLine& line : world_.audit_lines()) {
    if (line.action != "alert.person_viewed") continue;
    ++looks;
    EXPECT_EQ(line.alert, world_.alert_of(World::kThief));
    EXPECT_THAT(line.pseudonym, ::testing::StartsWith("Anon-"));
  }
  EXPECT_EQ(looks, 2);
}

}  // namespace
}  // namespace candor::api
