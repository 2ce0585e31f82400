#include "ingest/source_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "ingest/test_times.h"
#include "store/test_store.h"

namespace candor {
namespace {

using testing::HasSubstr;

class SourceHealthTest : public testing::Test {
 protected:
  SourceHealthTest()
      : folder_(std::filesystem::temp_directory_path() / ("candor-health-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store_ = std::move(open_test_store(folder_)).value();
  }
  ~SourceHealthTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static Arrivals arrival(TimePoint at, SourceFeed feed = SourceFeed::folder) {
    Arrivals out;
    out.feed = feed;
    out.first_received = out.last_received = at;
    out.last_created = at - kMinute;
    out.counts = {{"records", 10}, {"stored", 9}, {"rejected no_time", 1}};
    out.created.add(kMinute, 10);
    out.delay.add(20'000, 10);
    return out;
  }
  void send(SourceHealth& health, SourceFeed feed = SourceFeed::folder) {
    ASSERT_TRUE(health.record("m365", arrival(clock_.now(), feed)));
    ASSERT_TRUE(health.flush());
  }
  void send_for(SourceHealth& health, int days, TimePoint every) {
    for (const TimePoint end = clock_.now() + days * kMicrosPerDay; clock_.now() < end;) {
      send(health);
      clock_.set(clock_.now() + every);
    }
  }
  static SourceState only(SourceHealth& health) {
    const auto all = health.all();
    EXPECT_TRUE(all && all->size() == 1);
    return all && !all->empty() ? all->front() : SourceState{};
  }

  const std::filesystem::path folder_;
  FixedClock clock_{start_of(20'000)};
  std::unique_ptr<Store> store_;
};

TEST_F(SourceHealthTest, CountsSurviveARestart) {
  {
    SourceHealth health(*store_, clock_);
    send(health);
    clock_.set(clock_.now() + 1000);
    ASSERT_TRUE(health.record("m365", arrival(clock_.now())));  // pending when it ends
  }
  SourceHealth health(*store_, clock_);
  const SourceState state = only(health);
  EXPECT_EQ(state.count("records"), 20u);
  EXPECT_EQ(state.totals.at("stored"), 18u);
  EXPECT_EQ(state.rejected().at("no_time"), 2u);
  EXPECT_EQ(state.records_last_day, 20u);
  EXPECT_EQ(state.last_received, clock_.now());
  EXPECT_EQ(state.created_p50, DelayHistogram::end_of(DelayHistogram::bucket_of(kMinute)));
}

TEST_F(SourceHealthTest, StreamsAreKeptBySourceAndTheirDelaysForAWeek) {
  SourceHealth health(*store_, clock_);
  const auto told = [&](const std::string& source, const std::string& stream, TimePoint delay) {
    Arrivals one = arrival(clock_.now());
    StreamArrivals part{.first_received = clock_.now(), .last_received = clock_.now(), .created = {}};
    part.created.add(delay, 10);
    one.streams.emplace(stream, part);
    ASSERT_TRUE(health.record(source, one));
  };
  const TimePoint first = clock_.now();
  told("m365", stream_name("25"), kHour);
  told("m365", stream_name("25"), kMinute);  // both wait to be written: they add up
  told("gate", stream_name("badge"), kMinute);
  auto streams = health.streams();
  ASSERT_TRUE(streams);
  ASSERT_EQ(streams->size(), 2u);
  EXPECT_EQ((*streams)[0].stream, "badge");
  EXPECT_EQ((*streams)[1].source, "m365");
  EXPECT_EQ((*streams)[1].stream, "m365_audit 25");
  EXPECT_EQ((*streams)[1].created.count(), 20u);
  clock_.set(first + kStreamDays * kMicrosPerDay);
  told("m365", stream_name("25"), kHour);
  streams = health.streams();
  ASSERT_TRUE(streams);
  EXPECT_EQ((*streams)[1].first_received, first);
  EXPECT_EQ((*streams)[1].last_received, clock_.now());
  EXPECT_EQ((*streams)[1].created.count(), 10u) << "a week is over";
  EXPECT_EQ((*streams)[0].created.count(), 0u);
}

// A source of many record types would else write a hundred rows each second.
TEST_F(SourceHealthTest, StreamsAreWrittenOnceAMinute) {
  SourceHealth health(*store_, clock_);
  const auto stored = [&] {
    auto reading = store_->read();
    EXPECT_TRUE(reading);
    const auto row = reading->row("select coalesce(sum(amount), 0) from source_stream_days");
    EXPECT_TRUE(row && *row);
    return (*row)->integer(0);
  };
  const auto arrives = [&] {
    Arrivals one = arrival(clock_.now());
    StreamArrivals part{.first_received = clock_.now(), .last_received = clock_.now(), .created = {}};
    part.created.add(kMinute);
    one.streams.emplace("badge", part);
    ASSERT_TRUE(health.record("m365", one));
    ASSERT_TRUE(health.flush());
  };
  arrives();
  EXPECT_EQ(stored(), 1);
  clock_.set(clock_.now() + 2 * kMicrosPerSecond);
  arrives();
  EXPECT_EQ(stored(), 1);
  clock_.set(clock_.now() + kMinute);
  ASSERT_TRUE(health.flush());
  EXPECT_EQ(stored(), 2);
  arrives();
  ASSERT_TRUE(health.streams()) << "whoever asks is told all";
  EXPECT_EQ(stored(), 3);
}

TEST_F(SourceHealthTest, SilenceIsJudgedByTheSourcesOwnHabit) {
  SourceHealth health(*store_, clock_);
  send_for(health, 1, kHour);
  EXPECT_EQ(only(health).silence.state, Silence::State::learning);
  send_for(health, 4, kHour);
  SourceState state = only(health);
  EXPECT_EQ(state.silence.state, Silence::State::usual);
  EXPECT_EQ(state.silence.limit, kHour + kHour / 2);
  clock_.set(clock_.now() + kHour);  // two hours after the last
  state = only(health);
  EXPECT_EQ(state.silence.state, Silence::State::silent);
  EXPECT_THAT(state.silence.why, HasSubstr("nothing came for 2 h, longer than the usual 1 h 30 min"));
  send(health);
  state = only(health);
  EXPECT_EQ(state.silence.state, Silence::State::usual);
  EXPECT_EQ(state.gaps, 1u);
  EXPECT_EQ(state.longest_gap, 2 * kHour);
}

TEST_F(SourceHealthTest, FreeWeekendsAreAHabitOneOutageIsNone) {
  SourceHealth health(*store_, clock_);
  for (int week = 0; week < 4; ++week) {
    send_for(health, 5, kHour);
    clock_.set(clock_.now() + 2 * kMicrosPerDay);
  }
  EXPECT_EQ(only(health).silence.state, Silence::State::usual) << "the fourth weekend";
  clock_.set(clock_.now() + 3 * kMicrosPerDay);
  EXPECT_EQ(only(health).silence.state, Silence::State::silent);
}

TEST_F(SourceHealthTest, NothingIsExpectedOfFilesNamedByHand) {
  SourceHealth health(*store_, clock_);
  send_for(health, 5, kHour);
  send(health, SourceFeed::files);
  clock_.set(clock_.now() + 10 * kMicrosPerDay);
  EXPECT_EQ(only(health).silence.state, Silence::State::not_expected);
}

TEST_F(SourceHealthTest, NothingIsExpectedOfASimulation) {
  SourceHealth health(*store_, clock_);
  send(health, SourceFeed::simulation);
  clock_.set(clock_.now() + 10 * kMicrosPerDay);
  EXPECT_EQ(only(health).feed, SourceFeed::simulation);
  EXPECT_EQ(only(health).silence.state, Silence::State::not_expected);
  EXPECT_THAT(only(health).silence.why, HasSubstr("simulated organisation's"));
}

TEST_F(SourceHealthTest, WhatIsOldIsForgottenButForTheTotals) {
  SourceHealth health(*store_, clock_);
  send(health);
  clock_.set(clock_.now() + (SourceHealth::kKeptDays + 1) * kMicrosPerDay);
  send(health);
  const SourceState state = only(health);
  EXPECT_EQ(state.count("records"), 10u);
  EXPECT_EQ(state.totals.at("records"), 20u);
  const auto rows = store_->read()->rows("select count(*) from source_hours where hour > 0 and hour < 480100");
  EXPECT_EQ(rows->front().integer(0), 0);
}

TEST(SilenceLimit, Table) {
  EXPECT_EQ(silence_limit({}), std::nullopt);
  EXPECT_EQ(silence_limit({kHour, kHour}), std::nullopt);
  EXPECT_EQ(silence_limit({1, 2, 3}), SourceHealth::kLeastLimit);
  EXPECT_EQ(silence_limit({kHour, kHour, 2 * kHour}), 3 * kHour) << "of three, the longest";
  EXPECT_EQ(silence_limit({9 * kMicrosPerDay, kHour, kHour, kHour, kHour, kHour, kHour, kHour, kHour, kHour}),
            kHour + kHour / 2)
      << "of ten, one is left out";
}

TEST(DelayHistogram, BucketsCoverEverythingInOrder) {
  int last = -1;
  for (const TimePoint time : {TimePoint{-5}, TimePoint{0}, TimePoint{999}})
    EXPECT_EQ(DelayHistogram::bucket_of(time), 0);
  std::mt19937_64 random(1);
  std::vector<TimePoint> times;
  for (int shift = 0; shift < 62; ++shift) times.push_back(static_cast<TimePoint>(random() >> (63 - shift)));
  std::ranges::sort(times);
  for (const TimePoint time : times) {
    const int bucket = DelayHistogram::bucket_of(time);
    EXPECT_GE(bucket, last);
    EXPECT_LT(bucket, 256);
    EXPECT_GE(DelayHistogram::end_of(bucket), time);
    EXPECT_LE(DelayHistogram::end_of(bucket), time + time / 4 + 1'000) << time;
    last = bucket;
  }
}

TEST(DelayHistogram, QuantilesDoNotDependOnTheOrder) {
  DelayHistogram a;
  DelayHistogram b;
  for (int i = 1; i <= 100; ++i) a.add(i * kMicrosPerSecond);
  for (int i = 100; i >= 1; --i) b.add(i * kMicrosPerSecond);
  EXPECT_EQ(a.quantile(500), b.quantile(500));
  EXPECT_EQ(DelayHistogram().quantile(500), std::nullopt);
  EXPECT_GE(*a.quantile(950), 95 * kMicrosPerSecond);
  EXPECT_LE(*a.quantile(950), 95 * kMicrosPerSecond * 5 / 4);
  EXPECT_LE(*a.quantile(0), 2 * kMicrosPerSecond);
}

TEST(FormatDuration, TwoUnitsAtMost) {
  EXPECT_EQ(format_duration(0), "0 s");
  EXPECT_EQ(format_duration(1'500), "1 ms");
  EXPECT_EQ(format_duration(40 * kMicrosPerSecond), "40 s");
  EXPECT_EQ(format_duration(3 * kHour + 5 * kMinute), "3 h 5 min");
  EXPECT_EQ(format_duration(2 * kMicrosPerDay + 59 * kMinute), "2 d");
}

}  // namespace
}  // namespace candor
