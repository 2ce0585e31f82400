#include "alerts/alert_report.h"

#include <gmock/gmock.h>

#include "alerts/second_reading.h"
#include "alerts/test_book.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::Pair;

class AlertReports : public test::BookTest {
 protected:
  AlertReport report(Day from, Day to, const std::vector<PersonId>& not_about = {}) {
    auto reading = store_->read();
    auto found = alert_report(*reading, from, to, HiddenPeople(not_about));
    EXPECT_TRUE(found.has_value()) << found.error().message;
    return found ? *std::move(found) : AlertReport{};
  }
  // An alert that came on `day`, and its id.
  std::string came(std::uint8_t who, std::int64_t points, Day day, const std::string& policy = "leaks") {
    clock_.set(start_of(day));
    record({PersonOutcome{.person = person(who), .alerts = {alert(points, day, 0, policy)}, .next_edge = std::nullopt}},
           day + 1);
    for (const AlertRow& row : rows())
      if (row.person == person(who) && row.policy == policy) return row.id;
    ADD_FAILURE() << "no alert";
    return "";
  }
  void after(std::int64_t seconds) { clock_.set(clock_.now() + seconds * kMicrosPerSecond); }
};

TEST_F(AlertReports, CountsWhatBecameOfThem) {
  const Day monday = 20'003;  // 2024-10-07
  const std::string right = came(1, 80, monday);
  after(59);  // each recording takes a second
  ASSERT_TRUE(book_().confirm(right, "", "ada"));
  after(1000);
  ASSERT_TRUE(book_().resolve(right, "done", detail(right).row.evidence_until, "ben"));
  const std::string wrong = came(2, 50, monday + 6);
  after(599);
  ASSERT_TRUE(book_().dismiss(wrong, DismissReason::expected, "", detail(wrong).row.evidence_until, "ada"));
  came(3, 20, monday + 7, "other");
  came(4, 20, monday + 40);

  const AlertReport found = report(monday, monday + 7);
  EXPECT_EQ(found.all.alerts, 3);
  EXPECT_THAT(found.all.severity, ElementsAre(1, 1, 1));
  EXPECT_EQ(found.all.confirmed, 1) << "what was resolved was right";
  EXPECT_EQ(found.all.dismissed, 1);
  EXPECT_EQ(found.all.waiting, 1);
  EXPECT_THAT(found.all.dismissed_because, ElementsAre(Pair("expected", 1)));
  EXPECT_EQ(found.all.precision(), 500'000);
  EXPECT_EQ(found.all.median_seconds, 60) << "to the first decision";
  EXPECT_EQ(found.all.slow_seconds, 600);

  ASSERT_EQ(found.policies.size(), 2U);
  EXPECT_EQ(found.policies[0].id, "leaks");
  EXPECT_EQ(found.policies[0].figures.alerts, 2);
  EXPECT_FALSE(found.policies[1].figures.precision().has_value());
  EXPECT_FALSE(found.policies[1].figures.median_seconds.has_value());
  ASSERT_EQ(found.causes.size(), 1U);
  EXPECT_EQ(found.causes[0].id, "usb_copy");
  EXPECT_EQ(found.causes[0].figures.alerts, 3);
  ASSERT_EQ(found.weeks.size(), 2U);
  EXPECT_EQ(found.weeks[0].id, format_day(monday));
  EXPECT_EQ(found.weeks[0].figures.alerts, 2) << "Sunday is the last day of a week";
  EXPECT_EQ(found.weeks[1].id, format_day(monday + 7));
  ASSERT_EQ(found.viewers.size(), 1U) << "by who decided first";
  EXPECT_EQ(found.viewers[0].id, "ada");
  EXPECT_EQ(found.viewers[0].figures.alerts, 2);
}

TEST_F(AlertReports, LeaveOutOwnPeopleAndRequests) {
  came(1, 80, 20'003);
  came(2, 80, 20'003, "screen");
  EXPECT_EQ(report(20'003, 20'003).all.alerts, 2);
  EXPECT_EQ(report(20'003, 20'003, {person(1)}).all.alerts, 1);
  const auto asks =
      store_->transact([](Transaction& work) { return AlertBook::ask_for_screen_evidence(work, "screen", 5); });
  ASSERT_TRUE(asks.has_value());
  EXPECT_EQ(report(20'003, 20'003).all.alerts, 1);
  EXPECT_EQ(report(20'003, 20'003, {person(1)}).all.alerts, 0);
}

TEST_F(AlertReports, TellNothingOfWhatIsToBeReadAgain) {
  const std::string one = came(1, 80, 20'003);
  ASSERT_TRUE(book_().dismiss(one, DismissReason::too_much_activity, "", detail(one).row.evidence_until, "ada"));
  auto reading = store_->read();
  const AlertReport found = alert_report(*reading, 20'003, 20'003, {}, {one}).value();
  EXPECT_EQ(found.all.waiting, 1);
  EXPECT_EQ(found.all.dismissed, 0);
  EXPECT_TRUE(found.all.dismissed_because.empty());
  EXPECT_FALSE(found.all.median_seconds.has_value());
  EXPECT_TRUE(found.viewers.empty());
  EXPECT_EQ(report(20'003, 20'003).all.dismissed, 1);
}

TEST_F(AlertReports, WhatASecondReadingPutBackWaits) {
  const std::string one = came(1, 80, 20'003);
  ASSERT_TRUE(book_().dismiss(one, DismissReason::expected, "", detail(one).row.evidence_until, "ada"));
  ASSERT_TRUE(store_->transact(
      [&](Transaction& work) { return return_to_queue(work, one, 1, "it was not", "ben", clock_.now()); }));
  const AlertReport found = report(20'003, 20'003);
  EXPECT_EQ(found.all.waiting, 1);
  EXPECT_EQ(found.all.dismissed, 0);
  EXPECT_EQ(found.viewers.at(0).id, "ada") << "who decided first";
}

TEST_F(AlertReports, SayWhichDaysTheyTake) {
  auto reading = store_->read();
  EXPECT_EQ(alert_report(*reading, 10, 9, {}).error().id, "alerts.bad_query");
  EXPECT_EQ(alert_report(*reading, 0, kMostReportedDays, {}).error().id, "alerts.bad_query");
  EXPECT_EQ(alert_report(*reading, 0, kMostReportedDays - 1, {})->all.alerts, 0);
}

}  // namespace
}  // namespace candor
