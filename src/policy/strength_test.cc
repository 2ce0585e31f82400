#include "policy/strength.h"

#include <gtest/gtest.h>

#include "policy/rounding.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

constexpr Levels kLevels{.low = 10, .medium = 20, .high = 40};
constexpr Strengths kStrengths{
    .low = 100'000, .medium = 200'000, .high = 400'000, .beyond = 800'000, .beyond_doublings = 3};

struct Row {
  std::int64_t count;
  Share share;
};

TEST(StrengthTest, LevelsAndLinesBetween) {
  for (const auto& [count, share] :
       {Row{0, 0}, Row{9, 0}, Row{10, 100'000}, Row{15, 150'000}, Row{20, 200'000}, Row{30, 300'000}, Row{39, 390'000},
        Row{40, 400'000}, Row{80, 533'333}, Row{320, 800'000}, Row{1'000'000, 800'000}}) {
    EXPECT_NEAR(static_cast<double>(level_share(count, kLevels, kStrengths, *test::scoring()->logarithms)),
                static_cast<double>(share), 1)
        << count;
  }
  EXPECT_EQ(level_share(5, Levels{}, kStrengths, *test::scoring()->logarithms), 0) << "no levels: not counted";
  EXPECT_EQ(level_share(5, Levels{.low = 5, .medium = 5, .high = 5}, kStrengths, *test::scoring()->logarithms),
            400'000);
}

TEST(StrengthTest, UsualWeakens) {
  const Share within = 250'000;
  EXPECT_EQ(usual_share(10, 10 * kOnePoint, within), within);
  EXPECT_EQ(usual_share(1, 10 * kOnePoint, within), within);
  EXPECT_EQ(usual_share(15, 10 * kOnePoint, within), 625'000);
  EXPECT_EQ(usual_share(20, 10 * kOnePoint, within), kWhole);
  EXPECT_EQ(usual_share(1, 0, within), kWhole) << "never done before";
  EXPECT_EQ(usual_share(INT64_MAX, INT64_MAX, within), kWhole);
}

TEST(StrengthTest, AboveUsualBoosts) {
  const auto content = test::scoring();
  const Logarithms& logarithms = *content->logarithms;
  const Usual rule{
      .least_count = 20, .ratio_percent = 400, .boost = 200'000, .most_boost = 500'000, .boost_doublings = 2};
  EXPECT_EQ(boost_share(19, 0, rule, logarithms), 0) << "below the least count";
  EXPECT_EQ(boost_share(20, 6 * kOnePoint, rule, logarithms), 0) << "less than four times the usual";
  EXPECT_EQ(boost_share(24, 6 * kOnePoint, rule, logarithms), 200'000);
  EXPECT_EQ(boost_share(48, 6 * kOnePoint, rule, logarithms), 350'000) << "one doubling of two";
  EXPECT_EQ(boost_share(96, 6 * kOnePoint, rule, logarithms), 500'000);
  EXPECT_EQ(boost_share(10'000, 6 * kOnePoint, rule, logarithms), 500'000);
}

TEST(StrengthTest, SharesAndTheirLogarithms) {
  const auto content = test::scoring();
  const Logarithms& logarithms = *content->logarithms;
  EXPECT_EQ(log_of_share(0, logarithms), 0);
  EXPECT_EQ(share_of_log(0, logarithms), 0);
  for (Share share = 1'000; share <= kMostShare; share += 777) {
    EXPECT_NEAR(static_cast<double>(share_of_log(log_of_share(share, logarithms), logarithms)),
                static_cast<double>(share), 1);
  }
  EXPECT_EQ(points_of_log(log_of_share(500'000, logarithms), logarithms), 50 * kOnePoint);
}

TEST(StrengthTest, TheStrongestDimensionDecides) {
  const Policy policy = test::policy();
  const PolicyIndicator& usb = *policy.find(test::kUsb);
  const Strength all = strength_of(policy, usb, test::insight(test::kUsb, 100, 30, 0), nullptr);
  EXPECT_EQ(all.dimension, Dimension::all);
  EXPECT_EQ(all.level, 1);
  EXPECT_EQ(all.threshold, 30);
  const Strength sensitive = strength_of(policy, usb, test::insight(test::kUsb, 100, 30, 10), nullptr);
  EXPECT_EQ(sensitive.dimension, Dimension::sensitive);
  EXPECT_EQ(sensitive.level, 2);
  EXPECT_GT(sensitive.logarithm, all.logarithm);
}

TEST(RoundingTest, AddsUpAndTiesGoToTheSmallerId) {
  EXPECT_EQ(divide(100, {1, 1, 1}, {"c", "a", "b"}), (std::vector<Micropoints>{33, 34, 33}));
  EXPECT_EQ(divide(2, {1, 1, 1}, {"c", "a", "b"}), (std::vector<Micropoints>{0, 1, 1}));
  EXPECT_EQ(divide(0, {0, 0}, {"a", "b"}), (std::vector<Micropoints>{0, 0}));
  EXPECT_TRUE(divide(5, {}, {}).empty());
  EXPECT_EQ(divide(7, {5, 2}, {"a", "b"}), (std::vector<Micropoints>{5, 2}));
}

}  // namespace
}  // namespace candor
