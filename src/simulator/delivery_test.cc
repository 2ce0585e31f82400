#include "simulator/delivery.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "simulator/random.h"

namespace candor {
namespace {

std::vector<Act> some_acts(int count) {
  Random random(3);
  std::vector<Act> acts;
  for (int i = 0; i < count; ++i) {
    Act act;
    act.time = start_of(20000 + i * 10 / count) + TimePoint{random.between(0, 86399)} * kMicrosPerSecond;
    act.seed = random.next();
    acts.push_back(act);
  }
  return acts;
}

std::vector<DeliveredRow> deliver(int repeat_percent, const std::vector<Act>& acts) {
  Delivery delivery(repeat_percent);
  std::vector<DeliveredRow> rows;
  const auto keep = [&](const DeliveredRow& row) -> Result<void> {
    rows.push_back(row);
    return {};
  };
  for (const Act& act : acts) {
    delivery.add(act);
    EXPECT_TRUE(delivery.release(start_of(day_of(act.time)), keep));
  }
  EXPECT_TRUE(delivery.release(start_of(30000), keep));
  return rows;
}

TEST(Delivery, hands_over_each_act_once_and_first) {
  const std::vector<Act> acts = some_acts(8000);
  std::map<std::uint64_t, int> firsts;
  TimePoint last = 0;
  bool disordered = false;
  TimePoint newest = 0;
  for (const DeliveredRow& row : deliver(30, acts)) {
    EXPECT_GE(row.at, last);
    last = row.at;
    EXPECT_GT(row.at, row.act.time);
    disordered |= row.act.time < newest;
    newest = std::max(newest, row.act.time);
    if (row.repeat || row.corrected) {
      EXPECT_EQ(firsts[row.act.seed], 1) << "a copy before the row itself";
    } else {
      ++firsts[row.act.seed];
    }
  }
  EXPECT_EQ(firsts.size(), acts.size());
  for (const auto& [seed, times] : firsts) EXPECT_EQ(times, 1);
  EXPECT_TRUE(disordered);
}

TEST(Delivery, repeats_as_often_as_asked) {
  const std::vector<Act> acts = some_acts(8000);
  for (const int percent : {0, 10, 44, 90}) {
    const std::vector<DeliveredRow> rows = deliver(percent, acts);
    std::size_t repeats = 0;
    std::size_t corrections = 0;
    for (const DeliveredRow& row : rows) {
      repeats += row.repeat ? 1 : 0;
      corrections += row.corrected ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(repeats * 100) / static_cast<double>(rows.size()), percent, 2);
    EXPECT_GT(corrections, 0U);
    EXPECT_LT(corrections, 40U);
  }
}

TEST(Delivery, passes_on_the_first_error) {
  Delivery delivery(0);
  for (const Act& act : some_acts(10)) delivery.add(act);
  int calls = 0;
  const Result<void> released = delivery.release(start_of(30000), [&](const DeliveredRow&) -> Result<void> {
    ++calls;
    return fail("test.full", "full");
  });
  ASSERT_FALSE(released);
  EXPECT_EQ(released.error().id, "test.full");
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace candor
