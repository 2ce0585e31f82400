#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

// Linked cases over HTTP: who is told what, byte for byte, and what stays in the audit log.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLinkedBecause = "both sent it to one place";

class CaseLinkRoutes : public ::testing::Test {
 protected:
  std::string open(const std::string& token, const char* address, const std::string& title) {
    const Response response = world_.post(
        "/cases", token,
        json({{"alert_id", world_.alert_of(address)}, {"title", title}, {"reason", kLinkedBecause}}).dump());
    EXPECT_EQ(response.status, 201) << response.body;
    return json::parse(response.body).value("id", "");
  }
  Response link(const std::string& token, const std::string& from, const std::string& to, const std::string& kind,
                const std::string& reason = kLinkedBecause) {
    return world_.post("/cases/" + from + "/links", token,
                       json({{"case_id", to}, {"kind", kind}, {"reason", reason}}).dump());
  }

  World world_;
  const std::string ada_ = world_.sign_in("ada", "investigator");
  const std::string ben_ = world_.sign_in("ben", "investigator");
  const std::string one_ = open(ada_, World::kThief, "First of the two");
  const std::string two_ = open(ada_, World::kOther, "Second of the two");
};

TEST_F(CaseLinkRoutes, LinkedShownOnBothAndTakenApart) {
  const Response made = link(ada_, one_, two_, "follow_up", "as mallory.thief@example.com and the other wrote");
  ASSERT_EQ(made.status, 201) << made.body;
  const json here = json::parse(made.body).at("links").at(0);
  EXPECT_EQ(here.at("other").at("number"), 2);
  EXPECT_EQ(here.at("other").at("state"), "open");
  EXPECT_EQ(here.at("made_here"), true);
  EXPECT_THAT(here.at("other").at("person").at("pseudonym").get<std::string>(), HasSubstr("Anon-"));
  World::expect_no_names(made.body);
  const json there = world_.read("/cases/" + two_ + "/links", ada_).at("links").at(0);
  EXPECT_EQ(there.at("made_here"), false);
  EXPECT_EQ(there.at("kind"), "follow_up");
  for (const json& row : world_.read("/cases", ada_).at("cases")) EXPECT_EQ(row.at("links"), 1);
  for (const json& row : world_.read("/alerts?status=confirmed", ada_).at("alerts"))
    EXPECT_EQ(row.at("in_linked_case"), true);
  EXPECT_EQ(link(ada_, two_, one_, "colluding").status, 409);
  EXPECT_EQ(link(ada_, two_, one_, "lovers").status, 400);
  EXPECT_EQ(link(ada_, two_, std::string(32, 'e'), "colluding").status, 404);

  const std::string apart = "/cases/" + two_ + "/links/" + here.at("id").get<std::string>() + "/unlink";
  EXPECT_EQ(world_.post(apart, ada_, R"({"reason":"short"})").status, 400);
  const Response gone = world_.post(apart, ada_, R"({"reason":"it was another address"})");
  ASSERT_EQ(gone.status, 200) << gone.body;
  EXPECT_EQ(json::parse(gone.body).at("links").at(0).at("unlinked_reason"), "it was another address");
  EXPECT_EQ(world_.post(apart, ada_, R"({"reason":"it was another address"})").status, 404);
  EXPECT_EQ(world_.read("/cases/" + one_, ada_).at("links"), 0);
  // Either case has its line of each act; no line names the other case.
  std::map<std::string, int> lines;
  for (const AuditLine& line : world_.audit_lines()) {
    if (line.action != "case.linked" && line.action != "case.unlinked") continue;
    ++lines[line.action + " " + line.object_id];
    EXPECT_THAT(line.details, Not(HasSubstr(line.object_id == one_ ? two_ : one_)));
    World::expect_no_names(line.reason);
  }
  for (const char* const act : {"case.linked ", "case.unlinked "}) {
    EXPECT_EQ(lines[act + one_], 1) << act;
    EXPECT_EQ(lines[act + two_], 1) << act;
  }
}

TEST_F(CaseLinkRoutes, WhoReadsOneOnlyIsToldThatThereIsOneAndNoMore) {
  const Response shared = world_.post("/cases/" + one_ + "/contributors", ada_, R"({"user":"ben"})");
  ASSERT_EQ(shared.status, 200) << shared.body;
  const json made = json::parse(link(ada_, one_, two_, "colluding", "the plantedword of both").body);
  const json other = made.at("links").at(0).at("other");
  const Response seen = world_.get("/cases/" + one_ + "/links", ben_);
  EXPECT_EQ(json::parse(seen.body), json({{"links", json::array()}, {"hidden", 1}}));
  const std::string all = seen.body + world_.get("/cases/" + one_, ben_).body +
                          world_.get("/cases/" + one_ + "/history", ben_).body +
                          world_.get("/cases/" + one_ + "/notes", ben_).body;
  for (const std::string& trace :
       {two_, other.at("person").at("pseudonym").get<std::string>(), std::string("Second of the two"),
        std::string("plantedword"), std::string("colluding")})
    EXPECT_THAT(all, Not(HasSubstr(trace)));
  EXPECT_THAT(all, HasSubstr("\"linked\"")) << "shows nothing";
  const std::string id = made.at("links").at(0).at("id");
  const Response refused =
      world_.post("/cases/" + one_ + "/links/" + id + "/unlink", ben_, R"({"reason":"is not so at all"})");
  const Response guessed = world_.post("/cases/" + one_ + "/links/" + std::string(32, 'e') + "/unlink", ben_,
                                       R"({"reason":"is not so at all"})");
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.body, guessed.body);
}

TEST_F(CaseLinkRoutes, ToWhomTheOtherIsAboutItIsAsIfThereWereNone) {
  const std::string thief = world_.sign_in(World::kThief, "admin");
  const auto everything = [&] {
    return world_.get("/cases/" + two_ + "/links", thief).body + world_.get("/cases/" + two_, thief).body +
           world_.get("/cases/" + two_ + "/history", thief).body + world_.get("/cases", thief).body +
           world_.get("/alerts?status=confirmed", thief).body;
  };
  const std::string before = everything();
  ASSERT_EQ(link(ada_, two_, one_, "colluding").status, 201);
  EXPECT_EQ(everything(), before);
  // Over somebody else's case, by an id somebody gave them: as if it did not exist.
  EXPECT_EQ(link(thief, two_, one_, "colluding").body, link(thief, two_, std::string(32, 'e'), "colluding").body);
}

TEST_F(CaseLinkRoutes, NobodyLinksACaseAboutTheirOwnTeam) {
  world_.import(
      "userPrincipalName,displayName,id,department,usageLocation,manager\n"
      "mallory.thief@example.com,Mallory Thief,m1,Sales,DE,boss@example.com\n"
      "bob.other@example.com,Bob Other,o1,Sales,DE,\n"
      "boss@example.com,Bo Hay,b1,Board,FR,\n");
  const std::string leads = world_.sign_in("boss@example.com", "admin");
  const Response refused = link(leads, two_, one_, "colluding");
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("access.own_team"));
  const Response made = link(ada_, two_, one_, "colluding");
  ASSERT_EQ(made.status, 201);
  const std::string id = json::parse(made.body).at("links").at(0).at("id");
  // What there is to see of them stays to be seen; to take it apart is an act.
  EXPECT_EQ(world_.read("/cases/" + two_ + "/links", leads).at("links").size(), 1u);
  const Response apart =
      world_.post("/cases/" + two_ + "/links/" + id + "/unlink", leads, R"({"reason":"is not so at all"})");
  EXPECT_THAT(apart.body, HasSubstr("access.own_team"));
}

}  // namespace
}  // namespace candor::api
