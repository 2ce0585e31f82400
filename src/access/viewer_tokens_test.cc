#include "access/access_fixture.h"

namespace candor {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class ViewerTokensTest : public AccessTest {
 protected:
  std::string refused(const Session& session, const Viewers::TokenWish& wish, std::string_view password = kPassword) {
    const auto made = viewers_.create_token(session.token, password, "", wish);
    return made ? "made" : made.error().error.id;
  }
  NewViewerToken made(const Session& session, const Viewers::TokenWish& wish) {
    auto token = viewers_.create_token(session.token, kPassword, "", wish);
    EXPECT_TRUE(token.has_value());
    return *std::move(token);
  }
  static Permissions of(std::initializer_list<Permission> list) {
    Permissions permissions;
    for (const Permission one : list) permissions.set(static_cast<std::size_t>(one));
    return permissions;
  }
};

TEST_F(ViewerTokensTest, ReadsOnlyWhenNothingElseIsSaid) {
  const Session session = signed_in("ivy", "investigator");
  const NewViewerToken token = made(session, {.name = "nightly", .days = 30});
  EXPECT_TRUE(token.text.starts_with("candor_viewer_" + token.token.id + "_"));
  EXPECT_EQ(token.token.expires, kNow + 30 * kMicrosPerDay);
  const auto asked = viewers_.session_of_token(token.text);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->viewer.user(), "ivy");
  EXPECT_EQ(asked->viewer.token(), "nightly/" + token.token.id);
  EXPECT_EQ(asked->viewer.permissions(),
            of({Permission::alerts_read, Permission::people_read, Permission::policies_read, Permission::cases_view,
                Permission::requests_read}));
  EXPECT_EQ(asked->viewer.require(Permission::alerts_decide).error().message,
            "the token lacks the permission alerts.decide");
  EXPECT_EQ(asked->expires_at, token.token.expires);
}

TEST_F(ViewerTokensTest, MayNeverDoMoreThanTheViewerAtThatMoment) {
  const Session session = signed_in("ann", "analyst");
  EXPECT_EQ(refused(session, {.name = "t", .permissions = of({Permission::people_lift}), .days = 1}),
            "access.bad_scope");
  EXPECT_EQ(refused(session, {.name = "t", .permissions = Permissions(), .days = 1}), "access.bad_scope");
  const auto token =
      made(session, {.name = "t", .permissions = of({Permission::alerts_read, Permission::alerts_decide}), .days = 1});
  EXPECT_TRUE(viewers_.session_of_token(token.text)->viewer.may(Permission::alerts_decide));
  give_role("ann", "auditor");
  const auto later = viewers_.session_of_token(token.text);
  EXPECT_TRUE(later->viewer.permissions().none()) << "neither the old role's nor the new one's";
  give_role("ann", "analyst");
  EXPECT_TRUE(viewers_.session_of_token(token.text)->viewer.may(Permission::alerts_decide));
}

TEST_F(ViewerTokensTest, WhatIsAskedForIsChecked) {
  const Session session = signed_in("ann", "analyst");
  for (const char* name : {"", "two words", "ä", "a/b", "12345678901234567890123456789012345678901"}) {
    EXPECT_EQ(refused(session, {.name = name, .days = 1}), "access.bad_token_name") << name;
  }
  for (const int days : {0, -1, 366}) EXPECT_EQ(refused(session, {.name = "t", .days = days}), "access.bad_expiry");
  EXPECT_EQ(refused(session, {.name = "t", .days = 1}, "wrong"), "access.wrong_credentials");
  EXPECT_EQ(refused(session, {.name = "t", .days = 365}), "made");
  const auto of_token = viewers_.tokens_of(session.viewer)->at(0);
  EXPECT_EQ(viewers_.create_token(of_token.id, kPassword, "", {.name = "t", .days = 1}).error().error.id,
            "access.no_session");
  for (int i = 1; i < 20; ++i) EXPECT_EQ(refused(session, {.name = "t", .days = 1}), "made");
  EXPECT_EQ(refused(session, {.name = "t", .days = 1}), "access.too_many_tokens");
  clock_.set(kNow + 2 * kMicrosPerDay);
  EXPECT_EQ(refused(*viewers_.sign_in("ann", kPassword), {.name = "t", .days = 1}), "made") << "19 have expired";
}

TEST_F(ViewerTokensTest, EndsByItselfAndWhenRevoked) {
  const Session session = signed_in("ann", "analyst");
  const auto one = made(session, {.name = "one", .days = 1});
  const auto two = made(session, {.name = "two", .days = 2});
  const Session bob = signed_in("bob", "analyst");
  EXPECT_EQ(viewers_.revoke_token(bob.viewer, two.token.id).error().id, "access.unknown_token");
  EXPECT_TRUE(viewers_.tokens_of(bob.viewer)->empty());
  clock_.set(kNow + kMicrosPerDay - 1);
  EXPECT_TRUE(viewers_.session_of_token(one.text));
  clock_.set(kNow + kMicrosPerDay);
  EXPECT_EQ(viewers_.session_of_token(one.text).error().id, "access.bad_token");
  EXPECT_TRUE(viewers_.session_of_token(two.text));
  ASSERT_TRUE(viewers_.revoke_token(session.viewer, two.token.id));
  ASSERT_TRUE(viewers_.revoke_token(session.viewer, two.token.id)) << "twice is fine";
  EXPECT_EQ(viewers_.session_of_token(two.text).error().id, "access.bad_token");
  const auto all = viewers_.tokens_of(session.viewer);
  ASSERT_EQ(all->size(), 2U);
  for (const ViewerToken& token : *all) {
    EXPECT_EQ(token.revoked.has_value(), token.name == "two");
    EXPECT_TRUE(token.last_used.has_value());
  }
}

TEST_F(ViewerTokensTest, NothingElseIsAToken) {
  const Session session = signed_in("ann", "analyst");
  const std::string right = made(session, {.name = "t", .days = 1}).text;
  std::string other = right;
  other.back() = other.back() == 'a' ? 'b' : 'a';
  for (const std::string& text :
       {other, std::string(), right.substr(1), right + "0", session.token, std::string(1 << 20, 'a'),
        "candor_" + right.substr(std::string("candor_viewer_").size())}) {
    EXPECT_EQ(viewers_.session_of_token(text).error().id, "access.bad_token");
  }
  EXPECT_FALSE(viewers_.session(right)) << "nor is a token a session";
}

TEST_F(ViewerTokensTest, AnAdministratorEndsThemAllAndANewOneTimePasswordDoes) {
  const Session session = signed_in("ann", "analyst");
  const auto one = made(session, {.name = "one", .days = 1});
  EXPECT_EQ(*viewers_.revoke_tokens("local/root", "ANN"), 1);
  EXPECT_EQ(*viewers_.revoke_tokens("local/root", "ann"), 0);
  EXPECT_EQ(viewers_.revoke_tokens("local/root", "nobody").error().id, "access.unknown_user");
  EXPECT_FALSE(viewers_.session_of_token(one.text));
  const auto two = made(session, {.name = "two", .days = 1});
  ASSERT_TRUE(viewers_.reset_password("local/root", "ann"));
  EXPECT_FALSE(viewers_.session_of_token(two.text));
  EXPECT_THAT(audit_lines(), Contains("viewer.tokens_revoked local/root ann").Times(2));
}

TEST_F(ViewerTokensTest, WhatWasLiftedWithOneEndsWithIt) {
  const Session session = signed_in("ivy", "investigator");
  const auto token = made(session, {.name = "t", .permissions = of({Permission::people_lift}), .days = 1});
  const Viewer program = viewers_.session_of_token(token.text)->viewer;
  ASSERT_TRUE(lifting_.lift(program, person("mallory@example.com"), "", "the case asks for it"));
  EXPECT_EQ(lifting_.current(program)->size(), 1U);
  ASSERT_TRUE(viewers_.revoke_token(session.viewer, token.token.id));
  EXPECT_TRUE(lifting_.current(session.viewer)->empty());
}

TEST_F(ViewerTokensTest, TheLogNamesItAndNeverHoldsIt) {
  const Session session = signed_in("ivy", "investigator");
  const auto token = made(session, {.name = "nightly", .permissions = of({Permission::alerts_read}), .days = 1});
  const Viewer program = viewers_.session_of_token(token.text)->viewer;
  ASSERT_TRUE(presenter_.view(program, Permission::alerts_read, {.action = "alert.viewed", .details = R"({"a":1})"}));
  ASSERT_FALSE(presenter_.view(program, Permission::people_lift, {.action = "x"}));
  std::string log;
  ASSERT_TRUE(audit_.export_ndjson([&](std::string_view line) {
    log += line;
    return true;
  }));
  EXPECT_THAT(audit_lines(), Contains("token.created ivy " + token.token.id));
  const auto page = audit_.lines({.viewer = "ivy", .limit = 2});
  const std::string named = R"("token":"nightly/)" + token.token.id + "\"";
  EXPECT_THAT(page->lines[0].details, HasSubstr(named)) << page->lines[0].action;
  EXPECT_EQ(page->lines[1].details, R"({"a":1,)" + named + "}");
  EXPECT_THAT(log, Not(HasSubstr(token.text.substr(token.text.size() - 64))));
}

}  // namespace
}  // namespace candor
