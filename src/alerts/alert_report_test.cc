#include "alerts/alert_report.h"

#include <gmock/gmock.h>

#include <array>
#include <map>
#include <random>
#include <set>

#include "alerts/report_figures.h"
#include "alerts/second_reading.h"
#include "alerts/test_book.h"
#include "alerts/undo.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::Pair;

class AlertReports : public test::BookTest {
 protected:
  AlertReport report(Day from, Day to, const std::vector<PersonId>& not_about = {}) {
    auto found = book_().report(from, to, HiddenPeople(not_about));
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
  const AlertReport found = book_().report(20'003, 20'003, {}, {one}).value();
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
  EXPECT_EQ(book_().report(10, 9).error().id, "alerts.bad_query");
  EXPECT_EQ(book_().report(0, kMostReportedDays).error().id, "alerts.bad_query");
  EXPECT_EQ(book_().report(0, kMostReportedDays - 1)->all.alerts, 0);
}

TEST_F(AlertReports, WhatWasUndoneWasNotDecided) {
  const std::string one = came(1, 80, 20'003);
  ASSERT_TRUE(book_().dismiss(one, DismissReason::expected, "", detail(one).row.evidence_until, "ada"));
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return undo_decision(work, one, 1, "ada", clock_.now()); })
                  .has_value());
  EXPECT_EQ(report(20'003, 20'003).all.waiting, 1);
  EXPECT_TRUE(report(20'003, 20'003).viewers.empty());
  after(100);
  ASSERT_TRUE(book_().confirm(one, "", "ben"));
  EXPECT_EQ(report(20'003, 20'003).viewers.at(0).id, "ben");
}

// --- the same numbers as the database has, read anew and in the plainest way

std::string in_words(const AlertFigures& of) {
  std::string out;
  for (const std::int64_t value :
       {of.alerts, of.severity[0], of.severity[1], of.severity[2], of.waiting, of.confirmed, of.dismissed, of.expired,
        of.withdrawn, of.median_seconds.value_or(-1), of.slow_seconds.value_or(-1)})
    out += std::to_string(value) + " ";
  for (const auto& [reason, alerts] : of.dismissed_because) out += reason + " " + std::to_string(alerts) + " ";
  return out;
}

using Told = std::map<std::string, std::string>;  // "policies/leaks" and its figures in words

Told told(const AlertReport& report) {
  Told out{{"all", in_words(report.all)}};
  const auto add = [&](const std::string& part, const std::vector<AlertReport::Row>& rows) {
    for (const auto& row : rows) out[part + "/" + row.id + "/" + row.name] = in_words(row.figures);
  };
  add("policies", report.policies);
  add("causes", report.causes);
  add("weeks", report.weeks);
  add("viewers", report.viewers);
  return out;
}

Told told_by_the_database(Store& store, Day from, Day to, const HiddenPeople& not_about,
                          const std::set<std::string>& undecided) {
  std::map<std::string, ReportGroup> groups;
  std::map<std::string, std::string> names;
  auto reading = store.read();
  groups["all"];
  const auto take = [&](const Row& row) {
    const bool told_of = !undecided.contains(row.text(10));
    ReportedAlert one{.status = *alert_status(row.text(3)), .severity = static_cast<int>(row.integer(2))};
    if (told_of && row.integer(9) == 0) one.decided = alert_status(row.text(7));
    if (told_of) one.reason = dismiss_reason(row.text(8));
    const std::string by = told_of ? row.text(5) : std::string();
    if (!by.empty()) one.seconds = seconds_to_decide(row.integer(4), row.integer(6));
    groups["all"].count(one);
    names[row.text(0)] = row.text(1);  // the latest comes last
    groups["policies/" + row.text(0) + "/"].count(one);
    if (!row.text(11).empty()) groups["causes/" + row.text(11) + "/"].count(one);
    groups["weeks/" + format_day(first_day_of_week(day_of(row.integer(4)))) + "/"].count(one);
    if (!by.empty()) groups["viewers/" + by + "/"].count(one);
    return true;
  };
  EXPECT_TRUE(reading->each(
      "select a.policy, a.policy_name, a.severity, a.status, a.created_at, coalesce(f.viewer, ''), coalesce(f.at, 0), "
      "coalesce(l.kind, ''), coalesce(l.reason, ''), case when l.returned_at is null then 0 else 1 end, a.alert_id, "
      "a.cause from alerts a "
      "left join alert_decisions f on f.alert_id = a.alert_id and f.number = (select min(d.number) from "
      "alert_decisions d where d.alert_id = a.alert_id and d.viewer is not null and d.undone_at is null) "
      "left join alert_decisions l on l.alert_id = a.alert_id and l.number = (select max(d.number) from "
      "alert_decisions d where d.alert_id = a.alert_id and d.undone_at is null) "
      "where a.created_at >= ?1 and a.created_at < ?2 and a.screen_evidence_days = 0 and " CANDOR_SHOWN(
          "a.person_hex", "?3", "?4") " order by a.created_at, a.policy_name",
      {start_of(from), start_of(to + 1), not_about.people_text(), not_about.units_text()}, take));
  Told out;
  for (auto& [key, group] : groups) {
    std::string name = key;
    if (key.starts_with("policies/")) name += names.at(key.substr(9, key.size() - 10));
    out[name] = in_words(group.finished());
  }
  return out;
}

TEST_F(AlertReports, AreWhatTheDatabaseHas) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t bound) { return static_cast<std::uint8_t>(random() % bound); };
  const std::array policies = {"leaks", "theft", "screen"};
  AlertBook reader(*store_, clock_);
  for (int step = 0; step < 120; ++step) {
    const Day day = 20'003 + step / 3;
    const std::uint8_t who = below(12);
    const std::string policy = policies.at(below(3));
    clock_.set(start_of(day) + step * kMicrosPerSecond);
    record({PersonOutcome{
               .person = person(who), .alerts = {alert(20 + below(70), day, 0, policy)}, .next_edge = std::nullopt}},
           day + 1);
    const auto all = rows();
    const AlertRow row = all.at(below(all.size()));
    after(below(200));
    const std::string viewer = below(2) == 0 ? "ada" : "ben";
    const auto reason = static_cast<DismissReason>(below(3));
    if (row.is_open() && below(3) == 0) {
      ASSERT_TRUE(book_().dismiss(row.id, reason, "", row.evidence_until, viewer));
    } else if (row.status == AlertStatus::needs_review) {
      ASSERT_TRUE(book_().confirm(row.id, "", viewer));
    } else if (row.status == AlertStatus::dismissed && below(2) == 0) {
      auto reading = store_->read();
      const std::int64_t number = *standing_decision(*reading, row.id);
      const auto changed = store_->transact([&](Transaction& work) {
        return step % 2 == 0 ? return_to_queue(work, row.id, number, "no", "eve", clock_.now())
                             : undo_decision(work, row.id, number, viewer, clock_.now());
      });
      ASSERT_TRUE(changed.has_value()) << changed.error().message;
    }
    if (step % 10 != 0) continue;
    ASSERT_TRUE(store_
                    ->transact([&](Transaction& work) {
                      return AlertBook::ask_for_screen_evidence(work, "screen", step % 20 == 0 ? 5 : 0);
                    })
                    .has_value());
    const HiddenPeople hidden(step % 3 == 0 ? std::vector{person(1), person(4)} : std::vector<PersonId>());
    const std::set<std::string> undecided = step % 4 == 0 ? std::set{row.id} : std::set<std::string>();
    const Day from = 20'003 + below(5);
    for (const Day to : {from, from + 20, from + 100}) {
      const auto found = reader.report(from, to, hidden, undecided);
      ASSERT_TRUE(found.has_value()) << found.error().message;
      EXPECT_EQ(told(*found), told_by_the_database(*store_, from, to, hidden, undecided)) << step;
    }
  }
}

}  // namespace
}  // namespace candor
