#include "base/master_key.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "base/keys.h"

namespace candor {
namespace {

constexpr KeyBytes kOld = {1, 2, 3};
constexpr KeyBytes kNew = {4, 5, 6};

class MasterKeyTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("master_key_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "keys");
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    for (const char* name : {"CANDOR_KEY", "CANDOR_KEY_FILE", "CANDOR_KEY_COMMAND"}) ::unsetenv(name);
  }

  bool holds(const std::string& what) const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "keys")) {
      std::ifstream in(entry.path(), std::ios::binary);
      if (std::string(std::istreambuf_iterator<char>(in), {}).contains(what)) return true;
    }
    return false;
  }
  std::string error_of(const std::optional<KeyBytes>& outer) const {
    const auto read = read_master_key(folder_, outer);
    return read ? "" : read.error().id;
  }
  static std::string said(const KeyBytes& key) {
    return to_hex(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()));
  }

  std::filesystem::path folder_;
};

TEST_F(MasterKeyTest, IsSealedAndSealedAnewAndStaysTheSame) {
  EXPECT_EQ(master_key_state(folder_), MasterKeyState::none);
  const KeyBytes master = *make_master_key(folder_, std::nullopt);
  const std::string bytes(reinterpret_cast<const char*>(master.data()), master.size());
  EXPECT_EQ(master_key_state(folder_), MasterKeyState::plain);
  EXPECT_TRUE(holds(bytes));
  ASSERT_TRUE(reseal_master_key(folder_, std::nullopt, kOld));
  EXPECT_EQ(master_key_state(folder_), MasterKeyState::sealed);
  EXPECT_FALSE(holds(bytes));
  EXPECT_EQ(*read_master_key(folder_, kOld), master);
  EXPECT_EQ(error_of(std::nullopt), "base.key_sealed");
  EXPECT_EQ(error_of(kNew), "base.key_wrong");
  EXPECT_EQ(reseal_master_key(folder_, kNew, kOld).error().id, "base.key_wrong") << "nothing is written over it";
  ASSERT_TRUE(reseal_master_key(folder_, kOld, kNew));
  EXPECT_EQ(*read_master_key(folder_, kNew), master);
  EXPECT_EQ(error_of(kOld), "base.key_wrong");
  ASSERT_TRUE(reseal_master_key(folder_, kNew, std::nullopt));
  EXPECT_EQ(master_key_state(folder_), MasterKeyState::plain);
  EXPECT_EQ(*read_master_key(folder_, std::nullopt), master);
}

// Killed between the two: the sealed one counts, and whoever opens it takes the plain one away.
TEST_F(MasterKeyTest, APlainKeyLeftBesideTheSealedOneGoes) {
  const KeyBytes master = *make_master_key(folder_, std::nullopt);
  std::filesystem::copy(folder_ / "keys/master.key", folder_ / "before");
  ASSERT_TRUE(reseal_master_key(folder_, std::nullopt, kOld));
  std::filesystem::rename(folder_ / "before", folder_ / "keys/master.key");
  EXPECT_EQ(master_key_state(folder_), MasterKeyState::sealed);
  EXPECT_EQ(error_of(kNew), "base.key_wrong");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "keys/master.key"));
  EXPECT_EQ(*read_master_key(folder_, kOld), master);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "keys/master.key"));
}

TEST_F(MasterKeyTest, IsPrivateAndWhole) {
  ASSERT_TRUE(make_master_key(folder_, kOld));
  struct stat status{};
  ASSERT_EQ(::stat((folder_ / "keys/master.sealed").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ::chmod((folder_ / "keys/master.sealed").c_str(), 0640);
  EXPECT_EQ(error_of(kOld), "base.key_unreadable");
  ::chmod((folder_ / "keys/master.sealed").c_str(), 0600);
  std::filesystem::resize_file(folder_ / "keys/master.sealed", 71);
  EXPECT_EQ(error_of(kOld), "base.key_wrong");
}

TEST_F(MasterKeyTest, AFolderMadeWithAKeyFromOutsideNeverHasAPlainOne) {
  ::setenv("CANDOR_KEY", said(kOld).c_str(), 1);
  const auto first = Keys::open(folder_);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(master_key_state(folder_), MasterKeyState::sealed);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "keys/master.key"));
  EXPECT_EQ(Keys::open(folder_)->account("a@example.com"), first->account("a@example.com"));
  ::setenv("CANDOR_KEY", said(kNew).c_str(), 1);
  EXPECT_EQ(Keys::open(folder_).error().id, "base.key_wrong");
  ::unsetenv("CANDOR_KEY");
  EXPECT_EQ(Keys::open(folder_).error().id, "base.key_sealed");
}

TEST_F(MasterKeyTest, TheKeyFromOutsideIsSaidInThreeWays) {
  EXPECT_FALSE(*outer_key(kOuterKey));
  const std::string digits = said(kNew);
  ::setenv("CANDOR_KEY_COMMAND", ("printf '%s\\n' " + digits).c_str(), 1);
  EXPECT_EQ(*outer_key(kOuterKey), kNew);
  for (const char* bad : {"exit 1", "echo; false", "true", "echo 0011", "yes 00"}) {
    ::setenv("CANDOR_KEY_COMMAND", bad, 1);
    ASSERT_FALSE(outer_key(kOuterKey)) << bad;
    EXPECT_EQ(outer_key(kOuterKey).error().id, "base.bad_outer_key");
  }
  std::ofstream(folder_ / "key") << digits << "\r\n";
  ::setenv("CANDOR_KEY_FILE", (folder_ / "key").c_str(), 1);
  EXPECT_EQ(*outer_key(kOuterKey), kNew) << "the file comes before the command";
  ::setenv("CANDOR_KEY", said(kOld).c_str(), 1);
  EXPECT_EQ(*outer_key(kOuterKey), kOld);
  ::setenv("CANDOR_KEY", (digits + "00").c_str(), 1);
  const auto refused = outer_key(kOuterKey);
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().message.contains(digits));
  EXPECT_EQ(new_outer_key().size(), 64u);
  EXPECT_NE(new_outer_key(), new_outer_key());
}

}  // namespace
}  // namespace candor
