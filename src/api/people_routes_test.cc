#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;

TEST(PeopleRoutes, LiftingShowsTheNameForAWhile) {
  World world;
  const std::string ivy = world.sign_in("ivy", "investigator");
  const std::string alert = world.alert_of(World::kThief);
  for (const char* bad : {R"({"reason":""})", R"({"reason":"short"})", R"({})", R"({"reason":"              "})"})
    EXPECT_EQ(world.post("/alerts/" + alert + "/lift", ivy, bad).status, 400) << bad;
  EXPECT_EQ(world.post("/alerts/0f/lift", ivy, R"({"reason":"interview on Monday"})").status, 404);
  EXPECT_TRUE(world.read("/lifts", ivy).at("lifts").empty());

  const Response lifted = world.post("/alerts/" + alert + "/lift", ivy, R"({"reason":"interview on Monday"})");
  ASSERT_EQ(lifted.status, 201) << lifted.body;
  const json lift = json::parse(lifted.body);
  EXPECT_THAT(lift.at("person").at("name").get<std::string>(), ::testing::HasSubstr("@example."));
  EXPECT_EQ(lift.at("alert"), alert);
  EXPECT_EQ(world.read("/alerts/" + alert, ivy).at("person").at("name"), lift.at("person").at("name"));
  EXPECT_EQ(world.read("/lifts", ivy).at("lifts").size(), 1u);
  bool logged = false;
  for (const AuditLine& line : world.audit_lines())
    logged = logged || (line.action == "person.lifted" && line.reason == "interview on Monday" && line.viewer == "ivy");
  EXPECT_TRUE(logged);

  world.clock().set(world.clock().now() + Lifting::kDefaultDuration + 1);
  const std::string later = world.sign_in("ivy2", "investigator");
  EXPECT_TRUE(world.read("/alerts/" + alert, later).at("person").at("name").is_null());
}

TEST(PeopleRoutes, SigningOutEndsLifts) {
  World world;
  const std::string ivy = world.sign_in("ivy", "investigator");
  const std::string alert = world.alert_of(World::kThief);
  ASSERT_EQ(world.post("/alerts/" + alert + "/lift", ivy, R"({"reason":"interview on Monday"})").status, 201);
  ASSERT_EQ(world.call(Method::del, "/session", ivy).status, 204);
  const auto again = world.viewers().sign_in("ivy", World::kPassword);
  EXPECT_TRUE(world.read("/alerts/" + alert, again->token).at("person").at("name").is_null());
}

TEST(PeopleRoutes, ALiftCanBeEndedEarlyByItsViewerAndByAuditors) {
  World world;
  const std::string auditor = world.sign_in("aud", "auditor");
  const std::string ivy = world.sign_in("ivy", "investigator");
  const std::string eve = world.sign_in("eve", "investigator");
  const std::string alert = world.alert_of(World::kThief);
  const Response lifted = world.post("/alerts/" + alert + "/lift", ivy, R"({"reason":"interview on Monday"})");
  const std::string id = json::parse(lifted.body).at("id");
  EXPECT_TRUE(world.read("/lifts", eve).at("lifts").empty());
  EXPECT_GE(world.call(Method::del, "/lifts/" + id, eve).status, 403);
  EXPECT_EQ(world.call(Method::del, "/lifts/" + id, ivy).status, 204);
  EXPECT_TRUE(world.read("/alerts/" + alert, ivy).at("person").at("name").is_null());
  EXPECT_EQ(world.call(Method::del, "/lifts/" + id, ivy).status, 404);
  const Response second = world.post("/alerts/" + alert + "/lift", ivy, R"({"reason":"interview on Monday"})");
  const std::string other = json::parse(second.body).at("id");
  EXPECT_EQ(world.call(Method::del, "/lifts/" + other, auditor).status, 204);
  EXPECT_TRUE(world.read("/alerts/" + alert, ivy).at("person").at("name").is_null());
}

}  // namespace
}  // namespace candor::api
