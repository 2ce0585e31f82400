// Which indicators can see anything here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"
#include "ingest/indicator_reach.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

Arrivals of_stream(TimePoint at, const std::string& stream) {
  Arrivals out;
  out.feed = SourceFeed::requests;
  out.first_received = out.last_received = at;
  StreamArrivals part{.first_received = at, .last_received = at, .created = {}};
  part.created.add(60 * kMicrosPerSecond, 10);
  out.streams.emplace(stream, part);
  return out;
}

json indicator_of(World& world, const std::string& token, const std::string& name) {
  const json found = world.read("/indicators/coverage", token).at("indicators");
  for (const json& one : found) {
    if (one.at("name") == name) return one;
  }
  ADD_FAILURE() << name;
  return {};
}

TEST(CoverageRoutes, NothingCameYet) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const json coverage = world.read("/indicators/coverage", ada);
  EXPECT_TRUE(coverage.at("counted_since").is_null());
  EXPECT_TRUE(coverage.at("reach_counted").is_null());
  EXPECT_EQ(coverage.at("reach_days"), 30);
  ASSERT_EQ(coverage.at("indicators").size(), 2u);
  EXPECT_EQ(coverage.at("indicators")[0].at("name"), "usb_copy") << "by workload, then name";
  EXPECT_EQ(coverage.at("indicators")[0].at("state"), "never");
  EXPECT_EQ(world.get("/indicators/coverage?x=1", ada).status, 400);
  EXPECT_THAT(world.read("/policies", ada).dump(), ::testing::Not(HasSubstr("no_sources")))
      << "nothing can be said before the first record";
}

TEST(CoverageRoutes, WhatCameFeedsWhatLooksAtIt) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  ASSERT_TRUE(world.sources().record("office", of_stream(world.clock().now(), "m365_audit 25")));
  EXPECT_EQ(indicator_of(world, ada, "usb_copy").at("state"), "never");
  const json policy = world.read("/policies", ada).at("policies")[0];
  EXPECT_THAT(policy.at("health").dump(), HasSubstr("None of its 2 indicators can fire"));
  ASSERT_TRUE(world.sources().record("office", of_stream(world.clock().now(), "m365_audit 6")));
  const json usb = indicator_of(world, ada, "usb_copy");
  EXPECT_EQ(usb.at("state"), "alive");
  EXPECT_EQ(usb.at("feeds")[0].at("sources"), json({"office"}));
  EXPECT_EQ(usb.at("feeds")[0].at("last_received"), "2026-05-27");
  EXPECT_GE(usb.at("feeds")[0].at("created_p50_seconds").get<double>(), 60.0);
  EXPECT_FALSE(usb.at("matched"));
  EXPECT_THAT(world.read("/policies", ada).dump(), ::testing::Not(HasSubstr("no_sources")));
  EXPECT_EQ(world.audit_lines().front().action, "policies.viewed");
}

TEST(CoverageRoutes, DaysAreToldOfManyPeopleOnly) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const ApiContext context = world.context();
  ASSERT_TRUE(
      ReachBook(context.store)
          .save(
              {{.indicator = "usb_copy", .matched = true, .last_hit = std::nullopt},
               {.indicator = "sharepoint_download", .matched = true, .many = true, .hit_days = 12, .last_hit = 20'599}},
              world.clock().now()));
  const json few = indicator_of(world, ada, "usb_copy");
  EXPECT_EQ(few.at("state"), "alive") << "it matched before records were counted by type";
  EXPECT_TRUE(few.at("matched"));
  EXPECT_TRUE(few.at("hit_days").is_null());
  EXPECT_TRUE(few.at("last_hit").is_null());
  const json many = indicator_of(world, ada, "sharepoint_download");
  EXPECT_EQ(many.at("hit_days"), 12);
  EXPECT_EQ(many.at("last_hit"), "2026-05-26");
  EXPECT_EQ(world.audit_lines().front().action, "indicators.coverage_viewed");
}

TEST(CoverageRoutes, NeedsTheRightToReadPolicies) {
  World world;
  EXPECT_EQ(world.get("/indicators/coverage", world.sign_in("cy", "audit_only")).status, 403);
  EXPECT_EQ(world.get("/indicators/coverage", "").status, 401);
}

}  // namespace
}  // namespace candor::api
