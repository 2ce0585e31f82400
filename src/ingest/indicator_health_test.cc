#include "ingest/indicator_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/test_times.h"

namespace candor {
namespace {

using testing::ElementsAre;

Feed audit_feed(std::vector<int> types) {
  return {.source = "m365_audit", .record_types = std::move(types), .setting = "audit", .licence = Licence::any};
}

Feed feed(const std::string& name) {
  return {.source = name, .record_types = {}, .setting = "", .licence = Licence::any};
}

// Two indicators of the audit log, one of badging or a feed.
class IndicatorHealthTest : public testing::Test {
 protected:
  IndicatorHealthTest() {
    add("usb_copy", {audit_feed({63, 64})});
    add("download", {audit_feed({6})});
    add("door", {feed("badge"), feed("doors_log")});
  }
  void add(const std::string& name, std::vector<Feed> feeds) {
    IndicatorInfo info;
    info.name = name;
    info.feeds = std::move(feeds);
    indicators_.push_back(std::move(info));
  }
  void stream(const std::string& source, const std::string& stream, TimePoint last, TimePoint delay = kMinute) {
    StreamState state{
        .source = source, .stream = stream, .first_received = last - kHour, .last_received = last, .created = {}};
    state.created.add(delay, 10);
    stored_.streams.push_back(std::move(state));
  }
  void source(const std::string& name, Silence::State state, TimePoint last) {
    Silence silence;
    silence.state = state;
    stored_.silences.push_back({.source = name, .last_received = last, .silence = silence});
  }
  IndicatorHealth of(const std::string& name) {
    const auto all = indicator_health({.indicators = indicators_, .stored = stored_, .is_mapped = is_mapped_});
    EXPECT_EQ(all.size(), indicators_.size());
    return *std::ranges::find(all, name, [](const IndicatorHealth& one) { return one.indicator->name; });
  }

  std::vector<IndicatorInfo> indicators_;
  StoredHealth stored_;
  std::function<bool(const std::string&)> is_mapped_;
};

TEST_F(IndicatorHealthTest, WhatNeverCameCannotBeSeen) {
  EXPECT_FALSE(stored_.counted_since());
  stream("m365", "m365_audit 6", start_of(kToday) + kHour);
  source("m365", Silence::State::usual, start_of(kToday) + kHour);
  EXPECT_EQ(stored_.counted_since(), start_of(kToday));
  EXPECT_EQ(of("download").state, Fed::alive);
  const IndicatorHealth usb = of("usb_copy");
  EXPECT_EQ(usb.state, Fed::never);
  EXPECT_TRUE(is_blind(usb.state));
  ASSERT_EQ(usb.feeds.size(), 1u);
  EXPECT_FALSE(usb.feeds[0].last_received);
  EXPECT_TRUE(usb.feeds[0].sources.empty());
}

TEST_F(IndicatorHealthTest, TheDelayIsOfAllItsRecordTypesAndSources) {
  stream("m365", "m365_audit 63", start_of(kToday), kMinute);
  stream("archive", "m365_audit 64", start_of(kToday + 1), kHour);
  const FeedHealth feed = of("usb_copy").feeds[0];
  EXPECT_EQ(feed.state, Fed::alive);
  EXPECT_THAT(feed.sources, ElementsAre("archive", "m365"));
  EXPECT_EQ(feed.last_received, kToday + 1);
  EXPECT_EQ(feed.created_p50, DelayHistogram::end_of(DelayHistogram::bucket_of(kMinute)));
  EXPECT_EQ(feed.created_p95, DelayHistogram::end_of(DelayHistogram::bucket_of(kHour)));
}

TEST_F(IndicatorHealthTest, SilentOnlyWhenEverySourceIs) {
  stream("a", "m365_audit 6", start_of(kToday));
  stream("b", "m365_audit 6", start_of(kToday) + kHour);
  source("a", Silence::State::silent, start_of(kToday));
  source("b", Silence::State::silent, start_of(kToday) + kHour);
  EXPECT_EQ(of("download").state, Fed::silent);
  EXPECT_EQ(of("download").feeds[0].silent_since, start_of(kToday) + kHour) << "from when on none spoke";
  stored_.silences[0].silence.state = Silence::State::not_expected;
  EXPECT_EQ(of("download").state, Fed::alive) << "of files named by hand nothing is expected";
  EXPECT_FALSE(of("download").feeds[0].silent_since);
}

TEST_F(IndicatorHealthTest, TheBestFeedCounts) {
  is_mapped_ = [](const std::string& name) { return name != "doors_log"; };
  IndicatorHealth door = of("door");
  EXPECT_EQ(door.state, Fed::never);
  EXPECT_EQ(door.feeds[1].state, Fed::unmapped);
  stream("gate", "badge", start_of(kToday));
  EXPECT_EQ(of("door").state, Fed::alive);
  stored_.streams[0].stream = "doors_log";
  EXPECT_EQ(of("door").state, Fed::never);
  EXPECT_EQ(of("door").feeds[1].state, Fed::unmapped) << "records came, but none is read any more";
  EXPECT_EQ(of("door").feeds[1].last_received, kToday);
}

TEST_F(IndicatorHealthTest, WhatMatchedIsNotCalledBlind) {
  stored_.reach.reach = {{.indicator = "usb_copy", .matched = true, .last_hit = std::nullopt}};
  const IndicatorHealth usb = of("usb_copy");
  EXPECT_EQ(usb.state, Fed::alive) << "it matched before records were counted by type";
  EXPECT_EQ(usb.feeds[0].state, Fed::never);
  EXPECT_TRUE(usb.reach.matched);
  EXPECT_FALSE(of("download").reach.matched);
  EXPECT_EQ(of("download").reach.indicator, "download");
}

}  // namespace
}  // namespace candor
