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
    EXPECT_EQ(book.records_began(kToday + 3).value(), kToday + 3);
    EXPECT_EQ(book.records_began(kToday + 5).value(), kToday + 3);
    EXPECT_EQ(book.began(kToday + 5).value(), kToday);
    RetentionRun run{.at = start_of(kToday),
                     .day = kToday,
                     .from = std::numeric_limits<Day>::min(),
                     .before = kToday - 90,
                     .raw_before = kToday - 30,
                     .removed = {.activities = 7, .held_activities = 2, .accounts = 1, .raw_records = 9},
                     .held_people = 1};
    // A run that was killed counted before it had a row; the next one has its number.
    const auto count = [&](std::string_view kind, std::int64_t removed) {
      const std::int64_t number = book.next().value();
      return (*store)->transact([&](Transaction& work) { return RetentionBook::count(work, number, kind, removed); });
    };
    EXPECT_FALSE(book.whole_from().value().has_value());
    EXPECT_EQ(book.next().value(), 1);
    ASSERT_TRUE(count("cases", 2));
    ASSERT_TRUE(count("cases", 3));
    run.kinds = {{.kind = "cases", .before = kToday - 120, .removed = 3, .held = 4}, {.kind = "messages"}};
    ASSERT_TRUE(book.add(run));
    EXPECT_EQ(book.next().value(), 2);
    EXPECT_EQ(book.whole_from().value(), kToday - 120);
    run.day = kToday + 1;
    run.kinds = {{.kind = "cases", .before = kToday - 150, .removed = 0, .held = 0}};
    ASSERT_TRUE(count("cases", 1));
    ASSERT_TRUE(book.add(run));
    EXPECT_EQ(book.whole_from().value(), kToday - 120) << "a longer time brings nothing back";
    const auto runs = book.runs(10);
    ASSERT_EQ(runs->size(), 2u);
    EXPECT_EQ(runs->front().number, 2);
    EXPECT_EQ(runs->front().day, kToday + 1);
    EXPECT_EQ(runs->front().from, std::numeric_limits<Day>::min());
    EXPECT_EQ(runs->front().removed.held_activities, 2u);
    ASSERT_EQ(runs->back().kinds.size(), 2u);
    const RetentionKindCount& cases = runs->back().kinds.front();
    EXPECT_EQ(cases.kind, "cases");
    EXPECT_EQ(cases.before, kToday - 120);
    EXPECT_EQ(cases.removed, 5) << "as it was counted, not as the run that was left knows";
    EXPECT_EQ(cases.held, 4);
    EXPECT_FALSE(runs->back().kinds.back().before.has_value());
    EXPECT_EQ(runs->front().kinds.size(), 1u);
    EXPECT_EQ(book.totals()->kinds.at("cases"), 6);
    EXPECT_EQ(book.totals()->activities, 14);
    EXPECT_EQ(book.totals()->raw_records, 18);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace candor
