#include "policy/explain.h"

#include <gtest/gtest.h>

#include "policy/score.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

TEST(ExplainTest, SaysWhatTheReceiptSays) {
  const Policy policy = test::policy();
  const Day day = *parse_day("2026-03-04");
  Profile profile;
  profile.facts.push_back(test::resignation(day, day + 10));
  Insights insights;
  for (Day before = day - 20; before < day; ++before) insights.push_back(test::insight(test::kMail, before, 2));
  insights.push_back(test::insight(test::kMail, day, 60));
  insights.push_back(test::insight(test::kUsb, day, 4));
  const Assessment result = assess(policy, profile, insights, day);
  ASSERT_EQ(result.parts.size(), 2U);
  EXPECT_EQ(in_words(result.parts[0], policy),
            "On 2026-03-04: 60 x Title of mail_outside, at or above the high level (40); 30 times the usual 2 a "
            "day (20 days tell).");
  EXPECT_EQ(
      in_words(result.parts[1], policy),
      "Title of mail_outside on 2026-03-04 lies far above what is usual for the person; 30 times the usual 2 a day (20 "
      "days tell).");
  EXPECT_EQ(in_words(result.triggers[0], policy),
            "Resignation on 2026-03-04: days 2025-12-04 to 2026-04-13 are in scope.");
  ASSERT_EQ(result.left_out.size(), 2U);
  EXPECT_EQ(in_words(result.left_out[1], policy),
            "Title of usb_copy: 4 on 2026-03-04 did not count: below the low level (10).");
  EXPECT_EQ(in_words(result, policy).substr(0, 6), "Score ");
}

}  // namespace
}  // namespace candor
