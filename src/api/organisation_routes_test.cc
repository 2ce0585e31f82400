#include <algorithm>

#include "api/world_test.h"

namespace candor::api {

namespace {

using Json = nlohmann::json;

const Json* section(const Json& answer, const std::string& name) {
  for (const Json& each : answer.at("sections"))
    if (each.at("section") == name) return &each;
  return nullptr;
}

TEST(OrganisationRoutes, ShowsWhatIsSaidWithItsDatesAndWhatIsMissing) {
  World world;
  const std::string token = world.sign_in("anna", "analyst");
  const Json answer = world.read("/organisation", token);
  EXPECT_EQ(answer.at("at"), "2026-05-27");
  const Json& own = *section(answer, "own_domains");
  EXPECT_EQ(own.at("state"), "known");
  EXPECT_EQ(own.at("total"), 2);
  EXPECT_EQ(own.at("facts")[0].at("attributes")[0].at("value"), "example.com");
  EXPECT_EQ(own.at("facts")[0].at("holds"), true);
  EXPECT_EQ(own.at("facts")[0].at("said_in"), "organisation.yml:2");
  EXPECT_EQ(own.at("facts")[1].at("from"), "2027-01-01");
  EXPECT_EQ(own.at("facts")[1].at("holds"), false);
  EXPECT_EQ(section(answer, "removable_media")->at("state"), "missing");
  EXPECT_EQ(section(answer, "clouds")->at("facts")[0].at("attributes")[2].at("value"), "<b>no contract</b>");
  EXPECT_EQ(answer.at("total_faults"), 1);
  EXPECT_EQ(answer.at("faults")[0].at("id"), "organisation.leads_nowhere");
  EXPECT_FALSE(answer.at("pending").is_null());
}

TEST(OrganisationRoutes, AnswersForOneDayAndOneSection) {
  World world;
  const std::string token = world.sign_in("anna", "analyst");
  const Json answer = world.read("/organisation?at=2027-01-01&section=own_domains", token);
  EXPECT_EQ(answer.at("sections").size(), 1);
  EXPECT_EQ(answer.at("sections")[0].at("facts")[1].at("holds"), true);
  world.read("/organisation?known=2026-01-01", token);
}

TEST(OrganisationRoutes, RefusesWhatItDoesNotKnowAndWhoMayNot) {
  World world;
  const std::string token = world.sign_in("anna", "analyst");
  EXPECT_EQ(world.get("/organisation?section=secrets", token).status, 400);
  EXPECT_EQ(world.get("/organisation?at=today", token).status, 400);
  EXPECT_EQ(world.get("/organisation?when=2026-01-01", token).status, 400);
  EXPECT_EQ(world.get("/organisation", "").status, 401);
  EXPECT_EQ(world.get("/organisation", world.sign_in("rita", "read_only")).status, 403);
}

TEST(OrganisationRoutes, ALookIsInTheAuditLog) {
  World world;
  world.read("/organisation?section=clouds", world.sign_in("anna", "analyst"));
  const auto lines = world.audit_lines();
  EXPECT_TRUE(std::ranges::any_of(
      lines, [](const AuditLine& line) { return line.action == "organisation.viewed" && line.object_id == "clouds"; }));
}

}  // namespace

}  // namespace candor::api
