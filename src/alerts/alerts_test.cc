#include "alerts/alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/test_book.h"
#include "assessment/pending.h"
#include "policy/receipt_json.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AlertsTest : public test::BookTest {
 protected:
  Result<void> dismiss(const std::string& id, TimePoint evidence_until, DismissReason reason = DismissReason::expected,
                       std::string_view note = "") {
    const auto done = book_().dismiss(id, reason, note, evidence_until, "ada");
    clock_.set(clock_.now() + kMicrosPerSecond);
    return done;
  }
  bool is_marked(std::uint8_t who) {
    auto reading = store_->read();
    return marked_for_assessment(*reading, 5000)->contains(person(who));
  }
};

TEST_F(AlertsTest, RaisesOnceAndLeavesWhatIsTheSame) {
  EXPECT_EQ(record(1, {alert(50, 100)}).raised, 1);
  EXPECT_EQ(record(1, {alert(50, 100)}).unchanged, 1);
  ASSERT_EQ(rows().size(), 1U);
  const AlertRow row = rows()[0];
  EXPECT_EQ(row.id.size(), 32U);
  EXPECT_EQ(row.status, AlertStatus::needs_review);
  EXPECT_EQ(row.severity, AlertSeverity::medium);
  EXPECT_EQ(row.score, 50 * kOnePoint);
  EXPECT_EQ(row.created_at, row.updated_at);
  EXPECT_EQ(detail(row.id).history.size(), 1U);
}

TEST_F(AlertsTest, ARevisionKeepsWhatWasShown) {
  record(1, {alert(50, 100)});
  EXPECT_EQ(record(1, {alert(80, 101)}).revised, 1);
  const AlertRow row = rows()[0];
  EXPECT_EQ(row.severity, AlertSeverity::high);
  EXPECT_EQ(row.revision, 2);
  EXPECT_LT(row.created_at, row.updated_at);
  const auto revisions = book_().revisions(row.id);
  ASSERT_EQ(revisions->size(), 2U);
  EXPECT_EQ((*revisions)[0].score, 50 * kOnePoint);
  EXPECT_EQ((*revisions)[0].assessment.day, 100);
  EXPECT_EQ((*revisions)[1].kind, "revised");
  EXPECT_EQ((*revisions)[1].reason, "More evidence: from 50 to 80 points.");
  EXPECT_EQ((*revisions)[1].as_of, 1000);
}

TEST_F(AlertsTest, TheReceiptComesBackWhole) {
  const AlertOutcome outcome = alert(50, 100);
  record(1, {outcome});
  Assessment stored = detail(rows()[0].id).assessment;
  EXPECT_EQ(stored.person, person(1));
  EXPECT_EQ(to_json(stored, true), to_json(outcome.assessment, true));
}

TEST_F(AlertsTest, WithdrawsWhatNoLongerExistsAndRaisesItAgain) {
  record(1, {alert(50, 100)});
  EXPECT_EQ(record(1, {}).withdrawn, 1);
  AlertRow row = rows()[0];
  EXPECT_EQ(row.status, AlertStatus::withdrawn);
  EXPECT_EQ(row.score, 50 * kOnePoint) << "what was shown stays";
  EXPECT_EQ(record(1, {}).withdrawn, 0);
  EXPECT_EQ(dismiss(row.id, row.evidence_until).error().id, "alerts.closed");
  record(1, {alert(50, 100)});
  row = rows()[0];
  EXPECT_EQ(row.status, AlertStatus::needs_review);
  const auto history = detail(row.id).history;
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[1].kind, "withdrawn");
  EXPECT_EQ(history[2].kind, "raised again");
}

TEST_F(AlertsTest, ADismissalClosesAndBoundsTheEvidence) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(dismiss(row.id, row.evidence_until, DismissReason::not_impactful, "small files").has_value());
  EXPECT_EQ(rows()[0].status, AlertStatus::dismissed);
  EXPECT_TRUE(is_marked(1));
  EXPECT_FALSE(is_marked(2));
  const Decisions decisions = *book_().decisions();
  EXPECT_THAT(decisions.at(person(1)).closing.at("leaks"),
              ElementsAre(PersonDecisions::Closing{.cutoff = row.evidence_until, .day = 2000, .dismissed = true}));
  const AlertDetail shown = detail(row.id);
  EXPECT_EQ(shown.decision->viewer, "ada");
  EXPECT_EQ(shown.decision->reason, DismissReason::not_impactful);
  EXPECT_EQ(shown.history.back().text, "not_impactful: small files");
  EXPECT_EQ(dismiss(row.id, row.evidence_until).error().id, "alerts.closed");
}

TEST_F(AlertsTest, LaterEvidenceOpensTheNextAlert) {
  record(1, {alert(50, 100)});
  ASSERT_TRUE(dismiss(rows()[0].id, rows()[0].evidence_until).has_value());
  EXPECT_EQ(record(1, {alert(50, 100), alert(70, 105, 1)}).raised, 1);
  AlertQuery open;
  open.statuses = {AlertStatus::needs_review};
  ASSERT_EQ(rows(open).size(), 1U);
  EXPECT_EQ(rows(open)[0].k, 1);
  ASSERT_TRUE(dismiss(rows(open)[0].id, rows(open)[0].evidence_until).has_value());
  EXPECT_THAT(book_().decisions()->at(person(1)).closing.at("leaks").size(), 2U);
}

TEST_F(AlertsTest, LateEvidenceRevisesAClosedAlertAndReturnsItWhenItsBandRose) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(dismiss(row.id, row.evidence_until).has_value());
  record(1, {alert(55, 100)});
  EXPECT_EQ(rows()[0].status, AlertStatus::dismissed) << "same band: stays closed";
  EXPECT_TRUE(rows()[0].changed_after_decision);
  AlertOutcome higher = alert(90, 100);
  higher.evidence_until -= 1;
  record(1, {higher});
  EXPECT_EQ(rows()[0].status, AlertStatus::needs_review);
  EXPECT_TRUE(rows()[0].changed_after_decision);
  ASSERT_TRUE(dismiss(row.id, higher.evidence_until).has_value());
  EXPECT_FALSE(rows()[0].changed_after_decision);
  EXPECT_THAT(book_().decisions()->at(person(1)).closing.at("leaks"),
              ElementsAre(PersonDecisions::Closing{.cutoff = row.evidence_until, .day = 2000, .dismissed = true}))
      << "the boundary of the first decision stands";
}

TEST_F(AlertsTest, AnAlertRaisedAgainKeepsWhatWasDecided) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(dismiss(row.id, row.evidence_until).has_value());
  record(1, {});
  EXPECT_EQ(rows()[0].status, AlertStatus::withdrawn);
  EXPECT_TRUE(rows()[0].changed_after_decision);
  record(1, {alert(50, 100)});
  EXPECT_EQ(rows()[0].status, AlertStatus::dismissed) << "the same evidence as decided on";
  EXPECT_FALSE(rows()[0].changed_after_decision) << "its receipt is the one decided on";
  record(1, {});
  record(1, {alert(90, 100)});
  EXPECT_EQ(rows()[0].status, AlertStatus::needs_review) << "its band rose above the one decided on";
  EXPECT_TRUE(rows()[0].changed_after_decision);
}

TEST_F(AlertsTest, AConfirmedAlertRaisedAgainIsConfirmed) {
  record(1, {alert(50, 100)});
  ASSERT_TRUE(book_().confirm(rows()[0].id, "", "ada").has_value());
  record(1, {});
  record(1, {alert(90, 100)});
  EXPECT_EQ(rows()[0].status, AlertStatus::confirmed);
}

TEST_F(AlertsTest, ABandRisesAgainstTheOneDecidedOn) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(dismiss(row.id, row.evidence_until).has_value());
  record(1, {alert(20, 100)});
  EXPECT_EQ(rows()[0].status, AlertStatus::dismissed);
  record(1, {alert(50, 100)});
  EXPECT_EQ(rows()[0].status, AlertStatus::dismissed) << "medium was decided on, medium it is";
}

TEST_F(AlertsTest, AlertsOfAnUnusablePolicyStayAsTheyAre) {
  record(1, {alert(50, 100), alert(60, 100, 0, "other")});
  const std::vector<std::string> unusable{"leaks"};
  const auto done = store_->transact([&](Transaction& transaction) -> Result<void> {
    const PersonOutcome nothing{.person = person(1), .alerts = {}, .next_edge = std::nullopt};
    CANDOR_TRY(const RecordCounts counts, book_().record(transaction, std::span(&nothing, 1), 1000, unusable));
    EXPECT_EQ(counts.withdrawn, 1);
    return {};
  });
  ASSERT_TRUE(done.has_value());
  for (const AlertRow& row : rows()) {
    EXPECT_EQ(row.status, row.policy == "leaks" ? AlertStatus::needs_review : AlertStatus::withdrawn);
  }
}

TEST_F(AlertsTest, WhatRetentionTookIsNoEvidenceAgainstADecision) {
  record(1, {alert(50, 100)});
  record(2, {alert(50, 100)});
  for (const AlertRow& row : rows()) {
    if (row.person == person(1)) {
      ASSERT_TRUE(book_().dismiss(row.id, DismissReason::expected, "", row.evidence_until, "vera"));
    }
  }
  EXPECT_EQ(book_().held().value(), std::vector{person(2)});
  const auto again = [&](std::uint8_t number, std::vector<AlertOutcome> alerts, std::optional<Day> kept_from,
                         SealedDays sealed) {
    const auto done = store_->transact([&](Transaction& transaction) -> Result<void> {
      const PersonOutcome outcome{.person = person(number),
                                  .alerts = std::move(alerts),
                                  .next_edge = std::nullopt,
                                  .kept_from = kept_from,
                                  .sealed = sealed};
      CANDOR_TRY_VOID(book_().record(transaction, std::span(&outcome, 1), 1000));
      return {};
    });
    ASSERT_TRUE(done.has_value());
  };
  const auto row_of = [&](std::uint8_t number) {
    const auto all = rows();
    return *std::ranges::find(all, person(number), &AlertRow::person);
  };
  // Gone, or less: the decision stands, whether the account is still known or not.
  again(1, {}, 110, {});
  again(1, {}, std::nullopt, {.from = 0, .before = 101});
  again(1, {alert(40, 100)}, 110, {});
  EXPECT_EQ(row_of(1).status, AlertStatus::dismissed);
  EXPECT_EQ(row_of(1).score, 50 * kOnePoint);
  EXPECT_EQ(row_of(1).revision, 1);
  // More is shown.
  again(1, {alert(70, 100)}, 110, {});
  EXPECT_EQ(row_of(1).score, 70 * kOnePoint);
  // An open one is held, so what is gone was never there; and days that are kept prove nothing taken.
  again(2, {}, 110, {});
  EXPECT_EQ(row_of(2).status, AlertStatus::withdrawn);
  again(1, {}, std::nullopt, {.from = 0, .before = 100});
  EXPECT_EQ(row_of(1).status, AlertStatus::withdrawn);
}

TEST_F(AlertsTest, AConfirmationCountsUntilTheAlertIsDismissed) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(book_().confirm(row.id, "", "ada").has_value());
  EXPECT_EQ(book_().decisions()->at(person(1)).confirmed.size(), 1U);
  ASSERT_TRUE(dismiss(row.id, row.evidence_until).has_value());
  EXPECT_TRUE(book_().decisions()->at(person(1)).confirmed.empty());
}

TEST_F(AlertsTest, AConfirmationCountsAfterTheAlertIsResolved) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(book_().confirm(row.id, "", "ada").has_value());
  ASSERT_TRUE(book_().resolve(row.id, "the case is closed", row.evidence_until, "ada").has_value());
  EXPECT_EQ(book_().decisions()->at(person(1)).confirmed.size(), 1U);
}

TEST_F(AlertsTest, AConfirmationClosesNothing) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(book_().confirm(row.id, "talked to the manager", "ada").has_value());
  EXPECT_EQ(book_().confirm(row.id, "", "ada").error().id, "alerts.closed");
  const Decisions decisions = *book_().decisions();
  EXPECT_TRUE(decisions.at(person(1)).closing.empty());
  EXPECT_EQ(decisions.at(person(1)).confirmed[0].cutoff, row.evidence_until);
  record(1, {alert(90, 101)});
  EXPECT_EQ(rows()[0].status, AlertStatus::confirmed);
  EXPECT_EQ(rows()[0].severity, AlertSeverity::high);
  ASSERT_TRUE(book_().resolve(row.id, "done", rows()[0].evidence_until, "ada").has_value());
  EXPECT_EQ(rows()[0].status, AlertStatus::resolved);
}

TEST_F(AlertsTest, RefusesDecisionsThatSayTooLittleOrTooMuch) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  EXPECT_EQ(dismiss(row.id, row.evidence_until, DismissReason::other).error().id, "alerts.bad_decision");
  EXPECT_EQ(dismiss(row.id, row.evidence_until + 1).error().id, "alerts.bad_decision") << "never shown";
  EXPECT_EQ(dismiss(row.id, 0).error().id, "alerts.bad_decision") << "before all evidence";
  EXPECT_EQ(dismiss(row.id, start_of(row.first_day) - 1).error().id, "alerts.bad_decision");
  EXPECT_EQ(dismiss("no such id", 0).error().id, "alerts.not_found");
  EXPECT_EQ(dismiss(row.id, row.evidence_until, DismissReason::expected, std::string(4001, 'x')).error().id,
            "alerts.bad_decision");
  EXPECT_EQ(rows()[0].status, AlertStatus::needs_review);
  ASSERT_TRUE(dismiss(row.id, row.evidence_until, DismissReason::other, "why").has_value());
  record(1, {alert(50, 100), alert(70, 105, 1)});
  AlertQuery open;
  open.statuses = {AlertStatus::needs_review};
  EXPECT_EQ(dismiss(rows(open)[0].id, row.evidence_until).error().id, "alerts.bad_decision") << "before its begin";
}

TEST_F(AlertsTest, CommentsArePlainAndOrdered) {
  record(1, {alert(50, 100)});
  const std::string id = rows()[0].id;
  EXPECT_EQ(book_().comment(id, "first", "ada")->id, 1);
  EXPECT_EQ(book_().comment(id, "second", "ben")->id, 2);
  EXPECT_EQ(book_().comment(id, "", "ben").error().id, "alerts.bad_decision");
  EXPECT_EQ(book_().comment("x", "text", "ben").error().id, "alerts.not_found");
  const auto comments = detail(id).comments;
  ASSERT_EQ(comments.size(), 2U);
  EXPECT_EQ(comments[1].text, "second");
  EXPECT_FALSE(is_marked(1)) << "a comment moves no result";
}

TEST_F(AlertsTest, ExpiresWhatNobodyWorkedOn) {
  record(1, {alert(50, 100)});
  record(2, {alert(60, 100)});
  ASSERT_TRUE(book_().comment(rows()[0].id, "looking", "ada").has_value());
  clock_.set(start_of(2000) + 119 * kMicrosPerDay);
  EXPECT_EQ(*book_().expire(), 0);
  ASSERT_TRUE(book_().comment(rows()[0].id, "still looking", "ada").has_value());
  clock_.set(start_of(2000) + 121 * kMicrosPerDay);
  EXPECT_EQ(*book_().expire(), 1);
  AlertQuery expired;
  expired.statuses = {AlertStatus::expired};
  ASSERT_EQ(rows(expired).size(), 1U);
  EXPECT_EQ(rows(expired)[0].person, person(1));
  EXPECT_FALSE(detail(rows(expired)[0].id).decision->viewer.has_value());
  EXPECT_TRUE(is_marked(1)) << "it closes like any other decision";
}

TEST_F(AlertsTest, AnAlertBackInTheQueueHasItsTimeAnew) {
  record(1, {alert(50, 100)});
  const AlertRow row = rows()[0];
  ASSERT_TRUE(dismiss(row.id, row.evidence_until).has_value());
  clock_.set(start_of(2000) + 125 * kMicrosPerDay);
  record(1, {alert(90, 100)});
  ASSERT_EQ(rows()[0].status, AlertStatus::needs_review);
  EXPECT_EQ(*book_().expire(), 0) << "it came back just now";
  clock_.set(start_of(2000) + (125 + 119) * kMicrosPerDay);
  EXPECT_EQ(*book_().expire(), 0);
  record(1, {alert(95, 100)});  // a revision is no work, and no entry into the queue
  clock_.set(start_of(2000) + (125 + 121) * kMicrosPerDay);
  EXPECT_EQ(*book_().expire(), 1);
}

TEST_F(AlertsTest, AnAlertRaisedAgainHasItsTimeAnew) {
  record(1, {alert(50, 100)});
  record(1, {});
  clock_.set(start_of(2000) + 125 * kMicrosPerDay);
  record(1, {alert(50, 100)});
  EXPECT_EQ(*book_().expire(), 0);
}

class QueueTest : public AlertsTest {
 protected:
  void SetUp() override {
    AlertsTest::SetUp();
    record(1, {alert(90, 100)});
    record(2, {alert(40, 103)});
    record(3, {alert(20, 101, 0, "leaver")});
    record(4, {alert(70, 102, 0, "leaver")});
  }
  std::vector<int> people(const AlertQuery& query) {
    std::vector<int> out;
    for (const AlertRow& row : rows(query)) out.push_back(row.person.bytes[0]);
    return out;
  }
};

TEST_F(QueueTest, SortsBothWays) {
  AlertQuery query;
  EXPECT_THAT(people(query), ElementsAre(1, 4, 2, 3));
  query.descending = false;
  EXPECT_THAT(people(query), ElementsAre(3, 2, 4, 1));
  query.sort = AlertSort::last_day;
  EXPECT_THAT(people(query), ElementsAre(1, 3, 4, 2));
  query.sort = AlertSort::created;
  EXPECT_THAT(people(query), ElementsAre(1, 2, 3, 4));
  query.sort = AlertSort::severity;
  EXPECT_THAT(people(query), ElementsAre(3, 2, 4, 1));
}

TEST_F(QueueTest, FiltersAndPages) {
  AlertQuery query;
  query.severities = {AlertSeverity::high, AlertSeverity::medium};
  query.limit = 2;
  auto page = book_().find(query);
  EXPECT_EQ(page->total, 3);
  EXPECT_EQ(page->alerts.size(), 2U);
  EXPECT_THAT(page->needs_review, ElementsAre(1, 1, 2));
  query.offset = 2;
  EXPECT_THAT(people(query), ElementsAre(2));
  query = {};
  query.policies = {"leaver", "other"};
  EXPECT_THAT(people(query), ElementsAre(4, 3));
  query.policies = {"leave"};
  EXPECT_TRUE(people(query).empty()) << "ids are compared whole";
  query = {};
  query.statuses = {AlertStatus::dismissed};
  EXPECT_TRUE(people(query).empty());
}

TEST_F(QueueTest, GivesOneRowAPerson) {
  record(2, {alert(40, 103), alert(80, 104, 0, "leaver"), alert(15, 104, 0, "third")});
  AlertQuery query;
  query.by_person = true;
  EXPECT_THAT(people(query), ElementsAre(1, 2, 4, 3)) << "by the highest of each";
  auto page = book_().find(query);
  EXPECT_EQ(page->total, 4) << "people";
  EXPECT_EQ(page->alerts[1].policy, "leaver");
  ASSERT_EQ(page->more.size(), 4U);
  EXPECT_EQ(page->more[0].total, 0);
  EXPECT_EQ(page->more[1].total, 2);
  ASSERT_EQ(page->more[1].first.size(), 2U);
  EXPECT_EQ(page->more[1].first[0].policy, "leaks");
  EXPECT_EQ(page->more[1].first[1].policy, "third");
  EXPECT_THAT(page->needs_review, ElementsAre(2, 1, 3)) << "alerts";

  query.descending = false;
  EXPECT_THAT(people(query), ElementsAre(2, 3, 4, 1)) << "by the lowest of each";
  query.limit = 1;
  query.offset = 1;
  EXPECT_THAT(people(query), ElementsAre(3));
  query = {};
  query.by_person = true;
  query.policies = {"leaks"};
  page = book_().find(query);
  EXPECT_EQ(page->total, 2);
  EXPECT_EQ(page->more[1].total, 0) << "what the filter leaves out is not counted beside it";
}

TEST_F(QueueTest, FindsByTextAndByPeople) {
  AlertQuery query;
  query.text = "EAVE";
  EXPECT_THAT(people(query), ElementsAre(4, 3)) << "the policy's name, whatever the letter case";
  query.text = rows()[0].id.substr(4, 20);
  EXPECT_THAT(people(query), ElementsAre(1));
  query.text = "%";
  EXPECT_TRUE(people(query).empty()) << "no wildcards";
  const AlertBook labelled(*store_, clock_,
                           [](const PersonId& one) { return one.bytes[0] > 1 && one.bytes[0] < 4 ? "Anon-Q" : "x"; });
  query.text = "anon-q";
  EXPECT_TRUE(people(query).empty()) << "a book without labels";
  EXPECT_THAT(labelled.find(query)->alerts,
              ElementsAre(testing::Field(&AlertRow::person, person(2)), testing::Field(&AlertRow::person, person(3))));
  EXPECT_EQ(book_().people()->size(), 4U);
}

TEST_F(QueueTest, CountsByPolicyAndStatus) {
  const auto counts = *book_().counts();
  EXPECT_EQ(counts.at("leaks").at(AlertStatus::needs_review), 2);
  AlertQuery query;
  query.limit = 1001;
  EXPECT_EQ(book_().find(query).error().id, "alerts.bad_query");
}

}  // namespace
}  // namespace candor
