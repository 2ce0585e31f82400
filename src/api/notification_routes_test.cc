#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"
#include "notifications/kinds.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class NotificationRoutes : public ::testing::Test {
 protected:
  static json wish() {
    json body = {{"language", "de"},
                 {"zone", "Europe/Berlin"},
                 {"digest_hour", 17},
                 {"quiet_from", "22:00"},
                 {"quiet_to", "06:30"}};
    for (const NotificationKindInfo& info : notification_kinds()) body[std::string(info.name)] = "off";
    body["high_alert"] = "digest";
    return body;
  }
  Response set(const std::string& token, const json& body) {
    return world_.call(Method::put, "/session/notifications", token, body.dump());
  }
  static json kind(const json& own, std::string_view name) {
    for (const json& one : own.at("kinds")) {
      if (one.at("kind") == name) return one;
    }
    return nullptr;
  }

  World world_;
  const std::string ben_ = world_.sign_in("ben", "investigator");
  const std::string rita_ = world_.sign_in("rita", "employee_representative");
};

TEST_F(NotificationRoutes, ShowsWhatIsUsualOnceThereIsAnAddress) {
  const json before = world_.read("/session/notifications", ben_);
  EXPECT_EQ(before.at("has_address"), false);
  EXPECT_EQ(before.at("mail"), true);
  EXPECT_EQ(before.at("kinds").size(), kNotificationKinds);
  for (const json& one : before.at("kinds")) EXPECT_EQ(one.at("choice"), "off") << one;
  ASSERT_EQ(world_.call(Method::put, "/session/mail", ben_, R"({"address":"ben@example.com"})").status, 200);
  const json after = world_.read("/session/notifications", ben_);
  EXPECT_EQ(after.at("has_address"), true);
  EXPECT_EQ(kind(after, "high_alert").at("choice"), "at_once");
  EXPECT_EQ(kind(after, "weekly_summary").at("choices"), json({"off", "at_once"}));
  world_.set_mail(false);
  EXPECT_EQ(world_.read("/session/notifications", ben_).at("mail"), false);
}

TEST_F(NotificationRoutes, EachViewerHasTheirOwn) {
  const Response done = set(ben_, wish());
  ASSERT_EQ(done.status, 200) << done.body;
  const json own = world_.read("/session/notifications", ben_);
  EXPECT_EQ(own, json::parse(done.body));
  EXPECT_EQ(own.at("language"), "de");
  EXPECT_EQ(own.at("zone"), "Europe/Berlin");
  EXPECT_EQ(own.at("digest_hour"), 17);
  EXPECT_EQ(own.at("quiet_from"), "22:00");
  EXPECT_EQ(own.at("quiet_to"), "06:30");
  EXPECT_EQ(kind(own, "high_alert").at("choice"), "digest");
  const json others = world_.read("/session/notifications", rita_);
  EXPECT_EQ(others.at("language"), "en");
  EXPECT_TRUE(others.at("quiet_from").is_null());
  int told = 0;
  for (const AuditLine& line : world_.audit_lines()) {
    if (line.action != "viewer.notifications_set") continue;
    ++told;
    EXPECT_EQ(line.viewer, "ben");
    EXPECT_THAT(line.details, HasSubstr(R"("high_alert":"digest")"));
  }
  EXPECT_EQ(told, 1);
}

TEST_F(NotificationRoutes, SaysWhatARoleMayRead) {
  const json own = world_.read("/session/notifications", rita_);
  EXPECT_EQ(kind(own, "high_alert").at("readable"), false);
  EXPECT_EQ(kind(own, "source_silent").at("readable"), true);
  EXPECT_EQ(kind(own, "weekly_summary").at("readable"), true);
}

TEST_F(NotificationRoutes, WhatMakesNoSenseChangesNothing) {
  const json before = world_.read("/session/notifications", ben_);
  const std::vector<std::pair<const char*, json>> wrong = {
      {"language", "fr"},      {"zone", "Mars/Base"}, {"zone", "../etc/passwd"},  {"quiet_to", ""},
      {"quiet_from", "25:00"}, {"quiet_to", "22:00"}, {"high_alert", "sometime"}, {"weekly_summary", "digest"}};
  for (const auto& [name, value] : wrong) {
    json body = wish();
    body[name] = value;
    const Response refused = set(ben_, body);
    EXPECT_EQ(refused.status, 400) << name;
    EXPECT_EQ(json::parse(refused.body).value("id", ""), "notifications.bad") << name << " " << value;
  }
  json body = wish();
  body["digest_hour"] = 24;
  EXPECT_EQ(json::parse(set(ben_, body).body).value("id", ""), "api.bad_property");
  body = wish();
  body.erase("case_due");
  EXPECT_EQ(set(ben_, body).status, 400);
  EXPECT_EQ(world_.read("/session/notifications", ben_), before);
}

}  // namespace
}  // namespace candor::api
