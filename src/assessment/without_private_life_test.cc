#include "assessment/without_private_life.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

constexpr IndicatorKey kFiles = 1;
constexpr IndicatorKey kWords = 2;  // the content of messages
constexpr IndicatorKey kChain = 3;
constexpr IndicatorKey kWordsOnly = 4;

Policy full() {
  Policy policy;
  policy.id = "all";
  for (const IndicatorKey key : {kFiles, kWords, kChain, kWordsOnly}) {
    policy.indicators.push_back({.key = key,
                                 .name = "one",
                                 .title = {},
                                 .category = Category::exfiltration,
                                 .weight = kWhole,
                                 .is_sequence = key >= kChain,
                                 .levels = {}});
  }
  policy.sequences = {{.key = kChain, .name = "either", .title = {}, .steps = {{kFiles}, {kFiles, kWords}}},
                      {.key = kWordsOnly, .name = "words", .title = {}, .steps = {{kFiles}, {kWords}}}};
  Cumulative sum;
  sum.indicators = {kFiles, kWords};
  policy.cumulative = {sum};
  Trigger review;
  review.fact = FactKind::performance_review;
  Trigger notice;
  notice.fact = FactKind::resignation;
  Trigger words;
  words.watched = {{.key = kWords, .name = "words", .least = {1}}};
  Trigger either;
  either.watched = {{.key = kFiles, .name = "files", .least = {1}}, {.key = kWords, .name = "words", .least = {1}}};
  Trigger total;
  total.sum = {.rule = 0, .least = 4};
  Trigger gone;
  gone.directory_end = true;
  policy.triggers = {review, notice, words, either, total, gone};
  policy.exculpatory = {{.id = "level", .title = {}, .fact = FactKind::job_level_change, .where = {}, .points = 1},
                        {.id = "profile", .title = {}, .fact = FactKind::employee_profile, .where = {}, .points = 1}};
  return policy;
}

TEST(WithoutPrivateLife, LeavesOutWhatReadsContentAndPerformance) {
  const auto left = without_private_life(full(), {kWords});
  ASSERT_EQ(left->indicators.size(), 2U);
  EXPECT_EQ(left->indicators[0].key, kFiles);
  EXPECT_EQ(left->indicators[1].key, kChain);
  ASSERT_EQ(left->sequences.size(), 1U) << "a chain whose step can only be seen in content is blind";
  EXPECT_EQ(left->sequences[0].steps, (std::vector<std::vector<IndicatorKey>>{{kFiles}, {kFiles}}));
  EXPECT_EQ(left->cumulative.at(0).indicators, std::vector<IndicatorKey>{kFiles});
  ASSERT_EQ(left->triggers.size(), 4U);
  EXPECT_EQ(left->triggers[0].fact, FactKind::resignation);
  ASSERT_EQ(left->triggers[1].watched.size(), 1U);
  EXPECT_EQ(left->triggers[1].watched[0].key, kFiles);
  EXPECT_TRUE(left->triggers[2].sum.has_value());
  EXPECT_TRUE(left->triggers[3].directory_end);
  ASSERT_EQ(left->exculpatory.size(), 1U);
  EXPECT_EQ(left->exculpatory[0].id, "profile");
}

TEST(WithoutPrivateLife, ChangesNothingElse) {
  const Policy policy = full();
  const auto same = without_private_life(policy, {});
  EXPECT_EQ(same->indicators.size(), policy.indicators.size());
  EXPECT_EQ(same->sequences.size(), policy.sequences.size());
  EXPECT_EQ(same->id, "all");
}

}  // namespace
}  // namespace candor
