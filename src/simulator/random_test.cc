#include "simulator/random.h"

#include <gtest/gtest.h>

#include <set>

namespace candor {
namespace {

TEST(Random, is_splitmix64) {
  // The published numbers for this seed (Vigna's splitmix64.c).
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
  EXPECT_EQ(random.next(), 9817491932198370423ULL);
}

TEST(Random, stays_in_range) {
  Random random(7);
  std::set<int> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(random.between(-2, 2));
    EXPECT_LT(random.below(3), 3U);
    const int middle = random.near_middle(10, 20);
    EXPECT_TRUE(middle >= 10 && middle <= 20) << middle;
  }
  EXPECT_EQ(seen, (std::set<int>{-2, -1, 0, 1, 2}));
  EXPECT_EQ(random.below(0), 0U);
}

TEST(Random, counts_have_the_mean_asked_for) {
  for (const std::uint32_t mean : {20U, 700U, 12000U}) {
    Random random(mean);
    std::uint64_t sum = 0;
    constexpr int kDraws = 60000;
    for (int i = 0; i < kDraws; ++i) sum += static_cast<std::uint64_t>(random.count(mean));
    const std::uint64_t measured = sum * 1000 / kDraws;
    EXPECT_NEAR(static_cast<double>(measured), mean, mean * 0.1 + 2) << mean;
  }
}

TEST(Random, keys_and_their_order_matter) {
  EXPECT_NE((mix({1, 2})), (mix({2, 1})));
  EXPECT_NE((mix({1, 2})), (mix({1, 2, 0})));
  EXPECT_EQ((Random{1, 2}.next()), (Random{1, 2}.next()));
}

TEST(Random, guids_are_well_formed_and_differ) {
  std::set<std::string> all;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::string id = guid(i);
    ASSERT_EQ(id.size(), 36U);
    EXPECT_EQ(id[14], '4');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    all.insert(id);
  }
  EXPECT_EQ(all.size(), 2000U);
}

}  // namespace
}  // namespace candor
