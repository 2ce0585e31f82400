#include "app/control.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace candor {
namespace {

class ControlTest : public testing::Test {
 protected:
  void SetUp() override {
    // Longer than a unix socket address can hold: the folder is reached all the same.
    folder_ = std::filesystem::path(testing::TempDir()) / ("control_" + std::string(120, 'x')) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_.parent_path()); }
  std::filesystem::path folder_;
};

TEST_F(ControlTest, AFolderHasOneOwner) {
  auto first = FolderLock::take(folder_);
  ASSERT_TRUE(first && first->has_value());
  auto second = FolderLock::take(folder_);
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->has_value());
  first->reset();
  EXPECT_TRUE(FolderLock::take(folder_)->has_value());
}

TEST_F(ControlTest, TheOwnerRunsTheCommandOnTheCallersOutput) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  auto server = ControlServer::start(folder_, [](const std::vector<std::string>& arguments, const Io& io) {
    write_all(io.out, arguments.at(1) + " in " + io.folder.string());
    return 2;
  });
  ASSERT_TRUE(server) << server.error().message;
  struct stat status{};
  ASSERT_EQ(::stat((folder_ / "control.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const Io io{.in = 0, .out = pipe[1], .err = 2, .folder = "/somewhere", .account = "tester"};
  const auto code = hand_over(folder_, {"ingest", "file name.json"}, io);
  ::close(pipe[1]);
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, 2);
  std::array<char, 200> text{};
  EXPECT_GT(::read(pipe[0], text.data(), text.size() - 1), 0);
  EXPECT_STREQ(text.data(), "file name.json in /somewhere");
  ::close(pipe[0]);
}

TEST_F(ControlTest, SaysSoWhenTheOwnerDoesNotServe) {
  const Io io{.in = 0, .out = 1, .err = 2, .folder = "/", .account = "tester"};
  const auto code = hand_over(folder_, {"ingest"}, io);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().id, "app.owner_not_serving");
}

}  // namespace
}  // namespace candor
