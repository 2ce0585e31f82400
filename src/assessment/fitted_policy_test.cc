#include "assessment/fitted_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace candor {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kText = R"(id: leaks
name: Leaks
template: data_leaks
description: Data goes out.
windows: {look_back_days: 90, activation_days: 30, evidence_days: 90}
triggers:
  - {id: out, title: Out, indicators: [usb], level: high}
indicators:  # ours
  - {name: usb, weight: 1}
  - {name: mail, weight: 1, thresholds: {all: [1, 2, 3]}}
scoring: {half_life_days: 10}
)";

IndicatorInfo info_named(const std::string& name, IndicatorKey key) {
  IndicatorInfo info;
  info.name = name;
  info.title = "Title of " + name;
  info.key = key;
  info.category = Category::exfiltration;
  info.exfiltration_trigger = true;
  for (Levels& levels : info.levels) levels = {5, 10, 20};
  return info;
}

class FittedPolicyTest : public testing::Test {
 protected:
  FittedPolicyTest() {
    auto scoring = ScoringContent::load(CANDOR_SOURCE_DIR "/content/scoring");
    EXPECT_TRUE(scoring);
    scoring_ = *scoring;
    LoadedPolicy loaded = load_policy(kText, "leaks.yml", indicators_, *scoring_);
    for (const Diagnostic& one : loaded.diagnostics) ADD_FAILURE() << to_text(one);
    policy_ = *loaded.policy;
    found_.period = last_four_weeks(20'000);
    found_.people = 40;
  }
  void use(std::size_t indicator, std::optional<Levels> fitted) {
    IndicatorUse one;
    one.indicator = &indicators_[indicator];
    one.people = 40;
    one.fitted[0] = fitted;
    found_.used.push_back(one);
  }

  const std::vector<IndicatorInfo> indicators_ = {info_named("usb", 1), info_named("mail", 2), info_named("other", 3)};
  std::shared_ptr<const ScoringContent> scoring_;
  Policy policy_;
  Analytics found_;
};

TEST_F(FittedPolicyTest, LevelsOfTheirOwnDaysReplaceTheShippedOnes) {
  use(0, Levels{30, 60, 120});
  use(1, Levels{40, 50, 60});  // the policy says its own
  use(2, Levels{7, 8, 9});     // the policy does not score it
  const auto fitted = fit_policy(policy_, found_, indicators_, *scoring_);
  ASSERT_TRUE(fitted) << fitted.error().message;
  ASSERT_FALSE(fitted->changed.empty());
  for (const FittedLevel& one : fitted->changed) EXPECT_EQ(one.indicator, "usb");
  const auto all = std::ranges::find(fitted->changed, Dimension::all, &FittedLevel::dimension);
  ASSERT_NE(all, fitted->changed.end());
  EXPECT_EQ(all->now, (Levels{5, 10, 20}));
  EXPECT_EQ(all->fitted, (Levels{30, 60, 120}));
  EXPECT_THAT(fitted->text, HasSubstr("indicators:  # ours"));
  EXPECT_THAT(fitted->text, HasSubstr("fitted:"));
  EXPECT_THAT(fitted->text, Not(HasSubstr("other")));
}

TEST_F(FittedPolicyTest, TooLittleToTellChangesNothing) {
  use(0, std::nullopt);
  const auto fitted = fit_policy(policy_, found_, indicators_, *scoring_);
  ASSERT_TRUE(fitted);
  EXPECT_TRUE(fitted->changed.empty());
  EXPECT_EQ(fitted->text, policy_.text);
}

}  // namespace
}  // namespace candor
