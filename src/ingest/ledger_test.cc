#include "ingest/ledger.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "store/test_store.h"

namespace candor {
namespace {

class LedgerBookTest : public testing::Test {
 protected:
  LedgerBookTest() : folder_(testing::TempDir() + "candor-ledger") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store_ = std::move(*open_test_store(folder_));
  }
  ~LedgerBookTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  static LedgerLine line(const std::string& indicator, Day day, std::int64_t offered, std::int64_t evaluated) {
    return {.content = {},
            .day = day,
            .country = "DE",
            .indicator = indicator,
            .offered = offered,
            .evaluated = evaluated,
            .matched = 1};
  }
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(LedgerBookTest, AContentIsCountedAnewAndOthersStay) {
  LedgerBook book(*store_);
  ASSERT_TRUE(book.save("a", {line("x", 1, 5, 5), line("y", 1, 5, 0)}));
  ASSERT_TRUE(book.save("b", {line("x", 1, 5, 5)}));
  ASSERT_TRUE(book.save("a", {line("x", 1, 6, 6), line("y", 1, 6, 0), line("x", 2, 1, 1)}));
  const auto all = book.all();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 4u);
  EXPECT_EQ((*all)[0].content, "a");
  EXPECT_EQ((*all)[0].offered, 6);
  EXPECT_EQ((*all)[1].indicator, "y");
  EXPECT_EQ((*all)[1].evaluated, 0);
  EXPECT_EQ((*all)[2].day, 2);
  EXPECT_EQ((*all)[3].content, "b");
  EXPECT_EQ((*all)[3].matched, 1);
}

TEST_F(LedgerBookTest, KnowsTheContentOfWhatIsStored) {
  LedgerBook book(*store_);
  ASSERT_TRUE(book.current());
  EXPECT_FALSE(book.current()->has_value());
  ASSERT_TRUE(book.set_current({"a", 0, {{"x", 4'000'000'000, 1}, {"y", 2, 4}}}));
  ASSERT_TRUE(book.set_current({"b", 7, {{"x", 4'000'000'000, 3}}}));
  const auto current = book.current();
  ASSERT_TRUE(current && *current);
  EXPECT_EQ((*current)->version, "b");
  EXPECT_EQ((*current)->decisions, 7);
  ASSERT_EQ((*current)->indicators.size(), 1u);
  EXPECT_EQ((*current)->indicators[0].key, 4'000'000'000);
  EXPECT_EQ((*current)->indicators[0].intrusion, 3);
}

}  // namespace
}  // namespace candor
