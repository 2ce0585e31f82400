#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

class MassEventRoutes : public ::testing::Test {
 protected:
  MassEventRoutes() {
    const ApiContext context = world_.context();
    const IndicatorIndex usb = *context.indicators->find_name("usb_copy");
    const Day day = day_of(world_.clock().now()) - 1;
    for (int person = 0; person < 14; ++person) {
      const std::string account = "m" + std::to_string(person) + "@example.com";
      for (int i = 0; i < 25; ++i) {
        world_.append(account, start_of(day) + i, "FileCopiedToRemovableMedia", account + std::to_string(i), {usb});
      }
    }
    world_.assess();
  }

  json only_event(const std::string& token) {
    const json all = world_.read("/mass-events", token).at("mass_events");
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? json::object() : all[0];
  }
  Response act(const char* what, const std::string& token, const json& body) {
    return world_.post(std::string("/mass-events/1/") + what, token, body.dump());
  }

  World world_;
  const std::string ana_ = world_.sign_in("ana", "analyst");
  const std::string ada_ = world_.sign_in("ada", "admin");
};

TEST_F(MassEventRoutes, TellWhatIsHeldAndReleaseIt) {
  const json event = only_event(ana_);
  EXPECT_EQ(event.at("indicator").at("name"), "usb_copy");
  EXPECT_EQ(event.at("state"), "held");
  EXPECT_TRUE(event.at("department").is_null()) << "everybody";
  EXPECT_GE(event.at("people").get<int>(), 14);
  const auto held = world_.read("/alerts?held=true&limit=200", ana_);
  EXPECT_EQ(held.at("total"), event.at("alerts"));
  EXPECT_EQ(held.at("held"), event.at("alerts"));
  EXPECT_EQ(world_.read("/alerts?mass_event=1", ana_).at("total"), event.at("alerts"));
  EXPECT_EQ(world_.read("/alerts?mass_event=2", ana_).at("total"), 0);
  const int others = world_.read("/alerts?held=false", ana_).at("total").get<int>();
  EXPECT_EQ(world_.read("/alerts", ana_).at("total").get<int>(), others + event.at("alerts").get<int>());

  EXPECT_EQ(act("release", ana_, {{"reason", "short"}}).status, 400);
  const json reason = {{"reason", "mallory.thief@example.com asked for it"}};
  const Response released = act("release", ana_, reason);
  ASSERT_EQ(released.status, 200) << released.body;
  EXPECT_EQ(json::parse(released.body).at("state"), "released");
  EXPECT_EQ(world_.read("/alerts?held=true", ana_).at("total"), 0);
  const Response again = act("release", ana_, reason);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(json::parse(again.body).at("id"), "mass_events.not_held");
  EXPECT_EQ(world_.post("/mass-events/77/release", ana_, reason.dump()).status, 404);
  EXPECT_EQ(world_.post("/mass-events/1x/release", ana_, reason.dump()).status, 404);
  const auto lines = world_.audit_lines();
  const auto line = std::ranges::find(lines, "mass_event.released", &AuditLine::action);
  ASSERT_NE(line, lines.end());
  EXPECT_EQ(line->object_id, "1");
  EXPECT_EQ(line->viewer, "ana");
}

// All who do it are of one department, which explains it, and is explained for itself.
TEST(MassEventOfADepartment, IsNamedAndExplainedForItself) {
  World world;
  std::string csv = "userPrincipalName,displayName,id,department,usageLocation,manager\n";
  const IndicatorIndex usb = *world.context().indicators->find_name("usb_copy");
  const Day day = day_of(world.clock().now()) - 1;
  for (int person = 0; person < 12; ++person) {
    const std::string account = "m" + std::to_string(person) + "@example.com";
    csv += account + ",M " + std::to_string(person) + ",i" + std::to_string(person) + ",Field <b>sales,DE,\n";
    for (int i = 0; i < 25; ++i) {
      world.append(account, start_of(day) + i, "FileCopiedToRemovableMedia", account + std::to_string(i), {usb});
    }
  }
  world.import(csv);
  world.assess();
  const std::string ada = world.sign_in("ada", "admin");
  const json all = world.read("/mass-events", ada).at("mass_events");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].at("department"), "Field <b>sales");
  EXPECT_EQ(all[0].at("people"), 12);
  const json body = {{"because", "all laptops were exchanged that day"}, {"owner", "Head of IT"}};
  const Response done = world.post("/mass-events/1/explain", ada, body.dump());
  ASSERT_EQ(done.status, 200) << done.body;
  const json expectation = world.read("/expectations", ada).at("expectations")[0];
  EXPECT_NE(expectation.dump().find("Field <b>sales"), std::string::npos) << expectation.dump();
}

TEST_F(MassEventRoutes, AreExplainedByWhoMayWritePoliciesAndWaitForASecondPerson) {
  world_.set_invented(false);
  const json body = {{"because", "all laptops were exchanged that day"}, {"owner", "Head of IT"}};
  EXPECT_EQ(act("explain", ana_, body).status, 403) << "of everybody: no analyst alone";
  const Response done = act("explain", ada_, body);
  ASSERT_EQ(done.status, 200) << done.body;
  const json event = json::parse(done.body);
  EXPECT_EQ(event.at("state"), "explained");
  EXPECT_THAT(event.at("expectations"), ElementsAre(1));
  EXPECT_GE(event.at("alerts").get<int>(), 14) << "held until somebody agrees";
  EXPECT_EQ(world_.read("/expectations", ada_).at("expectations")[0].at("state"), "waits");
  EXPECT_EQ(act("explain", ada_, body).status, 409);
  // Refused, nothing is explained.
  const std::string olga = world_.sign_in("olga", "privacy_officer");
  ASSERT_EQ(world_.post("/expectations/1/reject", olga, json{{"reason", "nobody knows of that"}}.dump()).status, 200);
  EXPECT_EQ(only_event(ana_).at("state"), "held");
}

}  // namespace
}  // namespace candor::api
