#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "timeline/test_timeline.h"

namespace candor {
namespace {

constexpr Day kDay = 20'000;

// Time goes by as a test says.
class RemoveTest : public TimelineTest {
 protected:
  TimelineOptions options() {
    return {.segment_bytes = 4096, .threads = false, .today = [this] { return today_; }};
  }
  RemovalOrder removal(Day before, Day raw_before) const {
    return {.from = std::numeric_limits<Day>::min(), .before = before, .raw_before = raw_before};
  }
  Removed remove(const RemovalOrder& removal) {
    const auto removed = timeline_->remove(removal);
    EXPECT_TRUE(removed) << removed.error().message;
    return removed.value_or(Removed());
  }
  // On disk when it returns.
  Stored add(const Record& record) {
    const Stored stored = append(record);
    EXPECT_TRUE(timeline_->acknowledge("feed", std::to_string(++noted_)));
    return stored;
  }
  // How many stored activities of the account still have their raw record.
  std::pair<int, int> raw_of(const std::string& account) const {
    int there = 0;
    int gone = 0;
    const auto all = timeline_->activities(keys_.account(account), {.limit = 10'000, .superseded = true});
    for (const StoredActivity& one : *all) {
      const auto raw = timeline_->raw(one.raw);
      if (!raw) {
        EXPECT_EQ(raw.error().id, "timeline.raw_removed") << raw.error().message;
      }
      ++(raw ? there : gone);
    }
    return {there, gone};
  }
  // Bytes of all files of the raw log.
  std::uintmax_t raw_bytes() const {
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder_ / "timeline" / "raw"))
      bytes += file.file_size();
    return bytes;
  }

  Day today_ = kDay;
  int noted_ = 0;
};

TEST_F(RemoveTest, TakesDaysAndAccountsThatAreOverAndSealsThem) {
  ASSERT_TRUE(open(options()));
  add({.id = "old", .time = start_of(kDay - 100)});
  add({.id = "old", .time = start_of(kDay - 100), .payload = "corrected"});
  add({.id = "new", .time = start_of(kDay - 10)});
  add({.id = "bob", .time = start_of(kDay - 100), .account = "bob@example.com"});
  const RemovalOrder order = removal(kDay - 90, 0);

  RemovalOrder dry = order;
  dry.dry = true;
  const std::string before = dump();
  const Removed would = remove(dry);
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(timeline_->kept_from(ann()).value(), std::nullopt);

  const Removed removed = remove(order);
  for (const Removed& one : {would, removed}) {
    EXPECT_EQ(one.activities, 3u);
    EXPECT_EQ(one.accounts, 1u) << "Bob had nothing else";
    EXPECT_EQ(one.held_activities, 0u);
  }
  EXPECT_EQ(removed.raw_records, 3u) << "the raw record of what went goes with it, whatever its own age";
  EXPECT_FALSE(timeline_->account(keys_.account("bob@example.com"))->has_value());
  EXPECT_EQ(timeline_->kept_from(ann()).value(), kDay - 90);
  auto stats = timeline_->stats();
  EXPECT_EQ(stats->activities, 1u);
  EXPECT_EQ(stats->superseded, 0u);
  EXPECT_EQ(stats->accounts, 1u);
  EXPECT_EQ(stats->first, start_of(kDay - 10));

  // Sealed, also after a restart: not even a name comes back.
  for (const bool again : {false, true}) {
    if (again) {
      ASSERT_TRUE(open(options()));
    }
    EXPECT_EQ(append({.id = "old", .time = start_of(kDay - 100)}), Stored::too_late);
    EXPECT_EQ(append({.id = "z", .time = start_of(kDay - 91), .account = "zoe@example.com"}), Stored::too_late);
    EXPECT_FALSE(timeline_->account(keys_.account("zoe@example.com"))->has_value());
    EXPECT_EQ(append({.id = "new", .time = start_of(kDay - 10)}), Stored::repeat);
  }
  EXPECT_EQ(add({.id = "edge", .time = start_of(kDay - 90)}), Stored::first);
  ASSERT_TRUE(open({.threads = false, .rebuild = true}));
  EXPECT_EQ(timeline_->stats()->activities, 2u) << "what is gone does not come back from the raw log";
}

TEST_F(RemoveTest, WhatIsBeforeTheFirstDayStays) {
  ASSERT_TRUE(open(options()));
  add({.id = "backfile", .time = start_of(kDay - 500)});
  add({.id = "over", .time = start_of(kDay - 95)});
  RemovalOrder order = removal(kDay - 90, 0);
  order.from = kDay - 180;
  EXPECT_EQ(remove(order).activities, 1u);
  EXPECT_EQ(append({.id = "more", .time = start_of(kDay - 400)}), Stored::first);
  EXPECT_EQ(append({.id = "late", .time = start_of(kDay - 170)}), Stored::too_late);
  EXPECT_EQ(timeline_->stats()->first, start_of(kDay - 500));
}

TEST_F(RemoveTest, RawRecordsGoWhenTheyAreOldAndActivitiesStay) {
  ASSERT_TRUE(open(options()));
  for (int day = 0; day < 40; ++day) {
    today_ = kDay + day;
    add({.id = "r" + std::to_string(day), .time = start_of(today_), .payload = std::string(200, 'x')});
    add({.id = "b" + std::to_string(day), .time = start_of(today_), .account = "bob@example.com"});
    remove(removal(0, 0));  // daily, so that a segment ends every day
  }
  const std::string before = dump();
  const std::uintmax_t bytes = raw_bytes();
  RemovalOrder order = removal(0, today_ - 30);
  order.held = [&](const AccountId& account) { return account == ann(); };
  const Removed removed = remove(order);
  EXPECT_EQ(removed.raw_records, 9u) << "of the first nine days";
  EXPECT_EQ(removed.held_raw_records, 9u);
  EXPECT_EQ(raw_of("ann@example.com"), std::pair(40, 0)) << "held";
  EXPECT_EQ(raw_of("bob@example.com"), std::pair(31, 9));
  EXPECT_LT(raw_bytes(), bytes);
  EXPECT_EQ(dump(), before) << "the activities are whole";
  EXPECT_EQ(remove(order).raw_records, 0u) << "nothing is left to do";

  // Let go, they follow.
  EXPECT_EQ(remove(removal(0, today_ - 30)).raw_records, 9u);
  EXPECT_EQ(raw_of("ann@example.com"), std::pair(31, 9));

  // Made again with another content, what has no raw record any more is what it was.
  for (const bool threads : {false, true}) {
    ASSERT_TRUE(open({.segment_bytes = 4096, .threads = threads, .rebuild = true}));
    EXPECT_EQ(dump(), before);
    EXPECT_EQ(timeline_->stats()->activities, 80u);
    EXPECT_EQ(timeline_->checkpoint("feed").value(), std::to_string(noted_));
    EXPECT_EQ(append({.id = "r0", .time = start_of(kDay), .payload = std::string(200, 'x')}), Stored::repeat);
  }
}

TEST_F(RemoveTest, WhatHasNoRawRecordIsMatchedAgainByWhatItStillSays) {
  ASSERT_TRUE(open(options()));
  add({.id = "a", .time = start_of(kDay), .file = "plan.docx", .size = 7});
  today_ = kDay + 1;
  remove(removal(0, 0));
  add({.id = "b", .time = start_of(kDay), .file = "list.txt"});
  today_ = kDay + 2;
  EXPECT_EQ(remove(removal(0, kDay + 2)).raw_records, 1u);
  TimelineOptions other = options();
  other.content = 77;
  other.rematch = [&](const Activity& activity, std::vector<IndicatorIndex>& matched) {
    matched.clear();
    EXPECT_EQ(activity.account, "ann@example.com");
    EXPECT_EQ(activity.text(catalogue_->require("candor.object.id")),
              "https://example.com/sites/a/Shared Documents/plan.docx");
    EXPECT_EQ(activity.number(catalogue_->require("file.size")), 7);
    matched = {0, 2};
  };
  ASSERT_TRUE(open(other));
  const auto all = timeline_->activities(ann(), {});
  ASSERT_EQ(all->size(), 2u);
  std::set<std::vector<IndicatorKey>> matches;
  for (const StoredActivity& one : *all) matches.insert(one.matches);
  EXPECT_EQ(matches, (std::set<std::vector<IndicatorKey>>{{300}, {500, 700}}));
  EXPECT_EQ(timeline_->touched()->accounts.size(), 1u);
}

class RemovePropertyTest : public RemoveTest, public testing::WithParamInterface<int> {};

// Whatever came in whatever order, with restarts: what is left is what a timeline holds that was told only of the rest.
TEST_P(RemovePropertyTest, LeavesWhatATimelineHoldsThatNeverKnewTheRest) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  const std::string accounts[] = {"ann@example.com", "bob@example.com", "cleo@example.com", "dan@example.com"};
  std::set<std::string> held;
  std::vector<Record> known;  // that must be there
  Day sealed = 0;
  TimelineOptions small = options();
  small.buffer_bytes = 1500;
  ASSERT_TRUE(open(small));
  for (int day = 0; day < 60; ++day) {
    today_ = kDay + day;
    for (int i = below(12); i > 0; --i) {
      Record record{.id = 'r' + std::to_string(below(500)),
                    .version = below(3),
                    .time = start_of(today_ - below(below(4) == 0 ? 40 : 3)) + below(1000),
                    .account = accounts[below(4)],
                    .payload = std::string(static_cast<std::size_t>(below(4)), 'p')};
      const Stored stored = add(record);
      EXPECT_EQ(stored == Stored::too_late, day_of(record.time) < sealed);
      if (stored == Stored::first || stored == Stored::correction) known.push_back(record);
    }
    if (below(6) == 0) {
      ASSERT_TRUE(open(small));
    }
    if (below(8) == 0) {
      held.clear();
      for (const std::string& account : accounts) {
        if (below(3) == 0) held.insert(account);
      }
    }
    if (below(3) != 0) continue;
    RemovalOrder order = removal(today_ - 20, today_ - 7);
    order.held = [&](const AccountId& id) {
      return std::ranges::any_of(held, [&](const std::string& one) { return keys_.account(one) == id; });
    };
    remove(order);
    sealed = order.before;
    std::erase_if(known,
                  [&](const Record& record) { return day_of(record.time) < sealed && !held.contains(record.account); });
  }
  const std::string left = dump();
  const auto stats = timeline_->stats();
  ASSERT_TRUE(open({.segment_bytes = 4096, .threads = false, .rebuild = true}));
  EXPECT_TRUE(dump() == left) << "made again";
  const auto again = timeline_->stats();
  for (const auto& one : {*stats, *again}) {
    EXPECT_EQ(one.activities + one.superseded, known.size());
  }
  EXPECT_EQ(again->activities, stats->activities);
  EXPECT_EQ(again->first, stats->first);
  EXPECT_EQ(again->accounts, stats->accounts);

  timeline_.reset();
  std::filesystem::remove_all(folder_ / "timeline");
  ASSERT_TRUE(open(small));
  for (const Record& record : known) append(record);
  EXPECT_TRUE(dump() == left) << "told of the rest only";
  EXPECT_EQ(timeline_->stats()->activities, stats->activities);
  EXPECT_EQ(timeline_->stats()->first, stats->first);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RemovePropertyTest, testing::Range(1, 9));

}  // namespace
}  // namespace candor
