#include "ingest/folder_ingest.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "sources/file_source.h"

namespace candor {
namespace {

constexpr std::size_t kBatchesAtOnce = 64;               // acknowledged together at the latest
constexpr std::chrono::milliseconds kBetweenLooks{200};  // however much changes
constexpr int kRestFactor = 9;  // a growing file is read anew from its beginning: a tenth of the time, no more
constexpr std::chrono::seconds kLongestRest{30};

}  // namespace

Result<std::unique_ptr<FolderIngest>> FolderIngest::open(const std::filesystem::path& folder, const std::string& source,
                                                         Store& store, Ingest& ingest, const Clock& clock,
                                                         FolderIngestOptions options) {
  CANDOR_TRY(auto followed, FollowedFolder::open(folder, options.folder));
  CANDOR_TRY(auto files, FollowedFiles::load(store, source));
  return std::unique_ptr<FolderIngest>(
      new FolderIngest(std::move(followed), std::move(files), source, ingest, clock, std::move(options)));
}

FolderIngest::FolderIngest(std::unique_ptr<FollowedFolder> folder, FollowedFiles files, const std::string& source,
                           Ingest& ingest, const Clock& clock, FolderIngestOptions options)
    : folder_(std::move(folder)),
      files_(std::move(files)),
      feed_("folder " + source),
      ingest_(ingest),
      clock_(clock),
      options_(std::move(options)) {}

Result<bool> FolderIngest::step() {
  auto taken = look_and_take();
  if (!taken) {
    // What was not acknowledged is taken again: the caller lets go of what hold() took.
    untold_.clear();
    batches_ = 0;
    holding_ = false;
  }
  return taken;
}

Result<bool> FolderIngest::look_and_take() {
  looked_ = Steady::now();
  CANDOR_TRY(const auto files, folder_->look(looked_, clock_.now()));
  bool taken = false;
  std::set<std::string> keys;
  for (const FolderFile& file : files) {
    keys.insert(file.key);
    if (options_.cancelled()) break;
    bool growing = false;
    if (!is_wanted(file, growing)) continue;
    taken = true;
    CANDOR_TRY_VOID(take(file, growing));
  }
  CANDOR_TRY_VOID(acknowledge());
  std::erase_if(resting_, [&](const auto& entry) { return entry.second < looked_; });
  if (!options_.cancelled()) CANDOR_TRY_VOID(files_.forget_others(keys, clock_.now()));
  return taken;
}

void FolderIngest::wait(std::chrono::milliseconds longest) {
  folder_->wait(std::min(longest, folder_->next_look()));
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - looked_);
  if (since < kBetweenLooks) {
    // Notices that came meanwhile stay; this only bounds how often the folder is listed.
    ::poll(nullptr, 0, static_cast<int>(std::min(longest, kBetweenLooks - since).count()));
  }
}

bool FolderIngest::is_wanted(const FolderFile& file, bool& growing) const {
  const FollowedFile* const known = files_.find(file.key);
  const bool same = known != nullptr && known->size == file.size && known->mtime == file.mtime;
  if (same && (known->complete || !known->fault.empty() || !file.settled)) return false;
  const auto resting = resting_.find(file.key);
  if (resting != resting_.end() && looked_ < resting->second) return false;
  growing = may_grow(file.path, options_.feed);
  return growing || file.settled;
}

Result<void> FolderIngest::take(const FolderFile& file, bool growing) {
  const auto began = Steady::now();
  const FollowedFile* const known = files_.find(file.key);
  FollowedFile noted{.key = file.key,
                     .size = file.size,
                     .mtime = file.mtime,
                     .checkpoint = known == nullptr ? "" : known->checkpoint,
                     .complete = file.settled,
                     .fault = ""};
  CANDOR_TRY(const bool whole, take_batches(file, growing, noted));
  if (!whole) noted.complete = false;
  untold_.push_back(std::move(noted));
  if (growing) {
    const auto rest = std::min<Steady::duration>((Steady::now() - began) * kRestFactor, kLongestRest);
    resting_[file.key] = Steady::now() + rest;
  }
  if (batches_ >= kBatchesAtOnce) CANDOR_TRY_VOID(acknowledge());
  return {};
}

// False when it was cancelled, so that the file is not through.
Result<bool> FolderIngest::take_batches(const FolderFile& file, bool growing, FollowedFile& noted) {
  const auto fault = [&](const Error& error) {
    noted.fault = error.id;
    options_.fault(file.path, error);
    return true;
  };
  const auto source = FileSource::open(SourceInput::file(file.path, true), {.checkpoint = noted.checkpoint,
                                                                            .cancelled = {},
                                                                            .growing = growing,
                                                                            .settled = file.settled,
                                                                            .feed = options_.feed});
  if (!source) return fault(source.error());
  while (true) {
    if (options_.cancelled()) return false;
    auto batch = (*source)->next();
    if (!batch) return fault(batch.error());
    if (!*batch) return true;
    if (!std::exchange(holding_, true)) options_.hold();
    CANDOR_TRY_VOID(ingest_.take(feed_, **batch));
    noted.checkpoint = (*batch)->checkpoint;
    if (++batches_ < kBatchesAtOnce) continue;
    // In the middle of a large file: what is on disk of it is noted with how far that is.
    FollowedFile so_far = noted;
    so_far.size = 0;
    so_far.complete = false;
    untold_.push_back(std::move(so_far));
    CANDOR_TRY_VOID(acknowledge());
  }
}

Result<void> FolderIngest::acknowledge() {
  if (batches_ > 0) CANDOR_TRY_VOID(ingest_.acknowledge());
  batches_ = 0;
  if (!untold_.empty()) CANDOR_TRY_VOID(files_.note(untold_, clock_.now()));
  untold_.clear();
  if (std::exchange(holding_, false)) return options_.release();
  return {};
}

}  // namespace candor
