#include "policy/logarithms.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace candor {
namespace {

std::shared_ptr<const Logarithms> table() {
  const auto loaded = Logarithms::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/scoring/logarithms.tsv");
  EXPECT_TRUE(loaded.has_value()) << (loaded ? "" : loaded.error().message);
  return *loaded;
}

TEST(LogarithmsTest, KnownValues) {
  const auto logarithms = table();
  EXPECT_EQ(logarithms->log2(0), 0);
  EXPECT_EQ(logarithms->log2(1), 0);
  EXPECT_EQ(logarithms->log2(2), Logarithms::kOne);
  EXPECT_EQ(logarithms->log2(1 << 20), 20 * Logarithms::kOne);
  EXPECT_EQ(logarithms->exp2_negative(-5), Logarithms::kOne);
  EXPECT_EQ(logarithms->exp2_negative(0), Logarithms::kOne);
  EXPECT_EQ(logarithms->exp2_negative(Logarithms::kOne), Logarithms::kOne / 2);
  EXPECT_EQ(logarithms->exp2_negative(62 * Logarithms::kOne), 0);
}

TEST(LogarithmsTest, CloseToTheRealOnes) {
  const auto logarithms = table();
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<std::int64_t>(random() >> (random() % 62 + 1)) + 1;
    EXPECT_NEAR(static_cast<double>(logarithms->log2(value)) / 1e9, std::log2(static_cast<double>(value)), 3e-7);
    const auto exponent = static_cast<std::int64_t>(random() % (40 * Logarithms::kOne));
    EXPECT_NEAR(static_cast<double>(logarithms->exp2_negative(exponent)) / 1e9,
                std::exp2(-static_cast<double>(exponent) / 1e9), 1e-7);
  }
}

TEST(LogarithmsTest, NeverTurnBack) {
  const auto logarithms = table();
  for (std::int64_t value = 1; value < 200'000; ++value) {
    ASSERT_LE(logarithms->log2(value), logarithms->log2(value + 1)) << value;
  }
  for (std::int64_t exponent = 0; exponent < 20 * Logarithms::kOne; exponent += 99'991) {
    ASSERT_GE(logarithms->exp2_negative(exponent), logarithms->exp2_negative(exponent + 1)) << exponent;
  }
}

TEST(LogarithmsTest, RefusesDamagedTables) {
  EXPECT_EQ(Logarithms::parse("", "t").error().id, "policy.bad_logarithms");
  EXPECT_EQ(Logarithms::parse("0\t0\t1000000000\n1\t5\t6\t7\n", "t").error().message.substr(0, 4), "t:2:");
  EXPECT_EQ(Logarithms::parse("0\t0\t1000000000\n2\t5\t6\n", "t").error().message.substr(0, 4), "t:2:");
  EXPECT_FALSE(Logarithms::parse("0\t0\t1000000000\n1\t1\t1000000001\n", "t").has_value());
}

}  // namespace
}  // namespace candor
