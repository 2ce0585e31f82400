#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class ReportRoutes : public ::testing::Test {
 protected:
  void confirm_one() {
    const Response done =
        world_.post("/alerts/" + world_.alert_of(World::kThief) + "/confirm", ada_, R"({"note":"it was so"})");
    ASSERT_EQ(done.status, 200) << done.body;
  }

  World world_;
  const std::string ada_ = world_.sign_in("ada", "admin");
  const std::string rep_ = world_.sign_in("rep", "employee_representative");
};

TEST_F(ReportRoutes, TellNumbersAndNobody) {
  confirm_one();
  const json page = world_.read("/reports/alerts", rep_);
  EXPECT_EQ(page.at("all").at("alerts"), 2);
  EXPECT_EQ(page.at("all").at("confirmed"), 1);
  EXPECT_EQ(page.at("all").at("waiting"), 1);
  EXPECT_EQ(page.at("all").at("precision_millionths"), 1'000'000);
  EXPECT_EQ(page.at("policies")[0].at("id"), "data-leaks");
  EXPECT_FALSE(page.at("causes")[0].at("title").get<std::string>().empty());
  EXPECT_TRUE(page.at("viewers").empty()) << "who decided how fast is not theirs to see";
  EXPECT_THAT(page.dump(), Not(HasSubstr("Anon")));
  EXPECT_EQ(world_.read("/reports/alerts", ada_).at("viewers")[0].at("id"), "ada");
  EXPECT_EQ(world_.get("/alerts", rep_).status, 403);
}

TEST_F(ReportRoutes, ComeAsCsv) {
  confirm_one();
  const Response csv = world_.get("/reports/alerts.csv?part=policies", rep_);
  ASSERT_EQ(csv.status, 200);
  EXPECT_THAT(csv.body, HasSubstr("id,title,alerts,low"));
  EXPECT_THAT(csv.body, HasSubstr("data-leaks,"));
  World::expect_no_names(csv.body);
  EXPECT_THAT(world_.get("/reports/alerts.csv?part=viewers", rep_).body, Not(HasSubstr("ada")));
  EXPECT_THAT(world_.get("/reports/alerts.csv?part=viewers", ada_).body, HasSubstr("ada"));
}

TEST_F(ReportRoutes, RefuseDaysThatAreNone) {
  for (const char* query : {"?from=2026-05-02&until=2026-05-01", "?from=2020-01-01", "?from=yesterday"})
    EXPECT_EQ(world_.get(std::string("/reports/alerts") + query, ada_).status, 400) << query;
  EXPECT_EQ(world_.get("/reports/alerts.csv?part=people", ada_).status, 400);
}

}  // namespace
}  // namespace candor::api
