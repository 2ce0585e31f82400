// Packs over HTTP: shown, planned, applied as shown or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/world_test.h"
#include "packs/applied_packs.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kLawfulSection =
    "lawful_start: {purpose: protect_confidential_information, legal_basis: works_agreement, agreement: BV 7, "
    "impact_assessment: DPIA 3, owner: Security, countries: [FR], review_by: 2099-01-01}\n";

class PackRoutes : public testing::Test {
 protected:
  static json asked(const std::string& packs, const std::string& retention = "no") {
    return {{"packs", packs}, {"lawful_start", ""}, {"agreement", ""}, {"retention", retention}};
  }
  Response plan(const json& body, const std::string& cookie = {}) {
    return world_.post("/packs/plan", cookie.empty() ? root_ : cookie, body.dump());
  }
  json planned(const json& body) {
    const Response done = plan(body);
    EXPECT_EQ(done.status, 200) << done.body;
    return json::parse(done.body).at("plan");
  }
  Response apply(json body, const std::string& digest, const std::string& cookie = {}) {
    body["digest"] = digest;
    body["reason"] = "what the board asked for";
    return world_.post("/packs/apply", cookie.empty() ? root_ : cookie, body.dump());
  }
  json applied(const json& body) {
    const Response done = apply(body, planned(body).at("digest"));
    EXPECT_EQ(done.status, 200) << done.body;
    return json::parse(done.body);
  }
  std::vector<std::string> audited(const std::string& action) {
    std::vector<std::string> out;
    for (const AuditLine& line : world_.audit_lines()) {
      if (line.action == action) out.push_back(line.object_id);
    }
    std::ranges::reverse(out);  // the oldest first
    return out;
  }
  std::string version() { return world_.read("/policies/data-leaks", root_).at("version"); }

  World world_;
  std::string root_ = world_.sign_in("root", "admin");
};

TEST_F(PackRoutes, AreListedAndShownWhole) {
  const json all = world_.read("/packs", root_);
  ASSERT_EQ(all.at("packs").size(), 2U);
  EXPECT_EQ(all.at("packs")[0].at("id"), "de");
  EXPECT_EQ(all.at("packs")[0].at("switch_count"), 1);
  EXPECT_EQ(all.at("packs")[1].at("policy_count"), 1);
  EXPECT_FALSE(all.at("packs")[1].at("applied"));
  EXPECT_TRUE(all.at("drift").is_null());
  EXPECT_EQ(world_.read("/packs/shop", root_).at("texts")[0].at("text"), "We look. <b>[Name]</b>");
  EXPECT_EQ(world_.read("/packs/de", root_).at("retention").at("raw_days"), 5);
  EXPECT_EQ(world_.get("/packs/fr", root_).status, 404);
  EXPECT_EQ(world_.get("/packs/%2e%2e", root_).status, 400);
  EXPECT_EQ(world_.get("/packs", world_.sign_in("cleo", "only reports.read")).status, 403);
}

TEST_F(PackRoutes, APlanChangesNothing) {
  const std::string before = version();
  const json plan = planned(asked("shop,de"));
  EXPECT_TRUE(plan.at("changes"));
  EXPECT_EQ(plan.at("policies")[0].at("change"), "changed");
  EXPECT_THAT(plan.at("policies")[0].at("diff").dump(), HasSubstr("+volume: fewer"));
  EXPECT_EQ(plan.at("switches")[0].at("indicator"), "usb_copy");
  EXPECT_EQ(plan.at("switches")[0].at("country"), "DE");
  EXPECT_EQ(plan.at("switches")[0].at("outcome"), "set");
  EXPECT_EQ(plan.at("retention").at("wanted").at("activity_days"), 60);
  EXPECT_EQ(version(), before);
  EXPECT_EQ(world_.read("/switches", root_).at("indicators")[1].at("decisions").size(), 0U);
  EXPECT_THAT(audited("pack.applied"), IsEmpty());
  EXPECT_TRUE(world_.read("/packs", root_).at("applications").empty());
}

TEST_F(PackRoutes, AppliesAllOfItAndTheSameAgainChangesNothing) {
  const json done = applied(asked("shop de", "yes"));
  EXPECT_TRUE(done.at("applied"));
  EXPECT_THAT(audited("pack.applied"), ElementsAre("de", "shop"));
  EXPECT_THAT(audited("policy.applied"), ElementsAre("data-leaks"));
  EXPECT_THAT(audited("switches.set"), ElementsAre("usb_copy"));
  EXPECT_THAT(audited("setting.asked"), ElementsAre("retention.raw_days", "retention.activity_days"));
  EXPECT_THAT(world_.read("/policies/data-leaks", root_).at("yaml").get<std::string>(), HasSubstr("volume: fewer"));
  const json all = world_.read("/packs", root_);
  EXPECT_TRUE(all.at("packs")[0].at("applied"));
  EXPECT_EQ(all.at("applications")[0].at("applied_by"), "root");
  EXPECT_EQ(all.at("drift"), json({{"policies", 0}, {"switches", 0}, {"retention", false}}));
  const json again = applied(asked("de,shop", "yes"));
  EXPECT_FALSE(again.at("applied"));
  EXPECT_FALSE(again.at("plan").at("changes"));
  EXPECT_EQ(audited("pack.applied").size(), 2U);
}

TEST_F(PackRoutes, TellsWhatHasChangedSince) {
  applied(asked("shop,de", "yes"));
  const json on = {{"indicator", "usb_copy"}, {"state", "on"}, {"country", "DE"}, {"group", ""}, {"from", ""},
                   {"agreement", ""}};
  ASSERT_EQ(world_.post("/switches", root_, on.dump()).status, 200);
  std::string yaml = world_.read("/policies/data-leaks", root_).at("yaml");
  yaml.replace(yaml.find("volume: fewer"), 13, "volume: more");
  ASSERT_EQ(world_.post("/policies", root_, json{{"yaml", yaml}, {"reason", "more of them"}}.dump()).status, 200);
  EXPECT_EQ(world_.read("/packs", root_).at("drift"), json({{"policies", 1}, {"switches", 1}, {"retention", false}}));
  const json named = {{"indicator", "usb_copy"}, {"state", "on"}, {"country", "DE"}, {"group", ""}, {"from", ""},
                      {"agreement", "BV 7"}};
  ASSERT_EQ(world_.post("/switches", root_, named.dump()).status, 200);
  EXPECT_EQ(world_.read("/packs", root_).at("drift").at("switches"), 0) << "what is agreed to is no drift";
}

TEST_F(PackRoutes, OverRealPeopleEachPartWaitsAsItWouldAlone) {
  world_.set_invented(false);
  json body = asked("de,shop", "yes");
  body["lawful_start"] = kLawfulSection;
  const json plan = planned(body);
  EXPECT_THAT(plan.at("policies")[0].at("widens"), testing::Not(IsEmpty()));
  EXPECT_TRUE(plan.at("retention").at("waits"));
  EXPECT_THAT(plan.at("notes").dump(), HasSubstr("the lawful start does not name DE"));
  ASSERT_TRUE(applied(body).at("applied"));
  const json policy = world_.read("/policies/data-leaks", root_);
  EXPECT_TRUE(policy.at("waits")) << "nothing is in force that a second person did not agree to";
  EXPECT_TRUE(policy.at("since").is_null());
  const json settings = world_.read("/settings", root_).at("settings");
  for (const json& one : settings) {
    const auto name = one.at("name").get<std::string>();
    if (name != "retention.raw_days" && name != "retention.activity_days") continue;
    EXPECT_FALSE(one.at("waiting").is_null()) << name;
    EXPECT_EQ(one.at("origin"), "default");
  }
  EXPECT_TRUE(planned(body).at("retention").at("asked"));
  EXPECT_FALSE(applied(body).at("applied")) << "what waits is not asked for again";
}

TEST_F(PackRoutes, WhatFailsLeavesNothingHalfDone) {
  const std::string before = version();
  const json body = asked("shop,de", "yes");
  const std::string digest = planned(body).at("digest");
  const auto broken = world_.context().store.transact([](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("drop table pack_applications"));
    return {};
  });
  ASSERT_TRUE(broken.has_value());
  EXPECT_GE(apply(body, digest).status, 500);
  EXPECT_EQ(version(), before);
  EXPECT_EQ(world_.read("/switches", root_).at("indicators")[1].at("decisions").size(), 0U);
  for (const char* action : {"pack.applied", "policy.applied", "switches.set", "setting.asked"}) {
    EXPECT_THAT(audited(action), IsEmpty()) << action;
  }
  for (const json& one : world_.read("/settings", root_).at("settings")) EXPECT_TRUE(one.at("change").is_null());
}

TEST_F(PackRoutes, RefusesWhatWasNotShownAndWhoMayNot) {
  const json body = asked("shop,de");
  const std::string digest = planned(body).at("digest");
  EXPECT_EQ(apply(body, std::string(16, '0')).status, 409);
  EXPECT_EQ(apply(asked("shop"), digest).status, 409) << "another plan";
  EXPECT_EQ(apply(body, digest, world_.sign_in("ada", "analyst")).status, 403);
  const std::string writer = world_.sign_in("w", "all but settings.write");
  EXPECT_EQ(apply(asked("shop,de", "yes"), planned(asked("shop,de", "yes")).at("digest"), writer).status, 403);
  EXPECT_THAT(audited("pack.applied"), IsEmpty());
  EXPECT_EQ(apply(body, digest, writer).status, 200) << "without the times the right to settings is not needed";
}

TEST_F(PackRoutes, HostileInputIsTold) {
  EXPECT_EQ(plan(asked("")).status, 400);
  EXPECT_EQ(plan(asked(" , ,")).status, 400);
  EXPECT_EQ(plan(asked("../de")).status, 404);
  EXPECT_EQ(plan(asked(std::string(500, 'x'))).status, 404);
  EXPECT_EQ(plan(asked("de", "maybe")).status, 400);
  json body = asked("shop");
  for (const char* section : {"lawful_start: [", "nothing: here", "lawful_start: {purpose: none_such}"}) {
    body["lawful_start"] = section;
    const Response done = plan(body);
    ASSERT_EQ(done.status, 200) << done.body;
    const json told = json::parse(done.body);
    EXPECT_TRUE(told.at("plan").is_null()) << section;
    EXPECT_FALSE(told.at("diagnostics").empty()) << section;
    EXPECT_FALSE(json::parse(apply(body, std::string(16, '0')).body).at("applied"));
  }
  // More than the section: it would become a part of the policies without anybody seeing it there.
  body["lawful_start"] = std::string(kLawfulSection) + "name: Another one\n";
  EXPECT_TRUE(json::parse(plan(body).body).at("plan").is_null());
}

}  // namespace
}  // namespace candor::api
