#include "cases/reread_book.h"

#include <set>

#include "cases/case_fixture.h"
#include "cases/erase_cases.h"

// Second readings: which dismissals are chosen, whose turn it is, and what an answer changes.
namespace candor {
namespace {

class Rereads : public CaseTest {
 protected:
  static constexpr RereadRule kAll{.percent = 100, .days = 14};

  // Dismisses as the HTTP interface does; whether it was chosen.
  bool dismiss(const std::string& alert_id, const std::string& viewer, const RereadRule& rule = kAll) {
    bool chosen = false;
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY(const AlertRow row, AlertBook::row(work, alert_id));
      CANDOR_TRY_VOID(alerts_.dismiss(work, alert_id, DismissReason::expected, "fine", row.evidence_until, viewer));
      CANDOR_TRY(chosen, rereads_.choose(work, alert_id, rule));
      return {};
    });
    EXPECT_TRUE(done) << done.error().message;
    return chosen;
  }
  std::string answer(const std::string& alert_id, RereadAnswer answer, const std::string& viewer,
                     const std::string& reason = "a stick again") {
    const auto done =
        store_->transact([&](Transaction& work) { return rereads_.answer(work, alert_id, answer, reason, viewer); });
    return done ? "" : done.error().id;
  }
  std::vector<std::string> waiting(const std::string& viewer) {
    auto reading = store_->read();
    std::vector<std::string> found;
    const auto waits = rereads_.waiting(*reading, viewer);
    for (const Reread& one : *waits) found.push_back(one.alert_id);
    return found;
  }
  PersonDecisions::Closing closing(const PersonId& person) {
    return alerts_.decisions().value().at(person).closing.at("leaks").at(0);
  }
  RereadReport report() {
    auto reading = store_->read();
    return *RereadBook::report(*reading, day_of(clock_.now()) - 1, day_of(clock_.now()) + 1, {});
  }

  const RereadBook rereads_{keys_, clock_};
};

TEST_F(Rereads, IsForEverybodyButWhoDismissedIt) {
  const std::string one = alert(bob_, "leaks");
  EXPECT_TRUE(dismiss(one, "ann"));
  EXPECT_TRUE(waiting("ann").empty());
  EXPECT_EQ(waiting("ada"), std::vector<std::string>{one});
  EXPECT_EQ(answer(one, RereadAnswer::dismiss, "ann"), "rereads.not_waiting");
  EXPECT_EQ(answer(one, RereadAnswer::dismiss, "ada", ""), "rereads.bad_text");
  EXPECT_EQ(answer(one, RereadAnswer::dismiss, "ada", std::string(kLongestRereadReason + 1, 'x')), "rereads.bad_text");
  auto reading = store_->read();
  EXPECT_EQ(rereads_.waiting(*reading, "ada", one)->value().due, day_of(clock_.now()) + 14);
}

TEST_F(Rereads, AgreeingChangesNothing) {
  const std::string one = alert(bob_, "leaks");
  dismiss(one, "ann");
  EXPECT_EQ(answer(one, RereadAnswer::dismiss, "ada"), "");
  EXPECT_EQ(status(one), AlertStatus::dismissed);
  EXPECT_TRUE(closing(bob_).dismissed);
  EXPECT_TRUE(alerts_.get(one)->comments.empty());
  EXPECT_EQ(answer(one, RereadAnswer::confirm, "ben"), "rereads.not_waiting") << "once";
  auto reading = store_->read();
  const auto both = rereads_.answered(*reading, one).value();
  ASSERT_TRUE(both.has_value());
  EXPECT_TRUE(both->agrees());
  EXPECT_EQ(both->by, "ada");
  EXPECT_EQ(both->first.viewer, "ann");
  EXPECT_EQ(both->first.note, "fine");
}

TEST_F(Rereads, DisagreeingPutsItBackIntoTheQueueAndHoldsNothingBack) {
  const std::string one = alert(bob_, "leaks");
  dismiss(one, "ann");
  EXPECT_TRUE(closing(bob_).dismissed);
  const auto cutoff = closing(bob_).cutoff;
  clock_.set(clock_.now() + kMicrosPerDay);
  EXPECT_EQ(answer(one, RereadAnswer::confirm, "ada"), "");
  const AlertDetail back = alerts_.get(one).value();
  EXPECT_EQ(back.row.status, AlertStatus::needs_review);
  EXPECT_EQ(back.row.queued_at, clock_.now());
  ASSERT_EQ(back.comments.size(), 1u);
  EXPECT_EQ(back.comments[0].viewer, "ada");
  EXPECT_NE(back.comments[0].text.find("disagreed with the dismissal: a stick again"), std::string::npos);
  EXPECT_FALSE(closing(bob_).dismissed) << "only stronger evidence would pass";
  EXPECT_EQ(closing(bob_).cutoff, cutoff);
  // The same evidence again leaves it where it is.
  EXPECT_EQ(alert(bob_, "leaks"), one);
  EXPECT_EQ(status(one), AlertStatus::needs_review);
  // Dismissed by somebody who knows of both: as any dismissal, and not read a third time.
  EXPECT_FALSE(dismiss(one, "ben"));
  EXPECT_TRUE(closing(bob_).dismissed);
  EXPECT_EQ(closing(bob_).cutoff, cutoff);
  EXPECT_TRUE(waiting("ada").empty());
}

TEST_F(Rereads, WithdrawnAndRaisedAgainItIsReviewed) {
  const std::string one = alert(bob_, "leaks");
  dismiss(one, "ann");
  ASSERT_EQ(answer(one, RereadAnswer::confirm, "ada"), "");
  const auto record = [&](std::vector<AlertOutcome> outcomes) {
    const std::vector<PersonOutcome> people = {
        {.person = bob_, .alerts = std::move(outcomes), .next_edge = std::nullopt}};
    const auto stored = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(alerts_.record(work, people, 20'001));
      return {};
    });
    ASSERT_TRUE(stored);
  };
  record({});
  EXPECT_EQ(status(one), AlertStatus::withdrawn);
  EXPECT_EQ(alert(bob_, "leaks"), one);
  EXPECT_EQ(status(one), AlertStatus::needs_review) << "the dismissal decides nothing any more";
}

TEST_F(Rereads, WhatIsInACaseOrCameBackMeanwhileIsNotReadAgain) {
  const std::string worked = alert(bob_, "leaks");
  ASSERT_NE(open(ada_, worked), "");
  EXPECT_FALSE(dismiss(worked, "ann")) << "its case tells of the decision";
  const std::string late = alert(mallory_, "leaks");
  EXPECT_TRUE(dismiss(late, "ann"));
  ASSERT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("update alerts set status = 'needs_review' where alert_id = ?1", {late}));
    return {};
  }));
  EXPECT_TRUE(waiting("ada").empty()) << "as late evidence puts it back";
  EXPECT_EQ(answer(late, RereadAnswer::dismiss, "ada"), "rereads.not_waiting");
  EXPECT_TRUE(dismiss(late, "ben")) << "the new dismissal is one of its own";
  EXPECT_EQ(waiting("ada"), std::vector<std::string>{late});
  EXPECT_TRUE(waiting("ben").empty());
}

TEST_F(Rereads, TheShareIsOfThoseAndTheSameEachTime) {
  std::set<std::string> chosen;
  std::vector<std::string> all;
  for (int k = 0; k < 120; ++k) all.push_back(alert(bob_, "policy-" + std::to_string(k)));
  for (const std::string& one : all) {
    if (dismiss(one, "ann", {.percent = 20, .days = 1})) chosen.insert(one);
  }
  EXPECT_GT(chosen.size(), 8u);
  EXPECT_LT(chosen.size(), 42u);
  const auto waits = waiting("ada");
  EXPECT_EQ(std::set<std::string>(waits.begin(), waits.end()), chosen);
  // A share that is smaller takes some of these, none of the others, whoever dismisses and whenever.
  const RereadBook same{keys_, clock_};
  for (const std::string& one : all) {
    bool again = false;
    ASSERT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("delete from rereads", {}));
      CANDOR_TRY_VOID(work.execute("update alert_decisions set viewer = 'ben'", {}));
      CANDOR_TRY(again, same.choose(work, one, {.percent = 20, .days = 9}));
      return {};
    }));
    EXPECT_EQ(again, chosen.contains(one));
  }
  // Other keys choose others: whoever knows the alert cannot tell.
  const Keys other = Keys::from_master({9, 8, 7});
  std::size_t alike = 0;
  for (const std::string& one : all) {
    bool again = false;
    ASSERT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("delete from rereads", {}));
      CANDOR_TRY(again, RereadBook(other, clock_).choose(work, one, {.percent = 20, .days = 9}));
      return {};
    }));
    if (again == chosen.contains(one)) ++alike;
  }
  EXPECT_LT(alike, all.size());
  EXPECT_FALSE(dismiss(alert(bob_, "never"), "ann", {.percent = 0, .days = 1}));
}

TEST_F(Rereads, NumbersOfFewAreNotTold) {
  const auto read = [&](const std::string& policy, int from, int to, RereadAnswer said) {
    for (int k = from; k < to; ++k) {
      const PersonId who = person(policy + std::to_string(k) + "@example.com");
      const std::string one = alert(who, policy);
      dismiss(one, "ann");
      EXPECT_EQ(answer(one, said, "ada"), "");
    }
  };
  read("leaks", 0, 4, RereadAnswer::dismiss);
  EXPECT_FALSE(report().all.has_value());
  EXPECT_TRUE(report().policies.empty());
  read("leaks", 4, 5, RereadAnswer::confirm);
  EXPECT_EQ(report().all->read, 5);
  EXPECT_EQ(report().policies.at("leaks").agreement(), 800'000);
  // What the whole had more than the policies that are shown would be the other's.
  read("theft", 0, 2, RereadAnswer::confirm);
  EXPECT_EQ(report().all->read, 5);
  EXPECT_FALSE(report().policies.contains("theft"));
  read("other", 0, 3, RereadAnswer::dismiss);
  EXPECT_EQ(report().all->read, 10);
  EXPECT_EQ(report().policies.size(), 1u);
}

TEST_F(Rereads, AreErasedWithTheirAlerts) {
  const std::string one = alert(mallory_, "leaks");
  dismiss(one, "ann");
  std::map<std::string, std::int64_t> counts;
  std::vector<std::string> messages;
  ASSERT_TRUE(
      store_->transact([&](Transaction& work) { return erase_cases(work, mallory_, 20'100, counts, messages); }));
  EXPECT_EQ(counts.at("rereads"), 1);
  EXPECT_TRUE(waiting("ada").empty());
}

}  // namespace
}  // namespace candor
