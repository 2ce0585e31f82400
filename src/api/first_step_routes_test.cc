#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;

constexpr const char* kFirstStepUsers =
    "userPrincipalName,mail,displayName,id,department,usageLocation,manager\n"
    "mallory.thief@example.com,,Mallory Thief,m1,Sales,DE,\n";

class FirstStepRoutes : public ::testing::Test {
 protected:
  json step(const std::string& id) {
    const json steps = world_.read("/first-steps", ada_).at("steps");
    EXPECT_EQ(steps.size(), 12u);
    for (const json& one : steps) {
      if (one.at("id") == id) return one;
    }
    ADD_FAILURE() << id;
    return {};
  }
  std::string state(const std::string& id) { return step(id).at("state"); }
  void note(const std::string& action) {
    AuditEntry entry;
    entry.viewer = "local/root";
    entry.action = action;
    EXPECT_TRUE(world_.context().audit.append(entry));
  }

  World world_;
  const std::string ada_ = world_.sign_in("ada", "admin");
};

TEST_F(FirstStepRoutes, FollowsWhatIsThere) {
  EXPECT_EQ(state("people"), "open") << "people who only acted are not known";
  world_.import(kFirstStepUsers);
  EXPECT_EQ(state("people"), "done");
  EXPECT_GT(step("people").at("count"), 0);
  EXPECT_FALSE(step("people").at("last").is_null());
  EXPECT_EQ(state("leavers"), "open");
  EXPECT_EQ(state("policies"), "done");
  EXPECT_EQ(state("tried"), "open");
  note("backtest.run");
  EXPECT_EQ(state("tried"), "done");
}

TEST_F(FirstStepRoutes, TwoHaveToAgreeAndAPasswordIsNotEnough) {
  EXPECT_EQ(state("second_person"), "open");
  world_.sign_in("petra", "privacy_officer");
  world_.sign_in("rita", "read_only");
  EXPECT_EQ(state("second_person"), "look");
  EXPECT_EQ(step("second_person").at("count"), 2);
  EXPECT_EQ(step("second_person").at("wanting"), 2);
}

TEST_F(FirstStepRoutes, ABackupThatWasTriedGrowsOld) {
  EXPECT_EQ(state("backup"), "open");
  note("backup.made");
  EXPECT_EQ(state("backup"), "open") << "nobody knows yet whether it opens";
  note("backup.checked");
  EXPECT_EQ(state("backup"), "done");
  world_.clock().set(world_.clock().now() + 91 * kMicrosPerDay);
  const std::string again = world_.sign_in("bob", "admin");
  json steps = world_.read("/first-steps", again).at("steps");
  EXPECT_EQ(steps.back().at("state"), "look");
}

TEST_F(FirstStepRoutes, IsForThoseWhoSeeTheSettings) {
  EXPECT_EQ(world_.get("/first-steps", world_.sign_in("rita", "read_only")).status, 403);
  EXPECT_EQ(world_.get("/first-steps?x=1", ada_).status, 400);
  EXPECT_EQ(world_.audit_lines().front().action.empty(), false);
  EXPECT_EQ(state("key"), "open");
}

}  // namespace
}  // namespace candor::api
