#include "access/viewers.h"

#include <set>

#include "access/access_fixture.h"
#include "store/test_stored_bytes.h"

namespace candor {
namespace {

using testing::Contains;
using testing::ElementsAre;

class ViewersTest : public AccessTest {
 protected:
  std::string refused(std::string_view user, std::string_view password) {
    const auto session = viewers_.sign_in(user, password);
    return session ? "signed in" : session.error().error.id;
  }
  void after(TimePoint time) { clock_.set(clock_.now() + time); }
  static constexpr TimePoint kMinute = 60 * kMicrosPerSecond;
};

TEST_F(ViewersTest, TheFirstViewerGetsAOneTimePasswordThatMustBeChanged) {
  const auto first = viewers_.ensure_first();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->user, "admin");
  EXPECT_EQ((*first)->one_time_password.size(), 23u);
  const auto session = viewers_.sign_in("Admin", (*first)->one_time_password);
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->viewer.must_change_password());
  EXPECT_FALSE(session->viewer.may(Permission::alerts_read));
  EXPECT_EQ(session->viewer.require(Permission::alerts_read).error().id, "access.password_change_required");

  const auto again = viewers_.ensure_first();
  ASSERT_TRUE(again && *again) << "nobody changed it: a new one at each start";
  EXPECT_NE((*again)->one_time_password, (*first)->one_time_password);
  EXPECT_EQ(viewers_.session(session->token).error().id, "access.no_session");
  EXPECT_EQ(refused("admin", (*first)->one_time_password), "access.wrong_credentials");

  const auto second = viewers_.sign_in("admin", (*again)->one_time_password);
  const auto changed = viewers_.change_password(second->token, (*again)->one_time_password, kPassword);
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->viewer.must_change_password());
  EXPECT_TRUE(changed->viewer.may(Permission::alerts_read));
  EXPECT_TRUE(viewers_.session(changed->token)->viewer.may(Permission::people_lift));
  const auto later = viewers_.ensure_first();
  ASSERT_TRUE(later);
  EXPECT_FALSE(*later);
}

TEST_F(ViewersTest, AfterTheFirstIsSetUpNoOtherOneTimePasswordIsMade) {
  ASSERT_TRUE(viewers_.add("admin", "ann", "analyst"));
  EXPECT_FALSE(*viewers_.ensure_first());
}

TEST_F(ViewersTest, WrongUserAndWrongPasswordAreNotToldApart) {
  signed_in("ann", "analyst");
  EXPECT_EQ(refused("ann", "wrong"), "access.wrong_credentials");
  EXPECT_EQ(refused("nobody", kPassword), "access.wrong_credentials");
  EXPECT_EQ(refused("", ""), "access.wrong_credentials");
  EXPECT_EQ(refused(std::string(100'000, 'a'), kPassword), "access.wrong_credentials");
  EXPECT_EQ(refused("ann", std::string(100'000, 'a')), "access.wrong_credentials");
  EXPECT_EQ(refused("ann", std::string(kPassword) + std::string("\0x", 2)), "access.wrong_credentials");
  EXPECT_EQ(refused("ann' or '1'='1", kPassword), "access.wrong_credentials");
  EXPECT_EQ(refused("ANN", kPassword), "signed in");
}

TEST_F(ViewersTest, EachSignInHasATokenOfItsOwn) {
  signed_in("ann", "analyst");
  std::set<std::string> tokens;
  for (int i = 0; i < 10; ++i) tokens.insert(viewers_.sign_in("ann", kPassword)->token);
  EXPECT_EQ(tokens.size(), 10u);
  EXPECT_EQ(tokens.begin()->size(), 64u);
}

TEST_F(ViewersTest, OnlyTheTokenOpensASession) {
  const Session session = signed_in("ann", "analyst");
  EXPECT_EQ(viewers_.session(session.token)->viewer.user(), "ann");
  EXPECT_EQ(viewers_.session(session.token)->token, "");
  std::string other = session.token;
  other[10] = other[10] == 'a' ? 'b' : 'a';
  for (const std::string& token : {other, std::string(), session.token.substr(1), session.token + "0",
                                   viewers_.sessions()->at(0).id, std::string(1 << 20, 'a')}) {
    const auto refused_session = viewers_.session(token);
    ASSERT_FALSE(refused_session);
    EXPECT_EQ(refused_session.error().id, "access.no_session");
  }
}

TEST_F(ViewersTest, ASessionEndsWhenIdleAndAfterTwelveHours) {
  const Session session = signed_in("ann", "analyst");
  EXPECT_EQ(session.expires_at, kNow + 30 * kMinute);
  after(29 * kMinute);
  const auto used = viewers_.session(session.token);
  ASSERT_TRUE(used);
  EXPECT_EQ(used->expires_at, clock_.now() + 30 * kMinute);
  for (int i = 0; i < 23; ++i) {
    after(29 * kMinute);
    ASSERT_TRUE(viewers_.session(session.token)) << i;
  }
  EXPECT_EQ(viewers_.session(session.token)->expires_at, kNow + 12 * 60 * kMinute);
  clock_.set(kNow + 12 * 60 * kMinute - 1);
  EXPECT_TRUE(viewers_.session(session.token));
  clock_.set(kNow + 12 * 60 * kMinute);
  EXPECT_FALSE(viewers_.session(session.token)) << "used all the time, still over";
  const auto other = viewers_.sign_in("ann", kPassword);
  after(30 * kMinute);
  EXPECT_FALSE(viewers_.session(other->token)) << "idle";
  EXPECT_TRUE(viewers_.sessions()->empty());
}

TEST_F(ViewersTest, SigningOutAndEndingOthersSessions) {
  const Session one = signed_in("ann", "analyst");
  const auto two = viewers_.sign_in("ann", kPassword);
  ASSERT_TRUE(viewers_.sign_out(one.token));
  ASSERT_TRUE(viewers_.sign_out(one.token)) << "twice is fine";
  EXPECT_FALSE(viewers_.session(one.token));
  ASSERT_EQ(viewers_.sessions()->size(), 1u);
  EXPECT_EQ(viewers_.end_session("admin", "nothing").error().id, "access.no_session");
  ASSERT_TRUE(viewers_.end_session("admin", viewers_.sessions()->at(0).id));
  EXPECT_FALSE(viewers_.session(two->token));
  EXPECT_THAT(audit_lines(), Contains("session.ended admin ann"));
}

TEST_F(ViewersTest, TooManyFailuresMakeOneWait) {
  signed_in("ann", "analyst");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(refused("ann", "wrong"), "access.wrong_credentials");
  const auto blocked = viewers_.sign_in("ann", kPassword);
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().error.id, "access.too_many_attempts");
  EXPECT_EQ(blocked.error().retry_after_seconds, 30);
  EXPECT_EQ(refused("bob", "wrong"), "access.wrong_credentials") << "others are not kept waiting";
  after(29 * kMicrosPerSecond);
  EXPECT_EQ(viewers_.sign_in("ann", kPassword).error().retry_after_seconds, 1);
  after(1 * kMicrosPerSecond);
  EXPECT_EQ(refused("ann", "wrong"), "access.wrong_credentials");
  EXPECT_EQ(viewers_.sign_in("ann", kPassword).error().retry_after_seconds, 60);
  // It is on disk: a restart does not help.
  Viewers restarted(*store_, keys_, clock_, audit_, *Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml"), {},
                    PasswordCost::least);
  EXPECT_EQ(restarted.sign_in("ann", kPassword).error().retry_after_seconds, 60);
  after(kMinute);
  EXPECT_EQ(refused("ann", kPassword), "signed in");
  EXPECT_EQ(refused("ann", "wrong"), "access.wrong_credentials") << "counted from nothing again";
  EXPECT_EQ(refused("ann", kPassword), "signed in");
}

TEST_F(ViewersTest, UnknownUsersWaitTooAndTheWaitIsBounded) {
  for (int i = 0; i < 60; ++i) {
    const auto outcome = viewers_.sign_in("ghost", "x");
    EXPECT_LE(outcome.error().retry_after_seconds, 15 * 60);
    after(outcome.error().retry_after_seconds * kMicrosPerSecond);
  }
  EXPECT_EQ(refused("ghost", "x"), "access.wrong_credentials");
  EXPECT_EQ(viewers_.sign_in("ghost", "x").error().retry_after_seconds, 15 * 60);
}

TEST_F(ViewersTest, ANewPasswordMustBeGoodAndEndsOtherSessions) {
  const Session session = signed_in("ann.with-a-long-name", "analyst");
  const auto other = viewers_.sign_in("ann.with-a-long-name", kPassword);
  const auto attempt = [&](std::string_view old, std::string_view fresh) {
    const auto changed = viewers_.change_password(session.token, old, fresh);
    return changed ? "changed" : changed.error().error.id;
  };
  EXPECT_EQ(attempt(kPassword, "too short"), "access.bad_password");
  EXPECT_EQ(attempt(kPassword, std::string(257, 'a')), "access.bad_password");
  EXPECT_EQ(attempt(kPassword, kPassword), "access.bad_password");
  EXPECT_EQ(attempt(kPassword, "Ann.With-a-long-name"), "access.bad_password");
  EXPECT_EQ(attempt("wrong", "a new password"), "access.wrong_credentials");
  EXPECT_EQ(attempt(kPassword, "a new password"), "changed");
  EXPECT_FALSE(viewers_.session(session.token));
  EXPECT_FALSE(viewers_.session(other->token));
  EXPECT_EQ(refused("ann.with-a-long-name", kPassword), "access.wrong_credentials");
  EXPECT_EQ(refused("ann.with-a-long-name", "a new password"), "signed in");
}

TEST_F(ViewersTest, GuessingTheOldPasswordIsSlowedToo) {
  const Session session = signed_in("ann", "analyst");
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(viewers_.change_password(session.token, "wrong", "a new password"));
  }
  EXPECT_EQ(viewers_.change_password(session.token, kPassword, "a new password").error().error.id,
            "access.too_many_attempts");
}

// Who knows a name must not be able to keep its owner out.
TEST_F(ViewersTest, FailuresFromElsewhereKeepNobodyOut) {
  const Session session = signed_in("ann", "analyst");
  const auto tried = [&](const std::string& user, const std::string& password, const std::string& address) {
    const auto outcome = viewers_.sign_in(user, password, {.address = std::string(address)});
    return outcome ? "signed in" : outcome.error().error.id;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(tried("ann", "wrong", "203.0.113.9"), "access.wrong_credentials");
  EXPECT_EQ(tried("ann", kPassword, "203.0.113.9"), "access.too_many_attempts");
  EXPECT_EQ(viewers_.may_try("ANN", "203.0.113.9").error().retry_after_seconds, 30);
  EXPECT_TRUE(viewers_.may_try("ann", "192.0.2.1"));
  EXPECT_EQ(tried("ann", kPassword, "192.0.2.1"), "signed in");
  EXPECT_TRUE(viewers_.change_password(session.token, kPassword, "a new password")) << "nor out of their session";
}

TEST_F(ViewersTest, AnAddressThatGoesThroughNamesIsSlowed) {
  signed_in("ann", "analyst");
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(viewers_.may_try("ann", "203.0.113.9")) << i;
    EXPECT_FALSE(viewers_.sign_in("user" + std::to_string(i), "x", {.address = "203.0.113.9"}));
  }
  EXPECT_EQ(viewers_.may_try("ann", "203.0.113.9").error().error.id, "access.too_many_attempts");
  EXPECT_TRUE(viewers_.may_try("ann", "203.0.113.10"));
  after(2 * kMicrosPerSecond);
  EXPECT_TRUE(viewers_.sign_in("ann", kPassword, {.address = "203.0.113.9"}));
  EXPECT_FALSE(viewers_.sign_in("other", "x", {.address = "203.0.113.9"}));
  EXPECT_FALSE(viewers_.may_try("ann", "203.0.113.9")) << "signing in does not wipe the slate of the address";
  EXPECT_LE(viewers_.may_try("ann", "203.0.113.9").error().retry_after_seconds, 60);
}

TEST_F(ViewersTest, WhatAPageAsksByItselfKeepsNoSessionOpen) {
  const Session session = signed_in("ann", "analyst");
  for (int i = 0; i < 29; ++i) {
    after(kMinute);
    EXPECT_EQ(viewers_.session(session.token, Viewers::Renewal::no)->expires_at, kNow + 30 * kMinute);
  }
  after(kMinute);
  EXPECT_FALSE(viewers_.session(session.token, Viewers::Renewal::no));
}

TEST_F(ViewersTest, LiftsEndWithTheirSession) {
  const PersonId jack = person("jackq@contoso.example");
  const auto lifts = [&](const Session& of) { return lifting_.current(of.viewer)->size(); };
  const auto lift = [&](const Session& in) { ASSERT_TRUE(lifting_.lift(in.viewer, jack, "", "leaver, legal asked")); };
  const Session first = signed_in("ann", "investigator");
  const auto second = viewers_.sign_in("ann", kPassword);
  lift(first);
  ASSERT_TRUE(viewers_.sign_out(second->token));
  EXPECT_EQ(lifts(first), 1u) << "another session's end";
  ASSERT_TRUE(viewers_.sign_out(first.token));
  EXPECT_EQ(lifts(first), 0u);
  EXPECT_THAT(audit_lines().back(), testing::StartsWith("person.lift_ended ann "));

  const auto idle = viewers_.sign_in("ann", kPassword);
  lift(*idle);
  after(31 * kMinute);
  const auto later = viewers_.sign_in("ann", kPassword);
  EXPECT_EQ(lifts(*later), 0u) << "it ended while nobody was there";
  lift(*later);
  EXPECT_EQ(*viewers_.end_sessions("local/root", "Ann"), 1);
  EXPECT_EQ(lifts(*later), 0u);
  EXPECT_FALSE(viewers_.session(later->token));
  EXPECT_THAT(audit_lines(), Contains("viewer.sessions_ended local/root ann"));
  EXPECT_EQ(viewers_.end_sessions("local/root", "bob").error().id, "access.unknown_user");
}

TEST_F(ViewersTest, RolesChangeFromTheNextRequestOn) {
  const Session session = signed_in("ann", "analyst");
  give_role("ann", "auditor");
  EXPECT_TRUE(viewers_.session(session.token)->viewer.may(Permission::audit_read));
  EXPECT_FALSE(viewers_.session(session.token)->viewer.may(Permission::alerts_read));
}

TEST_F(ViewersTest, OnlyProperViewersAreAdded) {
  EXPECT_EQ(viewers_.add("admin", "", "analyst").error().id, "access.bad_user");
  EXPECT_EQ(viewers_.add("admin", "a b", "analyst").error().id, "access.bad_user");
  EXPECT_EQ(viewers_.add("admin", std::string(65, 'a'), "analyst").error().id, "access.bad_user");
  EXPECT_EQ(viewers_.add("admin", "ann", "king").error().id, "access.unknown_role");
  ASSERT_TRUE(viewers_.add("admin", "Ann", "analyst"));
  EXPECT_EQ(viewers_.add("admin", "ann", "analyst").error().id, "access.user_taken");
  EXPECT_EQ(viewers_.reset_password("admin", "bob").error().id, "access.unknown_user");
  ASSERT_EQ(viewers_.list()->size(), 1u);
  EXPECT_EQ(viewers_.list()->at(0).user, "ann");
  EXPECT_TRUE(viewers_.list()->at(0).must_change_password);
}

TEST_F(ViewersTest, ResettingEndsSessionsAndAsksForANewPassword) {
  const Session session = signed_in("ann", "analyst");
  const auto one_time = viewers_.reset_password("admin", "ann");
  ASSERT_TRUE(one_time);
  EXPECT_FALSE(viewers_.session(session.token));
  EXPECT_EQ(refused("ann", kPassword), "access.wrong_credentials");
  EXPECT_TRUE(viewers_.sign_in("ann", *one_time)->viewer.must_change_password());
}

TEST_F(ViewersTest, EverythingIsInTheAuditLogAndNoSecretIs) {
  signed_in("ann", "analyst");
  EXPECT_EQ(refused("ann", "wrong"), "access.wrong_credentials");
  EXPECT_EQ(refused("my secret password", "x"), "access.wrong_credentials");
  clock_.set(clock_.now() + 31 * kMinute);
  const auto session = viewers_.sign_in("ann", kPassword);
  ASSERT_TRUE(viewers_.sign_out(session->token));
  EXPECT_THAT(audit_lines(),
              ElementsAre("viewer.added test ann", "session.started ann ann", "viewer.password_changed ann ann",
                          "session.failed  ann", "session.failed  ", "session.expired ann ann",
                          "session.started ann ann", "session.ended ann ann"));
  // Nothing on disk holds a password or a token.
  const std::string bytes = stored_bytes(folder_);
  EXPECT_NE(bytes.find("session.started"), std::string::npos) << "the search would find it";
  for (const std::string& secret : {std::string(kPassword), std::string("my secret"), session->token}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos);
  }
}

TEST_F(ViewersTest, ARoleThatIsGoneMayDoNothing) {
  const Session session = signed_in("ann", "analyst");
  Viewers later(*store_, keys_, clock_, audit_, *Roles::parse("roles: {other: [alerts.read]}", "r"), {},
                PasswordCost::least);
  const auto now = later.session(session.token);
  ASSERT_TRUE(now);
  EXPECT_TRUE(now->viewer.permissions().none());
  EXPECT_EQ(now->viewer.require(Permission::alerts_read).error().id, "access.not_allowed");
}

}  // namespace
}  // namespace candor
