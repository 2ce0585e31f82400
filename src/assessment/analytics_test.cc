#include "assessment/analytics.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(Analytics, PeriodsNeverOverlap) {
  FourWeeks before = last_four_weeks(20'000);
  EXPECT_LT(before.to, 20'000);
  for (Day today = 20'001; today < 20'200; ++today) {
    const FourWeeks period = last_four_weeks(today);
    EXPECT_EQ(period.to - period.from + 1, FourWeeks::kDays);
    EXPECT_EQ((period.from - 4) % 7, 0) << "a Monday";
    EXPECT_LT(period.to, today) << "it is over";
    EXPECT_LE(today - period.to, FourWeeks::kDays);
    if (period == before) continue;
    EXPECT_EQ(period.from, before.to + 1);
    before = period;
  }
  EXPECT_LT(last_four_weeks(3).to, 3);
}

// 10,000 days: at most 20 reach low, 5 medium, 1 high.
TEST(Analytics, LevelsAreWhatFewDaysReach) {
  const std::map<std::int64_t, std::int64_t> days = {{1, 900}, {2, 80}, {4, 15}, {9, 4}, {30, 1}};
  const auto levels = fit_levels(days, 10'000);
  ASSERT_TRUE(levels.has_value());
  EXPECT_EQ(levels->low, 4) << "15 + 4 + 1 days have 4 or more";
  EXPECT_EQ(levels->medium, 9);
  EXPECT_EQ(levels->high, 30);
}

TEST(Analytics, LevelsRiseAndAreRoundedUp) {
  const auto one = fit_levels({{137, 10'000}}, 10'000);
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->low, 140) << "nobody has 138 or more; in two digits";
  EXPECT_LT(one->low, one->medium);
  EXPECT_LT(one->medium, one->high);
  const auto few = fit_levels({{3, 1}, {5, 1}}, 600);
  ASSERT_TRUE(few.has_value());
  EXPECT_EQ(few->low, 5) << "one day of 600 may reach it";
  EXPECT_EQ(few->medium, 10) << "less than one day: twice the level below";
  EXPECT_EQ(few->high, 20);
}

TEST(Analytics, TooLittleTellsNothing) {
  EXPECT_EQ(fit_levels({{5, 3}}, 499), std::nullopt);
  EXPECT_EQ(fit_levels({}, 10'000), std::nullopt);
}

TEST(Analytics, PeopleAreToldInTens) {
  EXPECT_EQ(in_tens(9), 0);
  EXPECT_EQ(in_tens(10), 10);
  EXPECT_EQ(in_tens(59), 50);
}

}  // namespace
}  // namespace candor
