#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/followed_files.h"
#include "ingest/ingest.h"
#include "sources/feed.h"
#include "sources/followed_folder.h"

namespace candor {

struct FolderIngestOptions {
  FollowedFolder::Options folder{};
  std::function<bool()> cancelled = [] { return false; };  // asked between batches
  std::optional<FeedForm> feed = std::nullopt;             // as FileSource::Options::feed, of every file
  // Called before something is taken, and again whenever release() was called in between.
  std::function<void()> hold = [] {};
  // What was taken is on disk: others may write now.
  std::function<Result<void>()> release = []() -> Result<void> { return {}; };
  // A file that cannot be read, told once for each change of it.
  std::function<void(const std::filesystem::path& file, const Error& error)> fault = [](const std::filesystem::path&,
                                                                                        const Error&) {};
};

// Takes the files of a followed folder into the timeline as they become complete, and a file of one record a line as it
// grows, up to its last whole line. Every record of them is stored exactly once, whatever happens to the process.
// Thread safety: one thread, the one that appends.
class FolderIngest {
 public:
  // All must outlive this object. Fails with `sources.unreadable`, `store.*`.
  static Result<std::unique_ptr<FolderIngest>> open(const std::filesystem::path& folder, const std::string& source,
                                                    Store& store, Ingest& ingest, const Clock& clock,
                                                    FolderIngestOptions options);

  // One look at the folder: takes and acknowledges all there is to take. Whether something was. On an error of the
  // timeline what was acknowledged before stands, and the same call goes on there; release() was not called then.
  Result<bool> step();
  // Until something changed in the folder, or it is time to look again all the same; at most `longest`.
  void wait(std::chrono::milliseconds longest);

 private:
  using Steady = std::chrono::steady_clock;
  FolderIngest(std::unique_ptr<FollowedFolder> folder, FollowedFiles files, const std::string& source, Ingest& ingest,
               const Clock& clock, FolderIngestOptions options);
  Result<bool> look_and_take();
  bool is_wanted(const FolderFile& file, bool& growing) const;
  Result<void> take(const FolderFile& file, bool growing);
  Result<bool> take_batches(const FolderFile& file, bool growing, FollowedFile& noted);
  Result<void> acknowledge();

  const std::unique_ptr<FollowedFolder> folder_;
  FollowedFiles files_;
  const std::string feed_;
  Ingest& ingest_;
  const Clock& clock_;
  const FolderIngestOptions options_;
  std::vector<FollowedFile> untold_;  // taken, not yet acknowledged
  std::size_t batches_ = 0;           // of them
  bool holding_ = false;
  std::map<std::string, Steady::time_point> resting_;  // growing files, not to be read before
  Steady::time_point looked_;
};

}  // namespace candor
