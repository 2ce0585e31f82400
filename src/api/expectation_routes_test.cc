#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const json kAsked = {{"reason", "asked the head of IT"}};

class ExpectationRoutes : public ::testing::Test {
 protected:
  json usb() const {
    return {{"policy_id", ""},    {"indicators", "usb_copy"}, {"towards", "anything"},
            {"destinations", ""}, {"from", "2026-01-01"},     {"until", "2026-12-31"}};
  }
  json asked(const std::string& because = "moves to a new laptop") const {
    json body = usb();
    body["because"] = because;
    body["owner"] = "Head of IT";
    return body;
  }
  json group() const {
    json body = asked();
    body["attribute"] = "department";
    body["value"] = "Finance";
    return body;
  }
  std::string at(const char* who) { return "/alerts/" + world_.alert_of(who) + "/expectations"; }
  json all(const std::string& token) { return world_.read("/expectations", token).at("expectations"); }

  World world_;
  const std::string ana_ = world_.sign_in("ana", "analyst");
  const std::string ada_ = world_.sign_in("ada", "admin");
  const std::string olga_ = world_.sign_in("olga", "privacy_officer");
};

TEST_F(ExpectationRoutes, AreTriedAskedForAndStandInTheReceipt) {
  const std::string alert = "/alerts/" + world_.alert_of(World::kThief);
  const json before = world_.read(alert, ana_);
  const Response tried = world_.post(at(World::kThief) + "/preview", ana_, usb().dump());
  ASSERT_EQ(tried.status, 200) << tried.body;
  const json effect = json::parse(tried.body);
  EXPECT_EQ(effect.at("score_now"), before.at("score"));
  EXPECT_TRUE(effect.at("score_then").is_null()) << "without what triggers there is no alert";
  EXPECT_TRUE(all(ana_).empty()) << "nothing was stored";

  json only = usb();
  only["indicators"] = "sharepoint_download";
  const json less = json::parse(world_.post(at(World::kThief) + "/preview", ana_, only.dump()).body);
  EXPECT_LT(less.at("score_then").get<double>(), before.at("score").get<double>());
  ASSERT_FALSE(less.at("left_out").empty());
  EXPECT_EQ(less.at("left_out")[0].at("indicator").at("name"), "sharepoint_download");

  json body = asked("mallory.thief@example.com moves to a new laptop");
  body["indicators"] = "sharepoint_download";
  const Response added = world_.post(at(World::kThief), ana_, body.dump());
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_THAT(added.body, Not(HasSubstr("mallory")));
  EXPECT_EQ(json::parse(added.body).at("state"), "holds") << "the people are invented ones";
  world_.assess();
  const json after = world_.read(alert, ana_);
  EXPECT_EQ(after.at("score"), less.at("score_then"));
  json line;
  for (const json& one : after.at("receipt").at("left_out")) {
    if (one.at("expectation") == 1) line = one;
  }
  ASSERT_FALSE(line.is_null());
  EXPECT_THAT(line.at("reason").get<std::string>(), HasSubstr("expected until 2026-12-31"));
  EXPECT_THAT(line.at("reason").get<std::string>(), HasSubstr("(expectation 1)"));
  EXPECT_EQ(world_.read(at(World::kThief), ana_).at("expectations").size(), 1U);
  EXPECT_TRUE(world_.read(at(World::kOther), ana_).at("expectations").empty());

  ASSERT_EQ(world_.post("/expectations/1/withdraw", ana_, kAsked.dump()).status, 200);
  world_.assess();
  EXPECT_EQ(world_.read(alert, ana_).at("score"), before.at("score"));
}

TEST_F(ExpectationRoutes, WhoIsMeantIsForThoseWhoMaySeeAlerts) {
  ASSERT_EQ(world_.post(at(World::kThief), ana_, asked().dump()).status, 201);
  EXPECT_THAT(all(ana_)[0].at("person").at("pseudonym").get<std::string>(), ::testing::StartsWith("Anon-"));
  const json seen = all(olga_)[0];
  EXPECT_EQ(seen.at("whom"), "person");
  EXPECT_TRUE(seen.at("person").is_null());
  EXPECT_TRUE(seen.at("alert_id").is_null());
}

TEST_F(ExpectationRoutes, OverRealPeopleASecondPersonAgrees) {
  world_.set_invented(false);
  ASSERT_EQ(world_.post("/expectations", ada_, group().dump()).status, 201);
  EXPECT_EQ(all(ada_)[0].at("state"), "waits");
  const Response own = world_.post("/expectations/1/approve", ada_, kAsked.dump());
  EXPECT_EQ(own.status, 409);
  EXPECT_THAT(own.body, HasSubstr("expectations.own_request"));
  ASSERT_EQ(world_.post("/expectations/1/approve", olga_, kAsked.dump()).status, 200);
  EXPECT_EQ(all(ada_)[0].at("decided_by"), "olga");
  EXPECT_THAT(world_.post("/expectations/1/reject", olga_, kAsked.dump()).body, HasSubstr("expectations.not_waiting"));
  std::vector<std::string> actions;
  for (const AuditLine& one : world_.audit_lines()) {
    if (one.object_kind == "expectation") actions.push_back(one.action + " " + one.viewer + " " + one.reason);
  }
  EXPECT_THAT(actions, ::testing::ElementsAre("expectation.rejected failed olga asked the head of IT",
                                              "expectation.approved olga asked the head of IT",
                                              "expectation.approved failed ada asked the head of IT",
                                              "expectation.added ada moves to a new laptop"))
      << "the newest first";
}

TEST_F(ExpectationRoutes, RefuseWhoMayNot) {
  ASSERT_EQ(world_.post(at(World::kThief), ana_, asked().dump()).status, 201);
  const std::string audit = world_.sign_in("udo", "auditor");
  const std::string blind = world_.sign_in("bea", "audit_only");
  EXPECT_EQ(world_.post("/expectations/1/approve", ana_, kAsked.dump()).status, 403);
  EXPECT_EQ(world_.post("/expectations/1/withdraw", olga_, kAsked.dump()).status, 403);
  EXPECT_EQ(world_.post("/expectations", ana_, group().dump()).status, 403) << "of a group it is content";
  EXPECT_EQ(world_.post(at(World::kThief), audit, asked().dump()).status, 403);
  EXPECT_EQ(world_.post(at(World::kThief) + "/preview", audit, usb().dump()).status, 403);
  EXPECT_EQ(world_.get(at(World::kThief), audit).status, 403);
  EXPECT_EQ(world_.get("/expectations", blind).status, 403);
  EXPECT_EQ(world_.get("/expectations", "").status, 401);
}

TEST_F(ExpectationRoutes, RefuseWhatSaysTooLittle) {
  struct Case {
    const char* property;
    const char* value;
    const char* id;
  };
  for (const Case& one :
       {Case{"towards", "moon", "api.bad_property"}, Case{"from", "2026-02-30", "api.bad_property"},
        Case{"indicators", "", "expectations.bad"}, Case{"indicators", "no_such", "expectations.bad"},
        Case{"destinations", "a.example", "expectations.bad"}, Case{"until", "2025-01-01", "expectations.bad"},
        Case{"until", "2027-01-01", "expectations.bad"}, Case{"because", "because", "api.bad_property"},
        Case{"policy_id", "no-such", "alerts.no_policy"}}) {
    json body = asked();
    body[one.property] = one.value;
    EXPECT_THAT(world_.post(at(World::kThief), ana_, body.dump()).body, HasSubstr(one.id)) << body.dump();
  }
  EXPECT_EQ(world_.post("/expectations/7/withdraw", ana_, kAsked.dump()).status, 404);
  EXPECT_EQ(world_.post("/expectations/x/withdraw", ana_, kAsked.dump()).status, 404);
  EXPECT_EQ(world_.post("/alerts/none/expectations", ana_, asked().dump()).status, 404);
  EXPECT_TRUE(all(ana_).empty());
}

}  // namespace
}  // namespace candor::api
