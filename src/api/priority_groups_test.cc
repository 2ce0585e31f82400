#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/every_operation_test.h"

// Whoever does not review a priority group sees nothing of the people in it, by whatever way.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kReviewedBecause = "reviews deals from now on";
constexpr const char* kDeals = R"(units:
  - {id: france, name: France, where: [{country: FR}]}
priority_groups:
  - {id: deals, name: Deals <b>, where: [{department: Sales, country: DE}]}
)";
// Bob is in France, with an alert; the thief in the group, with everything.
constexpr const char* kDealStaff =
    "userPrincipalName,displayName,id,department,usageLocation,manager\n"
    "mallory.thief@example.com,Mallory Thief,m1,Sales,DE,boss@example.com\n"
    "junior@example.com,Jo Nior,j1,Sales,FR,mallory.thief@example.com\n"
    "bob.other@example.com,Bob Other,o1,Research,FR,mallory.thief@example.com\n"
    "boss@example.com,Bo Hay,b1,Board,FR,\n";

class PriorityGroups : public ::testing::Test {
 protected:
  PriorityGroups() {
    world_.import(kDealStaff);
    EXPECT_EQ(world_.get("/alerts/" + real_.alert, ivy_).status, 200) << "so far";
    world_.set_units(kDeals);
    EXPECT_EQ(review("boss", "deals").at("decision"), "not_needed") << "the people are invented";
  }
  json review(const std::string& user, const std::string& groups) {
    return json::parse(world_
                           .post("/viewers/" + user + "/changes", root_,
                                 json{{"reviews", groups}, {"reason", kReviewedBecause}}.dump())
                           .body);
  }

  FullWorld world_;
  const Things real_ = world_.things();
  const std::string root_ = world_.sign_in("root", "admin");
  // May do everything, of everybody, but reviews no group.
  const std::string ivy_ = world_.sign_in("ivy", "admin");
  const std::string pseudonym_ = world_.read("/alerts/" + real_.alert, world_.boss()).at("person").at("pseudonym");
  const std::string bobs_alert_ = world_.alert_of(World::kOther);
};

TEST_F(PriorityGroups, EveryIdInThemAnswersAsOneThatDoesNotExist) {
  const auto judged = world_.expect_hidden(ivy_);
  EXPECT_GT(judged.size(), 35u);
}

TEST_F(PriorityGroups, NoListCountOrExportHoldsAnybodyInThem) {
  const std::string all = world_.everything(ivy_);
  const std::string others = world_.everything(world_.boss());
  for (const std::string& trace : {pseudonym_, real_.alert, real_.person, real_.case_id, real_.lift}) {
    EXPECT_THAT(all, Not(HasSubstr(trace)));
    EXPECT_THAT(others, HasSubstr(trace)) << "shows nothing";
  }
  EXPECT_THAT(all, HasSubstr(bobs_alert_)) << "who is not in it is there";
  EXPECT_EQ(world_.read("/alerts", ivy_).at("total"), 1);
  EXPECT_EQ(world_.read("/alerts", world_.boss()).at("total"), 2);
  EXPECT_EQ(world_.read("/alerts?text=" + pseudonym_.substr(5), ivy_).at("total"), 0);
  EXPECT_EQ(world_.read("/status", ivy_).at("alerts"), 1);
  EXPECT_EQ(world_.read("/cases", ivy_).at("total"), 0);
  EXPECT_EQ(world_.read("/requests", ivy_).at("total"), 0);
  EXPECT_EQ(world_.read("/people", ivy_).at("total"), 3);
  EXPECT_EQ(world_.read("/people", world_.boss()).at("total"), 4);
  const std::string in_scope = "/people/in-scope?text=" + pseudonym_.substr(5);
  EXPECT_EQ(world_.read(in_scope, ivy_).at("total"), 0);
  EXPECT_EQ(world_.read(in_scope, world_.boss()).at("total"), 1);
  EXPECT_THAT(world_.get("/audit.csv", ivy_).body, Not(HasSubstr(pseudonym_)));
  EXPECT_TRUE(world_.read("/people/" + world_.person_of(World::kOther), ivy_).at("manager").is_null());
}

TEST_F(PriorityGroups, TheirReviewerSeesThemFromTheNextRequestOn) {
  const std::string alert = "/alerts/" + real_.alert;
  EXPECT_EQ(world_.get(alert, ivy_).status, 404);
  const json groups = world_.read("/viewers", root_).at("groups");
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].at("name"), "Deals <b>");
  EXPECT_EQ(groups[0].at("reviewers"), json{"boss"});
  EXPECT_FALSE(groups[0].at("counted")) << "root does not review it";
  world_.set_invented(false);
  EXPECT_EQ(review("ivy", "deals").at("decision"), "waits") << "over real people somebody else must agree";
  EXPECT_EQ(world_.get(alert, ivy_).status, 404);
  const std::string at_change = "/viewer-changes/2/approve";
  const std::string because = json{{"reason", kReviewedBecause}}.dump();
  EXPECT_EQ(error_id(world_.post(at_change, root_, because)), "access.own_change");
  EXPECT_EQ(error_id(world_.post(at_change, ivy_, because)), "access.own_rights");
  EXPECT_EQ(world_.post(at_change, world_.boss(), because).status, 200);
  EXPECT_EQ(world_.get(alert, ivy_).status, 200);
  EXPECT_EQ(review("ivy", "").at("decision"), "not_needed");
  EXPECT_EQ(world_.get(alert, ivy_).status, 404);
}

TEST_F(PriorityGroups, WhoDoesNotReviewIsNotGivenTheirWork) {
  const std::string at_case = "/cases/" + real_.case_id;
  EXPECT_EQ(error_id(world_.post(at_case + "/contributors", world_.boss(), R"({"user":"ivy"})")),
            "cases.outside_units");
  EXPECT_EQ(review("ivy", "france").at("id"), "access.unknown_group") << "a unit is no group";
}

TEST_F(PriorityGroups, AGroupThatIsGoneHidesNobody) {
  world_.set_units("units: []");
  EXPECT_EQ(world_.read("/alerts", ivy_).at("total"), 2);
  EXPECT_EQ(world_.read("/viewers", root_).at("groups"), json::array());
}

}  // namespace
}  // namespace candor::api
