#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "indicators/indicator_set.h"
#include "timeline/test_timeline.h"

// Indicators that are correlations, read from what is stored.
namespace candor {
namespace {

constexpr TimePoint kMinute = 60 * kMicrosPerSecond;

class CorrelatedTimeline : public TimelineTest {
 protected:
  // Index 0 is the correlation: three downloads within ten minutes. Index 1 is the rule it counts.
  void SetUp() override {
    TimelineTest::SetUp();
    const RuleText text{
        .file = "burst.yml",
        .text =
            "title: A burst\nid: 00000000-0000-4000-8000-200000000000\ndescription: For tests\nstatus: test\n"
            "correlation:\n  type: event_count\n  rules: [download]\n  group-by: [user.email, file.name]\n"
            "  timespan: 10m\n  condition: {gte: 3}\nfalsepositives:\n  - none\nlevel: low\n"
            "tags:\n  - attack.collection\ncandor:\n  name: burst\n  category: collection\n  workload: office\n"
            "  intrusion: 1\n  feeds: [{source: m365_audit, record_types: [6], setting: none, licence: any}]\n"
            "  thresholds:\n    all: {low: 1, medium: 2, high: 3, reason: tests}\n---\ntitle: Download\n"
            "name: download\nlogsource:\n  product: m365\ndetection:\n  selection:\n    event.action: "
            "FileDownloaded\n  condition: selection\n"};
    const IndicatorSet::Loaded loaded = IndicatorSet::parse({text}, catalogue_);
    for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
    ASSERT_EQ(loaded.set->size(), 1u);
    burst_ = (*loaded.set)[0].key;
    stored_as_ = loaded.set->keys();
    ASSERT_EQ(stored_as_.size(), 2u);
    correlations_ = loaded.set->shared_correlations();
  }

  static Record download(int number, TimePoint time, const std::string& file = "plan.docx") {
    return {.id = "r" + std::to_string(number), .time = time, .file = file, .matches = {1}};
  }

  std::int64_t count(Day from, Day to) const {
    std::int64_t sum = 0;
    const auto insights = timeline_->insights(ann(), from, to);
    for (const Insight& insight : *insights) {
      EXPECT_EQ(insight.indicator, burst_) << "what a correlation counts is shown to nobody";
      sum += insight.counts[0];
    }
    return sum;
  }

  IndicatorKey burst_ = 0;
};

TEST_F(CorrelatedTimeline, ThreeWithinTenMinutesAreABurst) {
  ASSERT_TRUE(open());
  const TimePoint noon = start_of(20'000) + 720 * kMinute;
  append(download(1, noon));
  append(download(2, noon + 5 * kMinute));
  append(download(3, noon + 6 * kMinute, "other.docx"));
  EXPECT_EQ(count(20'000, 20'000), 0);
  append(download(4, noon + 9 * kMinute));
  EXPECT_EQ(count(20'000, 20'000), 3);
  const auto activities = timeline_->activities(ann(), {});
  ASSERT_EQ(activities->size(), 4u);
  for (const StoredActivity& one : *activities) {
    const bool taken = one.id != (*activities)[1].id;  // newest first: the other file is the second
    EXPECT_EQ(one.matches, taken ? std::vector{burst_} : std::vector<IndicatorKey>());
  }
  const auto steps = timeline_->steps(ann(), 20'000, 20'000, std::vector{burst_});
  EXPECT_EQ(steps->size(), 3u);
  ASSERT_TRUE(timeline_->flush());
  EXPECT_EQ(count(20'000, 20'000), 3);
  ASSERT_TRUE(open());
  EXPECT_EQ(count(20'000, 20'000), 3);
}

TEST_F(CorrelatedTimeline, ACorrectionCountsInsteadOfWhatItCorrects) {
  ASSERT_TRUE(open());
  for (int i = 0; i < 3; ++i) append(download(i, start_of(20'000) + i * kMinute));
  EXPECT_EQ(count(20'000, 20'000), 3);
  Record corrected = download(1, start_of(20'000) + kMinute);
  corrected.version = 1;
  corrected.matches = {};
  append(corrected);
  EXPECT_EQ(count(20'000, 20'000), 0);
}

// A day read alone is the day read with others, also where the window began the day before.
TEST_F(CorrelatedTimeline, ADayIsTheSameHoweverMuchIsReadAndInWhateverOrderItCame) {
  std::mt19937 random(3);
  for (int round = 0; round < 5; ++round) {
    std::filesystem::remove_all(folder_ / "timeline");
    ASSERT_TRUE(open({.buffer_bytes = 4096}));
    std::vector<Record> records;
    for (int i = 0; i < 80; ++i) {
      const TimePoint time = start_of(20'000) + static_cast<TimePoint>(random() % (4 * 36)) * 40 * kMinute / 4;
      // Around midnight, so that windows lie over it.
      const Day day = 20'000 + static_cast<Day>(random() % 4);
      const TimePoint near = start_of(day) + (static_cast<TimePoint>(random() % 30) - 15) * kMinute;
      records.push_back(download(i, random() % 2 == 0 ? time : near, random() % 2 == 0 ? "a" : "b"));
    }
    std::ranges::shuffle(records, random);
    for (const Record& record : records) append(record);
    const auto whole = timeline_->insights(ann(), 19'990, 20'010).value();
    Insights single;
    for (Day day = 19'990; day <= 20'010; ++day) {
      const auto some = timeline_->insights(ann(), day, day).value();
      single.insert(single.end(), some.begin(), some.end());
    }
    ASSERT_EQ(single, whole);
    ASSERT_FALSE(whole.empty());
    std::filesystem::remove_all(folder_ / "timeline");
    ASSERT_TRUE(open());
    std::ranges::shuffle(records, random);
    for (const Record& record : records) append(record);
    for (const Record& record : records) append(record);  // again: repeats
    ASSERT_EQ(timeline_->insights(ann(), 19'990, 20'010).value(), whole);
  }
}

}  // namespace
}  // namespace candor
