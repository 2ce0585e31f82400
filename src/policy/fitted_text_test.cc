#include "policy/fitted_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/test_policy.h"

namespace candor {
namespace {

using testing::HasSubstr;
using testing::Not;

FittedSection section(Levels levels) {
  FittedSection out{.from = 20'000, .to = 20'027, .people = 430, .entries = {{.name = "usb_copy", .levels = {}}}};
  out.entries[0].levels[0] = levels;
  return out;
}

TEST(FittedText, LevelsStandBeforeShippedOnes) {
  const std::string text = with_fitted(test::kLeaver, section({.low = 3, .medium = 8, .high = 20}));
  const Policy policy = test::policy(text);
  EXPECT_EQ(policy.find(test::kUsb)->levels[0], (Levels{.low = 3, .medium = 8, .high = 20}));
  EXPECT_EQ(policy.find(test::kUsb)->levels[1].low, 2) << "dimensions that were not fitted keep theirs";
  EXPECT_NE(policy.version, test::policy().version) << "other levels are another version";
}

TEST(FittedText, WhatTheEntrySaysWins) {
  std::string own = test::kLeaver;
  own.insert(own.find("  - {name: download"), "  - {name: usb_copy, thresholds: {all: [1, 2, 4]}}\n");
  const Policy policy = test::policy(with_fitted(own, section({.low = 3, .medium = 8, .high = 20})));
  EXPECT_EQ(policy.find(test::kUsb)->levels[0], (Levels{.low = 1, .medium = 2, .high = 4}));
}

TEST(FittedText, FittingAgainReplaces) {
  const std::string commented = std::string(test::kLeaver) + "# the end";
  const std::string once = with_fitted(commented, section({.low = 3, .medium = 8, .high = 20}));
  const std::string twice = with_fitted(once, section({.low = 5, .medium = 9, .high = 30}));
  EXPECT_THAT(twice, HasSubstr("all: [5, 9, 30]"));
  EXPECT_THAT(twice, Not(HasSubstr("[3, 8, 20]")));
  EXPECT_THAT(twice, HasSubstr("# the end\n")) << "what people wrote stays";
  EXPECT_EQ(with_fitted(twice, {}), commented + "\n");
}

TEST(FittedText, FaultsHaveTheirPlace) {
  const auto faults = [](const std::string& fitted) {
    return load_policy(std::string(test::kLeaver) + fitted, "p.yml", test::indicators(), *test::scoring()).diagnostics;
  };
  EXPECT_TRUE(faults("fitted: {from: 2026-01-05, to: 2026-02-01, indicators: []}\n").empty());
  EXPECT_EQ(faults("fitted: {from: soon, to: 2026-02-01, indicators: []}\n").at(0).id, "policy.bad_day");
  EXPECT_EQ(faults("fitted: {from: 2026-01-05, to: 2026-02-01, indicators: [{name: usb_cop, thresholds: {all: [1, 2, "
                   "3]}}]}\n")
                .at(0)
                .id,
            "policy.unknown_indicator");
  EXPECT_EQ(faults("fitted: {from: 2026-01-05, to: 2026-02-01, indicators: [{name: usb_copy, thresholds: {all: [3, 2, "
                   "1]}}]}\n")
                .size(),
            1U);
}

}  // namespace
}  // namespace candor
