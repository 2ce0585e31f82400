#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// What was taken of a file of a followed folder.
struct FollowedFile {
  std::string key;         // FolderFile::key
  std::uint64_t size = 0;  // as it was when its reading began
  std::int64_t mtime = 0;  // nanoseconds
  std::string checkpoint;  // of its last batch that is on disk
  bool complete = false;   // read when it was settled: nothing more to do until it changes
  std::string fault;       // id of the error that ended its reading, or ""
};

// Remembers across restarts which files of a source were taken. It may lag behind the timeline after a kill: then a
// file is read again from an older place, and repeats are recognised. Thread safety: one thread.
class FollowedFiles {
 public:
  // `store` must outlive this object.
  static Result<FollowedFiles> load(Store& store, std::string source);

  // nullptr when nothing was taken of it.
  const FollowedFile* find(const std::string& key) const;
  // In one transaction.
  Result<void> note(const std::vector<FollowedFile>& files, TimePoint now);
  // Once a day: forgets files that were not in the folder for kKeptDays.
  Result<void> forget_others(const std::set<std::string>& keys, TimePoint now);

  static constexpr std::int64_t kKeptDays = 30;

 private:
  FollowedFiles(Store& store, std::string source) : store_(&store), source_(std::move(source)) {}
  Store* store_;
  std::string source_;
  std::map<std::string, FollowedFile> files_;
  Day tidied_ = 0;
};

}  // namespace candor
