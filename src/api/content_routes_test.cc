// Policies, indicators, audit and status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

TEST(PolicyRoutes, ListAndText) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const json policies = world.read("/policies", ada).at("policies");
  ASSERT_EQ(policies.size(), 1u);
  EXPECT_EQ(policies[0].at("needs_review"), 2);
  EXPECT_TRUE(policies[0].at("enabled"));
  const json policy = world.read("/policies/data-leaks", ada);
  EXPECT_EQ(policy.at("indicators").size(), 2u);
  EXPECT_THAT(policy.at("yaml").get<std::string>(), ::testing::HasSubstr("half_life_days: 10"));
  EXPECT_EQ(world.get("/policies/other", ada).status, 404);
}

// The world has one policy; a second one to order it against.
std::string with_another_policy(World& world, const std::string& cookie) {
  std::string yaml = world.read("/policies/data-leaks", cookie).at("yaml");
  yaml.replace(yaml.find("id: data-leaks"), 14, "id: another-one");
  const Response done = world.post("/policies", cookie, json{{"yaml", yaml}, {"reason", "a second policy"}}.dump());
  EXPECT_EQ(done.status, 200) << done.body;
  return world.read("/policies", cookie).at("order");
}

std::vector<std::string> policy_ids(const json& policies) {
  std::vector<std::string> out;
  for (const json& one : policies) {
    out.push_back(one.at("id"));
    EXPECT_EQ(one.at("place"), out.size());
  }
  return out;
}

TEST(PolicyRoutes, AreOrderedByWhoeverMayWriteThem) {
  World world;
  const std::string ada = world.sign_in("ada", "admin");
  const std::string order = with_another_policy(world, ada);
  const auto place = [&](const std::string& cookie, const std::string& id, const json& body) {
    return world.post("/policies/" + id + "/place", cookie, body.dump());
  };
  const json first = {{"place", 1}, {"order", order}, {"reason", "  looked at first  "}};
  EXPECT_THAT(policy_ids(world.read("/policies", ada).at("policies")), ElementsAre("data-leaks", "another-one"));
  const Response moved = place(ada, "another-one", first);
  ASSERT_EQ(moved.status, 200) << moved.body;
  EXPECT_THAT(json::parse(moved.body).at("policies"), ElementsAre("another-one", "data-leaks"));
  const json now = world.read("/policies", ada);
  EXPECT_THAT(policy_ids(now.at("policies")), ElementsAre("another-one", "data-leaks"));
  EXPECT_EQ(now.at("order"), json::parse(moved.body).at("order"));
  EXPECT_NE(now.at("order"), order);

  EXPECT_EQ(place(ada, "data-leaks", first).status, 409) << "another order was looked at";
  const auto at = [&](const json& number) {
    return json{{"place", number}, {"order", now.at("order")}, {"reason", ""}};
  };
  EXPECT_EQ(place(ada, "data-leaks", at(3)).status, 400);
  EXPECT_EQ(place(ada, "data-leaks", at(0)).status, 400);
  EXPECT_EQ(place(ada, "data-leaks", at("1")).status, 400);
  EXPECT_EQ(place(ada, "data-leaks", {{"place", 1}, {"order", ""}, {"reason", ""}}).status, 400);
  EXPECT_EQ(place(ada, "nobody", at(1)).status, 404);
  EXPECT_EQ(place(world.sign_in("bob", "analyst"), "data-leaks", at(1)).status, 403);
  EXPECT_EQ(place(ada, "data-leaks", at(2)).status, 200) << "where it stands";

  std::vector<std::string> lines;
  for (const AuditLine& line : world.audit_lines()) {
    if (line.action == "policy.placed") lines.push_back(line.object_id + ": " + line.reason + " " + line.details);
  }
  EXPECT_THAT(lines, ElementsAre("another-one: looked at first "
                                 R"({"before":["data-leaks","another-one"],"after":["another-one","data-leaks"]})"));
}

// A policy's version says what it decides by; other words must be shown all the same.
TEST(PolicyRoutes, OtherWordsShowAtOnce) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  std::string yaml = world.read("/policies/data-leaks", ada).at("yaml");
  const std::string before = "Somebody moves more data out than usual.";
  ASSERT_NE(yaml.find(before), std::string::npos);
  yaml.replace(yaml.find(before), before.size(), "Somebody takes data along.");
  const ApiContext context = world.context();
  const LoadedPolicy changed = load_policy(yaml, "data_leaks.yml", context.indicators->indicators(), context.scoring);
  ASSERT_TRUE(changed.policy.has_value());
  ASSERT_TRUE(
      context.policies.apply(std::vector{*changed.policy}, {context.indicators->indicators(), context.scoring}, {})
          .has_value());
  EXPECT_EQ(world.read("/policies/data-leaks", ada).at("description"), "Somebody takes data along.");
}

std::string lawful(const std::string& yaml, const std::string& review_by = "2099-01-01") {
  return yaml +
         "\nlawful_start: {purpose: protect_confidential_information, legal_basis: works_agreement, agreement: BV 7, "
         "impact_assessment: DPIA 3, owner: Security, countries: all, review_by: " +
         review_by + "}\n";
}

// Over real people: asked for by one, agreed to by another, paused and resumed, with every act in the audit log.
TEST(PolicyRoutes, ASecondPersonAgrees) {
  World world;
  const std::string ada = world.sign_in("ada", "admin");
  const std::string yaml = world.read("/policies/data-leaks", ada).at("yaml");
  world.set_invented(false);
  EXPECT_EQ(world.read("/policies/data-leaks", ada).at("state"), "draft");
  const auto ask = [&](const std::string& text) {
    const Response done =
        world.post("/policies", ada, json{{"yaml", text}, {"reason", "for the spring review"}}.dump());
    EXPECT_EQ(done.status, 200) << done.body;
    return json::parse(done.body);
  };
  json answer = ask("id: data-leaks\nname: Data leaks\ntriggers: []\nindicators: []\nnonsense: 7\n");
  EXPECT_TRUE(answer.at("change").is_null());
  EXPECT_EQ(answer.at("diagnostics")[0].at("line"), 5);
  answer = ask(lawful(yaml));
  EXPECT_TRUE(answer.at("change").at("waits"));
  EXPECT_EQ(answer.at("change").at("widens"), json({"it is new"}));
  const auto act = [&](const std::string& what, const std::string& cookie) {
    json body = {{"reason", "looked at with care"}};
    if (what == "approve") {
      const json waiting = world.read("/policies/data-leaks", cookie).at("waiting");
      body["number"] = waiting.is_null() ? json(1) : waiting.at("number");
    }
    return world.post("/policies/data-leaks/" + what, cookie, body.dump());
  };
  EXPECT_EQ(json::parse(act("approve", ada).body).at("id"), "policy.own_request");
  const std::string bob = world.sign_in("bob", "privacy_officer");
  const json waiting = world.read("/policies/data-leaks", bob);
  EXPECT_EQ(waiting.at("state"), "validated");
  EXPECT_EQ(waiting.at("waiting").at("asked_by"), "ada");
  EXPECT_EQ(waiting.at("waiting").at("lawful_start").at("agreement"), "BV 7");
  EXPECT_EQ(act("pause", bob).status, 403) << "who agrees does not change";
  const Response agreed = act("approve", bob);
  EXPECT_EQ(agreed.status, 200) << agreed.body;
  EXPECT_EQ(json::parse(agreed.body).at("state"), "active");
  EXPECT_EQ(act("approve", bob).status, 409);
  EXPECT_EQ(json::parse(act("pause", ada).body).at("state"), "paused");
  EXPECT_EQ(json::parse(act("resume", ada).body).at("state"), "paused");
  EXPECT_EQ(json::parse(act("approve", bob).body).at("state"), "active");
  EXPECT_EQ(json::parse(act("retire", ada).body).at("state"), "retired");
  const json versions = world.read("/policies/data-leaks/versions", bob).at("versions");
  EXPECT_EQ(versions[0].at("act"), "retired");
  EXPECT_EQ(versions.back().at("number"), 1);
  const std::string rita = world.sign_in("rita", "auditor");
  for (const char* action : {"applied", "approved", "paused", "resumed", "retired"}) {
    const json page = world.read(std::string("/audit?action=policy.") + action, rita);
    EXPECT_GE(page.at("total"), 1) << action;
  }
}

TEST(PolicyRoutes, Indicators) {
  World world;
  const json indicators = world.read("/indicators", world.sign_in("ada", "analyst")).at("indicators");
  ASSERT_EQ(indicators.size(), 2u);
  EXPECT_EQ(indicators[0].at("name"), "usb_copy");
  EXPECT_EQ(indicators[0].at("levels").at("all").at("high"), 20);
}

TEST(AuditRoutes, FilteredPagedAndVerified) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const std::string rita = world.sign_in("rita", "auditor");
  const std::string alert = world.alert_of(World::kThief);
  for (int i = 0; i < 3; ++i) world.read("/alerts/" + alert, ada);
  const json page = world.read("/audit?action=alert.viewed&viewer=ada&alert=" + alert + "&limit=2", rita);
  EXPECT_EQ(page.at("total"), 3);
  EXPECT_EQ(page.at("lines").size(), 2u);
  EXPECT_GT(page.at("lines")[0].at("number"), page.at("lines")[1].at("number"));
  EXPECT_EQ(world.read("/audit?action=alert.viewed&page=2&limit=2", rita).at("lines").size(), 1u);
  EXPECT_EQ(world.read("/audit?to=2020-01-01", rita).at("total"), 0);
  EXPECT_EQ(world.get("/audit?limit=0", rita).status, 400);
  const json verification = world.read("/audit/verification", rita);
  EXPECT_TRUE(verification.at("whole"));
  EXPECT_TRUE(verification.at("broken_at").is_null());
  EXPECT_GT(verification.at("lines"), 5);
  const Response csv = world.get("/audit.csv?action=alert.viewed", rita);
  EXPECT_THAT(csv.body, ::testing::StartsWith("number,at,viewer,action,alert,pseudonym,detail,hash\r\n"));
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 4);
}

TEST(StatusRoutes, CountsAndProgress) {
  World world;
  const json status = world.read("/status", world.sign_in("ada", "analyst"));
  EXPECT_EQ(status.at("activities"), 209);
  EXPECT_EQ(status.at("alerts"), 2);
  EXPECT_EQ(status.at("indicators"), 2);
  EXPECT_EQ(status.at("fill").at("state"), "running");
  EXPECT_EQ(status.at("fill").at("done"), 3);
  EXPECT_EQ(world.get("/health", "").status, 200);
}

TEST(IntakeRoutes, RulesAndSwitches) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const json intake = world.read("/intake", ada);
  EXPECT_EQ(intake.at("rules").size(), 0u);
  EXPECT_EQ(intake.at("version").get<std::string>().size(), 16u);
  const json switches = world.read("/switches", ada).at("indicators");
  ASSERT_EQ(switches.size(), 2u);
  EXPECT_TRUE(switches[0].at("on"));
  EXPECT_EQ(world.read("/status", ada).at("data"), "demo");
}

TEST(IntakeRoutes, ADecisionHoldsAtOnceAndIsInTheAuditLog) {
  World world;
  const std::string root = world.sign_in("root", "admin");
  const json decision = {{"indicator", "usb_copy"}, {"state", "off"}, {"country", "DE"}, {"group", ""}, {"from", ""},
                         {"agreement", " A 1 "}};
  const Response done = world.post("/switches", root, decision.dump());
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json::parse(done.body).at("set_by"), "root");
  const json found = world.read("/switches", root).at("indicators");
  for (const json& one : found) {
    EXPECT_EQ(one.at("on"), one.at("name") != "usb_copy");  // unknown country: the strictest
    EXPECT_EQ(one.at("decisions").size(), one.at("name") == "usb_copy" ? 1u : 0u);
  }
  EXPECT_EQ(world.read("/audit?action=switches.set", root).at("total"), 1);
}

TEST(IntakeRoutes, DecisionsThatCannotBeAreRefused) {
  World world;
  const std::string root = world.sign_in("root", "admin");
  const std::string ada = world.sign_in("ada", "analyst");
  const json sound = {{"indicator", "usb_copy"}, {"state", "off"}, {"country", ""}, {"group", ""}, {"from", ""},
                      {"agreement", ""}};
  const auto with = [&](const std::string& name, const std::string& value) {
    json changed = sound;
    changed[name] = value;
    return world.post("/switches", root, changed.dump()).status;
  };
  EXPECT_EQ(world.post("/switches", ada, sound.dump()).status, 403);
  EXPECT_EQ(with("indicator", "none_such"), 404);
  EXPECT_EQ(with("state", "of"), 400);
  EXPECT_EQ(with("country", "de"), 400);
  EXPECT_EQ(with("from", "yesterday"), 400);
  EXPECT_EQ(with("from", "2001-01-01"), 409);
  EXPECT_EQ(world.read("/switches", root).at("indicators")[0].at("decisions").size(), 0u);
}

}  // namespace
}  // namespace candor::api
