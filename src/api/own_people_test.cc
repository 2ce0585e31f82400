#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/every_operation_test.h"

// What viewers must not see by an id somebody gave them: what is about themselves, what is inside a case of others,
// what belongs to another viewer. Each answers exactly as what does not exist.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

using Operation = Contract::Operation;

class OwnPeopleOfViewers : public ::testing::Test {
 protected:
  OwnPeopleOfViewers() {
    const auto linked = world_.viewers().link("local/test", World::kThief, World::kQuiet);
    EXPECT_TRUE(linked) << linked.error().message;
  }

  Response as(const std::string& token, const Operation& operation, const Things& things) {
    return world_.handler()(with_session(*request_for(operation, things), token));
  }

  FullWorld world_;
  const Things real_ = world_.things();
  // May do everything, and is the thief; and, by a link, the quiet one.
  const std::string thief_ = world_.sign_in(World::kThief, "admin");
  const std::string pseudonym_ = world_.read("/alerts/" + real_.alert, world_.boss()).at("person").at("pseudonym");
};

TEST_F(OwnPeopleOfViewers, EveryIdAnswersAsOneThatDoesNotExist) {
  const std::set<std::string> judged = world_.expect_hidden(thief_);
  EXPECT_GT(judged.size(), 35u);
  for (const char* name : {"GET /alerts/{alert_id}", "POST /cases", "POST /people/{person_id}/lift", "GET /cases",
                           "POST /expectations/{number}/approve", "DELETE /lifts/{lift_id}",
                           "GET /cases/{case_id}/evidence/{number}/file", "POST /accounts/{account_id}/owner"})
    EXPECT_TRUE(judged.contains(name)) << name;
}

TEST_F(OwnPeopleOfViewers, NumbersWrittenAnotherWayAreTheSame) {
  const std::string why = R"({"reason":"looked at with care"})";
  for (const char* number : {"1", "01", "000000001"}) {
    const Response response = world_.post(std::string("/expectations/") + number + "/withdraw", thief_, why);
    EXPECT_EQ(response.body, world_.post("/expectations/99/withdraw", thief_, why).body) << number;
  }
}

TEST_F(OwnPeopleOfViewers, ListsAndCountsLackIt) {
  const std::string all = world_.everything(thief_);
  const std::string others = world_.everything(world_.boss());
  for (const std::string& trace : {pseudonym_, real_.alert, real_.person, real_.case_id, real_.lift, real_.account}) {
    EXPECT_THAT(all, Not(HasSubstr(trace)));
    EXPECT_THAT(others, HasSubstr(trace)) << "shows nothing";
  }
  const json queue = world_.read("/alerts", thief_);
  EXPECT_EQ(queue.at("total"), 1);
  EXPECT_EQ(queue.at("alerts").size(), 1u);
  EXPECT_EQ(world_.read("/alerts?text=" + pseudonym_.substr(5), thief_).at("total"), 0);
  EXPECT_EQ(world_.read("/alerts?text=" + real_.alert, thief_).at("total"), 0);
  const json people = world_.read("/alerts?by_person=true", thief_);
  EXPECT_EQ(people.at("total"), 1);
  EXPECT_EQ(people.at("alerts").size(), 1u);
  EXPECT_EQ(world_.read("/status", thief_).at("alerts"), 1);
  EXPECT_EQ(world_.read("/status", world_.boss()).at("alerts"), 2);
  EXPECT_EQ(world_.read("/policies", thief_).at("policies")[0].at("confirmed"), 0);
  EXPECT_EQ(world_.read("/policies", world_.boss()).at("policies")[0].at("confirmed"), 1);
  EXPECT_EQ(world_.read("/cases", thief_).at("total"), 0);
  EXPECT_EQ(world_.read("/people", thief_).at("total"), 2);
  EXPECT_EQ(world_.read("/people", world_.boss()).at("total"), 3);
  EXPECT_EQ(world_.read("/people?limit=1&page=2", thief_).at("people").size(), 1u);
  EXPECT_TRUE(world_.read("/people?limit=1&page=3", thief_).at("people").empty());
  EXPECT_EQ(world_.read("/accounts/unresolved", thief_).at("total"), 1) << "not the linked one";
  EXPECT_EQ(world_.read("/accounts/unresolved", world_.boss()).at("total"), 2);
  EXPECT_TRUE(world_.read("/expectations", thief_).at("expectations").empty());
}

TEST_F(OwnPeopleOfViewers, NeitherSearchNorAColleaguesPageNorABacktestNamesThem) {
  const auto found = [&](const std::string& name, const std::string& token) {
    const Response answer =
        world_.post("/people/search", token, json{{"name", name}, {"reason", "interview on Monday"}}.dump());
    return json::parse(answer.body).at("total");
  };
  for (const char* name : {"Mallory Thief", World::kThief, World::kQuiet}) {
    EXPECT_EQ(found(name, thief_), 0) << name;
    EXPECT_EQ(found(name, world_.boss()), 1) << name;
  }
  const std::string junior = "/people/" + world_.person_of("junior@example.com");
  EXPECT_TRUE(world_.read(junior, thief_).at("manager").is_null());
  EXPECT_EQ(world_.read(junior, world_.boss()).at("manager").at("pseudonym"), pseudonym_);

  const auto tried = [&](const std::string& token) {
    const std::string run = "/policies/data-leaks/backtests/" + world_.backtest_of(token);
    const json people = json::parse(world_.post(run + "/people", token, R"({"reason":"tuning in spring"})").body);
    return std::pair(world_.read(run, token).at("result"), people);
  };
  const auto [own, own_people] = tried(thief_);
  const auto [all, all_people] = tried(world_.boss());
  EXPECT_EQ(own.at("people").get<int>() + 2, all.at("people").get<int>());
  EXPECT_EQ(own_people.at("total").get<int>() + 1, all_people.at("total").get<int>());
  EXPECT_THAT(own_people.dump(), Not(HasSubstr(pseudonym_)));
  EXPECT_THAT(all_people.dump(), HasSubstr(pseudonym_));
}

TEST_F(OwnPeopleOfViewers, TheirAuditTrailIsNotTheirs) {
  const auto lines = [&](const std::string& query, const std::string& token) {
    return world_.read("/audit" + query, token).at("total").get<int>();
  };
  EXPECT_EQ(lines("?alert=" + real_.alert, thief_), 0);
  EXPECT_GT(lines("?alert=" + real_.alert, world_.boss()), 3);
  EXPECT_EQ(lines("?action=person.lifted", thief_), 0);
  EXPECT_EQ(lines("?action=person.lifted", world_.boss()), 1);
  EXPECT_GT(lines("", thief_), 3) << "what is about others stays";
  EXPECT_THAT(world_.get("/audit.csv", thief_).body, Not(HasSubstr(pseudonym_)));
  EXPECT_THAT(world_.get("/audit.csv", world_.boss()).body, HasSubstr(pseudonym_));
}

// By the directory the thief leads junior, and boss@example.com leads the thief.
TEST_F(OwnPeopleOfViewers, NobodyHandlesTheirTeamOrManager) {
  const std::string junior = world_.sign_in("junior@example.com", "admin");
  const std::string head = world_.sign_in("boss@example.com", "admin");
  world_.import(
      "userPrincipalName,displayName,id,department,usageLocation,manager\n"
      "mallory.thief@example.com,Mallory Thief,m1,Sales,DE,boss@example.com\n"
      "junior@example.com,Jo Nior,j1,Sales,DE,mallory.thief@example.com\n"
      "bob.other@example.com,Bob Other,o1,Sales,DE,junior@example.com\n"
      "boss@example.com,Bo Hay,b1,Board,FR,\n");
  const std::string why = R"({"note":"looked at with care"})";
  const auto confirm = [&](const char* who, const std::string& token) {
    return error_id(world_.post("/alerts/" + world_.alert_of(who) + "/confirm", token, why));
  };
  EXPECT_EQ(confirm(World::kThief, junior), "access.own_team") << "their manager";
  EXPECT_EQ(confirm(World::kOther, head), "access.own_team") << "three steps below";
  EXPECT_EQ(world_.get("/alerts/" + world_.alert_of(World::kOther), head).status, 200) << "may be seen";
  const auto refused = [&](const std::string& target, const json& body, const std::string& token) {
    const Response response = world_.post(target, token, body.dump());
    EXPECT_EQ(response.status, 403) << target;
    return error_id(response);
  };
  const std::string at_case = "/cases/" + real_.case_id;
  EXPECT_EQ(
      refused("/cases", {{"alert_id", real_.alert}, {"title", "Files"}, {"reason", "for the spring review"}}, head),
      "access.own_team");
  EXPECT_EQ(refused(at_case + "/notes", {{"text", "a note"}}, head), "access.own_team");
  EXPECT_EQ(refused("/people/" + real_.person + "/lift", {{"reason", "for the spring review"}}, junior),
            "access.own_team");
  EXPECT_EQ(refused("/requests/1/approve", {{"reason", "for the spring review"}}, head), "access.own_team");
  EXPECT_EQ(refused("/requests/1/withdraw", {{"reason", "for the spring review"}}, head), "access.own_team")
      << "somebody else asked for it";
  EXPECT_EQ(refused("/accounts/" + real_.account + "/owner",
                    {{"person", real_.person}, {"reason", "for the spring review"}}, head),
            "access.own_team");
  // The way out: somebody who came to lead the person of their case hands it on.
  EXPECT_NE(error_id(world_.post(at_case + "/owner", head, R"({"owner":"helper","reason":"I lead them now"})")),
            "access.own_team");
  EXPECT_EQ(confirm(World::kOther, world_.boss()), "") << "anybody else may";
}

TEST_F(OwnPeopleOfViewers, ALinkHoldsFromTheNextRequestOn) {
  const std::string ivy = world_.sign_in("ivy", "admin");
  const std::string alert = "/alerts/" + world_.alert_of(World::kOther);
  EXPECT_EQ(world_.get(alert, ivy).status, 200);
  ASSERT_TRUE(world_.viewers().link("local/test", "ivy", " Bob.Other@example.com"));
  EXPECT_EQ(world_.get(alert, ivy).status, 404);
  EXPECT_EQ(world_.read("/alerts", ivy).at("total"), 1);
  ASSERT_TRUE(world_.viewers().unlink("local/test", "ivy", World::kOther));
  EXPECT_EQ(world_.get(alert, ivy).status, 200);
}

TEST_F(OwnPeopleOfViewers, NobodyAgreesUnderASecondName) {
  world_.set_invented(false);
  const std::string ada = world_.sign_in("ada", "admin");
  const std::string ada_too = world_.sign_in("ada.too", "admin");
  for (const char* user : {"ada", "ada.too"})
    ASSERT_TRUE(world_.viewers().link("local/test", user, "boss@example.com"));
  Things others;
  others.alert = world_.alert_of(World::kOther);
  for (const Operation& operation : world_.contract().operations()) {
    if (operation.method != "POST" || operation.path != "/alerts/{alert_id}/expectations") continue;
    ASSERT_EQ(as(ada, operation, others).status, 201);
  }
  const std::string why = R"({"reason":"looked at with care"})";
  const Response second = world_.post("/expectations/2/approve", ada_too, why);
  EXPECT_EQ(error_id(second), "expectations.own_request") << second.body;
  const std::string yaml = world_.read("/policies/data-leaks", ada).at("yaml").get<std::string>() +
                           "\nlawful_start: {purpose: protect_confidential_information, legal_basis: works_agreement, "
                           "agreement: BV 7, impact_assessment: DPIA 3, owner: Security, countries: all, "
                           "review_by: 2099-01-01}\n";
  ASSERT_EQ(world_.post("/policies", ada, json{{"yaml", yaml}, {"reason", "for the spring review"}}.dump()).status,
            200);
  json agreed = {{"reason", "looked at with care"}};
  agreed["number"] = world_.read("/policies/data-leaks", ada).at("waiting").at("number");
  EXPECT_EQ(error_id(world_.post("/policies/data-leaks/approve", ada, agreed.dump())), "policy.own_request");
  EXPECT_EQ(error_id(world_.post("/policies/data-leaks/approve", ada_too, agreed.dump())), "policy.own_request");
  EXPECT_EQ(world_.post("/expectations/2/approve", world_.boss(), why).status, 200);
  EXPECT_EQ(world_.post("/policies/data-leaks/approve", world_.boss(), agreed.dump()).status, 200);
}

// Other people's things, for whoever may see things of that kind.
TEST_F(OwnPeopleOfViewers, WhatIsInsideAnothersCaseOrBelongsToAnotherAnswersAsWhatIsNotThere) {
  const std::string ben = world_.sign_in("ben", "investigator");
  Things none_inside = real_;
  none_inside.inside_case = "99";
  none_inside.backtest = "99";
  none_inside.lift = Things().lift;
  std::size_t asked = 0;
  for (const Operation& operation : world_.contract().operations()) {
    const bool inside = operation.path.find("{number}") != std::string::npos && operation.path.starts_with("/cases/");
    const bool of_viewers = operation.path.find("{backtest_id}") != std::string::npos ||
                            operation.path.find("{lift_id}") != std::string::npos;
    if (!inside && !of_viewers) continue;
    ++asked;
    const Response theirs = as(ben, operation, real_);
    const Response nothing = as(ben, operation, none_inside);
    EXPECT_EQ(theirs.status, inside ? 403 : 404) << operation.path;
    EXPECT_EQ(theirs.body, nothing.body) << operation.path;
  }
  EXPECT_EQ(asked, 7u);
  for (const char* what : {"notes", "tasks", "evidence"})
    EXPECT_EQ(error_id(world_.get("/cases/" + real_.case_id + "/" + what, ben)), "cases.not_member") << what;
}

}  // namespace
}  // namespace candor::api
