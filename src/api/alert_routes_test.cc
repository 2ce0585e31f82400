#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::int64_t micropoints(const json& points) { return std::llround(points.get<double>() * 1e6); }

// Nothing of who they are, in whatever letter case.
TEST(AlertRoutes, QueueShowsPseudonymsOnly) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const Response response = world.get("/alerts", ada);
  World::expect_no_names(response.body);
  const json page = json::parse(response.body);
  EXPECT_EQ(page.at("total"), 2);
  ASSERT_EQ(page.at("alerts").size(), 2u);
  EXPECT_GE(page.at("alerts")[0].at("score"), page.at("alerts")[1].at("score"));
  for (const json& alert : page.at("alerts")) {
    EXPECT_TRUE(alert.at("person").at("name").is_null());
    EXPECT_THAT(alert.at("person").at("pseudonym").get<std::string>(),
                ::testing::MatchesRegex("Anon-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"));
  }
  const json waiting = page.at("needs_review");
  EXPECT_EQ(waiting.at("low").get<int>() + waiting.at("medium").get<int>() + waiting.at("high").get<int>(), 2);
}

TEST(AlertRoutes, QueueFiltersSortsAndPages) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const json all = world.read("/alerts?sort=score", ada).at("alerts");
  EXPECT_LE(all[0].at("score"), all[1].at("score"));
  const json second = world.read("/alerts?sort=score&limit=1&page=2", ada);
  EXPECT_EQ(second.at("total"), 2);
  ASSERT_EQ(second.at("alerts").size(), 1u);
  EXPECT_EQ(second.at("alerts")[0].at("id"), all[1].at("id"));
  EXPECT_EQ(world.read("/alerts?status=dismissed", ada).at("total"), 0);
  EXPECT_EQ(world.read("/alerts?status=dismissed&status=needs_review&policy=data-leaks", ada).at("total"), 2);
  EXPECT_EQ(world.read("/alerts?policy=other", ada).at("total"), 0);
  const std::string pseudonym = all[1].at("person").at("pseudonym");
  const json found = world.read("/alerts?text=" + pseudonym.substr(5, 9), ada);
  ASSERT_EQ(found.at("total"), 1);
  EXPECT_EQ(found.at("alerts")[0].at("id"), all[1].at("id"));
  EXPECT_EQ(world.read("/alerts?text=data+LEAKS", ada).at("total"), 2);
  EXPECT_EQ(world.read("/alerts?text=mallory", ada).at("total"), 0);
  EXPECT_FALSE(all[0].contains("more"));
  const json people = world.read("/alerts?by_person=true&sort=score", ada);
  EXPECT_EQ(people.at("total"), 2);
  EXPECT_EQ(people.at("alerts")[1].at("id"), all[1].at("id"));
  EXPECT_EQ(people.at("alerts")[1].at("more"), (json{{"total", 0}, {"alerts", json::array()}}));
  for (const char* bad :
       {"status=open", "severity=none", "sort=name", "sort=--score", "page=0", "limit=201", "text=", "by_person=yes"})
    EXPECT_EQ(world.get(std::string("/alerts?") + bad, ada).status, 400) << bad;
}

TEST(AlertRoutes, AlertExplainsItself) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const Response response = world.get("/alerts/" + world.alert_of(World::kThief), ada);
  World::expect_no_names(response.body);
  const json alert = json::parse(response.body);
  std::int64_t sum = 0;
  for (const json& part : alert.at("receipt").at("parts")) sum += micropoints(part.at("points"));
  EXPECT_GT(sum, 0);
  EXPECT_EQ(sum, micropoints(alert.at("receipt").at("score")));
  EXPECT_EQ(sum, micropoints(alert.at("score")));
  EXPECT_EQ(alert.at("why")[0].at("kind"), "summary");
  EXPECT_EQ(alert.at("why").size(), 1 + alert.at("triggers").size() + alert.at("receipt").at("parts").size());
  EXPECT_FALSE(alert.at("triggers").empty());
  EXPECT_EQ(alert.at("history")[0].at("kind"), "raised");
  EXPECT_EQ(world.audit_lines().front().action, "alert.viewed");
  EXPECT_EQ(world.audit_lines().front().viewer, "ada");
  EXPECT_EQ(world.get("/alerts/00000000000000000000000000000000", ada).status, 404);
  EXPECT_EQ(world.get("/alerts/%27%20or%201=1", ada).status, 404);
}

TEST(AlertRoutes, DismissClosesWithReason) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const std::string path = "/alerts/" + world.alert_of(World::kOther);
  const std::string until = world.read(path, ada).at("evidence_until");
  const auto body = [&](const char* reason, const char* note, const std::string& time) {
    return json({{"reason", reason}, {"note", note}, {"evidence_until", time}}).dump();
  };
  EXPECT_EQ(world.post(path + "/dismiss", ada, body("because", "", until)).status, 400);
  EXPECT_EQ(world.post(path + "/dismiss", ada, body("other", "", until)).status, 400);
  EXPECT_EQ(world.post(path + "/dismiss", ada, body("expected", "", "yesterday")).status, 400);
  const Response dismissed = world.post(path + "/dismiss", ada, body("expected", "asked bob.other@example.com", until));
  ASSERT_EQ(dismissed.status, 200) << dismissed.body;
  World::expect_no_names(dismissed.body);
  const json alert = json::parse(dismissed.body);
  EXPECT_EQ(alert.at("status"), "dismissed");
  EXPECT_EQ(alert.at("decision").at("reason"), "expected");
  EXPECT_EQ(alert.at("decision").at("viewer"), "ada");
  EXPECT_EQ(world.post(path + "/dismiss", ada, body("expected", "", until)).status, 409);
  EXPECT_EQ(world.post("/alerts/0f/dismiss", ada, body("expected", "", until)).status, 404);
  std::vector<std::string> actions;
  for (const AuditLine& line : world.audit_lines()) actions.push_back(line.action);
  EXPECT_EQ(std::ranges::count(actions, "alert.dismissed"), 1) << "what was refused did not happen";
  EXPECT_EQ(actions.front(), "alert.dismissed failed");
}

TEST(AlertRoutes, BlanksAreNoWords) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const std::string path = "/alerts/" + world.alert_of(World::kOther);
  const std::string until = world.read(path, ada).at("evidence_until");
  const char* const blanks = " \t\n\xc2\xa0\xe3\x80\x80\xe2\x80\x8b ";
  EXPECT_EQ(world.post(path + "/comments", ada, json({{"text", blanks}}).dump()).status, 400);
  const json body = {{"reason", "other"}, {"note", blanks}, {"evidence_until", until}};
  EXPECT_EQ(world.post(path + "/dismiss", ada, body.dump()).status, 400);
  const Response comment = world.post(path + "/comments", ada, json({{"text", "\n two words \n"}}).dump());
  EXPECT_EQ(json::parse(comment.body).at("text"), "two words");
}

// Who reads the log need not be allowed to see names, and lines are for ever.
TEST(AlertRoutes, WhatViewersTypeIsMaskedInTheAuditLogAlsoWhileLifted) {
  World world;
  const std::string ivy = world.sign_in("ivy", "investigator");
  const std::string path = "/alerts/" + world.alert_of(World::kThief);
  const char* const said = "spoke to Mallory Thief (mallory.thief@example.com) and rival@example.net";
  ASSERT_EQ(world.post(path + "/lift", ivy, json({{"reason", said}}).dump()).status, 201);
  ASSERT_EQ(world.post(path + "/comments", ivy, json({{"text", said}}).dump()).status, 201);
  ASSERT_EQ(world.post(path + "/confirm", ivy, json({{"note", said}}).dump()).status, 200);
  const std::string until = world.read(path, ivy).at("evidence_until");
  const json dismissal = {{"reason", "other"}, {"note", said}, {"evidence_until", until}};
  ASSERT_EQ(world.post(path + "/dismiss", ivy, dismissal.dump()).status, 200);
  std::size_t with_reason = 0;
  for (const AuditLine& line : world.audit_lines()) {
    World::expect_no_names(line.reason + line.details + line.object_id);
    EXPECT_THAT(line.reason, Not(HasSubstr("rival@")));
    with_reason += line.reason.find("spoke to Anon-") == std::string::npos ? 0 : 1;
  }
  EXPECT_EQ(with_reason, 3u);
  EXPECT_THAT(world.get(path, ivy).body, HasSubstr("Mallory Thief")) << "the viewer still reads it";
}

TEST(AlertRoutes, ConfirmAndComment) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const std::string path = "/alerts/" + world.alert_of(World::kThief);
  const Response confirmed = world.post(path + "/confirm", ada, R"({"note":"to be looked into"})");
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(json::parse(confirmed.body).at("status"), "confirmed");
  const Response comment = world.post(path + "/comments", ada, R"({"text":"spoke to Mallory.Thief"})");
  ASSERT_EQ(comment.status, 201) << comment.body;
  World::expect_no_names(comment.body);
  EXPECT_EQ(world.post(path + "/comments", ada, R"({"text":""})").status, 400);
  EXPECT_EQ(world.post(path + "/comments", ada, json({{"text", std::string(4001, 'a')}}).dump()).status, 400);
  const json alert = world.read(path, ada);
  ASSERT_EQ(alert.at("comments").size(), 1u);
  EXPECT_EQ(alert.at("comments")[0].at("viewer"), "ada");
}

}  // namespace
}  // namespace candor::api
