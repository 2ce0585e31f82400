#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "timeline/test_timeline.h"

namespace candor {
namespace {

constexpr Day kToday = 20'000;
constexpr Day kAlways = std::numeric_limits<Day>::min();
constexpr Day kForGood = std::numeric_limits<Day>::max();

class EraseTest : public TimelineTest {
 protected:
  static TimelineOptions options() {
    return {.segment_bytes = 4096, .threads = false, .today = [] { return kToday; }};
  }

  ErasedActivities erase(const std::vector<AccountDays>& days, bool dry = false) {
    const auto erased = timeline_->erase(days, dry);
    EXPECT_TRUE(erased) << erased.error().message;
    return erased.value_or(ErasedActivities());
  }
  // On disk when it returns.
  Stored add(const Record& record) {
    const Stored stored = append(record);
    EXPECT_TRUE(timeline_->acknowledge("feed", std::to_string(++noted_)));
    return stored;
  }
  AccountId bob() const { return keys_.account("bob@example.com"); }
  std::size_t count(const AccountId& account) const {
    return timeline_->activities(account, {.limit = 10'000, .superseded = true})->size();
  }
  std::size_t raw_left(const AccountId& account) const {
    std::size_t there = 0;
    const auto all = timeline_->activities(account, {.limit = 10'000, .superseded = true});
    for (const StoredActivity& one : *all) there += timeline_->raw(one.raw) ? 1U : 0U;
    return there;
  }

  int noted_ = 0;
};

TEST_F(EraseTest, AnAccountGoesWithItsRawRecordsItsKeyAndItsName) {
  ASSERT_TRUE(open(options()));
  add({.id = "a", .time = start_of(kToday - 70)});
  add({.id = "a", .time = start_of(kToday - 70), .payload = "corrected"});
  add({.id = "b", .time = start_of(kToday)});
  add({.id = "c", .time = start_of(kToday), .account = "bob@example.com"});
  const std::vector<AccountDays> anns = {{.account = ann(), .from = kAlways, .to = kForGood}};
  const std::string before = dump();

  const ErasedActivities would = erase(anns, true);
  EXPECT_EQ(dump(), before);
  const ErasedActivities erased = erase(anns);
  for (const ErasedActivities& one : {would, erased}) {
    EXPECT_EQ(one.activities, 3u);
    EXPECT_EQ(one.raw_records, 3u);
    EXPECT_EQ(one.segments, 1u);
    EXPECT_EQ(one.accounts, 1u);
    EXPECT_EQ(one.first, kToday - 70);
    EXPECT_EQ(one.last, kToday);
  }
  EXPECT_FALSE(timeline_->account(ann())->has_value());
  EXPECT_EQ(raw_left(bob()), 1u) << "of the same frame";
  EXPECT_EQ(timeline_->stats()->activities, 1u);
  EXPECT_EQ(timeline_->stats()->superseded, 0u);
  EXPECT_EQ(timeline_->stats()->first, start_of(kToday));
  for (const ErasedActivities& again : {erase(anns), erase(anns, true)}) {
    EXPECT_EQ(again.activities + again.raw_records + again.accounts, 0u) << "nothing is left to do";
  }
  ASSERT_TRUE(open({.threads = false, .rebuild = true}));
  EXPECT_FALSE(timeline_->account(ann())->has_value()) << "made again";
  EXPECT_EQ(timeline_->stats()->activities, 1u);
}

TEST_F(EraseTest, OnlyDaysOnWhichTheAccountWasTheirs) {
  ASSERT_TRUE(open(options()));
  for (int day = 0; day < 50; ++day) add({.id = "r" + std::to_string(day), .time = start_of(kToday - day)});
  const ErasedActivities erased = erase({{.account = ann(), .from = kToday - 30, .to = kToday - 20},
                                         {.account = ann(), .from = kAlways, .to = kToday - 45},
                                         {.account = bob(), .from = kAlways, .to = kForGood}});
  EXPECT_EQ(erased.activities, 11u + 5u);
  EXPECT_EQ(erased.accounts, 0u) << "others had it on other days, and nobody knows of Bob";
  EXPECT_EQ(erased.first, kToday - 49);
  EXPECT_EQ(erased.last, kToday - 20);
  EXPECT_EQ(count(ann()), 34u);
  EXPECT_EQ(raw_left(ann()), 34u);
  EXPECT_TRUE(timeline_->account(ann())->has_value());
  EXPECT_EQ(append({.id = "r10", .time = start_of(kToday - 10)}), Stored::repeat);
  EXPECT_EQ(append({.id = "r25", .time = start_of(kToday - 25)}), Stored::first) << "it is forgotten that it was there";
}

// As a process leaves it that is killed between the raw log and the blocks, with the last of it not yet in blocks.
TEST_F(EraseTest, WhatIsInBuffersGoesToo) {
  ASSERT_TRUE(open(options()));
  add({.id = "a", .time = start_of(kToday)});
  EXPECT_EQ(erase({{.account = ann(), .from = kToday, .to = kToday}}).activities, 1u);
  ASSERT_TRUE(open(options()));
  EXPECT_FALSE(timeline_->account(ann())->has_value());
  EXPECT_EQ(timeline_->stats()->first, std::nullopt);
}

class ErasePropertyTest : public EraseTest, public testing::WithParamInterface<int> {};

// What is left is what a timeline holds that was told only of the rest.
TEST_P(ErasePropertyTest, LeavesWhatATimelineHoldsThatNeverKnewThem) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  const std::string accounts[] = {"ann@example.com", "bob@example.com", "cleo@example.com"};
  TimelineOptions small = options();
  small.buffer_bytes = 1500;
  ASSERT_TRUE(open(small));
  std::vector<Record> known;
  for (int i = 0; i < 400; ++i) {
    const Record record{.id = 'r' + std::to_string(below(200)),
                        .version = below(3),
                        .time = start_of(kToday - below(60)) + below(1000),
                        .account = accounts[below(3)],
                        .payload = std::string(static_cast<std::size_t>(below(4)), 'p')};
    const Stored stored = add(record);
    if (stored == Stored::first || stored == Stored::correction) known.push_back(record);
    if (below(80) == 0) {
      ASSERT_TRUE(open(small));
    }
    if (below(60) != 0) continue;
    const Day from = kToday - below(60);
    const AccountDays days{.account = keys_.account(accounts[below(3)]), .from = from, .to = from + below(20)};
    erase({days});
    std::erase_if(known, [&](const Record& one) {
      const Day day = day_of(one.time);
      return keys_.account(one.account) == days.account && days.from <= day && day <= days.to;
    });
  }
  const std::string left = dump();
  const auto stats = timeline_->stats();
  EXPECT_EQ(stats->activities + stats->superseded, known.size());
  ASSERT_TRUE(open({.segment_bytes = 4096, .threads = false, .rebuild = true}));
  EXPECT_TRUE(dump() == left) << "made again";
  timeline_.reset();
  std::filesystem::remove_all(folder_ / "timeline");
  ASSERT_TRUE(open(small));
  for (const Record& record : known) append(record);
  EXPECT_TRUE(dump() == left) << "told of the rest only";
  EXPECT_EQ(timeline_->stats()->first, stats->first);
  EXPECT_EQ(timeline_->stats()->accounts, stats->accounts);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ErasePropertyTest, testing::Range(1, 7));

}  // namespace
}  // namespace candor
