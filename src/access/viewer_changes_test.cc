#include "access/viewer_changes.h"

#include <random>
#include <set>

#include "access/access_fixture.h"
#include "access/visible_people.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kWhy = "for the spring review";

class ViewerChangesTest : public AccessTest {
 protected:
  ViewerChangesTest() {
    for (const char* user : {"ivy", "root", "boss"}) EXPECT_TRUE(viewers_.add("test", user, "admin"));
    std::vector<Diagnostic> faults;
    units_ = read_units(
        "units: [{id: a, name: A, where: [{country: AA}]}, {id: b, name: B, where: [{country: BB}]}, {id: c, name: C, "
        "where: [{country: CC}]}]\npriority_groups: [{id: board, name: Board, where: [{groups: Board}]}, {id: deals, "
        "name: Deals, where: [{groups: Deals}]}]",
        "units.yml", faults);
    EXPECT_THAT(faults, IsEmpty());
  }
  static ViewerActor by(const std::string& user) { return {.name = user, .own = {}, .token = {}, .local = false}; }
  // "waits", or why it was refused.
  std::string ask(const ViewerActor& actor, const std::string& user, std::vector<std::string> wanted, bool real = true,
                  const std::string& why = kWhy) {
    const auto change = book_.ask(actor, user, {.units = std::move(wanted)}, units_, why, real);
    return change ? std::string(to_text(change->decision)) : change.error().id;
  }
  std::string ask_to_review(const ViewerActor& actor, const std::string& user, std::vector<std::string> groups) {
    const auto change = book_.ask(actor, user, {.reviews = std::move(groups)}, units_, kWhy, true);
    return change ? std::string(to_text(change->decision)) : change.error().id;
  }
  std::string decide(const ViewerActor& actor, std::int64_t number, ViewerDecision decision = ViewerDecision::agreed) {
    const auto change = book_.decide(actor, number, decision, kWhy);
    return change ? std::string(to_text(change->decision)) : change.error().id;
  }
  std::string give(const std::string& by_whom, const std::string& user, const std::string& role) {
    const auto change = book_.ask(by(by_whom), user, {.role = role}, units_, kWhy, true);
    return change ? std::string(to_text(change->decision)) : change.error().id;
  }
  std::string role(const std::string& user) {
    auto reading = *store_->read();
    return (*reading.row("select role from viewers where user_name = ?1", {user}))->text(0);
  }
  std::vector<std::string> units(const std::string& user) {
    auto reading = *store_->read();
    return *units_of_viewer(reading, user);
  }
  std::vector<std::string> reviews(const std::string& user) {
    auto reading = *store_->read();
    return *groups_of_viewer(reading, user);
  }

  Units units_;
  const ViewerChanges book_{*store_, keys_, clock_, audit_, viewers_.roles()};
};

TEST_F(ViewerChangesTest, WhatOnlyNarrowsHoldsAtOnce) {
  EXPECT_EQ(ask(by("root"), "IVY", {"b", "a", "b"}), "not_needed");
  EXPECT_THAT(units("ivy"), ElementsAre("a", "b"));
  EXPECT_EQ(ask(by("root"), "ivy", {"a", "b"}), "access.same_viewer");
  EXPECT_EQ(ask(by("root"), "ivy", {"b"}), "not_needed");
  EXPECT_THAT(units("ivy"), ElementsAre("b"));
  EXPECT_THAT(audit_lines(), testing::Contains("viewer.change_asked root ivy").Times(2));
}

TEST_F(ViewerChangesTest, WhatMayShowMoreWaitsForASecondPerson) {
  ASSERT_EQ(ask(by("root"), "ivy", {"b"}), "not_needed");
  for (const auto& wider : std::vector<std::vector<std::string>>{{"a", "b"}, {"a"}, {}}) {
    EXPECT_EQ(ask(by("root"), "ivy", wider), "waits");
    EXPECT_THAT(units("ivy"), ElementsAre("b")) << "until somebody agrees";
  }
  const auto changes = *book_.changes();
  ASSERT_EQ(changes.size(), 4u);
  EXPECT_EQ(changes[0].number, 4);
  EXPECT_THAT(changes[0].before.units, ElementsAre("b"));
  EXPECT_EQ(changes[1].decision, ViewerDecision::replaced);
  EXPECT_EQ(decide(by("boss"), 3), "access.no_viewer_change") << "replaced";
  EXPECT_EQ(decide(by("root"), 4), "access.own_change");
  EXPECT_EQ(decide(by("ivy"), 4), "access.own_rights");
  EXPECT_EQ(decide(by("boss"), 4, ViewerDecision::withdrawn), "access.own_change");
  EXPECT_EQ(decide(by("boss"), 4), "agreed");
  EXPECT_THAT(units("ivy"), IsEmpty());
  EXPECT_EQ(decide(by("boss"), 4), "access.no_viewer_change") << "once";
  EXPECT_EQ(decide(by("boss"), 99), "access.no_viewer_change");
  EXPECT_THAT(audit_lines(), testing::Contains("viewer.change_approved boss ivy"));
}

TEST_F(ViewerChangesTest, MayBeRejectedOrTakenBack) {
  ASSERT_EQ(ask(by("root"), "ivy", {"b"}), "not_needed");
  ASSERT_EQ(ask(by("root"), "ivy", {}), "waits");
  EXPECT_EQ(decide(by("root"), 2, ViewerDecision::withdrawn), "withdrawn");
  ASSERT_EQ(ask(by("root"), "ivy", {}), "waits");
  EXPECT_EQ(decide(by("boss"), 3, ViewerDecision::rejected), "rejected");
  EXPECT_THAT(units("ivy"), ElementsAre("b"));
  ASSERT_EQ(ask(by("root"), "ivy", {"a", "b"}), "waits");
  ASSERT_TRUE(store_->transact([](Transaction& work) { return work.execute("delete from viewer_units"); }));
  EXPECT_EQ(decide(by("boss"), 4), "access.viewer_changed_meanwhile");
}

TEST_F(ViewerChangesTest, NobodyChangesTheirOwnAndWhoIsLimitedNobodys) {
  EXPECT_EQ(ask(by("ivy"), "ivy", {"a"}), "access.own_rights") << "not even to see less";
  person("ann@example.com");
  ASSERT_TRUE(viewers_.link("local/root", "ivy", "ann@example.com"));
  ASSERT_TRUE(viewers_.link("local/root", "boss", "ann@example.com"));
  auto reading = *store_->read();
  ViewerActor boss = by("boss");
  boss.own = *OwnPeople::of(reading, keys_, "boss");
  EXPECT_EQ(ask(boss, "ivy", {"a"}), "access.own_rights") << "a second name of theirs";
  ASSERT_EQ(ask(by("root"), "boss", {"a"}), "not_needed");
  EXPECT_EQ(ask(by("boss"), "root", {"a"}), "access.limited_viewer");
  ASSERT_EQ(ask(by("root"), "ivy", {"a"}), "not_needed");
  ASSERT_EQ(ask(by("root"), "ivy", {}), "waits");
  EXPECT_EQ(decide(boss, 3), "access.own_rights");
  EXPECT_EQ(decide(boss, 3, ViewerDecision::rejected), "access.own_rights");
  ASSERT_TRUE(viewers_.unlink("local/root", "boss", "ann@example.com"));
  EXPECT_EQ(decide(by("boss"), 3), "access.limited_viewer");
}

TEST_F(ViewerChangesTest, OverInventedPeopleAndOnTheMachineItself) {
  const ViewerActor local{.name = "local/root", .own = {}, .token = {}, .local = true};
  EXPECT_EQ(ask(local, "ivy", {"a"}, false), "not_needed");
  EXPECT_EQ(ask(local, "ivy", {}, false), "not_needed") << "nobody has to agree over invented people";
  ASSERT_EQ(ask(local, "ivy", {"a"}), "not_needed");
  ASSERT_EQ(ask(local, "ivy", {"b"}), "waits");
  EXPECT_EQ(decide(local, 4), "access.own_change");
  EXPECT_EQ(decide(by("root"), 4), "access.own_change") << "under the same name";
  EXPECT_EQ(decide(by("boss"), 4), "agreed");
}

TEST_F(ViewerChangesTest, WhatIsNotThereOrNotSaidIsRefused) {
  EXPECT_EQ(ask(by("root"), "nobody", {"a"}), "access.unknown_user");
  EXPECT_EQ(ask(by("root"), "ivy", {"A"}), "access.unknown_unit");
  EXPECT_EQ(ask(by("root"), "ivy", {"a\n"}), "access.unknown_unit");
  EXPECT_EQ(ask(by("root"), "ivy", {}), "access.same_viewer");
  EXPECT_EQ(ask(by("root"), "ivy", {"a"}, true, " \n"), "access.bad_reason");
  EXPECT_EQ(ask(by("root"), "ivy", {"a"}, true, std::string(1001, 'x')), "access.bad_reason");
  std::vector<std::string> many;
  for (int i = 0; i < 51; ++i) many.push_back("u" + std::to_string(i));
  EXPECT_EQ(ask(by("root"), "ivy", many), "access.too_many_units");
  EXPECT_THAT(units("ivy"), IsEmpty());
  ASSERT_EQ(ask(by("root"), "ivy", {"a", "b"}), "not_needed");
  units_.units.erase(units_.units.begin());
  EXPECT_EQ(ask(by("root"), "boss", {"a"}), "access.unknown_unit");
  EXPECT_EQ(ask(by("root"), "ivy", {"a"}), "not_needed") << "one that is no longer there may stay: nobody is in it";
}

TEST_F(ViewerChangesTest, ReviewingWaitsAndGoesAtOnce) {
  ASSERT_EQ(ask(by("root"), "ivy", {"a"}), "not_needed");
  EXPECT_EQ(ask_to_review(by("root"), "ivy", {"deals", "board"}), "waits");
  EXPECT_THAT(reviews("ivy"), IsEmpty());
  EXPECT_EQ(decide(by("root"), 2), "access.own_change");
  EXPECT_EQ(decide(by("boss"), 2), "agreed");
  EXPECT_THAT(reviews("ivy"), ElementsAre("board", "deals"));
  EXPECT_THAT(units("ivy"), ElementsAre("a")) << "what was not asked for stays";
  EXPECT_EQ(ask_to_review(by("root"), "ivy", {"board", "deals"}), "access.same_viewer");
  EXPECT_EQ(ask_to_review(by("root"), "ivy", {"board"}), "not_needed");
  EXPECT_THAT(reviews("ivy"), ElementsAre("board"));
  EXPECT_EQ(ask_to_review(by("ivy"), "ivy", {}), "access.own_rights");
  EXPECT_EQ(ask_to_review(by("root"), "boss", {"a"}), "access.unknown_group") << "a unit is no priority group";
  EXPECT_EQ(ask(by("root"), "boss", {"board"}), "access.unknown_unit") << "and the other way round";
  ASSERT_EQ(ask(by("root"), "ivy", {}), "waits");
  EXPECT_EQ(ask_to_review(by("root"), "ivy", {}), "not_needed");
  EXPECT_EQ((*book_.changes())[1].decision, ViewerDecision::replaced) << "it was about another sight";
}

TEST_F(ViewerChangesTest, ARoleIsGivenByTwo) {
  ASSERT_TRUE(viewers_.add("test", "new", ""));
  EXPECT_EQ(give("root", "new", "analyst"), "waits");
  EXPECT_EQ(role("new"), "");
  EXPECT_EQ(decide(by("root"), 1), "access.own_change");
  EXPECT_EQ(decide(by("boss"), 1), "agreed");
  EXPECT_EQ(role("new"), "analyst");
  EXPECT_EQ(give("root", "new", "admin"), "waits") << "more than it allows";
  EXPECT_EQ(give("root", "new", "auditor"), "waits") << "something else";
  EXPECT_EQ(give("root", "new", ""), "not_needed") << "whoever leaves does not wait for a second person";
  EXPECT_EQ(role("new"), "");
  EXPECT_EQ(give("root", "ivy", "analyst"), "not_needed") << "less than an administrator";
  EXPECT_EQ(give("root", "root", "analyst"), "access.own_rights");
  EXPECT_EQ(give("root", "ivy", "king"), "access.unknown_role");
  EXPECT_EQ(give("root", "nobody", "analyst"), "access.unknown_user");
  EXPECT_THAT(audit_lines(), testing::Contains("viewer.change_approved boss new"));
}

TEST_F(ViewerChangesTest, RoleAndUnitsAreAgreedToAsOne) {
  ASSERT_TRUE(viewers_.add("test", "new", ""));
  const auto asked =
      book_.ask(by("root"), "new", {.role = "analyst", .units = std::vector<std::string>{"a"}}, units_, kWhy, true);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->decision, ViewerDecision::waits);
  EXPECT_THAT(units("new"), IsEmpty());
  EXPECT_EQ(decide(by("boss"), 1), "agreed");
  EXPECT_EQ(role("new"), "analyst");
  EXPECT_THAT(units("new"), ElementsAre("a"));
}

// Somebody must be the first, and the second.
TEST_F(ViewerChangesTest, ARoleIsGivenAloneWhileNobodyCouldAgree) {
  ASSERT_TRUE(viewers_.add("test", "new", ""));
  give_role("ivy", "analyst");
  ASSERT_EQ(ask(by("root"), "boss", {"a"}), "not_needed");  // whoever is limited agrees to nothing
  EXPECT_EQ(give("root", "new", "analyst"), "not_needed");
  EXPECT_EQ((*book_.changes())[0].decided_reason, "nobody was there who could agree");
  EXPECT_EQ(ask_to_review(by("root"), "new", {"board"}), "waits") << "a role only";
  ASSERT_EQ(ask(by("root"), "boss", {}), "waits");
  EXPECT_EQ(give("root", "new", "admin"), "not_needed");
  EXPECT_EQ(give("root", "ivy", "investigator"), "waits") << "the second one is there now";
  EXPECT_EQ(decide(by("new"), 6), "agreed");
}

TEST_F(ViewerChangesTest, NarrowsOnlyWhereNeitherWidens) {
  const Entitlements before{.units = {"a", "b"}, .reviews = {"board"}};
  EXPECT_TRUE(book_.only_narrows(before, {.units = {"a"}, .reviews = {}}));
  EXPECT_TRUE(book_.only_narrows(before, {.units = {"a"}, .reviews = {"board"}}));
  EXPECT_FALSE(book_.only_narrows(before, {.units = {"a"}, .reviews = {"board", "deals"}}));
  EXPECT_FALSE(book_.only_narrows(before, {.units = {}, .reviews = {}}));
  EXPECT_TRUE(book_.only_narrows({}, {.units = {"a"}, .reviews = {}}));
}

// Whoever only narrows can see nobody new, whoever is in which unit.
TEST_F(ViewerChangesTest, OnlyNarrowsIsTrueOnlyWhereNobodyCanCome) {
  std::mt19937 random(7);
  const auto some = [&] {
    std::vector<std::string> chosen;
    for (const char* unit : {"a", "b", "c", "d"}) {
      if (random() % 2 == 0) chosen.emplace_back(unit);
    }
    return chosen;
  };
  const auto sees = [](const std::vector<std::string>& limits, const std::set<std::string>& of_person) {
    return limits.empty() ||
           std::ranges::any_of(limits, [&](const std::string& unit) { return of_person.contains(unit); });
  };
  int narrow = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto before = some();
    const auto after = some();
    bool nobody_comes = true;
    for (unsigned person = 0; person < 16; ++person) {
      std::set<std::string> of_person;
      for (unsigned i = 0; i < 4; ++i) {
        if ((person >> i & 1U) != 0) of_person.insert(std::string(1, static_cast<char>('a' + i)));
      }
      nobody_comes = nobody_comes && (!sees(after, of_person) || sees(before, of_person));
    }
    EXPECT_EQ(book_.only_narrows({.units = before}, {.units = after}), nobody_comes);
    narrow += nobody_comes ? 1 : 0;
  }
  EXPECT_GT(narrow, 100);
}

}  // namespace
}  // namespace candor
