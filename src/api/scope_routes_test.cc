// The list of whom policies look at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/every_operation_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::string pseudonym_of(const json& row) { return row.at("person").at("pseudonym"); }

TEST(ScopeRoutes, ListsWhoIsInScopeByPseudonymWithWhyAndSinceWhen) {
  World world;
  const std::string ada = world.sign_in("ada", "investigator");
  const Response answer = world.get("/people/in-scope", ada);
  ASSERT_EQ(answer.status, 200) << answer.body;
  World::expect_no_names(answer.body);
  const json all = json::parse(answer.body);
  ASSERT_EQ(all.at("total"), all.at("people").size());
  ASSERT_GE(all.at("people").size(), 2U);
  const json first = all.at("people")[0];
  EXPECT_GE(first.at("open_alerts"), 1);
  EXPECT_EQ(first.at("open_cases"), 0);
  ASSERT_FALSE(first.at("scopes").empty());
  EXPECT_EQ(first.at("scopes")[0].at("policy").at("name"), "Data leaks");
  EXPECT_FALSE(first.at("scopes")[0].at("by_hand"));
  EXPECT_LE(first.at("scopes")[0].at("since"), "2026-05-27");
  EXPECT_TRUE(first.at("by_hand_until").is_null());
  for (const char* word : {"count", "activities", "score"}) EXPECT_THAT(answer.body, Not(HasSubstr(word))) << word;
  EXPECT_EQ(world.read("/audit?action=people.in_scope_listed", world.sign_in("root", "admin")).at("total"), 1);
}

TEST(ScopeRoutes, FiltersAndFindsByPseudonym) {
  World world;
  const std::string ada = world.sign_in("ada", "investigator");
  const json all = world.read("/people/in-scope", ada);
  const std::string pseudonym = pseudonym_of(all.at("people")[0]);
  const json one = world.read("/people/in-scope?text=" + pseudonym.substr(5, 9), ada);
  ASSERT_EQ(one.at("total"), 1);
  EXPECT_EQ(pseudonym_of(one.at("people")[0]), pseudonym);
  EXPECT_EQ(world.read("/people/in-scope?text=mallory", ada).at("total"), 0) << "names are not searched";
  EXPECT_EQ(world.read("/people/in-scope?policy=data-leaks", ada).at("total"), all.at("total"));
  EXPECT_EQ(world.read("/people/in-scope?policy=other", ada).at("total"), 0);
  EXPECT_EQ(world.read("/people/in-scope?by_hand=true", ada).at("total"), 0);
  EXPECT_EQ(world.read("/people/in-scope?limit=1&page=2&sort=open_alerts", ada).at("people").size(), 1U);
  for (const char* bad :
       {"severity=worst", "sort=activities", "limit=0", "limit=201", "page=0", "by_hand=2", "who=me"}) {
    EXPECT_EQ(world.get(std::string("/people/in-scope?") + bad, ada).status, 400) << bad;
  }
}

TEST(ScopeRoutes, WhoIsScoredByHandIsSaidToBe) {
  FullWorld world;
  const std::string quiet = world.person_of(World::kQuiet);
  const json start = {{"policy", "data-leaks"}, {"days", 30}, {"reason", "what the board asked for"}};
  ASSERT_LT(world.post("/people/" + quiet + "/scoring", world.boss(), start.dump()).status, 300);
  world.assess();
  const json found = world.read("/people/in-scope?by_hand=true", world.boss());
  ASSERT_EQ(found.at("total"), 1);
  EXPECT_EQ(found.at("people")[0].at("id"), quiet);
  EXPECT_EQ(found.at("people")[0].at("severity"), "none");
  EXPECT_EQ(found.at("people")[0].at("by_hand_until"), "2026-06-25");
  ASSERT_LT(world
                .post("/people/" + quiet + "/scoring/stop", world.boss(),
                      json{{"policy", "data-leaks"}, {"reason", "it was settled"}}.dump())
                .status,
            300);
  world.assess();
  EXPECT_EQ(world.read("/people/in-scope?by_hand=true", world.boss()).at("total"), 0);
}

TEST(ScopeRoutes, TheFileHoldsPseudonymsAndOnlyWhatItsReaderMaySee) {
  World world;
  const Response file = world.get("/people/in-scope.csv", world.sign_in("ada", "investigator"));
  ASSERT_EQ(file.status, 200) << file.body;
  World::expect_no_names(file.body);
  EXPECT_THAT(file.body, HasSubstr("person,severity,open_alerts,confirmed,policies,since,scored_by_hand_until\r\n"));
  EXPECT_THAT(file.body, HasSubstr("Anon-"));
  EXPECT_THAT(file.body, HasSubstr("Data leaks"));
  const std::string blind = world.sign_in("blind", "all but alerts.read");
  const Response less = world.get("/people/in-scope.csv", blind);
  ASSERT_EQ(less.status, 200);
  EXPECT_THAT(less.body, HasSubstr(",,,,Data leaks"));
  EXPECT_EQ(world.get("/people/in-scope.csv?severity=high", blind).status, 403);
  EXPECT_EQ(world.get("/people/in-scope", blind).status, 403);
}

}  // namespace
}  // namespace candor::api
