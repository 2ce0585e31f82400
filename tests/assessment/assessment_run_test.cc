// From stored activities to alerts, on real stores: what SEMANTICS promises about order, decisions and late evidence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "house.h"

namespace candor {
namespace {

std::vector<Deed> some_weeks(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Deed> out;
  for (const char* account : {"ann@example.com", "ben@example.com", "cyd@example.com", "dee@example.com"}) {
    for (Day day = kStart; day < kToday; ++day) {
      if (random() % 3 == 0) add(out, burst(account, day, static_cast<int>(random() % 12), kMail, 10));
      if (random() % 25 == 0) add(out, burst(account, day, static_cast<int>(random() % 60), kUsb, 15));
    }
  }
  return out;
}

TEST(AssessmentRunTest, RaisesAnAlertOnceAndSettles) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.take(burst("ben@example.com", kStart + 10, 4));
  AssessmentRun run = house.run();
  EXPECT_EQ(run.people, 2U);
  EXPECT_EQ(run.alerts.raised, 1);
  ASSERT_EQ(house.rows().size(), 1U);
  EXPECT_EQ(house.rows()[0].policy, "leaks");
  EXPECT_EQ(house.rows()[0].policy_name, "Leaks");
  EXPECT_EQ(house.run().people, 0U) << "nothing changed since";
  house.take(burst("ann@example.com", kStart + 10, 40));
  EXPECT_EQ(house.run().alerts.revised, 0) << "repeats change nothing";
}

TEST(AssessmentRunTest, SameInputSameAlertsWhateverTheWay) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const std::vector<Deed> deeds = some_weeks(seed);
    House straight(1);
    straight.take(deeds);
    straight.resigns("cyd@example.com", kStart + 40, kStart + 50);
    straight.run();
    const std::string expected = straight.canonical();
    ASSERT_FALSE(expected.empty());

    House crooked(99);
    std::mt19937_64 random(seed);
    std::vector<Deed> shuffled = deeds;
    add(shuffled, {deeds.begin(), deeds.begin() + static_cast<std::ptrdiff_t>(deeds.size() / 2)});
    std::ranges::shuffle(shuffled, random);
    for (std::size_t from = 0; from < shuffled.size(); from += 97) {
      const std::size_t to = std::min(from + 97, shuffled.size());
      crooked.take(
          {shuffled.begin() + static_cast<std::ptrdiff_t>(from), shuffled.begin() + static_cast<std::ptrdiff_t>(to)});
      if (random() % 3 == 0) crooked.run(kToday, 2);
      if (from < 97) crooked.resigns("cyd@example.com", kStart + 40, kStart + 50);
    }
    crooked.run(kToday, 2);
    EXPECT_EQ(crooked.canonical(kToday, 2), expected) << "seed " << seed;
    EXPECT_EQ(straight.canonical(kToday, 2), expected) << "seed " << seed;
    // What is stored agrees with what is computed afresh.
    const auto open = crooked.rows({AlertStatus::needs_review});
    EXPECT_EQ(open.size(), static_cast<std::size_t>(std::ranges::count(expected, '\n'))) << "seed " << seed;
  }
}

TEST(AssessmentRunTest, AsOfHidesWhatComesLater) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.take(burst("ben@example.com", kStart + 20, 40));
  EXPECT_EQ(std::ranges::count(house.canonical(kStart + 9), '\n'), 0);
  EXPECT_EQ(std::ranges::count(house.canonical(kStart + 10), '\n'), 1);
  EXPECT_EQ(std::ranges::count(house.canonical(kStart + 20), '\n'), 2);
  house.run(kStart + 10);
  EXPECT_EQ(house.rows().size(), 1U);
  EXPECT_EQ(house.run(kStart + 19).people, 0U);
  EXPECT_EQ(house.run(kStart + 20).people, 1U) << "the day of the later insight has come";
  EXPECT_EQ(house.rows().size(), 2U);
}

TEST(AssessmentRunTest, EvidenceAfterADismissalOpensTheNextAlert) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.run();
  const AlertRow first = house.rows()[0];
  ASSERT_TRUE(house.book().dismiss(first.id, DismissReason::expected, "", first.evidence_until, "ada").has_value());
  EXPECT_EQ(house.run().people, 1U);
  EXPECT_EQ(house.rows().size(), 1U) << "a decision alone raises nothing";
  // Later on the same day, then a day after: both belong to k = 1.
  house.take(burst("ann@example.com", kStart + 10, 30, kUsb, 20));
  house.run();
  house.take(burst("ann@example.com", kStart + 11, 30));
  house.run();
  const auto open = house.rows({AlertStatus::needs_review});
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].k, 1);
  const Assessment second = house.book().get(open[0].id)->assessment;
  for (const ReceiptPart& part : second.parts) {
    if (part.day == kStart + 10) {
      EXPECT_EQ(part.count, 30) << "the day is split at the cutoff";
    }
  }
  EXPECT_EQ(house.book().get(first.id)->row.status, AlertStatus::dismissed);
  EXPECT_EQ(house.book().get(first.id)->row.revision, 1);
}

TEST(AssessmentRunTest, LateEvidenceRevisesTheClosedAlert) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40, kUsb, 12));
  house.run();
  const AlertRow first = house.rows()[0];
  EXPECT_EQ(first.severity, AlertSeverity::medium);
  ASSERT_TRUE(house.book().dismiss(first.id, DismissReason::expected, "", first.evidence_until, "ada").has_value());
  house.run();
  house.take(burst("ann@example.com", kStart + 9, 400, kMail, 8));
  house.run();
  const AlertRow revised = house.book().get(first.id)->row;
  EXPECT_TRUE(revised.changed_after_decision);
  EXPECT_EQ(revised.severity, AlertSeverity::high);
  EXPECT_EQ(revised.status, AlertStatus::needs_review) << "its band rose";
  EXPECT_EQ(house.rows().size(), 1U) << "no second alert";
}

TEST(AssessmentRunTest, DecisionsAndLateInputCommute) {
  const auto before = burst("ann@example.com", kStart + 10, 40);
  std::vector<Deed> later = burst("ann@example.com", kStart + 12, 160);
  add(later, burst("ann@example.com", kStart + 12, 160, kMail, 15));
  add(later, burst("ann@example.com", kStart + 8, 25, kMail));
  House live(1);
  live.take(before);
  live.run();
  const TimePoint cutoff = live.rows()[0].evidence_until;
  ASSERT_TRUE(live.book().dismiss(live.rows()[0].id, DismissReason::expected, "", cutoff, "ada").has_value());
  live.take(later);
  live.run();

  House replayed(2);
  replayed.take(later);
  replayed.take(before);
  replayed.run();
  ASSERT_TRUE(replayed.book().dismiss(replayed.rows()[0].id, DismissReason::expected, "", cutoff, "ada").has_value());
  replayed.run();
  EXPECT_EQ(replayed.canonical(), live.canonical());
  EXPECT_EQ(std::ranges::count(live.canonical(), '\n'), 2);
}

TEST(AssessmentRunTest, AFactBringsAPersonIntoScopeBackwards) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 15));
  house.run();
  EXPECT_TRUE(house.rows().empty()) << "below the trigger of leaks, nobody leaves";
  house.resigns("ann@example.com", kStart + 30, kStart + 44);
  const AssessmentRun run = house.run();
  EXPECT_EQ(run.people, 1U);
  ASSERT_EQ(house.rows().size(), 1U);
  EXPECT_EQ(house.rows()[0].policy, "leavers");
  EXPECT_EQ(house.rows()[0].day, kStart + 10);
}

TEST(AssessmentRunTest, APolicyChangeReassessesEverybodyFromItsDayOn) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.take(burst("ben@example.com", kStart + 20, 8));
  house.take(burst("cyd@example.com", kToday, 8));
  house.run();
  EXPECT_EQ(house.rows().size(), 1U);
  std::string stricter = kLeaks;
  stricter.replace(stricter.find("level: high"), 11, "level: low");
  stricter += "volume: more\n";
  house.tomorrow();
  house.apply(stricter);
  EXPECT_EQ(house.run(kToday).people, 0U) << "its day has not come";
  EXPECT_EQ(house.run(kToday + 1).people, 3U);
  // Days before its activation keep the version they had; on its first day it looks at the whole window.
  ASSERT_EQ(house.rows().size(), 2U);
  EXPECT_EQ(house.rows()[1].day, kToday + 1);
  EXPECT_EQ(house.run(kToday + 1).people, 0U);
}

TEST(AssessmentRunTest, OtherLevelsCountFromTheDayTheyAreApplied) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.take(burst("ben@example.com", kToday, 15));
  house.run();
  ASSERT_EQ(house.rows().size(), 1U);
  const AlertRow row = house.rows()[0];
  ASSERT_TRUE(house.book().dismiss(row.id, DismissReason::expected, "", row.evidence_until, "ada").has_value());
  house.run();
  const std::string before = house.canonical();
  house.set_levels({.low = 2, .medium = 4, .high = 8});
  const AssessmentRun noted = house.run();
  EXPECT_EQ(noted.people, 0U) << "content alone changes nothing";
  ASSERT_EQ(noted.diagnostics.size(), 2U);
  EXPECT_EQ(noted.diagnostics[0].id, "policy.content_changed");
  EXPECT_EQ(house.canonical(), before);
  house.tomorrow();
  house.apply(kLeaks);
  house.apply(kLeavers);
  EXPECT_EQ(house.run(kToday + 1).people, 2U);
  EXPECT_EQ(house.canonical(), before) << "the past keeps its levels";
  EXPECT_FALSE(house.book().get(row.id)->row.changed_after_decision);
  EXPECT_EQ(house.rows().size(), 2U) << "from the day on which they were applied";
  EXPECT_EQ(house.rows()[1].day, kToday + 1);
  // It came to exist on a day after its last evidence; a decision that day leaves it as it was shown.
  const AlertRow late = house.rows()[1];
  const std::string shown = house.canonical(kToday + 1);
  ASSERT_TRUE(house.book().dismiss(late.id, DismissReason::expected, "", late.evidence_until, "ada").has_value());
  house.run(kToday + 1);
  EXPECT_EQ(house.rows()[1].status, AlertStatus::dismissed);
  EXPECT_EQ(house.canonical(kToday + 1), shown);
}

TEST(AssessmentRunTest, AnIndicatorThatIsGoneWithdrawsNothing) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.run();
  const std::string before = house.canonical();
  const std::vector<IndicatorInfo> all = house.lose_indicator("mail_outside");
  const AssessmentRun run = house.run();
  EXPECT_EQ(run.alerts.withdrawn, 0);
  ASSERT_FALSE(run.diagnostics.empty());
  EXPECT_EQ(run.diagnostics[0].id, "policy.indicator_gone");
  EXPECT_EQ(house.rows()[0].status, AlertStatus::needs_review);
  const auto refused = canonical_alerts(house.inputs(), House::options(kToday));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().id, "policy.unusable");
  EXPECT_THAT(refused.error().message, testing::HasSubstr("mail_outside"));
  house.restore_indicators(all);
  house.run();
  EXPECT_EQ(house.canonical(), before);
  EXPECT_EQ(house.rows()[0].revision, 1) << "nothing happened to it";
}

TEST(AssessmentRunTest, AfterADismissalOnlyStrongerEvidenceComesAgain) {
  const auto alerts_after = [](int count, Day day) {
    House house(1);
    house.take(burst("ann@example.com", kStart, 40));
    house.run();
    const AlertRow first = house.rows()[0];
    EXPECT_TRUE(house.book().dismiss(first.id, DismissReason::expected, "", first.evidence_until, "ada").has_value());
    house.take(burst("ann@example.com", day, count));
    house.run(day + 1);
    return house.rows({AlertStatus::needs_review}).size();
  };
  EXPECT_EQ(alerts_after(39, kStart + 5), 0U) << "weaker than what was dismissed";
  EXPECT_EQ(alerts_after(120, kStart + 5), 1U) << "stronger";
  EXPECT_EQ(alerts_after(39, kToday + kMemoryDays + 5), 1U) << "forgotten by then";
}

TEST(AssessmentRunTest, WhatLiesBeforeTheStartOpensNothingByItself) {
  const auto alerts = [](bool later) {
    House house(1);
    house.apply(std::string(kLeaks) + "start: " + format_day(kStart + 20) + "\n");
    house.take(burst("ann@example.com", kStart + 10, 40));
    if (later) house.take(burst("ann@example.com", kStart + 22, 6, kMail));
    house.run();
    return house.rows({AlertStatus::needs_review});
  };
  EXPECT_EQ(alerts(false).size(), 0U);
  const auto rows = alerts(true);
  ASSERT_EQ(rows.size(), 1U) << "with something new, what was before counts";
  EXPECT_GE(rows[0].first_day, kStart + 22);
}

TEST(AssessmentRunTest, TwoDecisionsOnOneDayWithdrawNothing) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40, kUsb, 9));
  house.run();
  const AlertRow first = house.rows()[0];
  ASSERT_TRUE(house.book().resolve(first.id, "", first.evidence_until, "ada").has_value());
  // Below the trigger: in scope only through the stick of the morning.
  house.take(burst("ann@example.com", kStart + 10, 15, kMail, 12));
  house.run();
  const auto open = house.rows({AlertStatus::needs_review});
  ASSERT_EQ(open.size(), 1U);
  const std::string before = house.canonical();
  ASSERT_TRUE(house.book().dismiss(open[0].id, DismissReason::expected, "", open[0].evidence_until, "ada").has_value());
  house.run();
  EXPECT_EQ(house.book().get(open[0].id)->row.status, AlertStatus::dismissed);
  EXPECT_EQ(house.canonical(), before) << "a decision moves no alert it closes";
}

TEST(AssessmentRunTest, AConfirmationCountsWhileItsAlertExists) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 15));
  house.take(burst("ann@example.com", kStart + 20, 30));
  house.resigns("ann@example.com", kStart + 30, kStart + 44);
  house.run();
  const auto rows = house.rows();
  ASSERT_EQ(rows.size(), 2U);
  const AlertRow& leaver = rows[0].policy == "leavers" ? rows[0] : rows[1];
  const std::string early = house.canonical(kStart + 21);
  ASSERT_EQ(std::ranges::count(early, '\n'), 1) << "nobody has left yet: the alert of leaks only";
  ASSERT_TRUE(house.book().confirm(leaver.id, "", "ada").has_value());
  house.run();
  house.take(burst("ann@example.com", kStart + 32, 30));
  house.run();
  EXPECT_NE(house.canonical(kStart + 40).find("booster/user_history"), std::string::npos);
  EXPECT_EQ(house.canonical(kStart + 21), early) << "what was confirmed did not exist then";
}

TEST(AssessmentRunTest, GuestsAreScoredOnlyWhereAPolicySaysSo) {
  House house(1);
  auto deeds = burst("visitor@other.example", kStart + 10, 40);
  for (Deed& deed : deeds) deed.actor = ActorKind::guest;
  house.take(deeds);
  house.run();
  EXPECT_TRUE(house.rows().empty());
  EXPECT_TRUE(house.canonical().empty());
  House open(2);
  std::string with_guests = kLeaks;
  with_guests += "guests: true\n";
  with_guests.replace(with_guests.find("id: leaks"), 9, "id: guests");
  open.apply(with_guests);
  open.take(deeds);
  open.run();
  EXPECT_EQ(open.rows().size(), 1U);
}

TEST(AssessmentRunTest, TheCanonicalTextNamesNobody) {
  House house(1);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.run();
  const std::string text = house.canonical();
  EXPECT_EQ(text.find("ann"), std::string::npos);
  EXPECT_NE(text.find(account_digest("ann@example.com")), std::string::npos);
  EXPECT_EQ(text.find(to_hex(house.rows()[0].person)), std::string::npos);
}

}  // namespace
}  // namespace candor
