// Lists over HTTP: what they say, what a change would do, who agrees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/every_operation_test.h"
#include "api/list_admission.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kListBecause = "agreed in the works council";

json list_wish(const std::string& text, const std::string& remove = "") {
  return {{"text", text}, {"remove", remove}, {"format", "yaml"}, {"mode", "add"}};
}
json list_asked(const std::string& text, const std::string& remove = "") {
  json wish = list_wish(text, remove);
  wish["reason"] = kListBecause;
  return wish;
}
json list_decided() { return {{"reason", kListBecause}}; }

class ListRoutes : public ::testing::Test {
 protected:
  ListRoutes() { world_.set_invented(false); }
  std::string error(const std::string& target, const std::string& token, const json& body) {
    return error_id(world_.post(target, token, body.dump()));
  }

  World world_;
  const std::string root_ = world_.sign_in("root", "admin");
  const std::string boss_ = world_.sign_in("boss", "admin");
};

TEST_F(ListRoutes, EveryListWithWhatAnEntryMaySay) {
  const json all = world_.read("/lists", root_);
  EXPECT_TRUE(all.at("second_person"));
  // The content of this installation says facts by which its records were not read.
  EXPECT_TRUE(all.at("pending"));
  EXPECT_TRUE(all.at("takes_up"));
  EXPECT_EQ(all.at("lists").size(), list_infos().size());
  const json page = world_.read("/lists/groups?search=FOOD", root_);
  EXPECT_EQ(page.at("found"), 1);
  EXPECT_EQ(page.at("entries").at(0).at("name"), "caterers");
  EXPECT_EQ(world_.read("/lists/groups?search=none", root_).at("found"), 0);
  EXPECT_EQ(world_.get("/lists/nonsense", root_).status, 404);
  EXPECT_EQ(world_.get("/lists/groups?page=0", root_).status, 400);
  EXPECT_EQ(world_.audit_lines().front().action, "list.viewed");
  const Response file = world_.get("/lists/groups/file", root_);
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.header("content-disposition"), "attachment; filename=\"candor-groups.yml\"");
  EXPECT_THAT(file.body, HasSubstr("caterers"));
  EXPECT_EQ(world_.read("/lists/groups/entry?name=caterers", root_).at("fields").at(2).at("texts").at(0),
            "food.example");
  EXPECT_EQ(world_.get("/lists/groups/entry?name=none", root_).status, 404);
}

TEST_F(ListRoutes, ASecondPersonAgreesAndItIsTakenUp) {
  const std::string text = "groups: [{name: rivals, domains: [rival.example]}]";
  const Response asked = world_.post("/lists/groups/changes", root_, list_asked(text).dump());
  ASSERT_EQ(asked.status, 200) << asked.body;
  EXPECT_EQ(json::parse(asked.body).at("decision"), "waits");
  EXPECT_EQ(world_.read("/lists/groups/changes/1", boss_).at("differences").at(0).at("kind"), "added");
  EXPECT_EQ(error("/lists/groups/changes/1/approve", root_, list_decided()), "lists.own_request");
  EXPECT_EQ(error("/lists/groups/changes/7/approve", boss_, list_decided()), "lists.no_change");
  ASSERT_EQ(world_.post("/lists/groups/changes/1/approve", boss_, list_decided().dump()).status, 200);
  EXPECT_TRUE(world_.read("/lists", root_).at("pending"));
  EXPECT_FALSE(world_.taken_up());
  EXPECT_EQ(world_.post("/lists/take-up", root_, list_decided().dump()).status, 204);
  EXPECT_TRUE(world_.taken_up());
  const auto lines = world_.audit_lines();
  for (const char* action : {"list.asked", "list.approved", "list.taken_up"}) {
    EXPECT_NE(std::ranges::find(lines, action, [](const AuditLine& one) { return one.action; }), lines.end()) << action;
  }
  ASSERT_EQ(world_.post("/lists/groups/changes/1/undo", root_, list_decided().dump()).status, 200);
  EXPECT_EQ(world_.read("/lists/groups", root_).at("changes").at(0).at("undoes"), 1);
  ASSERT_EQ(world_.post("/lists/groups/changes/2/withdraw", root_, list_decided().dump()).status, 200);
}

TEST_F(ListRoutes, AFaultHasItsPlaceAndNothingIsStored) {
  const std::string text =
      "groups:\n  - {name: rivals, domains: [rival.example]}\n  - {name: bad, domains: [no domain]}\n";
  const Response response = world_.post("/lists/groups/plan", root_, list_wish(text).dump());
  ASSERT_EQ(response.status, 200) << response.body;
  const json plan = json::parse(response.body);
  ASSERT_GE(plan.at("faults").size(), 1U);
  EXPECT_EQ(plan.at("faults").at(0).at("file"), "text");
  EXPECT_EQ(plan.at("faults").at(0).at("line"), 3);
  EXPECT_EQ(error("/lists/groups/changes", root_, list_asked(text)), "lists.bad_text");
  // An exclusion names the group.
  const Response gone = world_.post("/lists/groups/plan", root_, list_wish("", "caterers").dump());
  EXPECT_THAT(json::parse(gone.body).at("faults").at(0).at("message"), HasSubstr("caterers"));
  EXPECT_TRUE(world_.read("/lists/groups", root_).at("changes").empty());
}

TEST_F(ListRoutes, HostileBodies) {
  json wish = list_asked("domains: [{domain: a.example, stance: allowed}]");
  wish["format"] = "xml";
  EXPECT_EQ(error("/lists/domains/changes", root_, wish), "api.bad_property");
  wish["format"] = "yaml";
  wish["mode"] = "destroy";
  EXPECT_EQ(error("/lists/domains/changes", root_, wish), "api.bad_property");
  EXPECT_EQ(error("/lists/domains/changes", root_, list_asked(std::string(200, '['))), "lists.bad_text");
  EXPECT_EQ(error("/lists/domains/changes", root_, list_asked("domains: [{domain: '\u202e', stance: x}]")),
            "lists.bad_text");
  EXPECT_EQ(error("/lists/domains/changes", root_, list_asked("", "\n\n")), "lists.same");
  EXPECT_EQ(world_.post("/lists/domains/changes", world_.sign_in("ana", "analyst"), wish.dump()).status, 403);
}

TEST_F(ListRoutes, OnlyChangesMayBeLarge) {
  EXPECT_TRUE(is_list_path("/api/v1/lists/domains/changes"));
  EXPECT_TRUE(is_list_path("/api/v1/lists/domains/plan"));
  for (const char* other : {"/api/v1/lists", "/api/v1/lists//plan", "/api/v1/lists/domains/changes/1/approve",
                            "/api/v1/lists/domains/file", "/api/v1/settings/plan"}) {
    EXPECT_FALSE(is_list_path(other)) << other;
  }
}

TEST_F(ListRoutes, ThousandsOfDomainsAreOneChange) {
  world_.set_invented(true);
  std::string text = "domain,stance\n";
  for (int i = 0; i < 5'000; ++i) text += "d" + std::to_string(i) + ".example,unallowed\n";
  json wish = list_asked(text);
  wish["format"] = "csv";
  const Response response = world_.post("/lists/domains/changes", root_, wish.dump());
  ASSERT_EQ(response.status, 200) << response.body.substr(0, 500);
  EXPECT_EQ(json::parse(response.body).at("entries_set"), 5'000);
  EXPECT_EQ(world_.read("/lists/domains?search=d4999.", root_).at("found"), 1);
}

}  // namespace
}  // namespace candor::api
