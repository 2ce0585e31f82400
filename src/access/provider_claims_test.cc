#include "access/provider_claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using Json = nlohmann::json;
using State = ToldGroups::State;
using testing::ElementsAre;

ToldGroups groups_in(const char* claims, const std::string& claim = "groups") {
  return told_groups(Json::parse(claims), claim);
}

TEST(ToldGroups, InEachForm) {
  EXPECT_THAT(groups_in(R"({"groups":["a","b"]})").groups, ElementsAre("a", "b"));
  EXPECT_THAT(groups_in(R"({"groups":"a"})").groups, ElementsAre("a"));
  EXPECT_THAT(groups_in(R"({"groups":["a",1,null,["b"],{"c":1}]})").groups, ElementsAre("a"));
  EXPECT_THAT(groups_in(R"({"realm_access":{"roles":["x"]}})", "realm_access.roles").groups, ElementsAre("x"));
  EXPECT_THAT(groups_in(R"({"https://example.com/groups":["x"]})", "https://example.com/groups").groups,
              ElementsAre("x"));
  EXPECT_EQ(groups_in(R"({"groups":[]})").state, State::told) << "none is an answer";
  for (const char* none : {"{}", R"({"Groups":["a"]})", R"({"groups.x":1})"})
    EXPECT_EQ(groups_in(none).state, State::not_told) << none;
  for (const char* odd : {R"({"realm_access":["roles"]})", R"({"realm_access":"roles"})", R"({"realm_access":{}})"}) {
    EXPECT_EQ(groups_in(odd, "realm_access.roles").state, State::not_told) << odd;
  }
  const auto odd = groups_in(R"({"groups":{"a":true}})");
  EXPECT_TRUE(odd.state == State::told && odd.groups.empty());
  Json many = {{"groups", Json::array()}};
  for (std::size_t i = 0; i < kMostToldGroups + 10; ++i) many["groups"].push_back("g" + std::to_string(i));
  EXPECT_EQ(told_groups(many, "groups").groups.size(), kMostToldGroups);
}

// As Entra ID says that somebody is in more than 200.
TEST(ToldGroups, TooManyForAToken) {
  EXPECT_EQ(
      groups_in(R"({"_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{"endpoint":"https://graph.example"}}})")
          .state,
      State::elsewhere);
  EXPECT_EQ(groups_in(R"({"hasgroups":true})").state, State::elsewhere);
  EXPECT_EQ(groups_in(R"({"hasgroups":"true"})").state, State::elsewhere);
  EXPECT_EQ(groups_in(R"({"hasgroups":false})").state, State::not_told);
  EXPECT_EQ(groups_in(R"({"hasgroups":true})", "roles").state, State::not_told);
  EXPECT_EQ(groups_in(R"({"_claim_names":{"roles":"src1"}})").state, State::not_told);
  EXPECT_EQ(groups_in(R"({"_claim_names":["groups"]})").state, State::not_told);
}

TEST(RoleOfGroups, TheFirstRowThatFits) {
  const std::vector<GroupRole> rows = {{.group = "admins", .role = "admin"}, {.group = "/irm", .role = "analyst"}};
  EXPECT_EQ(role_of_groups(rows, {"/irm", "admins"}), "admin");
  EXPECT_EQ(role_of_groups(rows, {"x", "/irm"}), "analyst");
  EXPECT_EQ(role_of_groups(rows, {"Admins", "irm", ""}), "") << "letter for letter";
  EXPECT_EQ(role_of_groups(rows, {}), "");
  EXPECT_EQ(role_of_groups({}, {"admins"}), "");
}

TEST(SecondFactorThere, AsTheSettingsNameIt) {
  ProviderSettings settings;
  const auto used = [&](const char* claims) { return used_second_factor(Json::parse(claims), settings); };
  EXPECT_FALSE(used(R"({"acr":"mfa","amr":["mfa"]})")) << "nothing is named";
  settings.second_factor_acr = {"gold"};
  settings.second_factor_amr = {"mfa", "otp"};
  EXPECT_TRUE(used(R"({"acr":"gold"})"));
  EXPECT_TRUE(used(R"({"amr":["pwd","otp"]})"));
  for (const char* not_used :
       {"{}", R"({"acr":"silver","amr":["pwd"]})", R"({"acr":["gold"]})", R"({"acr":""})", R"({"amr":{"mfa":1}})"}) {
    EXPECT_FALSE(used(not_used)) << not_used;
  }
}

TEST(ToldText, IsShortAndOneLine) {
  const auto text = [](const Json& value) { return told_text({{"name", value}}, "name"); };
  EXPECT_EQ(text("Ann \n\tBee\x7f"), "Ann Bee");
  EXPECT_EQ(text(7), "");
  EXPECT_EQ(text(Json::array({"a"})), "");
  std::string long_one;
  for (int i = 0; i < 100; ++i) long_one += "\xe2\x82\xac";  // three bytes each
  EXPECT_EQ(text(long_one).size(), 255U) << "no half character";
}

TEST(ToldAccounts, EachOnce) {
  const Json claims = {
      {"preferred_username", "ann"}, {"email", "ann@example.com"}, {"upn", "ann@example.com"}, {"sub", "s"}};
  EXPECT_THAT(told_accounts(claims, {}), ElementsAre("ann", "ann@example.com"));
  EXPECT_THAT(told_accounts(Json::object(), {}), ElementsAre());
}

}  // namespace
}  // namespace candor
