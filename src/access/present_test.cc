#include "access/present.h"

#include <set>
#include <type_traits>

#include "access/access_fixture.h"
#include "store/test_stored_bytes.h"

namespace candor {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

// What a reader sees can only come out of a Viewing, and a Viewing only out of Presenter::view().
static_assert(!std::is_constructible_v<PresentedText, std::string>);
static_assert(!std::is_default_constructible_v<PresentedText>);
static_assert(!std::is_default_constructible_v<Mask>);
static_assert(!std::is_constructible_v<PresentedPerson, std::string>);
static_assert(!std::is_constructible_v<Viewer, std::string, std::string, Permissions, bool, std::string>);

class PresentTest : public AccessTest {
 protected:
  Viewing view(const Session& session, const std::string& action = "alert.viewed") {
    auto viewing =
        presenter_.view(session.viewer, Permission::alerts_read,
                        {.viewer = "", .action = action, .object_kind = "alert", .object_id = "a-1", .alert = "a-1"});
    EXPECT_TRUE(viewing.has_value());
    return *std::move(viewing);
  }
  void lift(const Session& session, const PersonId& who) {
    const auto lifted = lifting_.lift(session.viewer, who, "a-1", "leaver, legal asked");
    ASSERT_TRUE(lifted.has_value()) << lifted.error().message;
  }
  void tell_name(const PersonId& who, const std::string& address, const std::string& first, const std::string& last,
                 const std::string& user = "") {
    Fact fact;
    fact.fact_id = fact_id(keys_, keys_.account(address), FactKind::employee_profile, 0);
    fact.person = who;
    fact.kind = FactKind::employee_profile;
    fact.attributes = {{"first_name", first}, {"last_name", last}, {"user_name", user}};
    ASSERT_TRUE(store_->transact([&](Transaction& work) { return facts_.record(work, fact, {.time = kNow}); }));
  }

  const PersonId jack_ = person("jackq@contoso.example");
  const PersonId sara_ = person("sarad@contoso.example");
};

TEST_F(PresentTest, APseudonymIsStableKeyedAndDistinct) {
  EXPECT_THAT(presenter_.pseudonym(jack_), MatchesRegex("Anon(-[0-9A-HJKMNP-TV-Z]{4}){3}"));
  EXPECT_EQ(presenter_.pseudonym(jack_), pseudonym(keys_, jack_));
  EXPECT_NE(pseudonym(Keys::from_master({5}), jack_), pseudonym(keys_, jack_));
  std::set<std::string> all;
  for (int i = 0; i < 2000; ++i) {
    PersonId other;
    other.bytes[0] = static_cast<std::uint8_t>(i);
    other.bytes[15] = static_cast<std::uint8_t>(i >> 8);
    all.insert(pseudonym(keys_, other));
  }
  EXPECT_EQ(all.size(), 2000u);
}

TEST_F(PresentTest, PeopleArePseudonymsUntilLifted) {
  const Session ann = signed_in("ann", "investigator");
  const auto before = view(ann).present(jack_);
  EXPECT_EQ(before->pseudonym.text(), presenter_.pseudonym(jack_));
  EXPECT_FALSE(before->name);
  lift(ann, jack_);
  auto viewing = view(ann);
  const auto after = viewing.present(jack_);
  ASSERT_TRUE(after->name);
  EXPECT_EQ(after->name->text(), "jackq@contoso.example");
  EXPECT_EQ(after->lifted_until, kNow + Lifting::kDefaultDuration);
  EXPECT_FALSE(viewing.present(sara_)->name) << "one person only";
  tell_name(jack_, "jackq@contoso.example", "Jack", "Qualtz");
  EXPECT_EQ(view(ann).present(jack_)->name->text(), "Jack Qualtz (jackq@contoso.example)");
}

TEST_F(PresentTest, ALiftIsForOneViewerAndEndsByItself) {
  const Session ann = signed_in("ann", "investigator");
  const Session bob = signed_in("bob", "investigator");
  lift(ann, jack_);
  EXPECT_FALSE(view(bob).present(jack_)->name);
  auto open = view(ann);
  clock_.set(kNow + Lifting::kDefaultDuration - 1);
  EXPECT_TRUE(open.present(jack_)->name);
  clock_.set(kNow + Lifting::kDefaultDuration);
  EXPECT_FALSE(open.present(jack_)->name) << "also within a look that began before";
  EXPECT_FALSE(view(ann).present(jack_)->name);
  EXPECT_FALSE(open.mask(jack_)->lifted());
  EXPECT_TRUE(lifting_.current(ann.viewer)->empty());
}

TEST_F(PresentTest, ALiftCanBeEndedByItsViewerAndByAuditorsOnly) {
  const Session ann = signed_in("ann", "investigator");
  const Session bob = signed_in("bob", "investigator");
  const Session eve = signed_in("eve", "auditor");
  lift(ann, jack_);
  lift(ann, sara_);
  const auto lifts = lifting_.current(ann.viewer);
  ASSERT_EQ(lifts->size(), 2u);
  EXPECT_EQ(lifting_.end(bob.viewer, lifts->at(0).id).error().id, "access.unknown_lift");
  EXPECT_EQ(lifting_.current_of_all(bob.viewer).error().id, "access.not_allowed");
  EXPECT_EQ(lifting_.current_of_all(eve.viewer)->size(), 2u);
  EXPECT_TRUE(lifting_.end(eve.viewer, lifts->at(0).id));
  EXPECT_TRUE(lifting_.end(ann.viewer, lifts->at(1).id));
  EXPECT_EQ(lifting_.end(ann.viewer, lifts->at(1).id).error().id, "access.unknown_lift");
  EXPECT_FALSE(view(ann).present(jack_)->name);
  EXPECT_THAT(audit_lines(), Contains("person.lift_ended eve " + lifts->at(0).id));
}

TEST_F(PresentTest, LiftingNeedsPermissionAndReason) {
  const Session ann = signed_in("ann", "investigator");
  const Session bob = signed_in("bob", "analyst");
  EXPECT_EQ(lifting_.lift(bob.viewer, jack_, "a-1", "curious").error().id, "access.not_allowed");
  for (const std::string& reason : {std::string(), std::string(" \t\n"), std::string(1001, 'x')}) {
    EXPECT_EQ(lifting_.lift(ann.viewer, jack_, "a-1", reason).error().id, "access.bad_reason");
  }
  PersonId nobody;
  EXPECT_EQ(lifting_.lift(ann.viewer, nobody, "a-1", "why").error().id, "access.unknown_person");
  lift(ann, jack_);
  lift(ann, jack_);
  EXPECT_EQ(lifting_.current(ann.viewer)->size(), 1u) << "the new one replaces the old one";
}

TEST_F(PresentTest, WhoLosesThePermissionLosesTheName) {
  const Session ann = signed_in("ann", "investigator");
  lift(ann, jack_);
  ASSERT_TRUE(store_->transact(
      [](Transaction& work) { return work.execute("update viewers set role = 'analyst' where user_name = 'ann'"); }));
  const auto demoted = viewers_.session(ann.token);
  EXPECT_FALSE(view(*demoted).present(jack_)->name);
}

TEST_F(PresentTest, EveryLookAndEveryNameIsInTheAuditLog) {
  const Session ann = signed_in("ann", "investigator");
  lift(ann, jack_);
  const auto count = audit_lines().size();
  {
    auto viewing = view(ann);
    EXPECT_EQ(audit_lines().size(), count + 1) << "before anything is shown";
    ASSERT_TRUE(viewing.present(jack_));
    ASSERT_TRUE(viewing.present(jack_));
    ASSERT_TRUE(viewing.present(sara_));
    ASSERT_TRUE(viewing.mask(jack_));
  }
  const auto page = audit_.lines({});
  EXPECT_EQ(page->total, static_cast<std::int64_t>(count) + 2) << "the name once a look";
  EXPECT_EQ(page->lines[0].action, "person.named");
  EXPECT_EQ(page->lines[0].pseudonym, presenter_.pseudonym(jack_));
  EXPECT_EQ(page->lines[0].alert, "a-1");
  EXPECT_EQ(page->lines[1].action, "alert.viewed");
  EXPECT_EQ(page->lines[1].viewer, "ann");
  for (const AuditLine& line : page->lines) {
    EXPECT_THAT(line.details + line.object_id, Not(HasSubstr("jackq"))) << line.action;
  }
  EXPECT_TRUE(audit_.verify()->whole());
}

TEST_F(PresentTest, WithoutThePermissionNothingIsShownAndTheTryIsNoted) {
  const Session eve = signed_in("eve", "auditor");
  const auto refused = presenter_.view(eve.viewer, Permission::raw_read, {.viewer = "", .action = "raw.viewed"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().id, "access.not_allowed");
  const auto page = audit_.lines({});
  EXPECT_EQ(page->lines[0].action, "access.refused");
  EXPECT_EQ(page->lines[0].viewer, "eve");
  EXPECT_EQ(page->lines[0].details, R"({"action":"raw.viewed","permission":"raw.read"})");
}

TEST_F(PresentTest, TextIsMaskedUnlessLifted) {
  const Session ann = signed_in("ann", "investigator");
  tell_name(jack_, "jackq@contoso.example", "Jack", "Qualtz");
  const std::string text = "/personal/jackq_contoso_example/Qualtz.docx to jq@gmail.com";
  const std::string anon = presenter_.pseudonym(jack_);
  EXPECT_EQ(view(ann).mask(jack_)->text(text).text(), "/personal/" + anon + "/" + anon + ".docx to •••@gmail.com");
  lift(ann, jack_);
  EXPECT_EQ(view(ann).mask(jack_)->text(text).text(), text);
}

TEST_F(PresentTest, UserNamesOfHrAndNamesFromBeforeAreMaskedToo) {
  const Session ann = signed_in("ann", "investigator");
  tell_name(jack_, "jackq@contoso.example", "Jack", "Qualtz", "EMP\\zz4711x");
  clock_.set(kNow + kMicrosPerDay);
  tell_name(jack_, "jackq@contoso.example", "Jack", "Fairmont", "zz4711x");
  const std::string anon = presenter_.pseudonym(jack_);
  const Mask mask = *view(ann).mask(jack_);
  EXPECT_EQ(mask.text("ZZ4711X qualtz fairmont").text(), anon + " " + anon + " " + anon);
}

TEST_F(PresentTest, TheSourcesIdOfAPersonIsMasked) {
  const Session ann = signed_in("ann", "investigator");
  const Mask mask = *view(ann).mask(jack_);
  const std::string anon = presenter_.pseudonym(jack_);
  EXPECT_EQ(mask.id("10032001A2B3C4D5").text(), anon);
  EXPECT_EQ(mask.id("").text(), "");
  EXPECT_EQ(
      mask.json(R"({"UserKey":"10032001A2B3C4D5","Path":"x/10032001a2b3c4d5/y","UserId":"jackq@contoso.example"})")
          .text(),
      R"({"UserKey":")" + anon + R"(","Path":"x/)" + anon + R"(/y","UserId":")" + anon + R"("})");
}

TEST_F(PresentTest, TextForTheAuditLogIsMaskedAlsoWhileLifted) {
  const Session ann = signed_in("ann", "investigator");
  lift(ann, jack_);
  const auto text = presenter_.for_audit(jack_, "asked jackq, copy to sarad@contoso.example");
  EXPECT_EQ(*text, "asked " + presenter_.pseudonym(jack_) + ", copy to •••@contoso.example");
  clock_.set(kNow + 1);
  ASSERT_TRUE(lifting_.lift(ann.viewer, sara_, "a-1", "sarad leaves"));
  EXPECT_EQ(audit_.lines({})->lines[0].reason, presenter_.pseudonym(sara_) + " leaves");
  EXPECT_EQ(lifting_.current(ann.viewer)->at(0).reason, "sarad leaves");
}

TEST_F(PresentTest, AnActAndItsLineAreOne) {
  const Session ann = signed_in("ann", "investigator");
  const AuditEntry what{.viewer = "", .action = "alert.confirmed", .object_kind = "alert", .object_id = "a-1"};
  const auto count = audit_lines().size();
  const auto failed = presenter_.act(ann.viewer, Permission::alerts_decide, what,
                                     [](Transaction&) -> Result<void> { return fail("test.no", "no"); });
  EXPECT_EQ(failed.error().id, "test.no");
  ASSERT_EQ(audit_lines().size(), count + 1);
  EXPECT_EQ(audit_lines().back(), "alert.confirmed failed ann a-1");
  EXPECT_EQ(audit_.lines({})->lines[0].details, R"({"error":"test.no"})");
  ASSERT_TRUE(
      presenter_.act(ann.viewer, Permission::alerts_decide, what, [](Transaction&) -> Result<void> { return {}; }));
  EXPECT_EQ(audit_lines().back(), "alert.confirmed ann a-1");
  const Session eve = signed_in("eve", "auditor");
  bool done = false;
  EXPECT_FALSE(presenter_.act(eve.viewer, Permission::alerts_decide, what, [&](Transaction&) -> Result<void> {
    done = true;
    return {};
  }));
  EXPECT_FALSE(done);
  EXPECT_EQ(audit_lines().back(), "access.refused eve a-1");
}

TEST_F(PresentTest, RecordsAreMaskedBehindEscapesInKeysAndInNestedDocuments) {
  const Session ann = signed_in("ann", "investigator");
  const Mask mask = *view(ann).mask(jack_);
  const std::string anon = presenter_.pseudonym(jack_);
  const auto shown = [&](std::string_view document) { return mask.json(document).text(); };
  EXPECT_EQ(shown(R"({"UserId":"\u006aackq\u0040contoso.example","Size":18446744073709551615,"b":[true,null,1.5]})"),
            R"({"UserId":")" + anon + R"(","Size":18446744073709551615,"b":[true,null,1.5]})");
  EXPECT_EQ(shown(R"({"jackq@contoso.example":1})"), R"({")" + anon + R"(":1})");
  EXPECT_EQ(shown(R"({"Info":"{\"From\":\"\\u006aackq@contoso.example\"}"})"),
            R"({"Info":"{\"From\":\")" + anon + R"(\"}"})");
  EXPECT_EQ(shown("not json jackq"), "not json " + anon);
  EXPECT_EQ(shown("\"jackq"), "\"" + anon);
  const std::string deep = std::string(100'000, '[') + R"("\u006aackq")" + std::string(100'000, ']');
  EXPECT_THAT(shown(deep), HasSubstr("nested too deeply"));
  EXPECT_THAT(shown("{\"a\":\"" + std::string(50, '[') + "\"}"), HasSubstr("[[["));
}

TEST_F(PresentTest, NamesAtRestAreSealed) {
  tell_name(jack_, "jackq@contoso.example", "Jack", "Qualtz");
  const std::string bytes = stored_bytes(folder_);
  EXPECT_NE(bytes.find("sealed_name"), std::string::npos);
  EXPECT_EQ(bytes.find("jackq"), std::string::npos);
  EXPECT_EQ(bytes.find("Qualtz"), std::string::npos);
}

}  // namespace
}  // namespace candor
