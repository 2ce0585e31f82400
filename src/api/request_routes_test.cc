#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/every_operation_test.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

json report(const std::string& reason = "a partner says files were offered") {
  return {{"kind", "activity_report"},
          {"from", "2026-01-01"},
          {"until", "2026-05-27"},
          {"reason", reason},
          {"milder", "no alert is about that time"}};
}
const std::string kBecause = json{{"reason", "asked the head of legal"}}.dump();

// Over people who are not invented.
class RequestRoutes : public ::testing::Test {
 protected:
  RequestRoutes() {
    world_.import("userPrincipalName,displayName,id\nmallory.thief@example.com,Mallory Thief,m1\n");
    world_.set_invented(false);
  }

  std::string person(const std::string& token) {
    // People are listed by pseudonym; the thief is the one whom the alert is about.
    const std::string pseudonym =
        world_.read("/alerts/" + world_.alert_of(World::kThief), token).at("person").at("pseudonym");
    const json found = world_.read("/people", token).at("people");
    for (const json& one : found)
      if (one.at("person").at("pseudonym") == pseudonym) return one.at("id");
    ADD_FAILURE() << "nobody has that pseudonym";
    return "";
  }
  json ask(const std::string& token, const json& body) {
    const Response response = world_.post("/people/" + person(token) + "/requests", token, body.dump());
    EXPECT_EQ(response.status, 201) << response.body;
    World::expect_no_names(response.body);
    return json::parse(response.body, nullptr, false);
  }
  int status(const std::string& target, const std::string& token) { return world_.get(target, token).status; }
  std::string act(const std::string& step, const std::string& token) {
    return error_id(world_.post("/requests/1/" + step, token, kBecause));
  }

  World world_;
  const std::string ina_ = world_.sign_in("ina", "investigator");
  const std::string ian_ = world_.sign_in("ian", "investigator");
  const std::string ana_ = world_.sign_in("ana", "analyst");
  const std::string ada_ = world_.sign_in("ada", "admin");
  const std::string app_ = world_.sign_in("app", "approver");
};

TEST_F(RequestRoutes, AReportIsReadByWhoAskedOnceASecondPersonAgreed) {
  const json asked = ask(ina_, report("mallory.thief@example.com is said to sell files"));
  EXPECT_EQ(asked.at("state"), "waits");
  EXPECT_EQ(asked.at("may_read"), false);
  EXPECT_EQ(world_.get("/requests/1/report", ina_).status, 409);
  EXPECT_EQ(world_.get("/requests/1/activities", ina_).status, 409);
  EXPECT_EQ(act("approve", ina_), "access.not_allowed");
  EXPECT_EQ(act("approve", app_), "");
  const json after = world_.read("/requests/1", ina_);
  EXPECT_EQ(after.at("state"), "approved");
  EXPECT_EQ(after.at("decided_by"), "app");
  EXPECT_EQ(after.at("may_read"), true);

  const json page = world_.read("/requests/1/report", ina_);
  ASSERT_FALSE(page.at("insights").empty());
  EXPECT_EQ(page.at("person"), asked.at("person"));
  for (const json& one : page.at("insights")) {
    EXPECT_GE(one.at("day").get<std::string>(), "2026-01-01");
    EXPECT_LE(one.at("day").get<std::string>(), "2026-05-27");
  }
  const json activities = world_.read("/requests/1/activities?limit=500", ina_);
  ASSERT_FALSE(activities.at("activities").empty());
  EXPECT_FALSE(activities.at("activities")[0].at("in_alert"));
  const std::string first = activities.at("activities")[0].at("id");
  EXPECT_EQ(status("/requests/1/activities/" + first, ina_), 200);
  EXPECT_EQ(status("/requests/1/activities/" + first + "/raw", ina_), 200);
  EXPECT_EQ(status("/requests/1/activities.csv", ina_), 200);
  World::expect_no_names(world_.get("/requests/1/activities.csv", ina_).body);
  EXPECT_EQ(status("/requests/1/activities?scope=alert", ina_), 400) << "a report has no receipt";

  // Nobody else reads it, not who agreed either.
  for (const std::string& other : {ian_, app_}) EXPECT_EQ(status("/requests/1/report", other), 404);
  EXPECT_EQ(status("/requests/1/report", ana_), 403);
  EXPECT_EQ(status("/requests/1", ian_), 404);
}

TEST_F(RequestRoutes, ItEndsAndCanBeTakenBack) {
  ask(ada_, report());
  EXPECT_EQ(act("approve", ada_), "requests.own_request");
  EXPECT_EQ(act("approve", app_), "");
  EXPECT_EQ(act("approve", app_), "requests.not_waiting");
  EXPECT_EQ(status("/requests/1/report", ada_), 200);
  EXPECT_EQ(act("withdraw", ada_), "");
  EXPECT_EQ(status("/requests/1/report", ada_), 409);
  EXPECT_EQ(act("withdraw", ada_), "requests.not_open");
}

TEST_F(RequestRoutes, ListsAreOnesOwnUnlessOneDecides) {
  ask(ina_, report());
  ask(ian_, report());
  EXPECT_EQ(world_.read("/requests", ina_).at("total"), 1);
  EXPECT_EQ(world_.read("/requests", app_).at("total"), 2);
  EXPECT_EQ(world_.read("/requests", app_).at("waiting"), 2);
  EXPECT_EQ(act("reject", app_), "");
  EXPECT_EQ(world_.read("/requests?state=rejected", app_).at("requests")[0].at("number"), 1);
  EXPECT_EQ(world_.read("/requests?kind=screen_evidence", app_).at("total"), 0);
  EXPECT_EQ(status("/requests?state=lost", app_), 400);
  const json one = world_.read("/requests?state=waits", app_).at("requests")[0];
  EXPECT_EQ(one.at("may_decide"), true);
  EXPECT_EQ(world_.read("/requests/2", ian_).at("may_decide"), false);
}

TEST_F(RequestRoutes, MembersOfTheCaseReadIt) {
  const Response opened = world_.post(
      "/cases", ina_,
      json{{"alert_id", world_.alert_of(World::kThief)}, {"title", "Files"}, {"reason", "offered for sale"}}.dump());
  ASSERT_EQ(opened.status, 201) << opened.body;
  const std::string at = "/cases/" + json::parse(opened.body).at("id").get<std::string>();
  EXPECT_EQ(world_.post(at + "/requests", ian_, report().dump()).status, 403) << "no member";
  ASSERT_EQ(world_.post(at + "/requests", ina_, report().dump()).status, 201);
  EXPECT_EQ(act("approve", app_), "");
  EXPECT_EQ(status("/requests/1/report", ian_), 404);
  ASSERT_EQ(world_.post(at + "/contributors", ina_, R"({"user":"ian"})").status, 200);
  EXPECT_EQ(status("/requests/1/report", ian_), 200);
}

TEST_F(RequestRoutes, BadOnesSayWhatIsWrong) {
  const std::string target = "/people/" + person(ina_) + "/requests";
  const auto refused = [&](const char* property, const json& value) {
    json body = report();
    body[property] = value;
    const Response response = world_.post(target, ina_, body.dump());
    EXPECT_EQ(response.status, 400) << response.body;
    return json::parse(response.body).at("message").get<std::string>();
  };
  EXPECT_THAT(refused("until", "2025-12-31"), HasSubstr("before the first"));
  EXPECT_THAT(refused("until", "2099-01-01"), HasSubstr("ends today"));
  EXPECT_THAT(refused("kind", "contents"), HasSubstr("kind"));
  EXPECT_THAT(refused("milder", "no"), HasSubstr("milder"));
  json past = report();
  past["kind"] = "screen_evidence";
  EXPECT_THAT(world_.post(target, ina_, past.dump()).body, HasSubstr("begins today"));
  EXPECT_EQ(world_.read("/requests", app_).at("total"), 0);
}

TEST_F(RequestRoutes, EachStepIsInTheAuditLogWithoutNames) {
  ask(ina_, report("mallory.thief@example.com is said to sell files"));
  EXPECT_EQ(act("approve", app_), "");
  world_.read("/requests/1/report", ina_);
  std::vector<std::string> actions;
  for (const AuditLine& line : world_.audit_lines()) {
    if (line.object_kind != "request") continue;
    actions.push_back(line.action);
    World::expect_no_names(line.reason);
    EXPECT_FALSE(line.pseudonym.empty());
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"report.viewed", "request.approved", "request.asked"}));
}

TEST_F(RequestRoutes, OverInventedPeopleNobodyElseIsNeeded) {
  world_.set_invented(true);
  EXPECT_EQ(ask(ina_, report()).at("state"), "approved");
  EXPECT_EQ(status("/requests/1/report", ina_), 200);
}

}  // namespace
}  // namespace candor::api
