#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "api/every_operation_test.h"

// Acts on many alerts over HTTP, filters of the queue, and what stands beside an alert in it.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class QueueActRoutes : public ::testing::Test {
 protected:
  json act(const std::string& kind, json more = json::object()) {
    json body = {{"id", std::string(29, 'b') + std::to_string(100 + acts_++)}, {"act", kind}, {"as_of", as_of()}};
    if (kind == "dismiss") body["reason"] = "expected";
    body.update(more);
    return body;
  }
  std::string as_of() { return world_.read("/alerts", ada_).at("as_of"); }
  json done(const std::string& query, const json& body) {
    const Response response = world_.post("/queue-acts" + query, ada_, body.dump());
    EXPECT_EQ(response.status, 201) << response.body;
    World::expect_no_names(response.body);
    return json::parse(response.body);
  }
  std::string refused(const std::string& query, const json& body) {
    return error_id(world_.post("/queue-acts" + query, ada_, body.dump()));
  }
  int total(const std::string& query) { return world_.read("/alerts" + query, ada_).at("total"); }

  World world_;
  int acts_ = 0;
  const std::string ada_ = world_.sign_in("ada", "analyst");
  const std::string ben_ = world_.sign_in("ben", "investigator");
  const std::string thief_ = world_.alert_of(World::kThief);
  const std::string other_ = world_.alert_of(World::kOther);
};

TEST_F(QueueActRoutes, DismissesWhatIsNamedAndTakesItBack) {
  const json body = act("dismiss", {{"alerts", thief_ + " " + other_ + " " + thief_ + " " + std::string(32, '0')}});
  const json outcome = done("", body);
  EXPECT_EQ(outcome.at("total"), 3) << "each once";
  EXPECT_EQ(outcome.at("done"), 2);
  EXPECT_EQ(outcome.at("why"), (json::array({{{"error", "alerts.not_found"}, {"alerts", 1}}})));
  EXPECT_EQ(total("?status=dismissed"), 2);
  const std::string path = "/queue-acts/" + body.at("id").get<std::string>();
  EXPECT_EQ(world_.read(path, ada_).at("ended"), true);
  EXPECT_EQ(world_.get(path, ben_).status, 404);
  EXPECT_EQ(world_.post(path + "/undo", ben_, "").status, 404);
  const Response undone = world_.post(path + "/undo", ada_, "");
  ASSERT_EQ(undone.status, 200) << undone.body;
  EXPECT_EQ(json::parse(undone.body).at("undone"), 2);
  EXPECT_EQ(total("?status=needs_review"), 2);
  const json alert = world_.read("/alerts/" + thief_, ada_);
  EXPECT_EQ(alert.at("history").back().at("kind"), "undone");
  EXPECT_EQ(alert.at("history").back().at("viewer"), "ada");
  EXPECT_TRUE(alert.at("decision").is_null());
}

TEST_F(QueueActRoutes, TakesAllThatTheFilterFindsWhileItIsAsShown) {
  const json page = world_.read("/alerts?status=needs_review&by_person=true", ada_);
  EXPECT_EQ(page.at("matching"), 2);
  EXPECT_EQ(refused("?status=needs_review", act("confirm", {{"shown", 300}})), "alerts.count_differs");
  EXPECT_EQ(done("?status=needs_review", act("confirm", {{"shown", 2}})).at("done"), 2);
  EXPECT_EQ(done("?status=needs_review", act("confirm", {{"shown", 2}})).at("done"), 0) << "there is none left";
  EXPECT_EQ(total("?status=confirmed"), 2);
}

TEST_F(QueueActRoutes, SaysWhatItDoesNotTake) {
  const json named = {{"alerts", thief_}};
  EXPECT_EQ(refused("", act("dismiss")), "api.bad_property") << "neither named nor counted";
  EXPECT_EQ(refused("", act("dismiss", {{"alerts", thief_}, {"shown", 1}})), "api.bad_property");
  EXPECT_EQ(refused("?status=needs_review", act("dismiss", named)), "api.bad_property");
  EXPECT_EQ(refused("", act("dismiss", {{"alerts", "   "}})), "api.bad_property");
  EXPECT_EQ(refused("", act("resolve", named)), "api.bad_property");
  EXPECT_EQ(refused("", act("dismiss", {{"alerts", thief_}, {"as_of", "now"}})), "api.bad_property");
  EXPECT_EQ(refused("", act("dismiss", {{"alerts", thief_}, {"reason", "boredom"}})), "api.bad_property");
  EXPECT_EQ(refused("", act("confirm", {{"alerts", thief_}, {"reason", "expected"}})), "alerts.bad_act");
  EXPECT_EQ(refused("", act("dismiss", {{"alerts", thief_}, {"id", std::string(32, 'X')}})), "alerts.bad_act");
  EXPECT_EQ(refused("?sort=score", act("dismiss", {{"shown", 2}})), "api.unknown_parameter");
  EXPECT_EQ(refused("", act("assign", {{"alerts", thief_}, {"to", "nobody"}})), "alerts.bad_viewer");
  EXPECT_EQ(refused("", act("dismiss", {{"alerts", "<script> ' or 1=1 \xe2\x80\xae"}})), "") << "names nothing";
  EXPECT_EQ(total("?status=needs_review"), 2);
  const std::string auditor = world_.sign_in("eve", "auditor");
  EXPECT_EQ(world_.post("/queue-acts", auditor, act("dismiss", named).dump()).status, 403);
}

TEST_F(QueueActRoutes, AlertsAreGivenToViewers) {
  EXPECT_EQ(world_.read("/assignees", ada_).at("assignees"), (json{"ada", "ben"}));
  EXPECT_EQ(total("?unassigned=true"), 2);
  const std::string path = "/alerts/" + thief_ + "/assign";
  EXPECT_EQ(world_.post(path, ada_, R"({"to":"ben"})").status, 200);
  EXPECT_EQ(world_.read("/alerts/" + thief_, ada_).at("assigned_to"), "ben");
  EXPECT_EQ(world_.audit_lines().at(1).action, "alert.assigned");
  EXPECT_EQ(error_id(world_.post(path, ada_, R"({"to":"ben"})")), "alerts.assigned_already");
  EXPECT_EQ(error_id(world_.post(path, ada_, R"({"to":"eve"})")), "alerts.bad_viewer");
  EXPECT_EQ(total("?assigned_to=ben"), 1);
  EXPECT_EQ(total("?assigned_to=nobody.there"), 0);
  EXPECT_EQ(total("?unassigned=true"), 1);
  EXPECT_EQ(world_.get("/alerts?unassigned=true&assigned_to=ben", ada_).status, 400);
  EXPECT_EQ(done("?unassigned=true", act("assign", {{"to", "ada"}, {"shown", 1}})).at("done"), 1);
  const json mine = world_.read("/alerts?assigned_to=ada", ada_).at("alerts");
  ASSERT_EQ(mine.size(), 1u);
  EXPECT_EQ(mine[0].at("assigned_to"), "ada");
  done("", act("dismiss", {{"alerts", other_}}));
  EXPECT_EQ(total("?assigned_to=ada"), 0) << "closed work is nobody's";
  EXPECT_TRUE(world_.read("/alerts/" + other_, ben_).at("assigned_to").is_null());
}

TEST_F(QueueActRoutes, FiltersByCaseAndDays) {
  const std::string boss = world_.sign_in("boss", "admin");
  const auto count = [&](const std::string& query) { return world_.read("/alerts" + query, boss).at("total"); };
  EXPECT_EQ(count("?in_case=true"), 0);
  ASSERT_EQ(world_
                .post("/cases", boss,
                      json({{"alert_id", thief_}, {"title", "Files"}, {"reason", "more than ever before"}}).dump())
                .status,
            201);
  EXPECT_EQ(count("?in_case=true"), 1);
  EXPECT_EQ(count("?in_case=false"), 1);
  // Who reads alerts and sees no cases.
  const std::string app = world_.sign_in("app", "approver");
  EXPECT_EQ(world_.get("/alerts", app).status, 200);
  EXPECT_EQ(world_.get("/alerts?in_case=true", app).status, 403);
  EXPECT_EQ(world_.get("/alerts/" + thief_ + "/neighbours?in_case=true", app).status, 403);
  const json alert = world_.read("/alerts/" + other_, ada_);
  const std::string last = alert.at("last_day");
  const std::string opened = alert.at("created_at").get<std::string>().substr(0, 10);
  EXPECT_EQ(count("?opened_from=" + opened + "&opened_until=" + opened), 2);
  EXPECT_EQ(count("?opened_until=2020-01-01"), 0);
  EXPECT_EQ(count("?active_from=2030-01-01"), 0);
  EXPECT_GE(count("?active_from=" + last + "&active_until=" + last), 1);
  EXPECT_EQ(world_.get("/alerts?opened_from=2026-02-02&opened_until=2026-02-01", boss).status, 400);
  EXPECT_EQ(world_.get("/alerts?active_from=yesterday", boss).status, 400);
}

TEST_F(QueueActRoutes, NeighboursAreThoseOfTheWholeQueue) {
  const json rows = world_.read("/alerts?sort=-score", ada_).at("alerts");
  const std::string first = rows[0].at("id");
  const std::string second = rows[1].at("id");
  const auto beside = [&](const std::string& id, const std::string& query) {
    return world_.read("/alerts/" + id + "/neighbours" + query, ada_);
  };
  EXPECT_EQ(beside(first, "?sort=-score"), (json{{"previous", nullptr}, {"next", second}, {"place", 1}, {"total", 2}}));
  EXPECT_EQ(beside(first, "?sort=score&by_person=true"),
            (json{{"previous", second}, {"next", nullptr}, {"place", 2}, {"total", 2}}));
  done("", act("confirm", {{"alerts", first}}));
  EXPECT_EQ(beside(first, "?sort=-score&status=needs_review"),
            (json{{"previous", nullptr}, {"next", second}, {"place", nullptr}, {"total", 1}}));
  EXPECT_EQ(world_.get("/alerts/" + std::string(32, '0') + "/neighbours", ada_).status, 404);
  EXPECT_EQ(world_.get("/alerts/" + first + "/neighbours?page=2", ada_).status, 400);
}

// Whoever is limited to a unit finds, counts and decides nothing outside of it.
TEST(LimitedQueueActs, StayInsideOfTheUnits) {
  FullWorld world;
  world.import(
      "userPrincipalName,displayName,id,department,usageLocation,manager\n"
      "mallory.thief@example.com,Mallory Thief,m1,Sales,DE,boss@example.com\n"
      "bob.other@example.com,Bob Other,o1,Research,FR,\n");
  world.set_units("units:\n  - {id: france, name: France, where: [{country: FR}]}\n");
  const std::string root = world.sign_in("root", "admin");
  world.sign_in("ivy", "admin");
  EXPECT_EQ(world.post("/viewers/ivy/changes", root, R"({"units":"france","reason":"for the spring review"})").status,
            200);
  const std::string ivy = world.sign_in("ivan", "admin");
  EXPECT_EQ(world.post("/viewers/ivan/changes", root, R"({"units":"france","reason":"for the spring review"})").status,
            200);
  const std::string thief = world.alert_of(World::kThief);
  const std::string other = world.alert_of(World::kOther);
  const std::string as_of = world.read("/alerts", ivy).at("as_of");
  EXPECT_EQ(world.read("/alerts", ivy).at("matching"), 1);
  const auto act = [&](const std::string& who, const json& more) {
    json body = {{"id", std::string(32, static_cast<char>('0' + more.size()))}, {"as_of", as_of}};
    body.update(more);
    const Response response = world.post("/queue-acts", who, body.dump());
    EXPECT_EQ(response.status, 201) << response.body;
    return json::parse(response.body);
  };
  const json given = act(root, {{"act", "assign"}, {"to", "ivy"}, {"alerts", thief + " " + other}});
  EXPECT_EQ(given.at("done"), 1);
  EXPECT_EQ(given.at("why")[0].at("error"), "alerts.outside_units");
  const json decided =
      act(ivy, {{"act", "dismiss"}, {"reason", "expected"}, {"alerts", thief + " " + other}, {"note", ""}});
  EXPECT_EQ(decided.at("done"), 1);
  EXPECT_EQ(decided.at("why"), (json::array({{{"error", "alerts.not_found"}, {"alerts", 1}}})));
  EXPECT_EQ(world.read("/alerts/" + thief, root).at("status"), "confirmed") << "as it was";
  EXPECT_EQ(world.get("/alerts/" + thief + "/neighbours", ivy).status, 404);
  EXPECT_TRUE(world.read("/alerts/" + other + "/neighbours", ivy).at("next").is_null());
}

}  // namespace
}  // namespace candor::api
