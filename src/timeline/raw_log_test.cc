#include "timeline/raw_log.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "timeline/disk_space.h"

namespace candor {
namespace {

int refuse(int) {
  errno = EIO;
  return -1;
}

class RawLogTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor-raw-log-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<RawLog> open(int (*sync)(int)) {
    auto log = RawLog::open(folder_, keys_, space_, {}, {.thread = GetParam(), .sync = sync});
    EXPECT_TRUE(log) << log.error().message;
    return std::move(*log);
  }
  static void add(RawLog& log, std::string_view raw, std::string_view checkpoint) {
    ASSERT_TRUE(log.ready());
    log.add(SourceKind::m365_audit, raw);
    log.note("feed", checkpoint);
  }

  std::filesystem::path folder_;
  Keys keys_ = Keys::from_master({7});
  DiskSpace space_{"/tmp"};
};

TEST_P(RawLogTest, WhatCouldNotBeSyncedIsNeverCalledDurable) {
  {
    auto log = open(::fdatasync);
    add(*log, "one", "1");
    ASSERT_TRUE(log->sync());
    EXPECT_EQ(log->durable().at("feed"), "1");
  }
  {
    auto log = open(refuse);
    log->set_durable({{"feed", "1"}});
    add(*log, "two", "2");
    const auto first = log->sync();
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().id, "timeline.sync_failed");
    // The system would call the second attempt a success.
    const auto second = log->sync();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().id, "timeline.sync_failed");
    EXPECT_FALSE(log->ready());
    EXPECT_EQ(log->durable().at("feed"), "1");
  }
  // A restart reads what is there, brings it to the disk, and goes on.
  auto log = open(::fdatasync);
  std::vector<std::string> found;
  ASSERT_TRUE(log->replay({}, [&](RawLog::Position, const FrameContent& content, std::uint64_t) -> Result<void> {
    found.push_back(content.text);
    return {};
  }));
  EXPECT_EQ(found, (std::vector<std::string>{"one", "two"}));
  add(*log, "three", "3");
  EXPECT_TRUE(log->sync());
}

INSTANTIATE_TEST_SUITE_P(Threads, RawLogTest, testing::Bool());

}  // namespace
}  // namespace candor
