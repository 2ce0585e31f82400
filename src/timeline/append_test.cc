#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "timeline/prepared.h"
#include "timeline/test_timeline.h"

namespace candor {
namespace {

TEST(PreparedActivities, KeepsWhatDoesNotLast) {
  std::string text = "a text of the batch, which outlives them";
  PreparedActivities prepared(text);
  const std::string_view lasting = std::string_view(text).substr(2, 4);
  EXPECT_EQ(prepared.keep(lasting).data(), lasting.data());
  EXPECT_EQ(prepared.keep(text).data(), text.data());
  std::string other = "another text, which does not";
  const std::string_view kept = prepared.keep(other);
  const std::string_view into = prepared.keep(std::string_view());
  other.assign(other.size(), '#');
  EXPECT_EQ(kept, "another text, which does not");
  EXPECT_TRUE(into.empty());
  PreparedActivities moved(std::move(prepared));
  EXPECT_EQ(kept, "another text, which does not");
}

class AppendTest : public TimelineTest {
 protected:
  // Few ids and accounts: repeats, corrections and new accounts within one group, and across groups.
  static std::vector<Record> records() {
    std::mt19937_64 random(7);
    std::vector<Record> records;
    for (int i = 0; i < 300; ++i) {
      const auto id = random() % 120;
      Record record;
      record.id = "id" + std::to_string(id);
      record.time = start_of(20'000 + static_cast<Day>(id % 3));
      record.operation = "FileDownloaded";
      record.account = "user" + std::to_string(id % 40) + "@example.com";
      record.file = "plan " + std::to_string(id % 5) + " of the whole year.docx";
      record.payload = std::string(random() % 2, 'x');
      record.matches = {static_cast<IndicatorIndex>(id % 3)};
      records.push_back(std::move(record));
    }
    return records;
  }
  std::vector<Stored> append_together(const std::vector<Record>& records) {
    PreparedActivities prepared;
    for (const Record& record : records) {
      Activity activity(catalogue_);  // gone before they are taken
      const std::string raw = record.raw();
      fill(activity, record, raw);
      timeline_->prepare(activity, record.matches, prepared);
    }
    std::vector<Stored> stored;
    const auto appended = timeline_->append(prepared.all(), stored);
    EXPECT_TRUE(appended) << appended.error().message;
    return stored;
  }
};

TEST_F(AppendTest, TogetherIsAsOneByOne) {
  for (const std::size_t buffer : {std::size_t{3'000}, std::size_t{64} << 20}) {
    std::filesystem::remove_all(folder_ / "timeline");
    ASSERT_TRUE(open({.buffer_bytes = buffer}));
    std::vector<Stored> one_by_one;
    for (const Record& record : records()) one_by_one.push_back(append(record));
    const std::string expected = dump();
    EXPECT_EQ(std::ranges::count(one_by_one, Stored::too_late), 0);
    for (const Stored kind : {Stored::first, Stored::repeat, Stored::correction}) {
      EXPECT_GT(std::ranges::count(one_by_one, kind), 5) << static_cast<int>(kind);
    }

    timeline_.reset();
    std::filesystem::remove_all(folder_ / "timeline");
    ASSERT_TRUE(open({.buffer_bytes = buffer}));
    EXPECT_EQ(append_together(records()), one_by_one) << buffer;
    EXPECT_EQ(dump(), expected) << buffer;
    EXPECT_EQ(std::ranges::count(append_together(records()), Stored::repeat), 300) << buffer;
  }
}

TEST_F(AppendTest, WhatCameTooLateIsToldInItsPlace) {
  ASSERT_TRUE(open());
  const auto removed = timeline_->remove({.from = 19'000, .before = 20'001, .raw_before = 0});
  ASSERT_TRUE(removed) << removed.error().message;
  const std::vector<Record> all = records();
  const std::vector<Stored> stored = append_together(all);
  ASSERT_EQ(stored.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(stored[i] == Stored::too_late, day_of(all[i].time) < 20'001) << i;
  }
}

}  // namespace
}  // namespace candor
