// What the organisation sets, and changes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/every_operation_test.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSetBecause = "agreed in the works council";

json wanted(const std::string& value) { return {{"value", value}, {"reason", kSetBecause}}; }
json decided(int number) { return {{"reason", kSetBecause}, {"number", number}}; }

class SettingRoutes : public ::testing::Test {
 protected:
  SettingRoutes() { world_.set_invented(false); }
  json setting(const std::string& name) {
    const json found = world_.read("/settings", root_).at("settings");
    for (const json& one : found) {
      if (one.at("name") == name) return one;
    }
    ADD_FAILURE() << name;
    return {};
  }
  std::string error(const std::string& target, const std::string& token, const json& body) {
    return error_id(world_.post(target, token, body.dump()));
  }

  World world_;
  const std::string root_ = world_.sign_in("root", "admin");
  const std::string boss_ = world_.sign_in("boss", "admin");
};

TEST_F(SettingRoutes, EverySettingWithWhereItComesFrom) {
  const json all = world_.read("/settings", root_);
  EXPECT_TRUE(all.at("second_person"));
  EXPECT_EQ(all.at("settings").size(), setting_names().size());
  EXPECT_THAT(all.dump(), Not(HasSubstr("secret-token")));
  const json webhook = setting("silence.webhook");
  EXPECT_EQ(webhook.at("value"), "set");
  EXPECT_EQ(webhook.at("origin"), "file");
  EXPECT_EQ(webhook.at("line"), 3);
  EXPECT_EQ(webhook.at("changes"), "in_file_only");
  const json days = setting("retention.activity_days");
  EXPECT_EQ(days.at("value"), "90");
  EXPECT_EQ(days.at("origin"), "default");
  EXPECT_EQ(days.at("most"), 3650);
  EXPECT_TRUE(days.at("line").is_null());
  EXPECT_EQ(world_.audit_lines().front().action, "settings.viewed");
  EXPECT_EQ(world_.get("/settings?all=1", root_).status, 400);
}

TEST_F(SettingRoutes, ASecondPersonAgrees) {
  const std::string days = "/settings/retention.activity_days";
  const Response asked = world_.post(days, root_, wanted("120").dump());
  ASSERT_EQ(asked.status, 200) << asked.body;
  EXPECT_EQ(json::parse(asked.body).at("decision"), "waits");
  EXPECT_EQ(setting("retention.activity_days").at("waiting").at("asked_by"), "root");
  EXPECT_EQ(world_.read("/retention", root_).at("activity_days"), 90);
  EXPECT_EQ(error(days + "/approve", root_, decided(1)), "settings.own_request");
  EXPECT_EQ(error(days + "/withdraw", boss_, decided(1)), "settings.not_own");
  ASSERT_EQ(world_.post(days + "/approve", boss_, decided(1).dump()).status, 200);
  EXPECT_EQ(world_.read("/retention", root_).at("activity_days"), 120) << "from now on, without a restart";
  const json now = setting("retention.activity_days");
  EXPECT_EQ(now.at("origin"), "changed");
  EXPECT_EQ(now.at("in_file"), "90");
  EXPECT_EQ(now.at("change").at("decided_by"), "boss");
  const auto lines = world_.audit_lines();
  const auto approved = std::ranges::find(lines, "setting.approved", [](const AuditLine& one) { return one.action; });
  ASSERT_NE(approved, lines.end());
  EXPECT_EQ(approved->object_id, "retention.activity_days");
  EXPECT_EQ(approved->reason, kSetBecause);
}

TEST_F(SettingRoutes, EveryKindOfRetentionIsShownWithItsSetting) {
  const json kept = world_.read("/retention", root_);
  std::map<std::string, int> days;
  for (const json& kind : kept.at("kinds")) {
    days[kind.at("kind")] = kind.at("days");
    EXPECT_EQ(setting(kind.at("setting")).at("value"), std::to_string(kind.at("days").get<int>()));
    EXPECT_EQ(kind.at("removed"), 0);
  }
  EXPECT_EQ(days, (std::map<std::string, int>{{"undecided_alerts", 120},
                                              {"decided_alerts", 365},
                                              {"cases", 120},
                                              {"case_alerts", 120},
                                              {"case_evidence", 120},
                                              {"requests", 120},
                                              {"messages", 400}}));
  const std::string path = "/settings/retention.case_days";
  for (const char* bad : {"-1", "3651", "never", "", "1.5"}) EXPECT_NE(error(path, root_, wanted(bad)), "") << bad;
  ASSERT_EQ(world_.post(path, root_, wanted("0").dump()).status, 200);
  ASSERT_EQ(error(path + "/approve", boss_, decided(1)), "");
  const json told = world_.read("/retention", root_);
  for (const json& kind : told.at("kinds")) {
    if (kind.at("setting") == "retention.case_days") {
      EXPECT_EQ(kind.at("days"), 0);
    }
  }
}

TEST_F(SettingRoutes, OnePersonWithTwoAccountsIsNoSecond) {
  ASSERT_TRUE(world_.viewers().link("local/test", "root", World::kQuiet));
  ASSERT_TRUE(world_.viewers().link("local/test", "boss", World::kQuiet));
  ASSERT_EQ(world_.post("/settings/retention.raw_days", root_, wanted("10").dump()).status, 200);
  EXPECT_EQ(error("/settings/retention.raw_days/approve", boss_, decided(1)), "settings.own_request");
  EXPECT_EQ(error("/settings/retention.raw_days/reject", boss_, decided(1)), "");
}

TEST_F(SettingRoutes, AnalyticsAreSwitchedWhileItRuns) {
  EXPECT_EQ(world_.read("/analytics", root_).at("state"), "off");
  ASSERT_EQ(world_.post("/settings/analytics.enabled", root_, wanted("true").dump()).status, 200);
  EXPECT_EQ(world_.read("/analytics", root_).at("state"), "off") << "nobody agreed yet";
  ASSERT_EQ(world_.post("/settings/analytics.enabled/approve", boss_, decided(1).dump()).status, 200);
  EXPECT_NE(world_.read("/analytics", root_).at("state"), "off");
  ASSERT_EQ(world_.post("/settings/analytics.enabled", root_, wanted("false").dump()).status, 200);
  EXPECT_EQ(world_.read("/analytics", root_).at("state"), "off") << "at once";
}

TEST_F(SettingRoutes, Refusals) {
  EXPECT_EQ(error("/settings/retention.raw_days", root_, wanted("91")), "settings.bad_value");
  EXPECT_EQ(error("/settings/retention.raw_days", root_, wanted("<script>")), "settings.bad_value");
  EXPECT_EQ(error("/settings/retention.raw_days", root_, wanted("30")), "settings.same");
  EXPECT_EQ(error("/settings/retention.raw_days", root_, wanted("")), "settings.same");
  EXPECT_EQ(error("/settings/oidc.issuer", root_, wanted("https://elsewhere.example")), "settings.in_file_only");
  EXPECT_EQ(error("/settings/no.such", root_, wanted("1")), "settings.unknown");
  EXPECT_EQ(error("/settings/retention.raw_days", root_, {{"value", "20"}, {"reason", "short"}}), "api.bad_property");
  EXPECT_EQ(error("/settings/retention.raw_days", root_, {{"value", std::string(201, '1')}, {"reason", kSetBecause}}),
            "api.bad_property");
  EXPECT_EQ(error("/settings/retention.raw_days/approve", boss_, decided(7)), "settings.nothing_waits");
  EXPECT_TRUE(world_.read("/settings", root_).at("changes").empty());
}

TEST_F(SettingRoutes, LeastPrivilege) {
  const std::string officer = world_.sign_in("otto", "privacy_officer");
  const std::string analyst = world_.sign_in("ann", "analyst");
  EXPECT_EQ(world_.get("/settings", officer).status, 200);
  EXPECT_EQ(world_.get("/settings", analyst).status, 403);
  EXPECT_EQ(error("/settings/retention.raw_days", officer, wanted("20")), "access.not_allowed");
  ASSERT_EQ(world_.post("/settings/retention.raw_days", root_, wanted("20").dump()).status, 200);
  EXPECT_EQ(error("/settings/retention.raw_days/approve", analyst, decided(1)), "access.not_allowed");
  EXPECT_EQ(error("/settings/retention.raw_days/approve", officer, decided(1)), "");
}

}  // namespace
}  // namespace candor::api
