#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace candor {

// A file of a followed folder, as it is right now.
struct FolderFile {
  std::filesystem::path path;
  std::string key;         // device and inode: the same file after a rename in place
  std::uint64_t size = 0;  // bytes as stored
  std::int64_t mtime = 0;  // nanoseconds since 1970
  bool settled = false;    // closed or moved into place, or unchanged for the settle time: taken for complete
};

// Watches a folder, and those below it, for files. Moves, changes and deletes nothing. Hidden files and those whose
// name ends like something unfinished (.tmp, .part, .partial, .filepart, .crdownload, .swp, ~) are left alone until
// they get another name. inotify tells at once; where it cannot (network file systems tell nobody of what other
// machines write) a listing now and then finds the same. Thread safety: one thread at a time.
class FollowedFolder {
 public:
  using Clock = std::chrono::steady_clock;
  struct Options {
    std::chrono::milliseconds settle{10'000};  // a file that is unchanged for so long is complete
    std::chrono::milliseconds listing{5'000};  // at least so often the folder is listed
    bool inotify = true;                       // false: listing only
  };
  // Fails with `sources.unreadable` when it is no folder or may not be read.
  static Result<std::unique_ptr<FollowedFolder>> open(const std::filesystem::path& folder, const Options& options);
  ~FollowedFolder();
  FollowedFolder(const FollowedFolder&) = delete;
  FollowedFolder& operator=(const FollowedFolder&) = delete;

  // Every file there is, oldest change first, ties by path. `now` moves forward from call to call; `wall` is what
  // changes of files are dated by, so that what was complete long before is taken at once. A folder that is
  // gone for a while (an unmounted share) fails with `sources.unreadable`; the same call works when it is back.
  Result<std::vector<FolderFile>> look(Clock::time_point now, TimePoint wall);
  // Returns when something changed, or after `longest`.
  void wait(std::chrono::milliseconds longest);
  // How long wait() may last before the next look can find something new.
  std::chrono::milliseconds next_look() const;

  // Whether a file of that name is left alone.
  static bool is_unfinished_name(const std::string& name);

 private:
  struct Seen {
    std::uint64_t size = 0;
    std::int64_t mtime = 0;
    Clock::time_point since;  // unchanged
    bool closed = false;      // since the last change
  };
  FollowedFolder(std::filesystem::path folder, const Options& options, int notify);
  void watch(const std::filesystem::path& folder);
  void read_notices();

  const std::filesystem::path folder_;
  const Options options_;
  int notify_;                                    // -1: none
  std::map<int, std::filesystem::path> watched_;  // by inotify's number
  std::map<std::string, int> watches_;            // by path
  std::map<std::string, Seen> seen_;              // by key
  std::map<std::string, bool> closed_paths_;      // told by inotify since the last look
  bool unsettled_ = false;                        // at the last look
};

}  // namespace candor
