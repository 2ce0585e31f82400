#include "base/keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/points.h"
#include "base/running_hash.h"

namespace candor {
namespace {

class KeysTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("keys_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(KeysTest, AreKeptAcrossOpens) {
  const auto first = Keys::open(folder_);
  const auto second = Keys::open(folder_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->account("a@example.com"), second->account("a@example.com"));
  EXPECT_NE(first->account("a@example.com"), second->account("b@example.com"));
}

TEST_F(KeysTest, RefuseAMasterKeyOthersMayRead) {
  ASSERT_TRUE(Keys::open(folder_));
  chmod((folder_ / "keys/master.key").c_str(), 0644);
  const auto keys = Keys::open(folder_);
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().id, "base.key_unreadable");
}

TEST_F(KeysTest, RefuseAShortMasterKey) {
  ASSERT_TRUE(Keys::open(folder_));
  std::filesystem::resize_file(folder_ / "keys/master.key", 31);
  EXPECT_FALSE(Keys::open(folder_));
}

TEST_F(KeysTest, ALostMasterKeyIsNeverReplaced) {
  for (const char* data : {"records.db", "records.url", "timeline/raw"}) {
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(Keys::open(folder_));
    std::filesystem::remove(folder_ / "keys/master.key");
    std::filesystem::create_directories((folder_ / data).parent_path());
    std::ofstream(folder_ / data) << "something";
    const auto keys = Keys::open(folder_);
    ASSERT_FALSE(keys) << data;
    EXPECT_EQ(keys.error().id, "base.key_missing");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "keys/master.key"));
  }
}

TEST_F(KeysTest, AnEmptyTimelineFolderIsNoReasonToRefuse) {
  std::filesystem::create_directories(folder_ / "timeline");
  EXPECT_TRUE(Keys::open(folder_));
}

TEST(RunningHash, IsTheHashOfTheWholeHoweverItIsCut) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * 7919);
  for (const std::size_t piece : {1U, 7U, 256U, 5000U}) {
    RunningHash hash;
    for (std::size_t at = 0; at < text.size(); at += piece) hash.add(std::string_view(text).substr(at, piece));
    EXPECT_EQ(hash.value(), content_hash(text));
  }
}

TEST(Seal, OpensOnlyWithItsKeyAndContext) {
  const Keys keys = Keys::from_master({1, 2, 3});
  const auto key = keys.derive("a");
  const std::string sealed = seal(key, "secret", "here");
  EXPECT_EQ(unseal(key, sealed, "here").value(), "secret");
  EXPECT_FALSE(unseal(key, sealed, "there"));
  EXPECT_FALSE(unseal(keys.derive("b"), sealed, "here"));
  std::string damaged = sealed;
  damaged.back() ^= 1;
  EXPECT_FALSE(unseal(key, damaged, "here"));
  EXPECT_FALSE(unseal(key, "short", "here"));
}

TEST(Identity, TellsItsPartsApart) {
  const Keys keys = Keys::from_master({1});
  EXPECT_NE(keys.activity(1, "ab", "c", "d", 5), keys.activity(1, "a", "bc", "d", 5));
  EXPECT_NE(keys.activity(1, "a", "b", "c", 5), keys.activity(1, "a", "b", "c", 6));
}

TEST(Points, PrintExactly) {
  EXPECT_EQ(format_points(34'500'000), "34.5");
  EXPECT_EQ(format_points(-1), "-0.000001");
  EXPECT_EQ(format_points(0), "0");
}

}  // namespace
}  // namespace candor
