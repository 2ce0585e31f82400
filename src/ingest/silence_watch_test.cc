#include "ingest/silence_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "ingest/test_times.h"
#include "store/test_store.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SilenceWatchTest : public testing::Test {
 protected:
  SilenceWatchTest()
      : folder_(std::filesystem::temp_directory_path() / ("candor-silence-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store_ = std::move(open_test_store(folder_)).value();
    restart();
  }
  ~SilenceWatchTest() override {
    watch_.reset();
    health_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // What a new process has: the store and nothing else.
  void restart() {
    watch_.reset();
    health_ = std::make_unique<SourceHealth>(*store_, clock_);
    watch_ = std::make_unique<SilenceWatch>(*health_, *store_, clock_,
                                            [this](const SilenceNews& news) { return receive(news); });
  }
  Result<void> receive(const SilenceNews& news) {
    ++attempts_;
    if (down_) return fail("test.down", "the receiver is down");
    told_.push_back(std::string(to_text(news.kind)) + " " + news.source);
    last_ = news;
    return {};
  }
  void send(const std::string& source, SourceFeed feed = SourceFeed::folder) {
    Arrivals arrivals;
    arrivals.feed = feed;
    arrivals.first_received = arrivals.last_received = clock_.now();
    arrivals.counts = {{"records", 1}};
    ASSERT_TRUE(health_->record(source, arrivals));
    ASSERT_TRUE(health_->flush());
  }
  // Every hour for days, the last time now: longer than an hour and a half is a silence.
  void send_for(const std::vector<std::string>& sources, int days) {
    for (int hour = 0; hour < days * 24; ++hour) {
      for (const std::string& source : sources) send(source);
      if (hour + 1 < days * 24) clock_.set(clock_.now() + kHour);
    }
  }
  void pass(TimePoint time) { clock_.set(clock_.now() + time); }
  // Gives what was told.
  std::vector<std::string> step() {
    told_.clear();
    static_cast<void>(watch_->step());
    return told_;
  }

  const std::filesystem::path folder_;
  FixedClock clock_{start_of(20'000)};
  std::unique_ptr<Store> store_;
  std::unique_ptr<SourceHealth> health_;
  std::unique_ptr<SilenceWatch> watch_;
  bool down_ = false;
  int attempts_ = 0;
  std::vector<std::string> told_;
  SilenceNews last_;
};

TEST_F(SilenceWatchTest, EachChangeOnce) {
  send_for({"m365"}, 5);
  const TimePoint last_record = clock_.now();
  EXPECT_THAT(step(), IsEmpty());
  pass(kHour + kHour / 2);
  EXPECT_THAT(step(), IsEmpty()) << "as long as is usual";
  pass(1);
  EXPECT_THAT(step(), ElementsAre("source.silent m365"));
  EXPECT_EQ(last_.silent_since, last_record);
  EXPECT_EQ(last_.last_record, last_record);
  EXPECT_EQ(last_.limit, kHour + kHour / 2);
  EXPECT_EQ(last_.at, clock_.now());
  EXPECT_THAT(step(), IsEmpty());
  pass(3 * kHour);
  EXPECT_THAT(step(), IsEmpty());
  send("m365");
  pass(kMinute);
  EXPECT_THAT(step(), ElementsAre("source.speaks m365"));
  EXPECT_EQ(last_.silent_since, last_record);
  EXPECT_EQ(last_.last_record, clock_.now() - kMinute);
  EXPECT_EQ(last_.at, clock_.now());
  EXPECT_THAT(step(), IsEmpty());
  pass(10 * kHour);
  EXPECT_THAT(step(), ElementsAre("source.silent m365")) << "the next silence is another one";
}

TEST_F(SilenceWatchTest, ARestartTellsNothingAgain) {
  send_for({"m365"}, 5);
  pass(2 * kHour);
  EXPECT_THAT(step(), ElementsAre("source.silent m365"));
  restart();
  pass(kHour);
  EXPECT_THAT(step(), IsEmpty());
  send("m365");
  restart();
  EXPECT_THAT(step(), ElementsAre("source.speaks m365"));
  restart();
  EXPECT_THAT(step(), IsEmpty());
}

TEST_F(SilenceWatchTest, SourcesWithoutAHabitAreNeverSilent) {
  send_for({"young"}, 2);
  send_for({"by_hand"}, 5);
  send("by_hand", SourceFeed::files);
  pass(20 * kMicrosPerDay);
  EXPECT_THAT(step(), IsEmpty());
}

TEST_F(SilenceWatchTest, OnlyARecordEndsASilence) {
  send_for({"m365"}, 5);
  pass(2 * kHour);
  EXPECT_THAT(step(), ElementsAre("source.silent m365"));
  pass((SourceHealth::kHabitDays + 1) * kMicrosPerDay);
  EXPECT_EQ(health_->silences()->front().silence.state, Silence::State::learning) << "its habit is forgotten";
  EXPECT_THAT(step(), IsEmpty());
  pass(SilenceWatch::kKept);
  EXPECT_THAT(step(), IsEmpty());
  send("m365", SourceFeed::files);
  EXPECT_THAT(step(), ElementsAre("source.speaks m365"));
}

TEST_F(SilenceWatchTest, SeveralSourcesInTheOrderTheyWereNoticed) {
  send_for({"a", "b", "c"}, 5);
  pass(kHour);
  send("a");
  pass(kHour);
  EXPECT_THAT(step(), ElementsAre("source.silent b", "source.silent c"));
  send("b");
  pass(kHour);
  EXPECT_THAT(step(), ElementsAre("source.silent a", "source.speaks b"));
}

TEST_F(SilenceWatchTest, AReceiverThatIsDownGetsEverythingLaterInOrder) {
  send_for({"m365"}, 5);
  pass(2 * kHour);
  down_ = true;
  EXPECT_FALSE(watch_->step());
  send("m365");
  pass(kMinute);
  EXPECT_FALSE(watch_->step());
  restart();
  down_ = false;
  EXPECT_THAT(step(), ElementsAre("source.silent m365", "source.speaks m365"));
  EXPECT_THAT(step(), IsEmpty());
}

TEST_F(SilenceWatchTest, PausesBetweenAttemptsGrowUpToTheLongest) {
  send_for({"m365"}, 5);
  pass(2 * kHour);
  down_ = true;
  std::vector<TimePoint> pauses;
  EXPECT_FALSE(watch_->step());
  TimePoint last = clock_.now();
  while (pauses.size() < 9) {
    pass(kMicrosPerSecond);
    const int before = attempts_;
    static_cast<void>(watch_->step());
    if (attempts_ == before) continue;
    pauses.push_back((clock_.now() - last) / kMicrosPerSecond);
    last = clock_.now();
  }
  EXPECT_THAT(pauses, ElementsAre(10, 20, 40, 80, 160, 320, 600, 600, 600));
  clock_.set(clock_.now() - kHour);
  const int before = attempts_;
  EXPECT_FALSE(watch_->step());
  EXPECT_EQ(attempts_, before + 1) << "a clock that was set back";
  down_ = false;
  pass(SilenceWatch::kLongestPause);
  EXPECT_THAT(step(), ElementsAre("source.silent m365"));
}

TEST_F(SilenceWatchTest, WhatNobodyTakesIsGivenUp) {
  send_for({"m365"}, 5);
  pass(2 * kHour);
  down_ = true;
  EXPECT_FALSE(watch_->step());
  pass(SilenceWatch::kGivenUpAfter);
  down_ = false;
  EXPECT_THAT(step(), IsEmpty());
  send("m365");
  EXPECT_THAT(step(), ElementsAre("source.speaks m365"));
}

TEST_F(SilenceWatchTest, WhatIsOverForLongIsForgotten) {
  send_for({"m365"}, 5);
  pass(2 * kHour);
  EXPECT_THAT(step(), ElementsAre("source.silent m365"));
  send("m365");
  EXPECT_THAT(step(), ElementsAre("source.speaks m365"));
  pass(SilenceWatch::kKept + kHour);
  send_for({"m365"}, 12);  // of so many days the one with the long pause is left out
  pass(2 * kHour);
  EXPECT_THAT(step(), ElementsAre("source.silent m365"));
  const auto rows = store_->read()->rows("select began from source_silences");
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().integer(0), clock_.now() - 2 * kHour);
}

}  // namespace
}  // namespace candor
