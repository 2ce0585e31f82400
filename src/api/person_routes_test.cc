#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPersonUsers =
    "userPrincipalName,displayName,id,department,usageLocation,manager\n"
    "mallory.thief@example.com,Mallory Thief,m1,Sales of Mallory,DE,boss@example.com\n"
    "boss@example.com,Bo Hay,b1,Board,FR,\n";

class PersonRoutes : public ::testing::Test {
 protected:
  std::string person_of(const std::string& name) {
    const Response found =
        world_.post("/people/search", ivy_, json{{"name", name}, {"reason", "interview on Monday"}}.dump());
    EXPECT_EQ(found.status, 200) << found.body;
    const json people = json::parse(found.body).at("people");
    EXPECT_EQ(people.size(), 1u);
    return people.at(0).at("id");
  }

  World world_;
  const std::string ivy_ = world_.sign_in("ivy", "investigator");
};

TEST_F(PersonRoutes, EverybodyIsAPseudonymUntilLifted) {
  EXPECT_EQ(world_.read("/people", ivy_).at("total"), 0);
  world_.import(kPersonUsers);
  const json all = world_.read("/people?limit=1&page=2", ivy_);
  EXPECT_EQ(all.at("total"), 2);
  EXPECT_EQ(all.at("people").size(), 1u);
  const std::string id = person_of(World::kThief);
  const std::string hidden = world_.read("/people/" + id, ivy_).dump();
  for (const char* name : {"allory", "Thief", "boss@", "Bo Hay"}) EXPECT_THAT(hidden, Not(HasSubstr(name)));
  EXPECT_THAT(hidden, HasSubstr("Sales of Anon-"));
  EXPECT_TRUE(world_.read("/people/" + id, ivy_).at("manager").at("name").is_null());
  EXPECT_EQ(world_.post("/people/" + id + "/lift", ivy_, R"({"reason":"short"})").status, 400);
  EXPECT_EQ(world_.post("/people/" + id + "/lift", ivy_, R"({"reason":"interview on Monday"})").status, 204);
  const json lifted = world_.read("/people/" + id, ivy_);
  EXPECT_EQ(lifted.at("person").at("name"), "Mallory Thief (mallory.thief@example.com)");
  EXPECT_THAT(lifted.dump(), HasSubstr("Sales of Mallory"));
  EXPECT_THAT(lifted.dump(), Not(HasSubstr("boss@")));
}

TEST_F(PersonRoutes, SearchFindsWholeNamesOnlyAndIsAudited) {
  world_.import(kPersonUsers);
  const auto found = [&](const std::string& name) {
    const Response answer =
        world_.post("/people/search", ivy_, json{{"name", name}, {"reason", "asked by Mallory"}}.dump());
    return json::parse(answer.body).at("people").size();
  };
  EXPECT_EQ(found("mallory thief"), 1u);
  EXPECT_EQ(found("M1"), 1u);
  EXPECT_EQ(found("Mallory"), 0u);
  EXPECT_EQ(found("%"), 0u);
  EXPECT_EQ(world_.post("/people/search", ivy_, R"({"name":"x","reason":"y"})").status, 400);
  int searches = 0;
  for (const AuditLine& line : world_.audit_lines()) {
    EXPECT_THAT(line.details + line.reason + line.object_id, Not(HasSubstr("Mallory")));
    searches += line.action == "people.searched" ? 1 : 0;
  }
  EXPECT_EQ(searches, 4);
  const std::string ana = world_.sign_in("ana", "analyst");
  EXPECT_EQ(world_.post("/people/search", ana, R"({"name":"x","reason":"interview on Monday"})").status, 403);
  EXPECT_EQ(world_.get("/people", ana).status, 403);
}

TEST_F(PersonRoutes, UnresolvedAccountsWaitForADecision) {
  EXPECT_EQ(world_.read("/accounts/unresolved", ivy_).at("total"), 0);
  world_.import(kPersonUsers);
  const json waiting = world_.read("/accounts/unresolved", ivy_);
  ASSERT_GE(waiting.at("total"), 1);
  const json first = waiting.at("accounts").at(0);
  EXPECT_TRUE(first.at("person").at("name").is_null());
  const std::string owner = "/accounts/" + first.at("account").get<std::string>() + "/owner";
  const std::string thief = person_of("Mallory Thief");
  const auto body = [](const std::string& person) {
    return json{{"person", person}, {"reason", "a second account"}}.dump();
  };
  EXPECT_EQ(world_.post(owner, ivy_, body(std::string(32, '0'))).status, 404);
  EXPECT_EQ(world_.post(owner, ivy_, body(std::string(32, 'z'))).status, 404);
  EXPECT_EQ(world_.post("/accounts/" + std::string(32, '0') + "/owner", ivy_, body(thief)).status, 404);
  EXPECT_EQ(world_.post(owner, ivy_, body(thief)).status, 204);
  EXPECT_EQ(world_.read("/accounts/unresolved", ivy_).at("total"), waiting.at("total").get<int>() - 1);
  EXPECT_EQ(world_.post(owner, ivy_, body(thief)).status, 404) << "it waits no longer";
  const json accounts = world_.read("/people/" + thief, ivy_).at("accounts");
  EXPECT_TRUE(std::ranges::any_of(accounts, [&](const json& one) { return one.at("account") == first.at("account"); }));
}

TEST_F(PersonRoutes, AnUnresolvedAccountMayStaySomebodyOfItsOwn) {
  world_.import(kPersonUsers);
  const json waiting = world_.read("/accounts/unresolved", ivy_);
  const json first = waiting.at("accounts").at(0);
  const std::string own = first.at("person_id");
  EXPECT_EQ(world_
                .post("/accounts/" + first.at("account").get<std::string>() + "/owner", ivy_,
                      json{{"person", own}, {"reason", "a shared mailbox"}}.dump())
                .status,
            204);
  EXPECT_EQ(world_.read("/accounts/unresolved", ivy_).at("total"), waiting.at("total").get<int>() - 1);
}

TEST_F(PersonRoutes, RefusesWhatIsNoPersonAndNoDay) {
  world_.import(kPersonUsers);
  EXPECT_EQ(world_.get("/people/" + std::string(32, 'a'), ivy_).status, 404);
  EXPECT_EQ(world_.get("/people/nobody", ivy_).status, 404);
  EXPECT_EQ(world_.get("/people/" + person_of("m1") + "?at=yesterday", ivy_).status, 400);
  EXPECT_EQ(world_.get("/people?page=0", ivy_).status, 400);
  EXPECT_EQ(world_.read("/people/" + person_of("m1") + "?at=2026-01-01", ivy_).at("at"), "2026-01-01");
}

}  // namespace
}  // namespace candor::api
