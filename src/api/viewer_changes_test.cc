#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "api/every_operation_test.h"

// What a viewer who is limited to units sees: nothing of whoever is not in them, by whatever way.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLimitedBecause = "for the spring review";
constexpr const char* kUnits = R"(units:
  - {id: france, name: France, where: [{country: FR}]}
  - {id: germany, name: Germany, description: Head office, where: [{country: DE}], except: [{department: Board}]}
  - {id: nobody, name: Nobody, where: [{country: XX}]}
)";
// Bob is in France, with an alert; the thief in Germany, with everything; the quiet one is not told of.
constexpr const char* kWithBob =
    "userPrincipalName,displayName,id,department,usageLocation,manager\n"
    "mallory.thief@example.com,Mallory Thief,m1,Sales,DE,boss@example.com\n"
    "junior@example.com,Jo Nior,j1,Sales,FR,mallory.thief@example.com\n"
    "bob.other@example.com,Bob Other,o1,Research,FR,mallory.thief@example.com\n"
    "boss@example.com,Bo Hay,b1,Board,FR,\n";

class LimitedViewers : public ::testing::Test {
 protected:
  LimitedViewers() {
    world_.import(kWithBob);
    world_.set_units(kUnits);
    EXPECT_EQ(limit("ivy", "france").at("decision"), "not_needed");
  }

  json limit(const std::string& user, const std::string& units) {
    return json::parse(world_.post("/viewers/" + user + "/changes", root_, wanted(units)).body);
  }
  static std::string wanted(const std::string& units) {
    return json{{"units", units}, {"reason", kLimitedBecause}}.dump();
  }
  std::string error(const std::string& target, const std::string& token, const json& body) {
    return error_id(world_.post(target, token, body.dump()));
  }
  static json because() { return {{"reason", kLimitedBecause}}; }

  FullWorld world_;
  const Things real_ = world_.things();
  const std::string root_ = world_.sign_in("root", "admin");
  // May do everything, in France.
  const std::string ivy_ = world_.sign_in("ivy", "admin");
  const std::string pseudonym_ = world_.read("/alerts/" + real_.alert, world_.boss()).at("person").at("pseudonym");
  const std::string bobs_alert_ = world_.alert_of(World::kOther);
};

TEST_F(LimitedViewers, EveryIdOutsideAnswersAsOneThatDoesNotExist) {
  const auto judged = world_.expect_hidden(ivy_);
  EXPECT_GT(judged.size(), 35u);
  for (const char* name : {"GET /alerts/{alert_id}", "POST /cases", "POST /people/{person_id}/lift", "GET /cases",
                           "POST /expectations/{number}/approve", "DELETE /lifts/{lift_id}",
                           "GET /requests/{number}/activities", "GET /requests/{number}/package",
                           "GET /cases/{case_id}/evidence/{number}/file", "POST /accounts/{account_id}/owner"})
    EXPECT_TRUE(judged.contains(name)) << name;
}

TEST_F(LimitedViewers, NoListCountOrExportHoldsAnybodyOutside) {
  const std::string all = world_.everything(ivy_);
  const std::string others = world_.everything(world_.boss());
  for (const std::string& trace : {pseudonym_, real_.alert, real_.person, real_.case_id, real_.lift, real_.account,
                                   world_.person_of(World::kQuiet)}) {
    EXPECT_THAT(all, Not(HasSubstr(trace)));
    EXPECT_THAT(others, HasSubstr(trace)) << "shows nothing";
  }
  EXPECT_THAT(all, HasSubstr(bobs_alert_)) << "what is inside is there";
  const json queue = world_.read("/alerts", ivy_);
  EXPECT_EQ(queue.at("total"), 1);
  EXPECT_EQ(queue.at("alerts").size(), 1u);
  EXPECT_EQ(world_.get("/alerts/" + bobs_alert_, ivy_).status, 200);
  EXPECT_EQ(world_.read("/alerts?text=" + pseudonym_.substr(5), ivy_).at("total"), 0);
  EXPECT_EQ(world_.read("/alerts?text=" + real_.alert, ivy_).at("total"), 0);
  EXPECT_EQ(world_.read("/alerts?by_person=true", ivy_).at("total"), 1);
  EXPECT_EQ(world_.read("/status", ivy_).at("alerts"), 1);
  EXPECT_EQ(world_.read("/policies", ivy_).at("policies")[0].at("confirmed"), 0);
  EXPECT_EQ(world_.read("/cases", ivy_).at("total"), 0);
  EXPECT_EQ(world_.read("/requests", ivy_).at("total"), 0);
  EXPECT_EQ(world_.read("/people", ivy_).at("total"), 3);
  EXPECT_EQ(world_.read("/people", world_.boss()).at("total"), 4);
  const std::string in_scope = "/people/in-scope?text=" + pseudonym_.substr(5);
  EXPECT_EQ(world_.read(in_scope, ivy_).at("total"), 0);
  EXPECT_EQ(world_.read(in_scope, world_.boss()).at("total"), 1);
  EXPECT_EQ(world_.read("/people?limit=1&page=3", ivy_).at("people").size(), 1u);
  EXPECT_TRUE(world_.read("/people?limit=1&page=4", ivy_).at("people").empty());
  EXPECT_EQ(world_.read("/accounts/unresolved", ivy_).at("total"), 0) << "whose attributes nobody knows";
  EXPECT_EQ(world_.read("/mass-events", ivy_).at("mass_events")[0].at("people"), 1);
}

TEST_F(LimitedViewers, NeitherSearchNorAColleaguesPageNorABacktestNamesThem) {
  const auto found = [&](const std::string& name, const std::string& token) {
    return json::parse(
               world_.post("/people/search", token, json{{"name", name}, {"reason", kLimitedBecause}}.dump()).body)
        .at("total");
  };
  for (const char* name : {"Mallory Thief", World::kThief}) {
    EXPECT_EQ(found(name, ivy_), 0) << name;
    EXPECT_EQ(found(name, world_.boss()), 1) << name;
  }
  EXPECT_EQ(found("Bob Other", ivy_), 1);
  const std::string bob = "/people/" + world_.person_of(World::kOther);
  EXPECT_TRUE(world_.read(bob, ivy_).at("manager").is_null()) << "who is outside";
  EXPECT_EQ(world_.read(bob, world_.boss()).at("manager").at("pseudonym"), pseudonym_);
  const auto tried = [&](const std::string& token) {
    const std::string run = "/policies/data-leaks/backtests/" + world_.backtest_of(token);
    const json people = json::parse(world_.post(run + "/people", token, R"({"reason":"tuning in spring"})").body);
    return std::pair(world_.read(run, token).at("result"), people);
  };
  const auto [inside, people] = tried(ivy_);
  EXPECT_EQ(inside.at("people"), 3);
  EXPECT_THAT(people.dump(), Not(HasSubstr(pseudonym_)));
  EXPECT_EQ(people.at("total"), 1);
}

TEST_F(LimitedViewers, TheirAuditTrailStaysOutside) {
  const auto lines = [&](const std::string& query, const std::string& token) {
    return world_.read("/audit" + query, token).at("total").get<int>();
  };
  EXPECT_EQ(lines("?alert=" + real_.alert, ivy_), 0);
  EXPECT_GT(lines("?alert=" + real_.alert, world_.boss()), 3);
  EXPECT_EQ(lines("?action=person.lifted", ivy_), 0);
  EXPECT_GT(lines("", ivy_), 3) << "what is about nobody stays";
  EXPECT_EQ(world_.get("/alerts/" + bobs_alert_, ivy_).status, 200);
  EXPECT_EQ(lines("?alert=" + bobs_alert_, ivy_), 1) << "and what is about people inside";
  EXPECT_THAT(world_.get("/audit.csv", ivy_).body, Not(HasSubstr(pseudonym_)));
}

TEST_F(LimitedViewers, FollowWhoMoves) {
  const std::string alert = "/alerts/" + real_.alert;
  EXPECT_EQ(world_.get(alert, ivy_).status, 404);
  std::string moved = kWithBob;
  moved.replace(moved.find("Sales,DE"), 8, "Sales,FR");
  world_.import(moved);
  EXPECT_EQ(world_.get(alert, ivy_).status, 404) << "until the units are looked at again";
  world_.set_units(kUnits);
  EXPECT_EQ(world_.get(alert, ivy_).status, 200);
  EXPECT_EQ(world_.read("/alerts", ivy_).at("total"), 2);
  world_.set_units("units: [{id: germany, name: Germany, where: [{country: DE}]}]");
  EXPECT_EQ(world_.read("/alerts", ivy_).at("total"), 0) << "their unit is no longer there";
  EXPECT_EQ(world_.get("/alerts/" + bobs_alert_, ivy_).status, 404);
}

TEST_F(LimitedViewers, ATokenOfTheirsIsLimitedToo) {
  const json made = json::parse(
      world_.post("/tokens", ivy_, json{{"name", "nightly"}, {"days", 30}, {"password", World::kPassword}}.dump())
          .body);
  Request request;
  request.method = Method::get;
  request.target = "/api/v1/alerts";
  request.headers = {{"host", "localhost"}};
  const Response queue = world_.handler()(with_token(request, made.at("token").get<std::string>()));
  EXPECT_EQ(queue.status, 200) << queue.body;
  EXPECT_EQ(json::parse(queue.body).at("total"), 1);
}

TEST_F(LimitedViewers, DoNotDecideForThoseTheyDoNotSee) {
  EXPECT_EQ(error("/mass-events/1/release", ivy_, because()), "access.limited_viewer");
  EXPECT_EQ(error("/mass-events/1/explain", ivy_, {{"because", "a migration of all devices"}, {"owner", "ada"}}),
            "access.limited_viewer");
  EXPECT_EQ(limit("ivy", "nobody").at("decision"), "not_needed");
  EXPECT_EQ(error("/mass-events/1/release", ivy_, because()), "mass_events.not_found");
  EXPECT_TRUE(world_.read("/mass-events", ivy_).at("mass_events").empty());
  EXPECT_EQ(error("/mass-events/1/release", world_.boss(), because()), "");
}

TEST_F(LimitedViewers, CannotBeGivenACaseAboutSomebodyOutside) {
  const std::string at_case = "/cases/" + real_.case_id;
  EXPECT_EQ(error(at_case + "/contributors", world_.boss(), {{"user", "ivy"}}), "cases.outside_units");
  EXPECT_EQ(error(at_case + "/owner", world_.boss(), {{"owner", "ivy"}, {"reason", kLimitedBecause}}),
            "cases.outside_units");
  EXPECT_EQ(error(at_case + "/contributors", world_.boss(), {{"user", "root"}}), "");
  // Whoever works on a case and is limited afterwards has it no more.
  EXPECT_EQ(limit("helper", "france").at("decision"), "not_needed");
  EXPECT_EQ(error(at_case + "/notes", world_.boss(), {{"text", "a note"}}), "");
}

// --- who limits whom

class ViewerRoutes : public LimitedViewers {
 protected:
  ViewerRoutes() { world_.set_invented(false); }
  json viewer(const std::string& user) {
    const json found = world_.read("/viewers", root_).at("viewers");
    const auto one = std::ranges::find(found, user, [](const json& it) { return it.at("user").get<std::string>(); });
    return one == found.end() ? json() : *one;
  }
  std::string decide(const std::string& token, int number, const std::string& act = "approve") {
    return error("/viewer-changes/" + std::to_string(number) + "/" + act, token, because());
  }
};

TEST_F(ViewerRoutes, ListViewersUnitsAndFewPeopleAsFew) {
  const json all = world_.read("/viewers", root_);
  EXPECT_TRUE(all.at("second_person"));
  EXPECT_TRUE(all.at("may_change"));
  EXPECT_EQ(viewer("ivy").at("units"), json{"france"});
  EXPECT_EQ(viewer("ivy").at("role"), "admin");
  EXPECT_TRUE(viewer("root").at("units").empty());
  ASSERT_EQ(all.at("units").size(), 3u);
  EXPECT_EQ(all.at("units")[1].at("rule"), "country: DE - except department: Board");
  for (const json& unit : all.at("units")) EXPECT_TRUE(unit.at("people").is_null()) << "fewer than ten";
  std::string crowd = "userPrincipalName,displayName,id,department,usageLocation\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = "p" + std::to_string(i);
    crowd += name + "@example.com,P " + name + "," + name + ",Sales," + (i < 11 ? "DE" : "FR") + "\n";
  }
  world_.import(crowd);
  world_.set_units(kUnits);
  EXPECT_EQ(world_.read("/viewers", root_).at("units")[1].at("people"), 11);
  const json own = world_.read("/viewers", ivy_);
  EXPECT_FALSE(own.at("may_change"));
  ASSERT_EQ(own.at("units").size(), 1u) << "of others nothing is told";
  EXPECT_EQ(own.at("units")[0].at("id"), "france");
}

TEST_F(ViewerRoutes, WhatShowsMoreWaitsForASecondPerson) {
  EXPECT_EQ(limit("ivy", "").at("decision"), "waits");
  EXPECT_EQ(world_.read("/alerts", ivy_).at("total"), 1) << "until somebody agrees";
  const json waiting = viewer("ivy").at("waiting");
  EXPECT_EQ(waiting.at("number"), 2);
  EXPECT_EQ(waiting.at("before"), json{"france"});
  EXPECT_EQ(decide(root_, 2), "access.own_change");
  EXPECT_EQ(decide(ivy_, 2), "access.own_rights");
  EXPECT_EQ(decide(root_, 99), "access.no_viewer_change");
  EXPECT_EQ(decide(world_.boss(), 2), "");
  EXPECT_EQ(world_.read("/alerts", ivy_).at("total"), 2);
  EXPECT_TRUE(viewer("ivy").at("waiting").is_null());
  EXPECT_EQ(world_.read("/viewers", root_).at("changes")[0].at("decided_by"), "boss");
  std::set<std::string> actions;
  for (const AuditLine& line : world_.audit_lines()) actions.insert(line.action);
  EXPECT_TRUE(actions.contains("viewer.change_asked") && actions.contains("viewer.change_approved"));
}

TEST_F(ViewerRoutes, RejectAndTakeBack) {
  EXPECT_EQ(limit("ivy", "france, germany").at("decision"), "waits");
  EXPECT_EQ(decide(world_.boss(), 2, "withdraw"), "access.own_change");
  EXPECT_EQ(decide(world_.boss(), 2, "reject"), "");
  EXPECT_EQ(limit("ivy", "germany").at("decision"), "waits");
  EXPECT_EQ(decide(root_, 3, "withdraw"), "");
  EXPECT_EQ(viewer("ivy").at("units"), json{"france"});
}

TEST_F(ViewerRoutes, NobodyTheirOwnAndWhoIsLimitedNobodys) {
  EXPECT_EQ(error("/viewers/root/changes", root_, json::parse(wanted("france"))), "access.own_rights");
  EXPECT_EQ(error("/viewers/ivy/changes", ivy_, json::parse(wanted(""))), "access.own_rights");
  EXPECT_EQ(error("/viewers/boss/changes", ivy_, json::parse(wanted("france"))), "access.limited_viewer");
  EXPECT_EQ(error("/viewers/nobody/changes", root_, json::parse(wanted("france"))), "access.unknown_user");
  EXPECT_EQ(error("/viewers/boss/changes", root_, json::parse(wanted("<b>"))), "access.unknown_unit");
  EXPECT_EQ(error("/viewers/ivy/changes", root_, json::parse(wanted("france,france"))), "access.same_viewer");
  EXPECT_EQ(error("/viewers/boss/changes", root_, {{"units", "france"}, {"reason", "short"}}), "api.bad_property");
  EXPECT_EQ(error("/viewers/boss/changes", root_, {{"reason", kLimitedBecause}}), "api.bad_property");
  EXPECT_EQ(world_.get("/viewers?page=1", root_).status, 400);
}

}  // namespace
}  // namespace candor::api
