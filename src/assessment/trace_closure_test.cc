#include "assessment/trace_closure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <tuple>

namespace candor {
namespace {

constexpr TimePoint kStart = start_of(20'000);
constexpr TimePoint kHour = 3600 * kMicrosPerSecond;

// An activity of these tests; keys and names are small numbers, 0: none.
struct Doing {
  int who = 0;
  int day = 0;
  TraceAct act = TraceAct::opened;
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  std::uint64_t name = 0;
  std::uint64_t new_name = 0;
  std::vector<std::uint64_t> attached = {};
  std::vector<std::uint32_t> to = {};
  bool starts = false;
  bool hidden = false;
  std::uint64_t content = 0;  // numbered when 0
};

constexpr std::uint64_t place_of(std::uint64_t number) { return 2 * number; }
constexpr std::uint64_t timeless_key(std::uint64_t number) { return 2 * number + 1; }

ContentUses uses_of(const std::vector<Doing>& doings) {
  ContentUses uses;
  for (std::size_t i = 0; i < doings.size(); ++i) {
    const Doing& one = doings[i];
    StoredUse stored{.time = kStart + one.day * kMicrosPerDay + static_cast<TimePoint>(one.content) * kHour,
                     .content = one.content,
                     .account = static_cast<std::uint32_t>(one.who),
                     .person = static_cast<std::uint32_t>(one.who)};
    stored.starts = one.starts;
    stored.hidden = one.hidden;
    ContentUse use;
    use.act = one.act;
    if (one.before != 0) use.add_before(one.before, TraceTie::same_path);
    if (one.after != 0) use.add_after(one.after, TraceTie::same_path);
    use.name_before = one.name;
    use.name_after = one.new_name;
    use.attached = one.attached;
    uses.add(stored, use, one.to);
  }
  uses.sort();
  return uses;
}

// What was joined, by the number of the activity: "3 likely".
std::set<std::string> joined(std::vector<Doing> doings, const StartKeys& start) {
  for (std::size_t i = 0; i < doings.size(); ++i) {
    if (doings[i].content == 0) doings[i].content = i + 1;
  }
  const ContentUses uses = uses_of(doings);
  const auto followed = follow(uses, start, {});
  EXPECT_TRUE(followed.has_value());
  EXPECT_TRUE(followed->ended);
  std::set<std::string> out;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const UseJoin& join = followed->joins[i];
    if (join.joined) out.insert(std::to_string(uses[i].content) + " " + std::string(to_text(join.strength)));
  }
  return out;
}
using Joined = std::set<std::string>;

constexpr auto kHash = timeless_key(1);
const StartKeys kFromHash = {.contents = {kHash}, .names = {}};

TEST(TraceClosure, FollowsRenamesBothWays) {
  const std::vector<Doing> doings = {
      {.day = 0, .act = TraceAct::downloaded, .before = place_of(1)},
      {.day = 1, .act = TraceAct::renamed, .before = place_of(1), .after = place_of(2)},
      {.day = 2, .act = TraceAct::renamed, .before = place_of(2), .after = place_of(3)},
      {.day = 3, .act = TraceAct::uploaded, .before = place_of(3)},
  };
  for (const std::uint64_t start : {1, 2, 3}) {
    EXPECT_EQ(joined(doings, {.contents = {place_of(start)}, .names = {}}).size(), 4U) << start;
  }
}

TEST(TraceClosure, APlaceHoldsOnlyWhileItDoes) {
  // Renamed away on day 2: what lies there afterwards is another file, and what lay at the new place before was too.
  const std::vector<Doing> doings = {
      {.day = 0, .before = place_of(2)},
      {.day = 1, .before = kHash},
      {.day = 2, .act = TraceAct::renamed, .before = place_of(1), .after = place_of(2), .starts = true},
      {.day = 3, .before = place_of(1)},
      {.day = 4, .before = place_of(2)},
      {.day = 5 + kPathDays, .before = place_of(2)},
  };
  EXPECT_EQ(joined(doings, {}), (Joined{"3 start", "5 certain"}));
}

TEST(TraceClosure, APlaceItCameToAndLeftHeldOthersBefore) {
  const std::vector<Doing> doings = {
      {.day = 0, .before = place_of(2)},
      {.day = 1, .act = TraceAct::renamed, .before = place_of(1), .after = place_of(2), .starts = true},
      {.day = 2, .act = TraceAct::renamed, .before = place_of(2), .after = place_of(3)},
      {.day = 3, .before = place_of(2)},
      {.day = 4, .before = place_of(3)},
  };
  EXPECT_EQ(joined(doings, {}), (Joined{"2 start", "3 certain", "5 certain"}));
}

TEST(TraceClosure, AnArchiveHoldsMoreThanTheContent) {
  const std::vector<Doing> doings = {
      {.day = 0, .act = TraceAct::archived, .before = kHash, .after = place_of(9)},
      {.day = 0, .act = TraceAct::archived, .before = timeless_key(5), .after = place_of(9)},
      {.day = 1, .act = TraceAct::to_medium, .before = place_of(9)},
      {.day = 2, .before = timeless_key(5)},
  };
  EXPECT_EQ(joined(doings, kFromHash), (Joined{"1 start", "3 certain"})) << "the other file in it is none of ours";
  EXPECT_EQ(joined(doings, {.contents = {place_of(9)}, .names = {}}),
            (Joined{"1 start", "2 start", "3 start", "4 certain"}))
      << "asked for itself, it is all that went into it";
}

TEST(TraceClosure, AMailHandsOnOnlyWhatIsTraced) {
  const std::vector<Doing> doings = {
      {.who = 1, .day = 0, .act = TraceAct::downloaded, .before = kHash, .name = 100},
      {.who = 1, .day = 1, .act = TraceAct::mailed, .attached = {100, 200}, .to = {2}},
      {.who = 2, .day = 20, .act = TraceAct::uploaded, .name = 100},
      {.who = 2, .day = 20, .act = TraceAct::uploaded, .name = 200},
      {.who = 3, .day = 20, .act = TraceAct::uploaded, .name = 100},
      {.who = 2, .day = 2 + kHandedDays, .act = TraceAct::mailed, .attached = {100}, .to = {3}},
  };
  EXPECT_EQ(joined(doings, kFromHash), (Joined{"1 start", "2 likely", "3 likely", "5 name_only"}));
}

TEST(TraceClosure, NamesAreAloneASignOfChance) {
  const std::vector<Doing> doings = {
      {.who = 1, .day = 0, .before = kHash, .name = 100},
      {.who = 1, .day = kNameDays - 1, .act = TraceAct::printed, .name = 100},
      {.who = 1, .day = 3 * kNameDays, .act = TraceAct::printed, .name = 100, .content = 3},
      {.who = 2, .day = 0, .act = TraceAct::printed, .before = timeless_key(7), .name = 100},
      {.who = 2, .day = 1, .before = timeless_key(7), .name = 300},
  };
  EXPECT_EQ(joined(doings, kFromHash), (Joined{"1 start", "2 likely", "3 name_only", "4 name_only"}))
      << "what bears the name by chance is not followed";
}

TEST(TraceClosure, NothingIsFollowedThroughWhomIsHidden) {
  const std::vector<Doing> doings = {
      {.who = 1, .day = 0, .before = kHash, .name = 100},
      {.who = 2, .day = 1, .act = TraceAct::renamed, .before = kHash, .after = timeless_key(2), .hidden = true},
      {.who = 3, .day = 2, .before = timeless_key(2)},
  };
  EXPECT_EQ(joined(doings, kFromHash), (Joined{"1 start"}));
  std::vector<Doing> numbered = doings;
  for (std::size_t i = 0; i < numbered.size(); ++i) numbered[i].content = i + 1;
  const ContentUses uses = uses_of(numbered);
  const auto followed = follow(uses, kFromHash, {});
  EXPECT_TRUE(touches(uses, uses[1], *followed, kFromHash));
  EXPECT_FALSE(touches(uses, uses[2], *followed, kFromHash));
}

TEST(TraceClosure, CanBeCancelled) {
  std::stop_source stop;
  stop.request_stop();
  const auto followed = follow(uses_of({{.before = kHash, .content = 1}}), kFromHash, stop.get_token());
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().id, "trace.cancelled");
}

std::vector<Doing> any_doings(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t most) { return random() % most; };
  constexpr TraceAct kActs[] = {TraceAct::opened,    TraceAct::renamed, TraceAct::copied, TraceAct::archived,
                                TraceAct::to_medium, TraceAct::mailed,  TraceAct::shared, TraceAct::deleted};
  std::vector<Doing> doings(10 + below(40));
  for (std::size_t i = 0; i < doings.size(); ++i) {
    Doing& one = doings[i];
    one.content = i + 1;
    one.who = static_cast<int>(below(4));
    one.day = static_cast<int>(below(50));
    one.act = kActs[below(std::size(kActs))];
    if (one.act == TraceAct::mailed) {
      for (std::uint64_t n = below(3) + 1; n > 0; --n) one.attached.push_back(100 + below(6));
      one.to.push_back(static_cast<std::uint32_t>(below(4)));
      continue;
    }
    one.before = 2 + below(20);
    if (below(2) == 0) one.after = 2 + below(20);
    if (below(2) == 0) one.name = 100 + below(6);
    if (below(3) == 0) one.new_name = 100 + below(6);
    if (one.act == TraceAct::shared) one.to.push_back(static_cast<std::uint32_t>(below(4)));
    one.starts = below(20) == 0;
    one.hidden = below(15) == 0;
  }
  return doings;
}

StartKeys any_start(std::mt19937_64& random) {
  if (random() % 2 == 0) return {.contents = {2 + random() % 20}, .names = {}};
  return {.contents = {}, .names = {100 + random() % 6}};
}

TEST(TraceClosureProperty, TheOrderOfArrivalDoesNotMatter) {
  std::mt19937_64 random(20'261'130);
  int joins = 0;
  for (int i = 0; i < 150; ++i) {
    std::vector<Doing> doings = any_doings(random);
    const StartKeys start = any_start(random);
    const Joined once = joined(doings, start);
    joins += static_cast<int>(once.size());
    for (int again = 0; again < 3; ++again) {
      std::ranges::shuffle(doings, random);
      ASSERT_EQ(joined(doings, start), once) << i;
    }
  }
  EXPECT_GT(joins, 1'000) << "the test joins hardly anything";
}

TEST(TraceClosureProperty, MoreActivitiesNeverTakeASureStepAway) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    std::vector<Doing> doings = any_doings(random);
    const StartKeys start = any_start(random);
    const Joined all = joined(doings, start);
    // What takes something away from a place does end what others know of it.
    const TraceAct last = doings.back().act;
    if (last == TraceAct::renamed || last == TraceAct::deleted) continue;
    doings.pop_back();
    for (const std::string& one : joined(doings, start)) {
      if (one.ends_with(" certain") || one.ends_with(" start")) {
        EXPECT_TRUE(all.contains(one)) << i << " " << one;
      }
    }
  }
}

TEST(KnownContent, KeepsTimesApartAndJoinsThoseThatMeet) {
  KnownContent known;
  EXPECT_TRUE(known.add(4, 10, 20, false));
  EXPECT_FALSE(known.add(4, 12, 18, false));
  EXPECT_TRUE(known.add(4, 30, 40, false));
  EXPECT_FALSE(known.holds(4, 25));
  EXPECT_TRUE(known.add(4, 20, 30, false));
  EXPECT_TRUE(known.holds(4, 25));
  EXPECT_FALSE(known.add(4, 10, 40, false)) << "is one by now";
  EXPECT_FALSE(known.is_whole(4));
  EXPECT_TRUE(known.add(4, 15, 16, true));
  EXPECT_TRUE(known.is_whole(4));
  EXPECT_FALSE(known.holds(4, 41));
  EXPECT_FALSE(known.holds(6, 15));
}

}  // namespace
}  // namespace candor
