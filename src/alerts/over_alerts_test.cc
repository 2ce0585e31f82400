#include "alerts/over_alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/erase_alerts.h"
#include "alerts/test_book.h"
#include "alerts/undo.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::Pair;
using testing::SizeIs;

constexpr Day kBegan = 2000;  // the day of the clock of BookTest

class OverAlerts : public test::BookTest {
 protected:
  // The alert of that person's policy.
  std::string raise(std::uint8_t who, int k = 0) {
    std::vector<AlertOutcome> all;
    for (int one = 0; one <= k; ++one) all.push_back(alert(50, 100 + one, one));
    record(who, all);
    for (const AlertRow& row : rows())
      if (row.person == person(who) && row.k == k) return row.id;
    ADD_FAILURE() << "not raised";
    return "";
  }
  void on(Day day) { clock_.set(start_of(day)); }
  void dismiss(const std::string& id) {
    ASSERT_TRUE(book_().dismiss(id, DismissReason::expected, "n", detail(id).row.evidence_until, "ada"));
  }
  std::vector<std::string> over(std::optional<Day> undecided, std::optional<Day> decided, std::string_view after = "",
                                std::size_t most = 100) {
    AlertsKept kept;
    if (undecided) kept.undecided = start_of(*undecided);
    if (decided) kept.decided = start_of(*decided);
    auto reading = store_->read();
    std::vector<std::string> ids;
    const auto over = over_alerts(*reading, kept, after, most).value();
    for (const OverAlert& one : over) ids.push_back(one.id);
    return ids;
  }
  std::int64_t remove(const std::vector<std::string>& ids) {
    return store_->transact([&](Transaction& work) { return remove_alerts(work, ids, clock_.now()); }).value();
  }
  PersonDecisions decisions(std::uint8_t who) {
    const Decisions all = book_().decisions().value();
    const std::vector<PersonId> people = {person(who)};
    const Decisions own = book_().decisions(people).value();
    EXPECT_EQ(all.contains(people[0]), own.contains(people[0]));
    if (!own.contains(people[0])) return {};
    EXPECT_EQ(all.at(people[0]).closing, own.at(people[0]).closing);
    EXPECT_EQ(all.at(people[0]).removed, own.at(people[0]).removed);
    return own.at(people[0]);
  }
  std::int64_t count(Sql sql) {
    auto reading = store_->read();
    return (*reading->row(sql))->integer(0);
  }
};

TEST_F(OverAlerts, EachKindHasItsOwnTime) {
  const std::string waits = raise(1);
  const std::string commented = raise(2);
  const std::string withdrawn = raise(3);
  const std::string dismissed = raise(4);
  const std::string confirmed = raise(5);
  const std::string in_case = raise(6);
  on(kBegan + 50);
  ASSERT_TRUE(book_().comment(commented, "looking at it", "ada"));
  record(3, {});
  dismiss(dismissed);
  ASSERT_TRUE(book_().confirm(confirmed, "so", "ada"));
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return AlertBook::note_case(work, in_case); }));
  struct Row {
    std::optional<Day> undecided;
    std::optional<Day> decided;
    std::vector<std::string> ids;
  };
  const Row table[] = {
      {.undecided = std::nullopt, .decided = std::nullopt, .ids = {}},
      {.undecided = kBegan, .decided = kBegan, .ids = {}},
      {.undecided = kBegan + 1, .decided = kBegan + 1, .ids = {waits}},
      {.undecided = kBegan + 50, .decided = kBegan + 50, .ids = {waits}},
      {.undecided = kBegan + 51, .decided = kBegan + 50, .ids = {waits, commented, withdrawn}},
      {.undecided = std::nullopt, .decided = kBegan + 51, .ids = {dismissed, confirmed}},
  };
  for (const Row& row : table) {
    EXPECT_THAT(over(row.undecided, row.decided), testing::UnorderedElementsAreArray(row.ids))
        << row.undecided.value_or(0) << " " << row.decided.value_or(0);
  }
  // A few at a time, in order, and none twice.
  const auto all = over(kBegan + 51, kBegan + 51);
  ASSERT_THAT(all, SizeIs(5));
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_EQ(over(kBegan + 51, kBegan + 51, all[1], 2), (std::vector{all[2], all[3]}));
}

TEST_F(OverAlerts, WhatCandorClosedGoesWithWhatNobodyDecided) {
  const std::string id = raise(1);
  on(kBegan + 121);
  ASSERT_EQ(*book_().expire(), 1);
  EXPECT_THAT(over(kBegan + 1, std::nullopt), ElementsAre(id));
  EXPECT_THAT(over(std::nullopt, kBegan + 122), IsEmpty());
}

TEST_F(OverAlerts, NothingOfARemovedAlertIsLeftButWhereItEnded) {
  const std::string id = raise(1);
  const std::string other = raise(2);
  ASSERT_EQ(rows().size(), 2U) << "the queue holds both in memory";
  ASSERT_TRUE(book_().comment(id, "a word", "ada"));
  dismiss(id);
  EXPECT_EQ(remove({id, "0123456789abcdef0123456789abcdef"}), 1);
  EXPECT_EQ(remove({id}), 0);
  ASSERT_THAT(rows(), SizeIs(1));
  EXPECT_EQ(rows()[0].id, other);
  EXPECT_EQ(book_().get(id).error().id, "alerts.not_found");
  EXPECT_EQ(book_().counts()->at("leaks").size(), 1U);
  EXPECT_EQ(count("select count(*) from alert_revisions"), 1);
  EXPECT_EQ(count("select count(*) from alert_decisions"), 0);
  EXPECT_EQ(count("select count(*) from alert_comments"), 0);
  const PersonDecisions left = decisions(1);
  ASSERT_THAT(left.closing, ElementsAre(Pair("leaks", SizeIs(1))));
  EXPECT_EQ(left.closing.at("leaks")[0].cutoff, alert(50, 100).evidence_until);
  EXPECT_TRUE(left.closing.at("leaks")[0].dismissed) << "only stronger evidence comes again";
  EXPECT_THAT(left.removed, ElementsAre(Pair("leaks", 0)));
  EXPECT_THAT(decisions(2).removed, IsEmpty());
}

TEST_F(OverAlerts, AnAlertNobodyClosedEndsWhereItsEvidenceDoes) {
  const std::string waits = raise(1);
  const std::string confirmed = raise(2);
  ASSERT_TRUE(book_().confirm(confirmed, "so", "ada"));
  record(2, {alert(80, 105)});
  EXPECT_EQ(remove({waits, confirmed}), 2);
  EXPECT_EQ(decisions(1).closing.at("leaks")[0].cutoff, alert(50, 100).evidence_until);
  EXPECT_FALSE(decisions(1).closing.at("leaks")[0].dismissed);
  const PersonDecisions left = decisions(2);
  EXPECT_EQ(left.closing.at("leaks")[0].cutoff, alert(80, 105).evidence_until) << "all that was shown";
  ASSERT_THAT(left.confirmed, SizeIs(1));
  EXPECT_EQ(left.confirmed[0].cutoff, alert(50, 100).evidence_until);
}

TEST_F(OverAlerts, OfOneThatWasWithdrawnUnseenNothingIsLeft) {
  const std::string id = raise(1);
  record(1, {});
  EXPECT_EQ(remove({id}), 1);
  EXPECT_EQ(count("select count(*) from alert_remains"), 0);
  EXPECT_EQ(raise(1), id) << "evidence that comes again makes it anew";
}

TEST_F(OverAlerts, TheNextAlertKnowsWhereTheOneBeforeEnded) {
  const std::string first = raise(1);
  dismiss(first);
  const std::string next = raise(1, 1);
  EXPECT_EQ(remove({first}), 1);
  const TimePoint early = start_of(100);
  EXPECT_EQ(book_().dismiss(next, DismissReason::expected, "", early, "ada").error().id, "alerts.bad_decision");
  dismiss(next);
  const PersonDecisions left = decisions(1);
  ASSERT_THAT(left.closing.at("leaks"), SizeIs(2));
  EXPECT_LT(left.closing.at("leaks")[0].cutoff, left.closing.at("leaks")[1].cutoff);
  EXPECT_THAT(left.removed, ElementsAre(Pair("leaks", 0)));
  // The other way round: what follows a decision stands in the way of taking it back, also when it is gone.
  const std::string of_two = raise(2);
  dismiss(of_two);
  EXPECT_EQ(remove({raise(2, 1)}), 1);
  const auto undone =
      store_->transact([&](Transaction& work) { return undo_decision(work, of_two, 1, "ada", clock_.now()); });
  EXPECT_EQ(undone.error().id, "alerts.next_exists");
}

TEST_F(OverAlerts, WhatIsLeftFadesAllAtOnceAndGoes) {
  const std::string id = raise(1);
  ASSERT_TRUE(book_().confirm(id, "so", "ada"));
  record(1, {alert(80, 105)});
  dismiss(id);
  EXPECT_EQ(remove({id}), 1);
  const auto fade = [&](Day evidence, Day decided) {
    return store_
        ->transact(
            [&](Transaction& work) { return fade_remains(work, person(1), start_of(evidence), start_of(decided)); })
        .value();
  };
  EXPECT_EQ(fade(105, kBegan + 1), 0) << "some of its evidence may be there";
  EXPECT_EQ(fade(106, kBegan), 0) << "it is remembered still";
  EXPECT_EQ(fade(106, kBegan + 1), 2);
  EXPECT_EQ(fade(106, kBegan + 1), 0);
  const PersonDecisions left = decisions(1);
  EXPECT_FALSE(left.closing.at("leaks")[0].dismissed);
  EXPECT_THAT(left.confirmed, IsEmpty());
  EXPECT_THAT(left.removed, SizeIs(1));
  auto reading = store_->read();
  EXPECT_THAT(people_of_remains(*reading).value(), ElementsAre(person(1)));
  const auto told = remains_of(*reading, person(1)).value();
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[1].kind, "expired");
  EXPECT_EQ(told[1].evidence_until, alert(80, 105).evidence_until);
  EXPECT_THAT(remains_of(*reading, person(2)).value(), IsEmpty());
  EXPECT_EQ(store_->transact([&](Transaction& work) { return forget_remains(work, person(1)); }), 2);
  EXPECT_THAT(decisions(1).removed, IsEmpty());
}

TEST_F(OverAlerts, ErasureTakesWhatIsLeft) {
  EXPECT_EQ(remove({raise(1), raise(2)}), 2);
  std::map<std::string, std::int64_t> counts;
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return erase_alerts(work, person(1), counts); }));
  EXPECT_EQ(counts.at("removed_alerts"), 1);
  auto reading = store_->read();
  EXPECT_THAT(people_of_remains(*reading).value(), ElementsAre(person(2)));
}

TEST_F(OverAlerts, AnAlertThatGoesHoldsNothing) {
  const std::string one = raise(1);
  const std::string two = raise(2);
  EXPECT_THAT(book_().held().value(), ElementsAre(person(1), person(2)));
  EXPECT_THAT(book_().held({one}).value(), ElementsAre(person(2)));
}

}  // namespace
}  // namespace candor
