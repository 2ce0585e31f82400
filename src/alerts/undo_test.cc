#include "alerts/undo.h"

#include <gmock/gmock.h>

#include <random>

#include "alerts/test_book.h"

// Taking a decision back: what it leaves behind, and when it is too late.
namespace candor {
namespace {

using testing::ElementsAre;

class Undo : public test::BookTest {
 protected:
  std::string one() {
    record(1, {alert(50, 100)});
    return rows().at(0).id;
  }
  std::string undo(const std::string& id, std::int64_t number = 1) {
    clock_.set(clock_.now() + kMicrosPerSecond);
    const auto done =
        store_->transact([&](Transaction& work) { return undo_decision(work, id, number, "ada", clock_.now()); });
    return done ? "" : done.error().id;
  }
  void dismiss(const std::string& id) {
    const auto done = book_().dismiss(id, DismissReason::expected, "", detail(id).row.evidence_until, "ada");
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  std::int64_t standing(const std::string& id) {
    auto reading = store_->read();
    return *standing_decision(*reading, id);
  }
};

TEST_F(Undo, TheAlertIsWhatItWasAndTheDecisionStaysInItsHistory) {
  const std::string id = one();
  const AlertRow before = detail(id).row;
  dismiss(id);
  EXPECT_EQ(standing(id), 1);
  EXPECT_EQ(undo(id), "");
  EXPECT_EQ(standing(id), 0);
  const AlertDetail after = detail(id);
  EXPECT_EQ(after.row.status, AlertStatus::needs_review);
  EXPECT_EQ(after.row.queued_at, before.queued_at) << "its time in the queue goes on";
  EXPECT_FALSE(after.decision.has_value());
  std::vector<std::string> kinds;
  for (const AlertHistoryLine& line : after.history) kinds.push_back(line.kind);
  EXPECT_THAT(kinds, ElementsAre("raised", "dismissed", "undone"));
  EXPECT_EQ(after.history.back().viewer, "ada");
  EXPECT_EQ(after.history.back().text, "dismissed");
  EXPECT_EQ(undo(id), "alerts.decided_since") << "once";
}

TEST_F(Undo, ResultsAreThoseOfTheDecisionsThatStand) {
  const std::string id = one();
  ASSERT_TRUE(book_().confirm(id, "", "ada"));
  const Decisions confirmed = *book_().decisions();
  dismiss(id);
  EXPECT_NE(book_().decisions()->at(person(1)).closing, confirmed.at(person(1)).closing);
  EXPECT_EQ(undo(id, 2), "");
  const Decisions after = *book_().decisions();
  EXPECT_EQ(after.at(person(1)).closing, confirmed.at(person(1)).closing);
  EXPECT_EQ(after.at(person(1)).shown, confirmed.at(person(1)).shown);
  EXPECT_EQ(after.at(person(1)).confirmed.size(), 1U);
  EXPECT_EQ(detail(id).row.status, AlertStatus::confirmed);
  EXPECT_EQ(detail(id).decision->kind, "confirmed");
  EXPECT_EQ(undo(id, 1), "");
  EXPECT_TRUE(book_().decisions()->empty());
  // Evidence that comes later joins it, as if nobody had decided.
  record(1, {alert(60, 102)});
  EXPECT_EQ(detail(id).row.score, 60 * kOnePoint);
  dismiss(id);
  EXPECT_EQ(standing(id), 3);
  EXPECT_EQ(book_().decisions()->at(person(1)).closing.at("leaks").at(0).cutoff, detail(id).row.evidence_until);
}

TEST_F(Undo, OnlyTheLastWordIsTakenBack) {
  const std::string id = one();
  ASSERT_TRUE(book_().confirm(id, "", "ada"));
  dismiss(id);
  EXPECT_EQ(undo(id, 1), "alerts.decided_since");
  EXPECT_EQ(undo(id, 7), "alerts.decided_since");
  EXPECT_EQ(undo("no such alert"), "alerts.not_found");
  // Evidence that came late put it back: it is no longer dismissed.
  AlertOutcome late = alert(90, 100);
  record(1, {late});
  ASSERT_EQ(detail(id).row.status, AlertStatus::needs_review);
  EXPECT_EQ(undo(id, 2), "alerts.decided_since");
}

TEST_F(Undo, WhatReturnedByLateEvidenceReturnsToThat) {
  const std::string id = one();
  dismiss(id);
  record(1, {alert(90, 100)});
  ASSERT_TRUE(detail(id).row.changed_after_decision);
  dismiss(id);
  EXPECT_EQ(undo(id, 2), "");
  EXPECT_EQ(detail(id).row.status, AlertStatus::needs_review);
  EXPECT_TRUE(detail(id).row.changed_after_decision);
  EXPECT_EQ(detail(id).decision->kind, "dismissed") << "the first one stands";
}

TEST_F(Undo, TooLateOnceSomethingCameOfIt) {
  const std::string id = one();
  dismiss(id);
  record(1, {alert(50, 100), alert(40, 105, 1)});
  EXPECT_EQ(undo(id), "alerts.next_exists");
  record(2, {alert(50, 100)});
  const std::string other = book_().of_person(person(2))->at(0).id;
  ASSERT_TRUE(book_().confirm(other, "", "ada"));
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return AlertBook::note_case(work, other); }));
  EXPECT_EQ(undo(other), "alerts.decided_since") << "it is in a case";
}

TEST_F(Undo, WhatWasToldIsNotTakenBackAndWhatWasTakenBackIsNotTold) {
  const std::string id = one();
  dismiss(id);
  const auto tell = [&](std::string_view kind) {
    return *store_->transact([&](Transaction& work) { return note_told(work, id, kind, clock_.now()); });
  };
  EXPECT_FALSE(tell("confirmed")) << "there is none";
  EXPECT_EQ(undo(id), "");
  EXPECT_FALSE(tell("dismissed"));
  dismiss(id);
  EXPECT_TRUE(tell("dismissed"));
  EXPECT_TRUE(tell("dismissed")) << "another one is told, too";
  EXPECT_EQ(undo(id, 2), "alerts.told");
}

TEST_F(Undo, AnyOrderOfActsLeavesWhatStands) {
  std::mt19937_64 random(3);
  for (std::uint8_t who = 1; who < 20; ++who) {
    record(who, {alert(50, 100)});
    const std::string id = book_().of_person(person(who))->at(0).id;
    std::vector<std::pair<std::int64_t, AlertStatus>> stack;  // number and what it made of the alert
    std::int64_t number = 0;
    for (int step = 0; step < 12; ++step) {
      const AlertStatus status = detail(id).row.status;
      ASSERT_EQ(status, stack.empty() ? AlertStatus::needs_review : stack.back().second);
      if (random() % 2 == 0 && !stack.empty()) {
        ASSERT_EQ(undo(id, stack.back().first), "");
        stack.pop_back();
      } else if (status == AlertStatus::needs_review && random() % 2 == 0) {
        ASSERT_TRUE(book_().confirm(id, "", "ada"));
        stack.emplace_back(++number, AlertStatus::confirmed);
      } else if (status != AlertStatus::dismissed) {
        dismiss(id);
        stack.emplace_back(++number, AlertStatus::dismissed);
      }
    }
    const Decisions all = *book_().decisions(std::vector{person(who)});
    const bool closed = !stack.empty() && stack.back().second == AlertStatus::dismissed;
    EXPECT_EQ(all.contains(person(who)) && !all.at(person(who)).closing.empty(), closed);
  }
}

}  // namespace
}  // namespace candor
