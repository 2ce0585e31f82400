// One indicator whole, and records that are tried on indicators.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/world_test.h"
#include "ingest/indicator_reach.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json record() {
  return {{"CreationTime", "2026-05-20T08:00:00"},
          {"Id", "32fed4c8-c565-5a2b-80eb-769f697bef48"},
          {"Operation", "FileDownloaded"},
          {"OrganizationId", "0f5b1c52-6d0e-4d55-9c39-2f6b3a0c7d11"},
          {"RecordType", 6},
          {"UserKey", "k"},
          {"UserType", 0},
          {"Version", 1},
          {"Workload", "SharePoint"},
          {"UserId", "ann.bell@example.com"},
          {"ObjectId", "https://example.sharepoint.com/sites/Sales/Offer.docx"},
          {"SourceFileName", "Offer.docx"}};
}

json body_of(const std::string& record, const std::string& indicator = "", const std::string& source = "m365_audit") {
  return {{"record", record}, {"source", source}, {"indicator", indicator}};
}

json tried(World& world, const std::string& token, const json& body) {
  const Response response = world.post("/indicators/try", token, body.dump());
  EXPECT_EQ(response.status, 200) << response.body;
  return json::parse(response.body);
}

json off(const std::string& indicator, const std::string& country = "") {
  return {{"indicator", indicator}, {"state", "off"}, {"country", country}, {"group", ""}, {"from", ""},
          {"agreement", ""}};
}

TEST(IndicatorRoutes, OneWhole) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const json detail = world.read("/indicators/usb_copy", ada);
  EXPECT_EQ(detail.at("indicator").at("operations"), json({"FileCopiedToRemovableMedia"}));
  EXPECT_EQ(detail.at("indicator").at("maturity"), "test");
  EXPECT_TRUE(detail.at("indicator").at("state").at("everywhere"));
  EXPECT_EQ(detail.at("file"), "indicators/usb_copy.yml");
  EXPECT_THAT(detail.at("detection").get<std::string>(), HasSubstr("condition: selection"));
  EXPECT_EQ(detail.at("thresholds").size(), 1u);
  EXPECT_EQ(detail.at("thresholds")[0].at("reason"), "tests");
  EXPECT_EQ(detail.at("false_positives"), json({"backups"}));
  EXPECT_TRUE(detail.at("stored").at("last_matched").is_null());
  EXPECT_EQ(detail.at("examples").size(), 0u);
  EXPECT_EQ(world.get("/indicators/none_such", ada).status, 404);
  EXPECT_EQ(world.get("/indicators/none_such?x=1", ada).status, 400);
}

// What a rule that nobody else trips over has matched is a window on one person.
TEST(IndicatorRoutes, CountsOfMatchesAreToldOfManyPeopleOnly) {
  World world;
  const std::string ada = world.sign_in("counter", "analyst");
  const ApiContext context = world.context();
  const auto stored = [&](bool many, std::optional<Day> last_hit) {
    EXPECT_TRUE(
        ReachBook(context.store)
            .save({{.indicator = "usb_copy", .matched = true, .many = many, .hit_days = 1, .last_hit = last_hit}},
                  world.clock().now()));
    return world.read("/indicators/usb_copy", ada).at("stored");
  };
  const json few = stored(false, std::nullopt);
  EXPECT_TRUE(few.at("last_matched").is_null());
  EXPECT_TRUE(few.at("matched").is_null());
  EXPECT_TRUE(few.at("left_out").is_null());
  EXPECT_TRUE(few.at("offered").is_number());
  const json many = stored(true, 20'599);
  EXPECT_EQ(many.at("last_matched"), "2026-05-26");
  EXPECT_TRUE(many.at("matched").is_number());
  EXPECT_TRUE(many.at("left_out").is_number());
}

TEST(IndicatorRoutes, TheStateByCountry) {
  World world;
  const std::string root = world.sign_in("root", "admin");
  ASSERT_EQ(world.post("/switches", root, off("usb_copy", "DE").dump()).status, 200);
  const json detail = world.read("/indicators/usb_copy", root);
  const json& state = detail.at("indicator").at("state");
  EXPECT_TRUE(state.at("everywhere"));
  EXPECT_EQ(state.at("countries"), json::parse(R"([{"country":"DE","on":false}])"));
  EXPECT_FALSE(state.at("groups"));
  EXPECT_EQ(detail.at("decisions").size(), 1u);
  EXPECT_EQ(world.read("/indicators", root).at("indicators")[0].at("state"), state);
}

TEST(IndicatorRoutes, ARecordIsTriedAndExplained) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const json outcome = tried(world, ada, body_of(record().dump(2), "usb_copy"));
  EXPECT_TRUE(outcome.at("rejection").is_null());
  EXPECT_EQ(outcome.at("activity").at("operation"), "FileDownloaded");
  EXPECT_EQ(outcome.at("activity").at("time"), "2026-05-20T08:00:00Z");
  ASSERT_EQ(outcome.at("matches").size(), 1u);
  EXPECT_EQ(outcome.at("matches")[0].at("name"), "sharepoint_download");
  EXPECT_EQ(outcome.at("switched_off"), 0);
  const json& explained = outcome.at("explained");
  EXPECT_EQ(explained.at("state"), "does_not_match");
  EXPECT_FALSE(explained.at("condition").at("holds"));
  EXPECT_THAT(explained.dump(), HasSubstr("event.action is `filecopiedtoremovablemedia`"));
  EXPECT_THAT(explained.dump(), HasSubstr("it is `FileDownloaded`"));
  bool named = false;
  for (const json& field : outcome.at("activity").at("fields"))
    named = named || (field.at("name") == "file.name" && field.at("values") == json({"Offer.docx"}));
  EXPECT_TRUE(named);
  const json matching = tried(world, ada, body_of(record().dump(), "sharepoint_download"));
  EXPECT_EQ(matching.at("explained").at("state"), "matches");
  EXPECT_TRUE(matching.at("explained").at("condition").at("holds"));
}

TEST(IndicatorRoutes, WhatAnExclusionLeavesOutIsNamed) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  json menu = record();
  menu["SourceFileName"] = "Canteen menu.docx";
  const json outcome = tried(world, ada, body_of(menu.dump(), "sharepoint_download"));
  EXPECT_EQ(outcome.at("matches").size(), 0u);
  ASSERT_EQ(outcome.at("left_out").size(), 1u);
  EXPECT_EQ(outcome.at("left_out")[0].at("indicator").at("name"), "sharepoint_download");
  EXPECT_EQ(outcome.at("left_out")[0].at("exclusion"), "menus");
  EXPECT_EQ(outcome.at("explained").at("state"), "left_out");
  EXPECT_THAT(outcome.at("explained").dump(), HasSubstr("the exclusion `menus`: everybody gets them"));
  EXPECT_THAT(outcome.at("explained").dump(), HasSubstr("one of its keywords is in `canteen menu.docx`"));

  const json shown = world.read("/exclusions", ada);
  ASSERT_EQ(shown.at("exclusions").size(), 1u);
  const json& menus = shown.at("exclusions")[0];
  EXPECT_EQ(menus.at("name"), "menus");
  EXPECT_FALSE(menus.at("all"));
  EXPECT_EQ(menus.at("indicators")[0].at("name"), "sharepoint_download");
  EXPECT_EQ(menus.at("items"), json::parse(R"([{"kind":"keywords","count":1}])"));
  EXPECT_EQ(menus.at("groups"), json({"caterers"}));
  EXPECT_EQ(menus.at("left_out").size(), 0u);
  EXPECT_EQ(shown.at("groups")[0].at("title"), "Caterers");
}

TEST(IndicatorRoutes, NothingOfATriedRecordIsKept) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const json before = world.read("/status", ada);
  tried(world, ada, body_of(record().dump(), "usb_copy"));
  EXPECT_EQ(world.read("/status", ada).at("activities"), before.at("activities"));
  const AuditLine last = world.audit_lines().front();
  EXPECT_EQ(last.action, "indicator.tried");
  EXPECT_EQ(last.object_id, "usb_copy");
  for (const AuditLine& line : world.audit_lines()) {
    EXPECT_EQ((line.object_id + line.reason + line.details).find("ann.bell"), std::string::npos);
  }
}

// Off means off, also for whoever only tries: neither asked nor explained.
TEST(IndicatorRoutes, WhatIsOffIsNotTried) {
  World world;
  const std::string root = world.sign_in("root", "admin");
  // On the record's day it was still on: today counts as well.
  ASSERT_EQ(world.post("/switches", root, off("sharepoint_download").dump()).status, 200);
  const json outcome = tried(world, root, body_of(record().dump(), "sharepoint_download"));
  EXPECT_EQ(outcome.at("matches").size(), 0u);
  EXPECT_EQ(outcome.at("switched_off"), 1);
  EXPECT_EQ(outcome.at("explained").at("state"), "off");
  EXPECT_TRUE(outcome.at("explained").at("condition").is_null());
}

// Whose record it is, is not known: the strictest country holds.
TEST(IndicatorRoutes, OffInOneCountryIsOffForATriedRecord) {
  World world;
  const std::string root = world.sign_in("root", "admin");
  ASSERT_EQ(world.post("/switches", root, off("sharepoint_download", "DE").dump()).status, 200);
  EXPECT_EQ(tried(world, root, body_of(record().dump(), "sharepoint_download")).at("explained").at("state"), "off");
}

TEST(IndicatorRoutes, WhatIsNoActivitySaysWhy) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  for (const char* text : {"{", "nonsense", "[1]", "{}", "{\"Operation\":\"FileDownloaded\"}"}) {
    const json outcome = tried(world, ada, body_of(text, "usb_copy"));
    EXPECT_TRUE(outcome.at("rejection").is_string()) << text;
    EXPECT_TRUE(outcome.at("activity").is_null()) << text;
    EXPECT_TRUE(outcome.at("explained").is_null()) << text;
  }
}

TEST(IndicatorRoutes, WhatCannotBeTriedIsRefused) {
  World world;
  const std::string ada = world.sign_in("ada", "analyst");
  const auto status = [&](const json& body) { return world.post("/indicators/try", ada, body.dump()).status; };
  EXPECT_EQ(status(body_of("")), 400);
  EXPECT_EQ(status(body_of("  \n ")), 400);
  EXPECT_EQ(status(body_of(std::string(48'001, 'x'))), 400);
  EXPECT_EQ(status(body_of("{}", "", "somewhere")), 400);
  EXPECT_EQ(status(body_of("{}", "none_such")), 404);
  EXPECT_EQ(status({{"record", "{}"}}), 400);
}

}  // namespace
}  // namespace candor::api
