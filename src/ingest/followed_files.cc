#include "ingest/followed_files.h"

#include <utility>

namespace candor {

Result<FollowedFiles> FollowedFiles::load(Store& store, std::string source) {
  FollowedFiles files(store, std::move(source));
  CANDOR_TRY(Reading reading, store.read());
  CANDOR_TRY(const auto rows, reading.rows("select file_key, size, mtime, checkpoint, complete, fault from "
                                           "followed_files where source = ?1",
                                           {files.source_}));
  for (const Row& row : rows) {
    files.files_[row.text(0)] = {.key = row.text(0),
                                 .size = static_cast<std::uint64_t>(row.integer(1)),
                                 .mtime = row.integer(2),
                                 .checkpoint = row.text(3),
                                 .complete = row.integer(4) != 0,
                                 .fault = row.text(5)};
  }
  return files;
}

const FollowedFile* FollowedFiles::find(const std::string& key) const {
  const auto found = files_.find(key);
  return found == files_.end() ? nullptr : &found->second;
}

Result<void> FollowedFiles::note(const std::vector<FollowedFile>& files, TimePoint now) {
  auto written = store_->transact([&](Transaction& work) -> Result<void> {
    for (const FollowedFile& file : files) {
      CANDOR_TRY_VOID(work.execute(
          "insert into followed_files (source, file_key, size, mtime, checkpoint, complete, fault, last_seen) values "
          "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (source, file_key) do update set size = excluded.size, mtime = "
          "excluded.mtime, checkpoint = excluded.checkpoint, complete = excluded.complete, fault = excluded.fault, "
          "last_seen = excluded.last_seen",
          {source_, file.key, static_cast<std::int64_t>(file.size), file.mtime, file.checkpoint, file.complete ? 1 : 0,
           file.fault, now}));
    }
    return {};
  });
  if (!written) return std::unexpected(std::move(written).error());
  for (const FollowedFile& file : files) files_[file.key] = file;
  return {};
}

Result<void> FollowedFiles::forget_others(const std::set<std::string>& keys, TimePoint now) {
  if (day_of(now) == tidied_) return {};
  const TimePoint oldest = now - kKeptDays * kMicrosPerDay;
  auto written = store_->transact([&](Transaction& work) -> Result<void> {
    for (const std::string& key : keys) {
      CANDOR_TRY_VOID(work.execute("update followed_files set last_seen = ?3 where source = ?1 and file_key = ?2",
                                   {source_, key, now}));
    }
    CANDOR_TRY_VOID(work.execute("delete from followed_files where source = ?1 and last_seen < ?2", {source_, oldest}));
    return {};
  });
  if (!written) return std::unexpected(std::move(written).error());
  tidied_ = day_of(now);
  return {};
}

}  // namespace candor
