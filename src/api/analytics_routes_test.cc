#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "api/world_test.h"
#include "assessment/analytics.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class AnalyticsRoutes : public ::testing::Test {
 protected:
  json counted(const std::string& token) {
    for (;;) {
      json look = world_.read("/analytics", token);
      if (look.at("state") != "running") return look;
      std::this_thread::yield();
    }
  }
  // So many people who each do the same on one day of the period, and one who does `most` times as much.
  void work(int people, int most) {
    const FourWeeks period = last_four_weeks(day_of(world_.clock().now()));
    for (int person = 0; person < people; ++person) {
      const int times = person == 0 ? most : 2;
      for (int i = 0; i < times; ++i) {
        world_.append("worker" + std::to_string(person) + "@example.com",
                      start_of(period.from + 1) + (person * 100 + i) * kMicrosPerSecond, "FileDownloaded",
                      "f" + std::to_string(i) + ".txt", {0});
      }
    }
    world_.assess();
  }

  World world_;
  const std::string audrey_ = world_.sign_in("audrey", "auditor");
};

TEST_F(AnalyticsRoutes, FewerThanTenPeopleAreNotTold) {
  work(6, 2);  // and three whom the world knows: nine
  const json look = counted(audrey_);
  ASSERT_EQ(look.at("state"), "done");
  EXPECT_EQ(look.at("result").at("people"), 0);
  EXPECT_TRUE(look.at("result").at("indicators").empty());
  for (const json& policy : look.at("result").at("policies")) EXPECT_EQ(policy.at("people"), 0) << policy;
}

TEST_F(AnalyticsRoutes, FittedLevelsOfAPolicyFollowTheNumbers) {
  counted(audrey_);
  const json fitted = world_.read("/policies/data-leaks/fitted", audrey_);
  EXPECT_EQ(fitted.at("state"), "done");
  EXPECT_TRUE(fitted.at("fitted").at("changed").empty()) << "three people tell nothing";
  EXPECT_THAT(fitted.at("fitted").at("yaml").get<std::string>(), HasSubstr("id: data-leaks"));
  EXPECT_EQ(world_.audit_lines().front().action, "policy.fitted_viewed");
  EXPECT_EQ(world_.get("/policies/none/fitted", audrey_).status, 404);
  EXPECT_EQ(world_.get("/policies/data-leaks/fitted", world_.sign_in("rita", "read_only")).status, 403);
  world_.set_invented(false);
  EXPECT_EQ(world_.read("/policies/data-leaks/fitted", audrey_).at("state"), "off") << "switched off with analytics";
}

// Or whoever takes the levels would drop what somebody asked for.
TEST_F(AnalyticsRoutes, FittedLevelsAreThoseOfTheVersionThatWaits) {
  counted(audrey_);
  const std::string ada = world_.sign_in("ada", "admin");
  const std::string yaml = world_.read("/policies/data-leaks", ada).at("yaml").get<std::string>() +
                           "\nlawful_start: {purpose: protect_confidential_information, legal_basis: works_agreement, "
                           "agreement: BV 7, impact_assessment: DPIA 3, owner: Security, countries: all, review_by: "
                           "2027-06-01}\n";
  world_.set_invented(false);
  const Response asked = world_.post("/policies", ada, json{{"yaml", yaml}, {"reason", "for the spring"}}.dump());
  ASSERT_EQ(asked.status, 200) << asked.body;
  ASSERT_TRUE(json::parse(asked.body).at("change").at("waits"));
  world_.set_invented(true);
  counted(audrey_);
  const json fitted = world_.read("/policies/data-leaks/fitted", audrey_);
  ASSERT_EQ(fitted.at("state"), "done") << fitted;
  EXPECT_THAT(fitted.at("fitted").at("yaml").get<std::string>(), HasSubstr("lawful_start"));
}

TEST_F(AnalyticsRoutes, TensAreToldAndNobodyIsNamed) {
  work(24, 2);
  const json look = counted(audrey_);
  const json& result = look.at("result");
  EXPECT_EQ(result.at("people").get<int>() % 10, 0);
  EXPECT_GE(result.at("people"), 20);
  ASSERT_FALSE(result.at("indicators").empty());
  EXPECT_EQ(result.at("indicators")[0].at("people"), 20);
  EXPECT_TRUE(result.at("indicators")[0].at("fitted").empty()) << "24 days are too few to tell a level";
  EXPECT_THAT(look.dump(), Not(HasSubstr("worker")));
  EXPECT_THAT(look.dump(), Not(HasSubstr("Anon-")));
  const auto in_force = std::ranges::find_if(result.at("policies"), [](const json& one) { return one.at("in_force"); });
  EXPECT_NE(in_force, result.at("policies").end());
}

TEST_F(AnalyticsRoutes, ALookIsInTheAuditLogOnceThereIsSomethingToSee) {
  counted(audrey_);
  const auto looks = std::ranges::count(world_.audit_lines(), "analytics.viewed", &AuditLine::action);
  EXPECT_EQ(looks, 1) << "asking how far counting is shows nothing";
}

TEST_F(AnalyticsRoutes, ItIsAnOptIn) {
  world_.set_invented(false);
  const json look = world_.read("/analytics", audrey_);
  EXPECT_EQ(look.at("state"), "off");
  EXPECT_TRUE(look.at("result").is_null());
}

TEST_F(AnalyticsRoutes, TakesNoFilter) {
  EXPECT_EQ(world_.get("/analytics?department=Legal", audrey_).status, 400);
  EXPECT_EQ(world_.get("/analytics", "").status, 401);
  EXPECT_EQ(world_.get("/analytics", world_.sign_in("rita", "read_only")).status, 403);
}

}  // namespace
}  // namespace candor::api
