#include "sources/followed_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "sources/file_source.h"
#include "sources/source_name.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr TimePoint kLongAgo = 0;  // as wall clock: no file is settled by its date

class FollowedFolderTest : public testing::Test {
 protected:
  FollowedFolderTest()
      : folder_(std::filesystem::temp_directory_path() / ("candor-follow-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~FollowedFolderTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& bytes, std::ios::openmode mode = std::ios::trunc) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, mode | std::ios::out | std::ios::binary) << bytes;
  }
  std::unique_ptr<FollowedFolder> open(bool inotify) {
    auto followed = FollowedFolder::open(folder_, {.settle = 10s, .listing = 1s, .inotify = inotify});
    EXPECT_TRUE(followed) << followed.error().message;
    return std::move(followed).value();
  }
  // "name" or "name settled", sorted by name.
  static std::vector<std::string> names(FollowedFolder& folder, FollowedFolder::Clock::time_point now,
                                        TimePoint wall = kLongAgo) {
    const auto files = folder.look(now, wall);
    EXPECT_TRUE(files) << files.error().message;
    std::vector<std::string> out;
    for (const FolderFile& file : *files)
      out.push_back(file.path.filename().string() + (file.settled ? " settled" : ""));
    std::ranges::sort(out);
    return out;
  }
  std::vector<std::string> records(const FileSource::Options& options, std::string& checkpoint) const {
    auto source = FileSource::open(SourceInput::file(folder_ / "log"), options);
    std::vector<std::string> out;
    for (auto batch = (*source)->next(); batch && *batch; batch = (*source)->next()) {
      for (std::size_t i = 0; i < (*batch)->records.size(); ++i) out.emplace_back((*batch)->record(i));
      for (const RejectedRow& row : (*batch)->rejected) out.push_back("rejected " + row.reason);
      checkpoint = (*batch)->checkpoint;
    }
    return out;
  }

  const std::filesystem::path folder_;
  const FollowedFolder::Clock::time_point start_{1000s};
};

TEST_F(FollowedFolderTest, AFileIsSettledWhenUnchangedForAWhile) {
  const auto folder = open(false);
  write("a", "1");
  EXPECT_THAT(names(*folder, start_), ElementsAre("a"));
  EXPECT_THAT(names(*folder, start_ + 9s), ElementsAre("a"));
  write("a", "12");
  EXPECT_THAT(names(*folder, start_ + 10s), ElementsAre("a")) << "it grew";
  EXPECT_THAT(names(*folder, start_ + 19s), ElementsAre("a"));
  EXPECT_THAT(names(*folder, start_ + 20s), ElementsAre("a settled"));
}

TEST_F(FollowedFolderTest, AFileUnchangedLongBeforeIsSettledAtOnce) {
  write("a", "1");
  const auto folder = open(false);
  EXPECT_THAT(names(*folder, start_, SystemClock().now() + 3600 * kMicrosPerSecond), ElementsAre("a settled"));
}

TEST_F(FollowedFolderTest, ClosedOrRenamedIntoPlaceIsSettledAtOnce) {
  const auto folder = open(true);
  write("closed", "1");
  write(".hidden", "1");
  std::filesystem::rename(folder_ / ".hidden", folder_ / "moved");
  std::ofstream still_open(folder_ / "open");
  still_open << "1" << std::flush;
  EXPECT_THAT(names(*folder, start_), ElementsAre("closed settled", "moved settled", "open"));
  still_open.close();
  EXPECT_THAT(names(*folder, start_), ElementsAre("closed settled", "moved settled", "open settled"));
  std::ofstream again(folder_ / "closed", std::ios::app);
  again << "2" << std::flush;
  EXPECT_THAT(names(*folder, start_ + 1s), ElementsAre("closed", "moved settled", "open settled"));
}

TEST_F(FollowedFolderTest, UnfinishedNamesAreLeftAlone) {
  for (const char* name : {".a", "a.tmp", "a.part", "a.json.partial", "a.filepart", "a.crdownload", "a~", ".d/x"}) {
    write(name, "1");
  }
  write("deep/er/b.part.jsonl", "1");
  const auto folder = open(true);
  EXPECT_THAT(names(*folder, start_), ElementsAre("b.part.jsonl"));
}

TEST_F(FollowedFolderTest, TheKeyOutlivesARename) {
  write("a", "1");
  const auto folder = open(true);
  const auto before = folder->look(start_, kLongAgo);
  std::filesystem::rename(folder_ / "a", folder_ / "a.1");
  write("a", "2");
  const auto after = folder->look(start_, kLongAgo);
  ASSERT_EQ(after->size(), 2u);
  for (const FolderFile& file : *after) {
    EXPECT_EQ(file.key == before->front().key, file.path.filename() == "a.1") << file.path;
  }
}

TEST_F(FollowedFolderTest, AFolderThatIsAwayComesBack) {
  const auto folder = open(true);
  std::filesystem::remove_all(folder_);
  const auto gone = folder->look(start_, kLongAgo);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().id, "sources.unreadable");
  write("a", "1");
  EXPECT_THAT(names(*folder, start_), ElementsAre("a"));
  EXPECT_EQ(FollowedFolder::open(folder_ / "nowhere", {}).error().id, "sources.unreadable");
  EXPECT_EQ(FollowedFolder::open(folder_ / "a", {}).error().id, "sources.unreadable");
}

TEST_F(FollowedFolderTest, AGrowingFileIsReadUpToItsLastWholeLine) {
  std::string checkpoint;
  const auto grown = [&](bool settled) {
    return records({.checkpoint = checkpoint, .cancelled = {}, .growing = true, .settled = settled}, checkpoint);
  };
  write("log", "{\"a\":1}\n{\"a\":2}\n{\"a\":");
  EXPECT_THAT(grown(false), ElementsAre(R"({"a":1})", R"({"a":2})"));
  EXPECT_THAT(grown(true), ElementsAre()) << "half a line is none, however long it stays";
  write("log", "3}\n{\"a\":4}", std::ios::app);
  EXPECT_THAT(grown(false), ElementsAre(R"({"a":3})"));
  EXPECT_THAT(grown(true), ElementsAre(R"({"a":4})")) << "whole, though without an end";
  EXPECT_THAT(grown(true), ElementsAre());
  write("log", "\n{\"a\":5}\n", std::ios::app);
  EXPECT_THAT(grown(false), ElementsAre(R"({"a":5})"));
  write("log", "{\"b\":1}\n");
  EXPECT_THAT(grown(false), ElementsAre(R"({"b":1})")) << "another file under the same name";
}

TEST_F(FollowedFolderTest, OnlyLinesMayGrow) {
  const std::pair<const char*, bool> cases[] = {{"{\"a\":1}\n{\"a\"", true}, {"[{\"a\":1},\n", false},
                                                {"{\n\"a\":1,\n", false},    {"AuditData\n{}\n", false},
                                                {"\x1f\x8b\x08", false},     {"", false},
                                                {"{\"a\":1", false},         {"\n\n", false}};
  for (const auto& [text, grows] : cases) {
    write("log", text);
    EXPECT_EQ(may_grow(folder_ / "log"), grows) << text;
  }
  EXPECT_FALSE(may_grow(folder_ / "nowhere"));
}

TEST(SplitText, TakesEveryFormOrNothing) {
  const auto count = [](std::string_view text, std::uint64_t most = 1 << 20) -> std::string {
    const auto batches = split_text(text, "a body", {.decoded_bytes = most});
    if (!batches) return batches.error().id;
    std::size_t records = 0;
    std::size_t rejected = 0;
    for (const RawBatch& batch : *batches) {
      records += batch.records.size();
      rejected += batch.rejected.size();
    }
    return std::to_string(records) + "+" + std::to_string(rejected);
  };
  EXPECT_EQ(count("{}\n{}\n"), "2+0");
  EXPECT_EQ(count("[{},{},null]"), "2+1");
  EXPECT_EQ(count("{}"), "1+0");
  EXPECT_EQ(count(""), "0+0");
  EXPECT_EQ(count("nonsense"), "sources.unknown_format");
  EXPECT_EQ(count("\x1f\x8bnonsense"), "sources.damaged_input");
  EXPECT_EQ(count("{}\n{}\n", 5), "sources.too_large");
}

TEST(SourceName, TakesPlainNamesOnly) {
  for (const char* good : {"a", "m365-audit", "0.b_c", "files"}) EXPECT_TRUE(source_name(good)) << good;
  for (const char* bad : {"", "A", "-a", ".a", "a b", "a/b", "../a", "a\n", "a\"", "\xC3\xA4"}) {
    const auto name = source_name(bad);
    ASSERT_FALSE(name) << bad;
    EXPECT_EQ(name.error().id, "sources.bad_name");
  }
  EXPECT_TRUE(source_name(std::string(64, 'a')));
  EXPECT_FALSE(source_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace candor
