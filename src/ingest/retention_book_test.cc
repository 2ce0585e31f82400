#include "ingest/retention_book.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <limits>

#include "ingest/test_times.h"
#include "store/test_store.h"

namespace candor {
namespace {

TEST(RetentionTest, KeepsWholeDaysAndTheBackFileFromTheDayItWasHandedOver) {
  const RetentionDays kept{.raw = 30, .activities = 90};
  const RemovalOrder young = due(kept, kToday, kToday);
  EXPECT_EQ(young.from, kToday - 90) << "what is older came with the folder";
  EXPECT_EQ(young.before, kToday - 90) << "nothing is over yet";
  EXPECT_EQ(young.raw_before, kToday - 30);
  const RemovalOrder later = due(kept, kToday, kToday + 89);
  EXPECT_EQ(later.from, kToday - 90);
  EXPECT_EQ(later.before, kToday - 1);
  const RemovalOrder old = due(kept, kToday, kToday + 90);
  EXPECT_EQ(old.from, std::numeric_limits<Day>::min());
  EXPECT_EQ(old.before, kToday);
}

TEST(RetentionTest, AClockThatWasPutBackTakesNothing) {
  const RemovalOrder removal = due({}, kToday, kToday - 400);
  EXPECT_EQ(removal.from, removal.before);
}

TEST(RetentionTest, TheBookRemembersWhenAFolderBeganAndWhatWent) {
  std::string folder = (std::filesystem::temp_directory_path() / "candor-retention-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  {
    auto store = open_test_store(folder);
    ASSERT_TRUE(store) << store.error().message;
    RetentionBook book(**store);
    EXPECT_EQ(book.began(kToday).value(), kToday);
    EXPECT_EQ(book.began(kToday + 5).value(), kToday);
    RetentionRun run{.at = start_of(kToday),
                     .day = kToday,
                     .from = std::numeric_limits<Day>::min(),
                     .before = kToday - 90,
                     .raw_before = kToday - 30,
                     .removed = {.activities = 7, .held_activities = 2, .accounts = 1, .raw_records = 9},
                     .held_people = 1};
    ASSERT_TRUE(book.add(run));
    run.day = kToday + 1;
    ASSERT_TRUE(book.add(run));
    const auto runs = book.runs(10);
    ASSERT_EQ(runs->size(), 2u);
    EXPECT_EQ(runs->front().number, 2);
    EXPECT_EQ(runs->front().day, kToday + 1);
    EXPECT_EQ(runs->front().from, std::numeric_limits<Day>::min());
    EXPECT_EQ(runs->front().removed.held_activities, 2u);
    EXPECT_EQ(book.totals()->activities, 14);
    EXPECT_EQ(book.totals()->raw_records, 18);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace candor
