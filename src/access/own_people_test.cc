#include "access/own_people.h"

#include "access/access_fixture.h"
#include "access/visible_people.h"
#include "profile/account_links.h"
#include "profile/ownership.h"

namespace candor {
namespace {

using ::testing::UnorderedElementsAre;

constexpr const char* kAnn = "ann@example.com";
constexpr const char* kOld = "ann.maiden@example.com";

class OwnPeopleTest : public AccessTest {
 protected:
  OwnPeople own(const std::string& user) {
    auto reading = *store_->read();
    auto found = OwnPeople::of(reading, keys_, user);
    EXPECT_TRUE(found) << found.error().message;
    return *std::move(found);
  }
  // Somebody decides that the account is that person's, between these days.
  void give(const std::string& address, const PersonId& to, std::optional<Day> from = {},
            std::optional<Day> until = {}) {
    const People::Account account{.id = keys_.account(address), .name = address};
    const auto given = store_->transact([&](Transaction& work) {
      return decide_owner(work, facts_, keys_, account, to, from, until, {.time = kNow, .stated = false});
    });
    ASSERT_TRUE(given) << given.error().message;
  }
  static AuditEntry about(const std::string& pseudonym) {
    AuditEntry entry;
    entry.action = "alert.viewed";
    entry.pseudonym = pseudonym;
    return entry;
  }
};

TEST_F(OwnPeopleTest, WhatTheUserNameNamesAndWhatIsLinked) {
  const PersonId ann = person(kAnn);
  const PersonId bob = person("bob@example.com");
  EXPECT_TRUE(own("ann").empty()) << "no guess at a domain";
  EXPECT_THAT(own(kAnn).people(), UnorderedElementsAre(ann));
  EXPECT_FALSE(own(kAnn).contains(bob));
  const Session session = signed_in("annie", "admin");
  EXPECT_TRUE(session.viewer.own_people().empty());
  ASSERT_TRUE(viewers_.link("local/root", "ANNIE", " Ann@Example.com "));
  ASSERT_TRUE(viewers_.link("local/root", "annie", kAnn)) << "twice is once";
  EXPECT_THAT(viewers_.session(session.token)->viewer.own_people().people(), UnorderedElementsAre(ann));
  EXPECT_TRUE(own("annie").share(own(kAnn)));
  EXPECT_FALSE(own("annie").share(own("bob@example.com")));
  ASSERT_TRUE(viewers_.unlink("local/root", "annie", kAnn));
  EXPECT_TRUE(own("annie").empty());
  EXPECT_EQ(viewers_.unlink("local/root", "annie", kAnn).error().id, "access.not_linked");
  EXPECT_EQ(viewers_.link("local/root", "nobody", kAnn).error().id, "access.unknown_user");
  EXPECT_EQ(viewers_.link("local/root", "annie", "  ").error().id, "access.bad_account");
}

// Whoever they were before somebody knew it has alerts, too.
TEST_F(OwnPeopleTest, EverybodyTheyAreOrWere) {
  const PersonId ann = person(kAnn);
  const PersonId before = person(kOld);
  const PersonId bob = person("bob@example.com");
  give(kOld, ann);
  EXPECT_THAT(own(kAnn).people(), UnorderedElementsAre(ann, before));
  EXPECT_THAT(own(kOld).people(), UnorderedElementsAre(ann, before));
  // An address that was somebody else's for a while.
  give(kAnn, bob, 20'000, 20'100);
  EXPECT_TRUE(own(kAnn).contains(ann));
  EXPECT_TRUE(own(kAnn).contains(bob));
  auto reading = *store_->read();
  EXPECT_TRUE(*hides_account(reading, HiddenPeople(own(kAnn).people()), keys_.account(kOld)));
  EXPECT_FALSE(*hides_account(reading, HiddenPeople(own(kAnn).people()), keys_.account("carl@example.com")));
}

TEST_F(OwnPeopleTest, CannotBePresentedMaskedLookedAtActedOnOrLifted) {
  const PersonId ann = person(kAnn);
  const PersonId bob = person("bob@example.com");
  const Viewer viewer = signed_in(kAnn, "admin").viewer;
  auto viewing = presenter_.view(viewer, Permission::alerts_read, about(""));
  ASSERT_TRUE(viewing);
  EXPECT_EQ(viewing->present(ann).error().id, "access.unknown_person");
  EXPECT_EQ(viewing->mask(ann).error().id, "access.unknown_person");
  EXPECT_TRUE(viewing->present(bob));
  const std::string own_pseudonym = presenter_.pseudonym(ann);
  EXPECT_EQ(presenter_.view(viewer, Permission::alerts_read, about(own_pseudonym)).error().id, "access.unknown_person");
  bool done = false;
  const auto act = [&](Transaction&) -> Result<void> {
    done = true;
    return {};
  };
  EXPECT_EQ(presenter_.act(viewer, Permission::alerts_decide, about(own_pseudonym), act).error().id,
            "access.unknown_person");
  EXPECT_FALSE(done);
  EXPECT_EQ(lifting_.lift(viewer, ann, "", "curious").error().id, "access.unknown_person");
  EXPECT_TRUE(presenter_.act(viewer, Permission::alerts_decide, about(presenter_.pseudonym(bob)), act));
  EXPECT_TRUE(done);
  const auto lines = audit_lines();
  EXPECT_EQ(std::ranges::count(lines, std::string("access.refused ") + kAnn + " "), 2);
}

TEST_F(OwnPeopleTest, OthersLiftsOfThemAreNotThere) {
  const PersonId ann = person(kAnn);
  const Viewer ben = signed_in("ben", "admin").viewer;
  const Viewer viewer = signed_in(kAnn, "admin").viewer;
  const Lift lift = *lifting_.lift(ben, ann, "", "an interview on Monday");
  EXPECT_TRUE(lifting_.current_of_all(viewer)->empty());
  EXPECT_EQ(lifting_.current_of_all(ben)->size(), 1u);
  EXPECT_EQ(lifting_.end(viewer, lift.id).error().id, "access.unknown_lift");
  EXPECT_TRUE(lifting_.end(ben, lift.id));
}

TEST_F(OwnPeopleTest, LinesOfTheLogThatHoldAPseudonymAreLeftOut) {
  const std::string ann = presenter_.pseudonym(person(kAnn));
  const std::string bob = presenter_.pseudonym(person("bob@example.com"));
  for (const std::string& pseudonym : {ann, bob}) ASSERT_TRUE(audit_.append(about(pseudonym)));
  AuditEntry searched = about("");
  searched.reason = "asked by " + ann;
  ASSERT_TRUE(audit_.append(searched));
  AuditQuery query;
  EXPECT_EQ(audit_.lines(query)->total, 3);
  query.not_about = {ann};
  const auto left = audit_.lines(query);
  EXPECT_EQ(left->total, 1);
  ASSERT_EQ(left->lines.size(), 1u);
  EXPECT_EQ(left->lines[0].pseudonym, bob);
  query.not_about = {ann, bob};
  EXPECT_EQ(audit_.lines(query)->total, 0);
  query.not_about = std::vector<std::string>(9, ann);
  EXPECT_EQ(audit_.lines(query).error().id, "access.too_many_left_out");
}

}  // namespace
}  // namespace candor
