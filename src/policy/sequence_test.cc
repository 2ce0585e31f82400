#include "policy/sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "policy/policy_content.h"
#include "policy/score.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

using test::kDownload;
using test::kMail;
using test::kRename;
using test::kUsb;

constexpr Day kDay = 20'000;

Sequence sequence(std::vector<std::vector<IndicatorKey>> steps, int window_days = 7) {
  Sequence out{.key = 0, .name = "test", .title = "Test", .steps = std::move(steps), .window_days = window_days};
  out.key = key_of(out);
  return out;
}

// One activity an hour of the day.
Step step(int hour, IndicatorKey match, std::vector<std::uint64_t> contents, std::vector<std::uint64_t> names = {}) {
  Step out;
  out.time = start_of(kDay) + hour * 3600 * kMicrosPerSecond;
  out.activity = static_cast<std::uint64_t>(hour) * 1000 + match;
  out.matches = {match};
  out.contents = std::move(contents);
  out.names = std::move(names);
  return out;
}

std::int64_t found(const Sequence& one, const std::vector<Step>& steps) {
  std::int64_t sum = 0;
  for (const Insight& insight : insights_of(find_sequences({&one, 1}, steps))) sum += insight.counts[0];
  return sum;
}

const Sequence kTaken = sequence({{kDownload}, {kMail, kUsb}});
const Sequence kHidden = sequence({{kDownload}, {kRename}, {kUsb}});

TEST(SequenceTest, StepsOverOneContentInTheirOrder) {
  EXPECT_EQ(found(kTaken, {step(1, kDownload, {7}), step(2, kUsb, {7})}), 1);
  EXPECT_EQ(found(kTaken, {step(2, kDownload, {7}), step(1, kUsb, {7})}), 0) << "taken out before it was downloaded";
  EXPECT_EQ(found(kTaken, {step(1, kDownload, {7}), step(2, kUsb, {8})}), 0) << "another content";
  EXPECT_EQ(found(kTaken, {step(1, kDownload, {7}), step(1 + 7 * 24, kUsb, {7})}), 1)
      << "the last moment of the window";
  EXPECT_EQ(found(kTaken, {step(1, kDownload, {7}), step(2 + 7 * 24, kUsb, {7})}), 0) << "an hour too late";
}

TEST(SequenceTest, RenamesCopiesAndArchivesJoin) {
  EXPECT_EQ(found(kHidden, {step(1, kDownload, {7}), step(2, kRename, {7, 8}), step(3, kUsb, {8})}), 1);
  EXPECT_EQ(found(kTaken, {step(1, kDownload, {7}, {70}), step(3, kUsb, {9}, {70})}), 1) << "by its name alone";
  // Five files into one archive: taking that out is about five contents.
  std::vector<Step> steps;
  for (int i = 0; i < 5; ++i) {
    steps.push_back(step(1 + i, kDownload, {static_cast<std::uint64_t>(100 + i)}));
    steps.push_back(step(10 + i, kRename, {static_cast<std::uint64_t>(100 + i), 999}));
  }
  steps.push_back(step(20, kUsb, {999}));
  EXPECT_EQ(found(kHidden, steps), 5);
}

TEST(SequenceTest, AnActivityIsOneStepOnly) {
  const Sequence twice = sequence({{kRename}, {kRename}});
  EXPECT_EQ(found(twice, {step(1, kRename, {7})}), 0);
  EXPECT_EQ(found(twice, {step(1, kRename, {7}), step(2, kRename, {7})}), 1);
}

TEST(SequenceTest, ADayCountsEachContentOnce) {
  const std::vector<Step> steps = {step(1, kDownload, {7}), step(2, kUsb, {7}), step(3, kUsb, {7}),
                                   step(25, kUsb, {7})};
  const auto insights = insights_of(find_sequences({&kTaken, 1}, steps));
  ASSERT_EQ(insights.size(), 2U);
  EXPECT_EQ(insights[0].day, kDay);
  EXPECT_EQ(insights[0].counts[0], 1);
  EXPECT_EQ(insights[0].last, steps[2].time);
  EXPECT_EQ(insights[1].day, kDay + 1);
}

// Whatever order steps come in, the same; and more of them never count less (SEMANTICS 10 and 12).
TEST(SequenceTest, OrderFreeAndMonotone) {
  constexpr std::array kKeys = {kDownload, kRename, kUsb, kMail};
  const std::vector<Sequence> all = {kTaken, kHidden, sequence({{kRename}, {kMail}}, 2)};
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const auto draw = [&](unsigned below) { return random() % below; };
    std::vector<Step> steps;
    const unsigned count = 2 + draw(30);
    for (unsigned i = 0; i < count; ++i) {
      Step one = step(static_cast<int>(draw(24 * 12)), kKeys[draw(4)], {draw(6)}, {100 + draw(6)});
      if (draw(3) == 0) one.contents.push_back(draw(12));
      one.activity = i;
      steps.push_back(std::move(one));
    }
    const auto sums = [&](const std::vector<Step>& some) {
      std::map<std::pair<Day, IndicatorKey>, std::int64_t> out;
      for (const Insight& insight : insights_of(find_sequences(all, some))) {
        out[{insight.day, insight.indicator}] = insight.counts[0];
      }
      return out;
    };
    const auto before = sums(std::vector<Step>(steps.begin(), steps.end() - 1));
    const auto after = sums(steps);
    for (const auto& [key, value] : before) {
      EXPECT_GE(after.contains(key) ? after.at(key) : 0, value) << "seed " << seed;
    }
    std::vector<Step> shuffled = steps;
    std::ranges::shuffle(shuffled, random);
    EXPECT_EQ(sums(shuffled), after) << "seed " << seed;
  }
}

constexpr const char* kContent = R"(
steps:
  got: {indicators: [download]}
  out: {categories: [exfiltration]}
  hid: {indicators: [rename, not_here]}
sequences:
  - {name: got_out, title: Got and out, steps: [got, out], thresholds: {all: [1, 2, 4]}}
  - {name: got_hid_out, title: Got; hid and out, steps: [got, hid, out], window_days: 3, thresholds: {all: [1, 1, 2]}}
)";

TEST(SequenceTest, ContentAndPolicyMakeThem) {
  std::vector<Diagnostic> faults;
  ScoringContent scoring = *test::scoring();
  scoring.sequences = read_sequences(kContent, "test.yml", faults);
  ASSERT_TRUE(faults.empty()) << to_text(faults[0]);
  const std::string text = std::string(test::kLeaver) +
                           "sequences:\n  - {all: true, weight: 0.5}\n"
                           "  - {name: got_out, weight: 0.25, thresholds: {all: [2, 3, 5]}}\n";
  const LoadedPolicy loaded = load_policy(text, "test.yml", test::indicators(), scoring);
  ASSERT_TRUE(loaded.policy.has_value()) << to_text(loaded.diagnostics[0]);
  ASSERT_EQ(loaded.policy->sequences.size(), 2U);
  const auto named = [&](const char* name) {
    return *std::ranges::find(loaded.policy->indicators, name, &PolicyIndicator::name);
  };
  EXPECT_EQ(named("got_out").weight, 250'000);
  EXPECT_EQ(named("got_out").levels[0], (Levels{.low = 2, .medium = 3, .high = 5}));
  EXPECT_EQ(named("got_hid_out").weight, 500'000);
  EXPECT_TRUE(named("got_hid_out").is_sequence);
  const Sequence& hidden = *std::ranges::find(loaded.policy->sequences, "got_hid_out", &Sequence::name);
  EXPECT_EQ(hidden.window_days, 3);
  EXPECT_THAT(hidden.steps, testing::ElementsAre(testing::ElementsAre(kDownload), testing::ElementsAre(kRename),
                                                 testing::ElementsAre(kMail, kUsb)));

  // A chain is a part of the receipt, of its own kind.
  Fact fact;
  fact.fact_id = std::string(32, 'a');
  fact.valid_from = kDay;
  const Profile profile{.person = {}, .facts = {fact}};
  Insights insights = insights_of(
      find_sequences(loaded.policy->sequences, {step(1, kDownload, {7}), step(2, kRename, {7}), step(3, kUsb, {7})}));
  const Assessment assessment = assess(*loaded.policy, profile, insights, kDay);
  ASSERT_EQ(assessment.parts.size(), 1U);
  EXPECT_EQ(assessment.parts[0].kind, PartKind::sequence);
  EXPECT_EQ(assessment.parts[0].id, "sequence/got_hid_out/" + format_day(kDay));
  EXPECT_EQ(assessment.parts[0].points, assessment.score);

  // Content that says otherwise makes another policy, and what was stored beside one is read back the same.
  const auto stored = policy_content(loaded.policy->content, scoring.logarithms);
  ASSERT_TRUE(stored.has_value());
  const LoadedPolicy again = load_policy(text, "test.yml", stored->indicators, stored->scoring);
  ASSERT_TRUE(again.policy.has_value());
  EXPECT_EQ(again.policy->version, loaded.policy->version);
  scoring.sequences[0].window_days = 14;
  EXPECT_NE(load_policy(text, "test.yml", test::indicators(), scoring).policy->version, loaded.policy->version);
}

struct SequenceFault {
  const char* text;
  const char* id;
};

TEST(SequenceTest, FaultsHaveIdAndPlace) {
  constexpr std::array kFaults = {
      SequenceFault{"sequences: []\n", "sequences.missing_key"},
      SequenceFault{"steps: {a: {indicators: []}}\nsequences: []\n", "sequences.empty_step"},
      SequenceFault{"steps: {a: {categories: [theft]}}\nsequences: []\n", "sequences.unknown_category"},
      SequenceFault{
          "steps: {a: {indicators: [x]}}\nsequences:\n  - {name: s, title: S, steps: [a, b], thresholds: {all: [1, 2, "
          "3]}}\n",
          "sequences.unknown_step"},
      SequenceFault{
          "steps: {a: {indicators: [x]}}\nsequences:\n  - {name: s, title: S, steps: [a], thresholds: {all: [1, 2, "
          "3]}}\n",
          "sequences.too_few_steps"},
      SequenceFault{"steps: {a: {indicators: [x]}}\nsequences:\n  - {name: s, title: S, steps: [a, a]}\n",
                    "sequences.missing_key"}};
  for (const SequenceFault& fault : kFaults) {
    std::vector<Diagnostic> found;
    read_sequences(fault.text, "test.yml", found);
    ASSERT_FALSE(found.empty()) << fault.text;
    EXPECT_EQ(found[0].id, fault.id) << fault.text;
    EXPECT_GT(found[0].line, 0);
  }
}

}  // namespace
}  // namespace candor
