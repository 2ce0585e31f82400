// Scoring somebody under a policy though no trigger has fired.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/every_operation_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kScoringWhy = "Mallory Thief was named by the head of research";

constexpr const char* kScoringAsked = "for the tests of scoring by hand";
constexpr const char* kLawful = R"(
lawful_start:
  purpose: protect_confidential_information
  legal_basis: works_agreement
  agreement: BV 7
  impact_assessment: DPIA 3
  owner: Head of security
  countries: all
  review_by: 2026-12-31
)";

json wanted(int days = 30, const std::string& policy = "data-leaks") {
  return {{"policy", policy}, {"days", days}, {"reason", kScoringWhy}};
}
json because() { return {{"reason", "agreed after a talk"}}; }

class ScoringRoutes : public ::testing::Test {
 protected:
  // Over real people, under a policy that a second person agreed to.
  ScoringRoutes() {
    const std::string second = world_.sign_in("second", "admin");
    const std::string yaml = world_.read("/policies/data-leaks", second).at("yaml");
    world_.set_invented(false);
    world_.act("/policies", {{"yaml", yaml + kLawful}, {"reason", kScoringAsked}});
    const int number = world_.read("/policies/data-leaks", second).at("waiting").at("number");
    const json approval = {{"reason", kScoringAsked}, {"number", number}};
    EXPECT_EQ(world_.post("/policies/data-leaks/approve", second, approval.dump()).status, 200);
  }
  std::string error(const std::string& target, const std::string& token, const json& body) {
    return error_id(world_.post(target, token, body.dump()));
  }
  json of_person(const std::string& token) { return world_.read(its_, token); }

  FullWorld world_;
  const std::string its_ = "/people/" + world_.things().person + "/scoring";
  const std::string ivy_ = world_.sign_in("ivy", "investigator");
  const std::string otto_ = world_.sign_in("otto", "privacy_officer");
};

TEST_F(ScoringRoutes, ASecondPersonLetsItBegin) {
  EXPECT_TRUE(of_person(ivy_).at("second_person"));
  EXPECT_EQ(of_person(ivy_).at("policies")[0].at("id"), "data-leaks");
  const Response asked = world_.post(its_, ivy_, wanted().dump());
  ASSERT_EQ(asked.status, 200) << asked.body;
  EXPECT_EQ(json::parse(asked.body).at("decision"), "waits");
  EXPECT_TRUE(of_person(ivy_).at("starts").empty());
  const json waiting = world_.read("/scoring", otto_).at("requests");
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].at("days"), 30);
  World::expect_no_names(waiting.dump());
  EXPECT_THAT(waiting.dump(), Not(HasSubstr("Mallory"))) << "the reason is masked";
  EXPECT_EQ(error(its_ + "/1/approve", ivy_, because()), "access.not_allowed");
  ASSERT_EQ(error(its_ + "/1/approve", otto_, because()), "");
  const json now = of_person(ivy_);
  ASSERT_EQ(now.at("starts").size(), 1u);
  EXPECT_EQ(now.at("starts")[0].at("from"), "2026-05-27");
  EXPECT_EQ(now.at("starts")[0].at("until"), "2026-06-25");
  EXPECT_TRUE(now.at("starts")[0].at("holds"));
  EXPECT_EQ(now.at("requests")[0].at("decided_by"), "otto");
  EXPECT_TRUE(world_.read("/scoring", otto_).at("requests").empty());
  EXPECT_EQ(error(its_ + "/1/approve", otto_, because()), "scoring.nothing_waits");
  EXPECT_EQ(world_.post(its_ + "/stop", ivy_, json{{"policy", "data-leaks"}, {"reason", kScoringWhy}}.dump()).status,
            204);
  EXPECT_TRUE(of_person(ivy_).at("starts").empty());
  EXPECT_EQ(error(its_ + "/stop", ivy_, {{"policy", "data-leaks"}, {"reason", kScoringWhy}}), "scoring.not_started");
  std::string log;
  for (const AuditLine& line : world_.audit_lines()) {
    log += line.action + " " + line.reason + "\n";
    if (line.action == "scoring.started") {
      EXPECT_EQ(line.details, R"({"policy":"data-leaks","days":30,"number":1,"asked_by":"ivy"})");
    }
  }
  for (const char* action : {"scoring.asked", "scoring.started", "scoring.stopped"})
    EXPECT_THAT(log, HasSubstr(action));
  EXPECT_THAT(log, Not(HasSubstr("Mallory Thief was")));
}

TEST_F(ScoringRoutes, NobodyAgreesToTheirOwn) {
  ASSERT_EQ(error(its_, world_.boss(), wanted()), "");
  EXPECT_EQ(error(its_ + "/1/approve", world_.boss(), because()), "scoring.own_request");
  const std::string other = world_.sign_in("boss2", "admin");
  ASSERT_TRUE(world_.viewers().link("local/test", "boss", "quiet@example.com"));
  ASSERT_TRUE(world_.viewers().link("local/test", "boss2", "quiet@example.com"));
  EXPECT_EQ(error(its_ + "/1/approve", other, because()), "scoring.own_request") << "one person with two accounts";
  EXPECT_EQ(error(its_ + "/1/reject", otto_, because()), "");
  EXPECT_EQ(world_.audit_lines().front().action, "scoring.rejected");
  EXPECT_THAT(world_.audit_lines().front().details, HasSubstr(R"("asked_by":"boss")"));
  EXPECT_EQ(of_person(ivy_).at("requests")[0].at("decision"), "rejected");
  EXPECT_TRUE(of_person(ivy_).at("starts").empty());
}

TEST_F(ScoringRoutes, ALaterRequestReplacesOneThatWaits) {
  ASSERT_EQ(error(its_, ivy_, wanted(7)), "");
  ASSERT_EQ(error(its_, ivy_, wanted(9)), "");
  EXPECT_EQ(error(its_ + "/1/approve", otto_, because()), "scoring.nothing_waits");
  EXPECT_EQ(of_person(ivy_).at("requests")[1].at("decision"), "replaced");
  EXPECT_EQ(error(its_ + "/2/approve", otto_, because()), "");
  EXPECT_EQ(of_person(ivy_).at("starts")[0].at("until"), "2026-06-04");
}

TEST_F(ScoringRoutes, OverInventedPeopleItBeginsAtOnce) {
  world_.set_invented(true);
  ASSERT_EQ(error(its_, ivy_, wanted(1)), "");
  const json now = of_person(ivy_);
  EXPECT_FALSE(now.at("second_person"));
  EXPECT_EQ(now.at("starts")[0].at("until"), "2026-05-27");
  EXPECT_EQ(now.at("requests")[0].at("decision"), "not_needed");
}

TEST_F(ScoringRoutes, Refusals) {
  EXPECT_EQ(error(its_, ivy_, wanted(0)), "api.bad_property");
  EXPECT_EQ(error(its_, ivy_, wanted(91)), "api.bad_property");
  EXPECT_EQ(error(its_, ivy_, wanted(30, "no-such")), "alerts.no_policy");
  EXPECT_EQ(error(its_, ivy_, {{"policy", "data-leaks"}, {"days", 3}, {"reason", "short"}}), "api.bad_property");
  EXPECT_EQ(error("/people/" + std::string(32, 'e') + "/scoring", ivy_, wanted()), "access.unknown_person");
  EXPECT_EQ(error("/people/none/scoring", ivy_, wanted()), "access.unknown_person");
  for (const char* number : {"0", "-1", "1x", "99999999999999999999", "7"}) {
    EXPECT_EQ(error(its_ + "/" + number + "/approve", otto_, because()), "scoring.nothing_waits") << number;
  }
  const std::string ann = world_.sign_in("ann", "analyst");
  EXPECT_EQ(error(its_, ann, wanted()), "access.not_allowed");
  EXPECT_EQ(world_.get(its_, ann).status, 403);
  EXPECT_EQ(world_.get("/scoring", ivy_).status, 403);
  EXPECT_TRUE(of_person(ivy_).at("requests").empty());
}

TEST_F(ScoringRoutes, NothingAboutOneself) {
  ASSERT_EQ(error(its_, ivy_, wanted()), "");
  const std::string thief = world_.sign_in(World::kThief, "admin");
  EXPECT_EQ(world_.get(its_, thief).status, 404);
  EXPECT_TRUE(world_.read("/scoring", thief).at("requests").empty());
  EXPECT_EQ(error(its_ + "/1/reject", thief, because()), "access.unknown_person");
}

TEST_F(ScoringRoutes, FromAnAlertAndFromACase) {
  const std::string of_alert = "/alerts/" + world_.things().alert + "/scoring";
  const std::string of_case = "/cases/" + world_.things().case_id + "/scoring";
  const std::string person = world_.read(of_alert, ivy_).at("person_id");
  EXPECT_EQ(person, world_.things().person);
  const Response asked = world_.post(of_alert, ivy_, wanted().dump());
  ASSERT_EQ(asked.status, 200) << asked.body;
  EXPECT_EQ(json::parse(asked.body).at("decision"), "waits");
  EXPECT_THAT(world_.audit_lines().front().details, HasSubstr(world_.things().alert));
  // Who is no member of the case asks nothing from it, and nothing is left of the try.
  EXPECT_EQ(error(of_case, ivy_, wanted(20)), "cases.not_member");
  EXPECT_EQ(of_person(ivy_).at("requests").size(), 1U);
  world_.act("/cases/" + world_.things().case_id + "/contributors", {{"user", "ivy"}});
  ASSERT_EQ(world_.post(of_case, ivy_, wanted(20).dump()).status, 200);
  const json history = world_.read("/cases/" + world_.things().case_id + "/history", ivy_);
  EXPECT_THAT(history.dump(), HasSubstr("scoring_asked"));
  EXPECT_THAT(history.dump(), Not(HasSubstr("Mallory")));
  EXPECT_EQ(world_.post(of_case, world_.sign_in("ana", "analyst"), wanted().dump()).status, 403);
  EXPECT_EQ(error("/cases/00/scoring", ivy_, wanted()), "cases.not_found");
  EXPECT_EQ(error("/alerts/00/scoring", ivy_, wanted()), "alerts.not_found");
}

}  // namespace
}  // namespace candor::api
