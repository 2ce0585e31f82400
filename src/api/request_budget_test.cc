#include "api/request_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

TEST(RequestBudget, BoundsOneAndAllAndForgetsByTheMinute) {
  RequestBudget budget({.of_one = 2, .of_all = 5});
  EXPECT_TRUE(budget.take("a", 0));
  EXPECT_TRUE(budget.take("a", 0));
  EXPECT_FALSE(budget.take("a", 60 * kMicrosPerSecond - 1));
  EXPECT_TRUE(budget.take("b", 0)) << "another is not kept out";
  EXPECT_TRUE(budget.take("", 0));
  EXPECT_TRUE(budget.take("c", 0));
  EXPECT_FALSE(budget.take("d", 0)) << "all together";
  EXPECT_TRUE(budget.take("a", 60 * kMicrosPerSecond));
}

class RequestLimiting : public ::testing::Test {
 protected:
  World world_;
};

TEST_F(RequestLimiting, OneSessionIsSlowedDownAndNoOther) {
  const std::string ann = world_.sign_in("ann", "analyst");
  const std::string ben = world_.sign_in("ben", "analyst");
  world_.set_request_limits({.viewer = {.of_one = 3, .of_all = 100}});
  for (int i = 0; i < 3; ++i) ASSERT_EQ(world_.get("/alerts", ann).status, 200);
  const Response refused = world_.get("/alerts", ann);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "60");
  EXPECT_THAT(refused.body, ::testing::HasSubstr("too many requests of this session"));
  EXPECT_EQ(world_.get("/alerts", ben).status, 200);
}

TEST_F(RequestLimiting, StrangersAreSlowedDownAndKeepNobodyOut) {
  const std::string ann = world_.sign_in("ann", "analyst");
  world_.set_request_limits({.refused = {.of_one = 2, .of_all = 10}});
  const auto status = [&](const std::string& client, const std::string& session) {
    Request request;
    request.method = Method::get;
    request.target = "/api/v1/alerts";
    request.headers = {{"host", "localhost"}, {"cookie", "candor_session=" + session}};
    request.client = client;
    return world_.handler()(request).status;
  };
  for (int i = 0; i < 2; ++i) ASSERT_EQ(status("203.0.113.7", "guess" + std::to_string(i)), 401);
  EXPECT_EQ(status("203.0.113.7", "guess"), 429);
  EXPECT_EQ(status("203.0.113.7", ann), 200) << "from the same address";
  EXPECT_EQ(status("203.0.113.8", "guess"), 401);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(status("", "guess"), 401) << "a proxy that tells no address is nobody";
}

}  // namespace
}  // namespace candor::api
