#include "app/record_keys.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <string>

#include "store/test_store.h"

namespace candor {
namespace {

class RecordKeysTest : public testing::Test {
 protected:
  RecordKeysTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_record_keys_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    store_ = std::move(*open_test_store(folder_));
  }
  ~RecordKeysTest() override { std::filesystem::remove_all(folder_); }

  static Keys keys(std::uint8_t seed) {
    std::array<std::uint8_t, 32> master{};
    master.fill(seed);
    return Keys::from_master(master);
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(RecordKeysTest, RecordsOnAServerOpenWithTheirOwnKeysOnly) {
  ASSERT_TRUE(claim_records(*store_, keys(1)));
  EXPECT_TRUE(claim_records(*store_, keys(1)));
  const auto others = claim_records(*store_, keys(2));
  if (!store_->is_shared()) {
    EXPECT_TRUE(others) << "those in the folder lie beside their keys";
    return;
  }
  ASSERT_FALSE(others);
  EXPECT_EQ(others.error().id, "app.other_keys");
  EXPECT_TRUE(claim_records(*store_, keys(1)));
}

}  // namespace
}  // namespace candor
