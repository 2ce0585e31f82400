#include <gtest/gtest.h>

#include "timeline/test_timeline.h"

namespace candor {
namespace {

constexpr Day kSnapshotDay = 20'000;

class SnapshotTest : public TimelineTest {
 protected:
  TimelineOptions options() {
    return {.segment_bytes = 2048, .threads = threads_, .today = [] { return kSnapshotDay; }};
  }
  void add(int from, int to) {
    for (int i = from; i < to; ++i) {
      const std::string account = i % 3 == 0 ? "bob@example.com" : "ann@example.com";
      append({.id = "r" + std::to_string(i), .time = start_of(kSnapshotDay - i % 40), .account = account});
    }
    EXPECT_TRUE(timeline_->acknowledge("feed", std::to_string(to)));
  }
  // Opens what was put there, in place of the timeline.
  void open_copy() {
    timeline_.reset();
    std::filesystem::rename(folder_ / "timeline", folder_ / "original");
    std::filesystem::rename(folder_ / "copy", folder_ / "timeline");
    const auto opened = open(options());
    ASSERT_TRUE(opened) << opened.error().message;
  }

  bool threads_ = false;
};

TEST_F(SnapshotTest, HoldsWhatWasStoredThenWhateverComesAfter) {
  for (const bool threads : {false, true}) {
    threads_ = threads;
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    ASSERT_TRUE(open(options()));
    add(0, 300);
    const std::string then = dump();
    const auto made = timeline_->snapshot(folder_ / "copy");
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(dump(), then);
    add(300, 500);
    const auto removed = timeline_->remove(
        {.from = std::numeric_limits<Day>::min(), .before = kSnapshotDay - 20, .raw_before = kSnapshotDay + 1});
    ASSERT_TRUE(removed) << removed.error().message;
    EXPECT_GT(removed->activities, 0u);
    open_copy();
    EXPECT_EQ(dump(), then);
    EXPECT_EQ(timeline_->stats()->activities, 300u);
    EXPECT_EQ(*timeline_->checkpoint("feed"), "300");
    const auto all = timeline_->activities(ann(), {.limit = 1000});
    ASSERT_TRUE(all);
    for (const StoredActivity& one : *all) EXPECT_TRUE(timeline_->raw(one.raw)) << "raw records are in it";
    // And it goes on.
    EXPECT_EQ(append({.id = "r0", .time = start_of(kSnapshotDay), .account = "bob@example.com"}), Stored::repeat);
    EXPECT_EQ(append({.id = "more", .time = start_of(kSnapshotDay)}), Stored::first);
  }
}

TEST_F(SnapshotTest, OfNothingOpens) {
  ASSERT_TRUE(open(options()));
  ASSERT_TRUE(timeline_->snapshot(folder_ / "copy"));
  open_copy();
  EXPECT_EQ(timeline_->stats()->activities, 0u);
}

}  // namespace
}  // namespace candor
