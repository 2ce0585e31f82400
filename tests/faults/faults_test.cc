// Kills, fills and shuffles: what is stored in the end is what an undisturbed run stores, byte for byte.
//
// CANDOR_FAULT_KILLS (default 20) says how often the killing test kills, CANDOR_FAULT_SEED (default 1) when.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

extern char** environ;

namespace candor {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A Management Activity API record of an invented person.
std::string record(std::mt19937_64& random, int number) {
  static constexpr const char* kOperations[] = {"FileDownloaded", "FileAccessed", "FileDeleted", "SharingSet"};
  std::ostringstream out;
  const auto day = 1 + random() % 28;
  const auto hour = random() % 24;
  out << R"({"CreationTime":"2026-0)" << 1 + random() % 3 << '-' << (day < 10 ? "0" : "") << day << 'T'
      << (hour < 10 ? "0" : "") << hour << R"(:05:06","Id":"00000000-0000-4000-8000-)" << 100000000000 + number
      << R"(","Operation":")" << kOperations[random() % 4]
      << R"(","OrganizationId":"bdd73226-2feb-4e95-ba69-ec90eb4fef88","RecordType":6,"UserKey":"key","UserType":0,)"
      << R"("Version":)" << 1 + random() % 2 << R"(,"Workload":"SharePoint","ClientIP":"203.0.113.)" << random() % 250
      << R"(","UserId":"user)" << random() % 12
      << R"(@example.com","SiteUrl":"https://example.com/sites/a/","SourceRelativeUrl":"Shared Documents",)"
      << R"("SourceFileName":"plan )" << random() % 50 << R"(.docx","FileSizeBytes":)" << random() % 100000
      << R"(,"UserAgent":")" << std::string(random() % 400, 'x') << R"("})";
  return out.str();
}

// Records with repeats and corrections (same id, other content) among them.
std::vector<std::string> records(std::uint64_t seed, int count) {
  std::mt19937_64 random(seed);
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) {
    lines.push_back(record(random, i));
    if (random() % 5 == 0) lines.push_back(lines[random() % lines.size()]);
    if (random() % 50 == 0) {
      std::string other = lines[random() % lines.size()];
      if (const std::size_t at = other.find("plan "); at != std::string::npos) other.replace(at, 5, "copy ");
      lines.push_back(other);
    }
  }
  return lines;
}

fs::path write_lines(const fs::path& file, const std::vector<std::string>& lines) {
  std::ofstream out(file, std::ios::binary);
  for (const std::string& line : lines) out << line << '\n';
  return file;
}

class FaultsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "candor-faults-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder_); }

  pid_t start(const fs::path& data, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {CANDOR_INGEST_DRIVER, data.string(), "--quiet"});
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const std::string errors = (folder_ / "errors").string();
    posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    // A child that never was must not be signalled: 0 would mean this whole process group.
    if (posix_spawn(&child, CANDOR_INGEST_DRIVER, &actions, nullptr, raw.data(), environ) != 0 || child <= 0) {
      std::cerr << "cannot start " << CANDOR_INGEST_DRIVER << '\n';
      std::abort();
    }
    posix_spawn_file_actions_destroy(&actions);
    return child;
  }
  // The exit code; -1 when a signal ended it.
  static int wait_for(pid_t child) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int run(const fs::path& data, std::vector<std::string> arguments) { return wait_for(start(data, arguments)); }

  std::string errors() const { return read_text(folder_ / "errors"); }

  // What a data folder holds, in canonical form.
  std::string dump(const fs::path& data) {
    const fs::path file = folder_ / "dump";
    EXPECT_EQ(run(data, {"--dump", file.string()}), 0) << errors();
    return read_text(file);
  }

  fs::path folder_;
};

// How many rows of the input a checkpoint covers is the source's secret; but the driver tells which one it was shown.
std::map<std::string, std::string> last_acknowledged(const fs::path& acks) {
  std::map<std::string, std::string> last;
  std::istringstream lines(read_text(acks));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos) last[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return last;
}

TEST_F(FaultsTest, KilledAtAnyInstantNothingAcknowledgedIsLostOrDoubled) {
  const int kills = std::stoi(environment("CANDOR_FAULT_KILLS", "20"));
  const std::uint64_t seed = std::stoull(environment("CANDOR_FAULT_SEED", "1"));
  std::cout << "seed " << seed << ", " << kills << " kills\n";
  const fs::path input = write_lines(folder_ / "in.ndjson", records(seed, 30'000));
  ASSERT_EQ(run(folder_ / "calm", {input.string()}), 0) << errors();
  const std::string expected = dump(folder_ / "calm");
  ASSERT_GT(expected.size(), 1'000'000u);

  std::mt19937_64 random(seed);
  int killed = 0;
  int round = 0;
  while (killed < kills) {
    const fs::path data = folder_ / ("data" + std::to_string(round));
    const fs::path acks = folder_ / ("acks" + std::to_string(round++));
    // Small buffers and segments, so that kills hit flushes and changes of segment too.
    std::vector<std::string> arguments = {"--buffer", std::to_string(200'000 + random() % 3'000'000), "--segment",
                                          std::to_string(500'000 + random() % 8'000'000)};
    if (random() % 3 == 0) arguments.emplace_back("--one-thread");
    if (random() % 3 == 0) arguments.emplace_back("--flush");
    arguments.insert(arguments.end(), {"--acks", acks.string(), input.string()});
    bool finished = false;
    // The same folder again and again, until one run comes to its end.
    for (int attempt = 0; !finished; ++attempt) {
      const pid_t child = start(data, arguments);
      if (attempt < 4 && killed < kills) {
        usleep(static_cast<useconds_t>(random() % 600'000));
        kill(child, SIGKILL);
      }
      const int code = wait_for(child);
      ASSERT_TRUE(code == 0 || code == -1) << "attempt " << attempt << ": " << errors();
      finished = code == 0;
      if (finished) break;
      ++killed;
      // A feed that was acknowledged still is. That all it covers is there shows in the end: the next run reads only
      // what lies behind the checkpoint, so a lost record would be missing from the result.
      const fs::path found = folder_ / "found";
      fs::remove(found);
      ASSERT_EQ(run(data, {"--acks", found.string()}), 0) << errors();
      const auto now = last_acknowledged(found);
      for (const auto& [feed, checkpoint] : last_acknowledged(acks)) ASSERT_TRUE(now.contains(feed)) << feed;
    }
    ASSERT_EQ(dump(data), expected) << "round " << round;
  }
}

TEST_F(FaultsTest, OrderRepeatsSplitsAndThreadsChangeNothing) {
  const std::uint64_t seed = std::stoull(environment("CANDOR_FAULT_SEED", "1"));
  std::vector<std::string> lines = records(seed, 6'000);
  ASSERT_EQ(run(folder_ / "plain", {write_lines(folder_ / "in.ndjson", lines).string()}), 0) << errors();
  const std::string expected = dump(folder_ / "plain");
  ASSERT_GT(expected.size(), 100'000u);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 6; ++round) {
    std::vector<std::string> delivered = lines;
    for (std::size_t i = 0; i < lines.size() / 3; ++i) delivered.push_back(lines[random() % lines.size()]);
    std::ranges::shuffle(delivered, random);
    std::vector<std::string> arguments = {"--buffer", std::to_string(100'000 + random() % 2'000'000), "--fold"};
    if (round % 2 == 1) arguments.emplace_back("--one-thread");
    const std::size_t parts = 1 + random() % 5;
    for (std::size_t part = 0; part < parts; ++part) {
      const std::size_t from = delivered.size() * part / parts;
      const std::size_t to = delivered.size() * (part + 1) / parts;
      const fs::path file = folder_ / ("part" + std::to_string(round) + std::to_string(part) + ".ndjson");
      arguments.push_back(write_lines(file, {delivered.begin() + static_cast<std::ptrdiff_t>(from),
                                             delivered.begin() + static_cast<std::ptrdiff_t>(to)})
                              .string());
    }
    const fs::path data = folder_ / ("shuffled" + std::to_string(round));
    ASSERT_EQ(run(data, arguments), 0) << errors();
    ASSERT_EQ(dump(data), expected) << "round " << round;
  }
}

TEST_F(FaultsTest, SecondRunOfAFileStoresNothing) {
  const fs::path input = write_lines(folder_ / "in.ndjson", records(3, 500));
  ASSERT_EQ(run(folder_ / "data", {input.string()}), 0) << errors();
  const std::string before = dump(folder_ / "data");
  ASSERT_EQ(run(folder_ / "data", {input.string()}), 0) << errors();
  ASSERT_EQ(dump(folder_ / "data"), before);
}

// A small file system of its own, in memory. Needs root; where that is missing the test is skipped.
class SmallDisk {
 public:
  explicit SmallDisk(const fs::path& place) : place_(place) {
    fs::create_directories(place_);
    mounted_ = mount("tmpfs", place_.c_str(), "tmpfs", 0, "size=5m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  void grow() const { ASSERT_EQ(mount("tmpfs", place_.c_str(), "tmpfs", MS_REMOUNT, "size=200m"), 0); }

 private:
  fs::path place_;
  bool mounted_ = false;
};

TEST_F(FaultsTest, FullDiskIsAClearErrorAndGoesOnWhenThereIsRoom) {
  const fs::path input = write_lines(folder_ / "in.ndjson", records(7, 30'000));
  ASSERT_EQ(run(folder_ / "calm", {input.string()}), 0) << errors();
  const std::string expected = dump(folder_ / "calm");
  int round = 0;
  for (const char* threads : {"--quiet", "--one-thread"}) {
    // Buffers small and large, so that now the blocks, now the raw log meet the end of the disk first.
    for (const char* buffer : {"300000", "100000000"}) {
      const fs::path place = folder_ / ("disk" + std::to_string(round++));
      const SmallDisk disk(place);
      if (!disk.mounted()) GTEST_SKIP() << "a small file system needs root";
      // Most of it taken by something else.
      std::ofstream(place / "other", std::ios::binary) << std::string(3'500'000, 'o');
      const std::vector<std::string> arguments = {threads, "--buffer", buffer, "--flush", input.string()};
      for (int attempt = 0; attempt < 2; ++attempt) {
        ASSERT_EQ(run(place / "data", arguments), 3) << "not told as a full disk: " << errors();
        EXPECT_NE(errors().find("the disk is full"), std::string::npos) << errors();
      }
      disk.grow();
      ASSERT_EQ(run(place / "data", arguments), 0) << errors();
      ASSERT_EQ(dump(place / "data"), expected) << threads << ' ' << buffer;
    }
  }
}

}  // namespace
}  // namespace candor
