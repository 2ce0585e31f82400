#include "access/unit_members.h"

#include "access/access_fixture.h"
#include "access/visible_people.h"
#include "profile/directory_import.h"
#include "profile/ownership.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr const char* kStaffOfUnits =
    "userPrincipalName,displayName,id,department,usageLocation\n"
    "ann@example.com,Ann Ay,a1,Sales,DE\n"
    "bob@example.com,Bob Bee,b1,Finance,DE\n"
    "cat@example.com,Cat Cee,c1,Sales,FR\n"
    "dan@example.com,Dan Dee,d1,,\n";

Units units_of(const std::string& text) {
  std::vector<Diagnostic> faults;
  Units units = read_units(text, "units.yml", faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  return units;
}

class UnitMembersTest : public AccessTest {
 protected:
  UnitMembersTest() { import(kStaffOfUnits, 0); }

  void import(const std::string& csv, Day after) {
    DirectoryImportOptions options;
    options.most_ended_percent = 100;
    // The day of the clock is the export's.
    clock_.set(kNow + after * kMicrosPerDay + ++imports_ * kMicrosPerSecond);
    const auto done = import_directory(*store_, keys_, clock_, {{.name = "users.csv", .text = csv}}, options);
    ASSERT_TRUE(done) << done.error().message;
  }
  UnitMembers::Refreshed refresh(const Units& units, Day after = 0) {
    const auto done = members_.refresh(units, today_ + after);
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(UnitMembers::Refreshed{});
  }
  // Whom the directory calls so.
  PersonId known(const std::string& address) {
    auto reading = *store_->read();
    return owners_of(reading, keys_.account(address))->front().person;
  }
  // The user names a viewer limited to these units may see, of those there are.
  std::string seen(std::vector<std::string> in_units) {
    HiddenPeople hidden;
    hidden.outside_units = std::move(in_units);
    auto reading = *store_->read();
    std::string names;
    for (const char* name : {"ann", "bob", "cat", "dan", "eve"}) {
      const AccountId account = keys_.account(std::string(name) + "@example.com");
      if (owners_of(reading, account)->empty()) continue;  // no directory has told of them yet
      const PersonId one = owners_of(reading, account)->front().person;
      const bool hides_them = *hides(reading, hidden, one);
      EXPECT_EQ(hides_them, *hides_pseudonym(reading, keys_, hidden, pseudonym(keys_, one))) << name;
      EXPECT_EQ(hides_them, *hides_account(reading, hidden, account));
      if (!hides_them) names += (names.empty() ? "" : " ") + std::string(name);
    }
    return names;
  }

  int imports_ = 0;
  const Day today_ = day_of(kNow);
  const UnitMembers members_{*store_, keys_, facts_, audit_};
  const Units both_ = units_of(R"(units:
  - {id: germany, name: Germany, where: [{country: DE}]}
  - {id: sales, name: Sales, where: [{department: Sales}], except: [{country: IT}]}
)");
};

TEST_F(UnitMembersTest, AreFoundByTheDirectory) {
  EXPECT_EQ(seen({"germany"}), "") << "before the first look nobody is in it";
  EXPECT_EQ(refresh(both_), (UnitMembers::Refreshed{.looked_at = 4, .joined = 4, .left = 0}));
  EXPECT_EQ(seen({"germany"}), "ann bob");
  EXPECT_EQ(seen({"sales"}), "ann cat");
  EXPECT_EQ(seen({"germany", "sales"}), "ann bob cat");
  EXPECT_EQ(seen({}), "") << "limited to nothing is not everybody";
  EXPECT_EQ(seen({"germ", "|", "", "germany|", "nowhere"}), "");
  EXPECT_THAT(*members_.counts(), ElementsAre(Pair("germany", 2), Pair("sales", 2)));
  EXPECT_EQ(refresh(both_), UnitMembers::Refreshed{}) << "nothing has changed";
}

TEST_F(UnitMembersTest, FollowWhoChanges) {
  refresh(both_);
  const std::string moved =
      "userPrincipalName,displayName,id,department,usageLocation\n"
      "ann@example.com,Ann Ay,a1,Legal,US\n"
      "bob@example.com,Bob Bee,b1,Finance,DE\n"
      "cat@example.com,Cat Cee,c1,Sales,FR\n"
      "dan@example.com,Dan Dee,d1,Sales,DE\n"
      "eve@example.com,Eve Eff,e1,Sales,DE\n";
  import(moved, 0);
  const auto done = refresh(both_);
  EXPECT_EQ(done.joined, 4);
  EXPECT_EQ(done.left, 2);
  EXPECT_EQ(done.looked_at, 3) << "those who changed, and nobody else";
  EXPECT_EQ(seen({"germany"}), "bob dan eve");
  EXPECT_EQ(seen({"sales"}), "cat dan eve");
  // Whoever has left stays where they were: it is they whom alerts are about.
  import(
      "userPrincipalName,displayName,id,department,usageLocation\n"
      "bob@example.com,Bob Bee,b1,Finance,DE\n",
      1);
  refresh(both_, 1);
  EXPECT_EQ(seen({"sales"}), "cat dan eve");
}

TEST_F(UnitMembersTest, AreJudgedByTheDay) {
  refresh(both_);
  import(
      "userPrincipalName,displayName,id,department,usageLocation\n"
      "ann@example.com,Ann Ay,a1,Sales,FR\n"
      "bob@example.com,Bob Bee,b1,Finance,DE\n"
      "cat@example.com,Cat Cee,c1,Sales,FR\n"
      "dan@example.com,Dan Dee,d1,,\n",
      3);
  refresh(both_, 2);
  EXPECT_EQ(seen({"germany"}), "ann bob") << "not yet";
  refresh(both_, 3);
  EXPECT_EQ(seen({"germany"}), "bob");
}

TEST_F(UnitMembersTest, FollowTheRules) {
  refresh(both_);
  EXPECT_EQ(refresh(units_of("units: [{id: germany, name: Another name, where: [{country: DE}]}]")),
            (UnitMembers::Refreshed{.looked_at = 4, .joined = 0, .left = 0}));
  EXPECT_EQ(seen({"germany"}), "ann bob");
  EXPECT_EQ(seen({"sales"}), "") << "a unit that is no longer there has nobody in it";
  refresh(units_of("units: [{id: germany, name: Germany, where: [{country: [DE, FR]}], except: [{title: Head}]}]"));
  EXPECT_EQ(seen({"germany"}), "") << "nobody's title is known";
  refresh(units_of("units: [{id: germany, name: Germany, where: [{country: [DE, FR]}]}]"));
  EXPECT_EQ(seen({"germany"}), "ann bob cat");
  const PersonId ann = known("ann@example.com");
  EXPECT_TRUE(store_->transact([&](Transaction& work) { return erase_unit_memberships(work, ann); }));
  EXPECT_EQ(seen({"germany"}), "bob cat");
}

class PriorityGroupsTest : public UnitMembersTest {
 protected:
  PriorityGroupsTest() {
    for (const char* user : {"ivy", "rita"}) EXPECT_TRUE(viewers_.add("test", user, "admin"));
    review("rita", "germans");
  }
  void review(const std::string& user, const std::string& group) {
    ASSERT_TRUE(store_->transact([&](Transaction& work) {
      return work.execute("insert into group_reviewers (user_name, group_id) values (?1, ?2)", {user, group});
    }));
  }
  // Of those there are, whom a viewer sees; asked in every way there is.
  std::string seen_by(const std::string& user) {
    auto reading = *store_->read();
    const HiddenPeople hidden = *hidden_from(reading, keys_, user);
    const UnitSight sight = *unit_sight(reading, hidden);
    std::string names;
    for (const char* name : {"ann", "bob", "cat", "dan"}) {
      const AccountId account = keys_.account(std::string(name) + "@example.com");
      const PersonId one = owners_of(reading, account)->front().person;
      const bool hides_them = *hides(reading, hidden, one);
      EXPECT_EQ(hides_them, *hides_pseudonym(reading, keys_, hidden, pseudonym(keys_, one))) << name;
      EXPECT_EQ(hides_them, *hides_account(reading, hidden, account)) << name;
      EXPECT_EQ(hides_them, sight.hides(one)) << name;
      const auto listed =
          reading.row("select 1 from people p where p.person_id = ?1 and " CANDOR_SHOWN("?2", "?3", "?4"),
                      {one, to_hex(one), hidden.people_text(), hidden.units_text()});
      EXPECT_EQ(hides_them, !listed->has_value()) << name;
      if (!hides_them) names += (names.empty() ? "" : " ") + std::string(name);
    }
    return names;
  }
  Units read(const std::string& text, std::vector<Diagnostic>& faults) { return read_units(text, "units.yml", faults); }

  const Units germans_ = units_of(R"(units:
  - {id: sales, name: Sales, where: [{department: Sales}]}
priority_groups:
  - {id: germans, name: Germans, where: [{country: DE}]}
)");
};

TEST_F(PriorityGroupsTest, AreSeenByTheirReviewersOnly) {
  EXPECT_EQ(seen_by("ivy"), "ann bob cat dan");
  refresh(germans_);
  EXPECT_EQ(seen_by("ivy"), "cat dan");
  EXPECT_EQ(seen_by("rita"), "ann bob cat dan");
  ASSERT_TRUE(store_->transact([](Transaction& work) -> Result<std::int64_t> {
    CANDOR_TRY_VOID(work.execute("insert into viewer_units (user_name, unit_id) values ('ivy', 'sales')"));
    return work.execute("insert into viewer_units (user_name, unit_id) values ('rita', 'sales')");
  }));
  EXPECT_EQ(seen_by("rita"), "ann cat");
  EXPECT_EQ(seen_by("ivy"), "cat") << "inside the unit, and not in the group";
}

TEST_F(PriorityGroupsTest, AHalfUnderstoodFileShowsNobodyNew) {
  refresh(germans_);
  std::vector<Diagnostic> faults;
  const Units faulty = read("priority_groups: [{id: germans, name: Germans, where: [{land: DE}]}]", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(faulty.faulty && faulty.groups.empty());
  refresh(faulty);
  EXPECT_EQ(seen_by("ivy"), "cat dan") << "those who were in it stay";
  import(
      "userPrincipalName,displayName,id,department,usageLocation\n"
      "ann@example.com,Ann Ay,a1,Sales,FR\n"
      "bob@example.com,Bob Bee,b1,Finance,FR\n"
      "cat@example.com,Cat Cee,c1,Sales,FR\n"
      "dan@example.com,Dan Dee,d1,,\n",
      1);
  refresh(faulty, 1);
  EXPECT_EQ(seen_by("ivy"), "cat dan") << "also when they move: nobody can say what the rule was meant to be";
  refresh(germans_, 1);
  EXPECT_EQ(seen_by("ivy"), "ann bob cat dan") << "they moved";
}

TEST_F(PriorityGroupsTest, TheirComingAndGoingIsInTheAuditLog) {
  refresh(germans_);
  refresh(germans_, 1);
  EXPECT_THAT(audit_lines(), testing::Contains("priority_groups.changed candor units.yml").Times(1));
  refresh(units_of("units: [{id: sales, name: Sales, where: [{department: Sales}]}]"), 1);
  EXPECT_EQ(seen_by("ivy"), "ann bob cat dan");
  EXPECT_THAT(audit_lines(), testing::Contains("priority_groups.changed candor units.yml").Times(2));
}

TEST_F(PriorityGroupsTest, LinesOfTheAuditLogAreHidden) {
  refresh(germans_);
  const std::string ann = pseudonym(keys_, known("ann@example.com"));
  const std::string cat = pseudonym(keys_, known("cat@example.com"));
  const std::vector<std::pair<std::string, std::string>> all = {
      {ann, ""},     {cat, ""}, {"", "asked by " + ann}, {"", "asked by " + cat}, {cat, "as " + ann + " did"},
      {"", "nobody"}};
  for (const auto& [about, reason] : all) {
    AuditEntry line;
    line.action = "alert.viewed";
    line.pseudonym = about;
    line.reason = reason;
    ASSERT_TRUE(audit_.append(line));
  }
  auto reading = *store_->read();
  const auto total = [&](const std::string& user) {
    const auto lines =
        audit_.lines({.actions = {"alert.viewed"}, .only_units = hidden_from(reading, keys_, user)->units_text()});
    return lines->total;
  };
  EXPECT_EQ(total("ivy"), 3);
  EXPECT_EQ(total("rita"), 6);
}

TEST_F(UnitMembersTest, OutsiderCannotBePresentedLiftedLookedAtOrReadOf) {
  refresh(both_);
  const Session session = signed_in("ivy", "admin");
  ASSERT_TRUE(store_->transact([](Transaction& work) {
    return work.execute("insert into viewer_units (user_name, unit_id) values ('ivy', 'germany')");
  }));
  const PersonId ann = known("ann@example.com");
  const PersonId cat = known("cat@example.com");
  EXPECT_EQ(lifting_.lift(session.viewer, cat, "", "an interview").has_value(), true) << "not limited yet";
  const Viewer viewer = viewers_.session(session.token)->viewer;
  AuditEntry look;
  look.action = "alert.viewed";
  auto viewing = presenter_.view(viewer, Permission::alerts_read, look);
  ASSERT_TRUE(viewing);
  EXPECT_TRUE(viewing->present(ann));
  EXPECT_EQ(viewing->present(cat).error().id, "access.unknown_person");
  EXPECT_EQ(viewing->mask(cat).error().id, "access.unknown_person");
  look.pseudonym = presenter_.pseudonym(cat);
  EXPECT_EQ(presenter_.view(viewer, Permission::alerts_read, look).error().id, "access.unknown_person");
  EXPECT_EQ(lifting_.lift(viewer, cat, "", "an interview").error().id, "access.unknown_person");
  EXPECT_TRUE(lifting_.current(viewer)->empty()) << "what was lifted before is not there either";
  EXPECT_EQ(lifting_.current(session.viewer)->size(), 1u);
  EXPECT_EQ(lifting_.end(viewer, lifting_.current(session.viewer)->front().id).error().id, "access.unknown_lift");
  EXPECT_TRUE(lifting_.lift(viewer, ann, "", "an interview"));
  // Lines about nobody stay; those about others go, and so does one that speaks of somebody in its reason.
  AuditEntry line;
  line.action = "viewer.added";
  ASSERT_TRUE(audit_.append(line));
  line.reason = "asked by " + presenter_.pseudonym(cat);
  ASSERT_TRUE(audit_.append(line));
  const auto lines = audit_.lines({.actions = {"viewer.added", "person.lifted", "access.refused"},
                                   .only_units = viewer.hidden_people().units_text()});
  std::string found;
  for (const AuditLine& one : lines->lines) found += one.action + one.pseudonym + one.reason + "\n";
  EXPECT_EQ(lines->total, static_cast<std::int64_t>(lines->lines.size()));
  EXPECT_THAT(found, testing::Not(testing::HasSubstr(presenter_.pseudonym(cat))));
  EXPECT_THAT(found, testing::HasSubstr("person.lifted" + presenter_.pseudonym(ann)));
  EXPECT_THAT(found, testing::HasSubstr("viewer.added\n"));
}

}  // namespace
}  // namespace candor
