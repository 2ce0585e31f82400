#include "api/activity_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "api/world_test.h"

namespace candor::api {
namespace {

TEST(ActivityRef, ComesBackFromItsText) {
  const ActivityRef ref{-5, ActivityId::from("0123456789abcdef"), 0xfedcba9876543210u};
  EXPECT_EQ(ActivityRef::parse(ref.text()), ref);
  EXPECT_EQ(ref.text().size(), 64u);
  EXPECT_FALSE(ActivityRef::parse(""));
  EXPECT_FALSE(ActivityRef::parse(std::string(64, 'F')));
  EXPECT_FALSE(ActivityRef::parse(ref.text() + "00"));
}

class ActivityWalk : public ::testing::Test {
 protected:
  std::vector<ActivityRef> walk(const Stretch& stretch, std::size_t most = 1'000'000) {
    std::vector<ActivityRef> seen;
    const std::vector<OwnedAccount> accounts = {{.account = world_.account("a@example.com")},
                                                {.account = world_.account("b@example.com")}};
    const ApiContext context = world_.context();
    const auto walked = walk_activities(context.timeline, accounts, stretch, [&](const StoredActivity& activity) {
      seen.push_back(ActivityRef::of(activity));
      return seen.size() < most;
    });
    EXPECT_TRUE(walked.has_value());
    return seen;
  }

  World world_;
};

// More than one chunk of both accounts, thousands of them at the same microsecond.
TEST_F(ActivityWalk, VisitsEachOnceInOrderBothWays) {
  constexpr TimePoint kStart = start_of(20'500);
  std::mt19937 random(20261123);
  for (int i = 0; i < 7'000; ++i) {
    const TimePoint time = i % 2 == 0 ? kStart : kStart + static_cast<TimePoint>(random() % 300) * kMicrosPerDay / 100;
    world_.append(i % 3 == 0 ? "a@example.com" : "b@example.com", time, "FileAccessed", "f" + std::to_string(i), {});
  }
  const std::vector<ActivityRef> up = walk({kStart, kStart + 3 * kMicrosPerDay, false});
  EXPECT_EQ(up.size(), 7'000u);
  EXPECT_TRUE(std::ranges::is_sorted(up));
  EXPECT_EQ(std::ranges::adjacent_find(up), up.end());
  std::vector<ActivityRef> down = walk({kStart, kStart + 3 * kMicrosPerDay, true});
  std::ranges::reverse(down);
  EXPECT_EQ(down, up);
  EXPECT_EQ(walk({kStart, kStart + 3 * kMicrosPerDay, false}, 10).size(), 10u);
  EXPECT_TRUE(walk({kStart + 1, kStart + 1, true}).empty());
  const auto at_start = std::ranges::count(up, kStart, &ActivityRef::time);
  EXPECT_EQ(static_cast<std::ptrdiff_t>(walk({kStart, kStart + 1, true}).size()), at_start);
}

TEST_F(ActivityWalk, FindsOneActivityOfTheseAccountsOnly) {
  const ApiContext context = world_.context();
  const std::vector<OwnedAccount> thief = {{.account = world_.account(World::kThief)}};
  const std::vector<OwnedAccount> other = {{.account = world_.account(World::kOther)}};
  std::optional<ActivityRef> ref;
  ASSERT_TRUE(
      walk_activities(context.timeline, thief, {0, start_of(30'000), true}, [&](const StoredActivity& activity) {
        ref = ActivityRef::of(activity);
        return false;
      }));
  ASSERT_TRUE(ref);
  EXPECT_TRUE(find_activity(context.timeline, thief, *ref)->has_value());
  EXPECT_FALSE(find_activity(context.timeline, other, *ref)->has_value());
  // An account that was handed on: each sees their own days of it.
  const Day day = day_of(ref->time);
  const std::vector<OwnedAccount> before = {{.account = world_.account(World::kThief), .to = day - 1}};
  const std::vector<OwnedAccount> since = {{.account = world_.account(World::kThief), .from = day}};
  EXPECT_FALSE(find_activity(context.timeline, before, *ref)->has_value());
  EXPECT_TRUE(find_activity(context.timeline, since, *ref)->has_value());
  ActivityRef changed = *ref;
  ++changed.content;
  EXPECT_FALSE(find_activity(context.timeline, thief, changed)->has_value());
  for (const TimePoint time : {std::numeric_limits<TimePoint>::max(), std::numeric_limits<TimePoint>::min()})
    EXPECT_FALSE(find_activity(context.timeline, thief, {time, ref->id, ref->content})->has_value());
}

}  // namespace
}  // namespace candor::api
