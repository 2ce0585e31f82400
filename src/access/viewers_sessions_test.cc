#include "access/access_fixture.h"

namespace candor {
namespace {

using testing::Contains;

class OwnSessionsTest : public AccessTest {};

TEST_F(OwnSessionsTest, AreTheViewersWithWhereTheyWereBegun) {
  const Session first = signed_in("ann", "analyst");
  signed_in("bob", "analyst");
  clock_.set(kNow + 60 * kMicrosPerSecond);
  const auto second = viewers_.sign_in("ann", kPassword, {.address = "192.0.2.7", .program = "Firefox on Linux"});
  const auto all = viewers_.sessions_of(first.viewer);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->at(0).id, second->viewer.session());
  EXPECT_EQ(all->at(0).address, "192.0.2.7");
  EXPECT_EQ(all->at(0).program, "Firefox on Linux");
  EXPECT_EQ(all->at(0).started, clock_.now());
  EXPECT_EQ(all->at(1).id, first.viewer.session());
  EXPECT_EQ(all->at(1).address, "");

  const auto reading = store_->read()->row("select address from sessions where address is not null");
  ASSERT_TRUE(*reading);
  EXPECT_EQ((*reading)->text(0).find("192.0.2.7"), std::string::npos) << "sealed on disk";

  const auto changed = viewers_.change_password(second->token, kPassword, "another long one");
  const auto after = viewers_.sessions_of(changed->viewer);
  ASSERT_EQ(after->size(), 1U);
  EXPECT_EQ(after->at(0).address, "192.0.2.7") << "the same browser goes on";
  EXPECT_NE(after->at(0).id, second->viewer.session());
}

TEST_F(OwnSessionsTest, OneIsEndedOnlyByItsViewer) {
  const Session ann = signed_in("ann", "analyst");
  const Session bob = signed_in("bob", "admin");
  const auto other = viewers_.sign_in("ann", kPassword);
  EXPECT_EQ(viewers_.end_own_session(bob.viewer, other->viewer.session()).error().id, "access.unknown_session");
  EXPECT_EQ(viewers_.end_own_session(ann.viewer, "").error().id, "access.unknown_session");
  ASSERT_TRUE(viewers_.end_own_session(ann.viewer, other->viewer.session()));
  EXPECT_FALSE(viewers_.session(other->token));
  EXPECT_TRUE(viewers_.session(ann.token));
  EXPECT_THAT(audit_lines(), Contains("session.ended ann ann"));
}

TEST_F(OwnSessionsTest, AllOthersEndWithWhatWasLiftedThere) {
  const Session ivy = signed_in("ivy", "investigator");
  const Session bob = signed_in("bob", "analyst");
  const auto other = viewers_.sign_in("ivy", kPassword);
  const auto third = viewers_.sign_in("ivy", kPassword);
  ASSERT_TRUE(lifting_.lift(other->viewer, person("mallory@example.com"), "", "the case asks for it"));
  EXPECT_EQ(*viewers_.end_other_sessions(ivy.viewer), 2);
  EXPECT_TRUE(viewers_.session(ivy.token));
  EXPECT_TRUE(viewers_.session(bob.token));
  EXPECT_FALSE(viewers_.session(other->token));
  EXPECT_FALSE(viewers_.session(third->token));
  EXPECT_TRUE(lifting_.current(ivy.viewer)->empty());
  EXPECT_THAT(audit_lines(), Contains("viewer.sessions_ended ivy ivy"));
}

}  // namespace
}  // namespace candor
