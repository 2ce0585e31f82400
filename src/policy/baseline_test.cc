#include "policy/baseline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "policy/explain.h"
#include "policy/policy_content.h"
#include "policy/receipt_json.h"
#include "policy/score.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

using test::insight;
using test::kMail;
using test::kUsb;

const Day kMonday = *parse_day("2026-03-02");

// Weekdays tell from so many on; 0: all days alike.
Policy by_weekdays(int least_weekdays) {
  std::string text = test::kLeaver;
  const std::string from = "usual: {least_days: 5,";
  const std::size_t at = text.find(from);
  text.replace(at, from.size(), from + " least_weekdays: " + std::to_string(least_weekdays) + ",");
  return test::policy(text);
}

std::optional<Baselines::Own> usual_of(const Policy& policy, const Insights& insights, Day day,
                                       std::optional<Day> kept_from = std::nullopt) {
  return Baselines(policy, insights, kept_from).usual(*policy.find(kMail), Dimension::all, day);
}

// Weeks before kMonday, the last one first: on each weekday so much mail; something else on days with 0, nothing with
// -1.
Insights weeks(int count, const std::array<int, 7>& by_weekday) {
  Insights out;
  for (Day day = kMonday - 7 * count; day < kMonday; ++day) {
    const int mails = by_weekday[weekday_of(day)];
    if (mails > 0) out.push_back(insight(kMail, day, mails));
    if (mails == 0) out.push_back(insight(kUsb, day, 1));
  }
  return out;
}

TEST(WeekdayTest, BeginsOnMonday) {
  EXPECT_EQ(weekday_of(kMonday), 0U);
  EXPECT_EQ(weekday_of(kMonday - 1), 6U);
  EXPECT_EQ(weekday_of(0), 3U) << "1970-01-01";
  EXPECT_EQ(weekday_of(-4), 6U) << "1969-12-28";
}

struct UsualCase {
  const char* name;
  int least_weekdays;
  int weeks;
  std::array<int, 7> by_weekday;
  Day day;  // after kMonday
  UsualDays days;
  int from;
  Micropoints usual;
};

class UsualTest : public testing::TestWithParam<UsualCase> {};

TEST_P(UsualTest, IsThatOfDaysLikeIt) {
  const UsualCase& one = GetParam();
  const auto usual = usual_of(by_weekdays(one.least_weekdays), weeks(one.weeks, one.by_weekday), kMonday + one.day);
  ASSERT_TRUE(usual.has_value());
  EXPECT_EQ(usual->days, one.days);
  EXPECT_EQ(usual->from, one.from);
  EXPECT_EQ(usual->count, one.usual);
}

INSTANTIATE_TEST_SUITE_P(
    Days, UsualTest,
    testing::Values(
        // The report that goes out on Mondays.
        UsualCase{"AMonday", 6, 12, {24, 0, 0, 0, 0, -1, -1}, 0, UsualDays::weekday, 12, 24 * kOnePoint},
        UsualCase{"ATuesday", 6, 12, {24, 0, 0, 0, 0, -1, -1}, 1, UsualDays::active, 60, 24 * kOnePoint / 5},
        UsualCase{"AllAlike", 0, 12, {24, 0, 0, 0, 0, -1, -1}, 0, UsualDays::active, 0, 24 * kOnePoint / 5},
        // Ninety days hold thirteen or twelve of a weekday, and no more than them.
        UsualCase{"NoMoreThanNinetyDays", 6, 40, {3, 24, 0, 0, 0, -1, -1}, 1, UsualDays::weekday, 12, 24 * kOnePoint},
        // Four weeks have four Mondays: too few, and on Saturdays nothing is known but of other days.
        UsualCase{"EveryDayTheSame", 6, 4, {10, 10, 10, 10, 10, 2, -1}, 0, UsualDays::active, 24, 208 * kOnePoint / 24},
        UsualCase{"ADayOff", 6, 4, {10, 10, 10, 10, 10, -1, -1}, 5, UsualDays::active, 20, 10 * kOnePoint}),
    [](const auto& info) { return std::string(info.param.name); });

// A weekday on which somebody is active half as often as on the most active one is one they work on.
TEST(UsualTest, WorkingDaysAreComparedWithWorkingDays) {
  Insights insights = weeks(5, {10, 10, 10, 10, 10, -1, -1});
  insights.push_back(insight(kUsb, kMonday - 2, 1));
  const auto monday = usual_of(by_weekdays(6), insights, kMonday);
  ASSERT_TRUE(monday.has_value());
  EXPECT_EQ(monday->days, UsualDays::working);
  EXPECT_EQ(monday->from, 25);
  EXPECT_EQ(monday->count, 10 * kOnePoint);
  std::erase_if(insights, [](const Insight& one) { return one.day >= kMonday - 14 && one.day < kMonday - 7; });
  insights.push_back(insight(kUsb, kMonday - 9, 1));
  std::ranges::sort(insights, {}, &Insight::day);
  EXPECT_EQ(usual_of(by_weekdays(6), insights, kMonday)->days, UsualDays::active) << "two of four: a working weekday";
}

// Whoever copies much on weekends only.
TEST(UsualTest, DaysOffAreComparedWithDaysOff) {
  const Policy policy = by_weekdays(8);
  Insights insights = weeks(12, {1, 1, 1, 1, 1, -1, -1});
  for (int week = 1; week <= 5; ++week) {
    insights.push_back(insight(kMail, kMonday - 7 * week + 5, 40));
    insights.push_back(insight(kMail, kMonday - 7 * week + 6, 50));
  }
  std::ranges::sort(insights, {}, &Insight::day);
  const auto saturday = usual_of(policy, insights, kMonday + 5);
  ASSERT_TRUE(saturday.has_value());
  EXPECT_EQ(saturday->days, UsualDays::off);
  EXPECT_EQ(saturday->from, 10);
  EXPECT_EQ(saturday->count, 45 * kOnePoint);
  EXPECT_EQ(usual_of(policy, insights, kMonday)->days, UsualDays::active) << "doubt speaks for the person";
}

TEST(UsualTest, OneDayOfVeryMuchMakesNothingUsual) {
  Insights insights = weeks(12, {1, 0, 0, 0, 0, -1, -1});
  insights.front().counts[0] = 5000;
  EXPECT_EQ(usual_of(by_weekdays(6), insights, kMonday)->count, kOnePoint);
  EXPECT_GT(usual_of(by_weekdays(0), insights, kMonday)->count, 80 * kOnePoint);
  // Done twice it is: doubt speaks for the person.
  insights[5].counts[0] = 5000;
  EXPECT_GT(usual_of(by_weekdays(6), insights, kMonday)->count, 800 * kOnePoint);
}

TEST(UsualTest, TooFewActiveDaysTellNothing) {
  EXPECT_FALSE(usual_of(by_weekdays(1), weeks(4, {24, -1, -1, -1, -1, -1, -1}), kMonday).has_value());
  EXPECT_TRUE(usual_of(by_weekdays(1), weeks(5, {24, -1, -1, -1, -1, -1, -1}), kMonday).has_value());
}

// Of what retention took the days after it stand in, by the same rules; the day itself never tells of itself.
TEST(UsualTest, WhatRetentionTookIsToldByLaterDaysOfTheWeekday) {
  Insights insights;
  for (Day day = kMonday; day < kMonday + 84; ++day)
    insights.push_back(insight(kMail, day, weekday_of(day) == 0 ? 9 : 1));
  insights.front().counts[0] = 700;
  const auto usual = usual_of(by_weekdays(6), insights, kMonday, kMonday);
  ASSERT_TRUE(usual.has_value());
  EXPECT_EQ(usual->days, UsualDays::weekday);
  EXPECT_EQ(usual->from, 11);
  EXPECT_EQ(usual->count, 9 * kOnePoint);
}

// The same by another way: every day by itself, in any order.
Micropoints counted_again(const Policy& policy, const Insights& insights, Day day, int& from) {
  std::map<Day, std::int64_t> mails;
  for (const Insight& one : insights) {
    if (one.day < day - policy.usual.days || one.day >= day) continue;
    mails[one.day] += one.indicator == kMail ? one.counts[0] : 0;
  }
  std::map<std::size_t, int> often;
  for (const auto& [on, count] : mails) ++often[weekday_of(on)];
  int most = 0;
  for (const auto& [weekday, times] : often) most = std::max(most, times);
  const auto works = [&](Day on) { return 2 * often[weekday_of(on)] >= most; };
  std::vector<std::int64_t> same;
  std::vector<std::int64_t> kind;
  std::vector<std::int64_t> all;
  for (const auto& [on, count] : mails) {
    all.push_back(count);
    if (works(on) == works(day)) kind.push_back(count);
    if (weekday_of(on) == weekday_of(day)) same.push_back(count);
  }
  const auto mean_of = [](std::vector<std::int64_t> told) {
    std::ranges::sort(told);
    told.back() = told.size() > 1 ? told[told.size() - 2] : 0;
    std::int64_t sum = 0;
    for (const std::int64_t count : told) sum += count;
    return sum * kOnePoint / static_cast<std::int64_t>(told.size());
  };
  const auto& alike = static_cast<int>(same.size()) >= policy.usual.least_weekdays ? same
                      : static_cast<int>(kind.size()) >= policy.usual.least_days   ? kind
                                                                                   : all;
  const auto& told = mean_of(alike) > mean_of(all) ? alike : all;
  from = static_cast<int>(told.size());
  return mean_of(told);
}

TEST(UsualProperty, CountedAgainFromTheDays) {
  std::array<int, 4> kinds{};
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    std::mt19937_64 random(seed);
    const Policy policy = by_weekdays(1 + static_cast<int>(random() % 9));
    Insights insights;
    for (Day day = kMonday - 1 - static_cast<Day>(random() % 110); day <= kMonday + 6; ++day) {
      if (random() % (weekday_of(day) > 3 ? 7 : 3) != 0) continue;
      if (random() % 2 == 0) insights.push_back(insight(kMail, day, 1 + static_cast<std::int64_t>(random() % 60)));
      insights.push_back(insight(kUsb, day, 1));
    }
    for (Day day = kMonday; day < kMonday + 7; ++day) {
      const auto usual = usual_of(policy, insights, day);
      if (!usual) continue;
      int from = 0;
      ASSERT_EQ(usual->count, counted_again(policy, insights, day, from)) << "seed " << seed;
      ASSERT_EQ(usual->from, from) << "seed " << seed;
      ++kinds[static_cast<std::size_t>(usual->days)];
    }
  }
  for (const int times : kinds) EXPECT_GT(times, 5) << "every kind of days was met";
}

// The sentence tells the numbers; from the insights alone they come out again.
TEST(UsualTest, WhatTheReceiptSaysCanBeCountedAgain) {
  const Policy policy = by_weekdays(6);
  Profile profile;
  profile.facts.push_back(test::resignation(kMonday, kMonday + 10));
  Insights insights = weeks(12, {11, 3, 0, 0, 0, -1, -1});
  insights.push_back(insight(kMail, kMonday, 50));
  const Assessment result = assess(policy, profile, insights, kMonday);
  const auto part = std::ranges::find(result.parts, "insight/mail_outside/2026-03-02", &ReceiptPart::id);
  ASSERT_NE(part, result.parts.end());
  const std::string words = in_words(*part, policy);
  EXPECT_EQ(words,
            "On 2026-03-02: 50 x Title of mail_outside, at or above the high level (40); 4 times the usual 11 on a "
            "Monday (12 Mondays tell).");
  std::int64_t mails = 0;
  std::int64_t mondays = 0;
  for (const Insight& one : insights) {
    if (one.day >= kMonday || one.day < kMonday - 90 || weekday_of(one.day) != 0) continue;
    mails += one.counts[0];
    ++mondays;
  }
  EXPECT_NE(words.find("the usual " + std::to_string(mails / mondays) + " on a Monday (" + std::to_string(mondays)),
            std::string::npos);
  // The receipt survives its text.
  const auto again = assessment_from_json(to_json(result, true));
  ASSERT_TRUE(again.has_value());
  const auto same = std::ranges::find(again->parts, part->id, &ReceiptPart::id);
  EXPECT_EQ(same->usual_days, UsualDays::weekday);
  EXPECT_EQ(same->usual_from, 12);
}

// A version from before weekdays were looked at keeps its hash, its formula and the bytes of its receipts.
TEST(UsualTest, OlderVersionsStayAsTheyWere) {
  const Policy older = by_weekdays(0);
  EXPECT_NE(older.version, by_weekdays(6).version);
  ScoringContent scoring = *test::scoring();
  scoring.usual.least_weekdays = 0;
  const std::string content = policy_content_text(test::indicators(), scoring);
  EXPECT_EQ(content.find("least_weekdays"), std::string::npos);
  EXPECT_EQ(policy_content(content, scoring.logarithms)->scoring.usual, scoring.usual);
  scoring.usual.least_weekdays = 7;
  EXPECT_EQ(policy_content(policy_content_text(test::indicators(), scoring), scoring.logarithms)->scoring.usual,
            scoring.usual);
  Profile profile;
  profile.facts.push_back(test::resignation(kMonday, kMonday + 10));
  Insights insights = weeks(12, {24, 0, 0, 0, 0, -1, -1});
  insights.push_back(insight(kMail, kMonday, 30));
  const Assessment result = assess(older, profile, insights, kMonday);
  EXPECT_EQ(to_json(result, true).find("usual_of"), std::string::npos);
  EXPECT_NE(in_words(result.parts.front(), older).find("6 times the usual 4.8 a day"), std::string::npos)
      << in_words(result.parts.front(), older);
}

}  // namespace
}  // namespace candor
