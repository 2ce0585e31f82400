#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "timeline/embedded_timeline.h"
#include "timeline/raw_log.h"

// What is stored at one moment, for a backup to take its time over.
namespace candor {
namespace {

std::unexpected<Error> not_made(const std::filesystem::path& path, const std::error_code& failed) {
  return std::unexpected(file_error(path.string(), "cannot be made", failed.value()));
}

}  // namespace

Result<void> RawLog::snapshot(const std::filesystem::path& into) {
  CANDOR_TRY_VOID(sync());
  std::error_code failed;
  std::filesystem::create_directories(into, failed);
  if (failed) return not_made(into, failed);
  std::vector<std::filesystem::path> segments;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
    if (entry.path().extension() == ".log") segments.push_back(entry.path());
  }
  if (failed) return not_made(into, failed);
  std::ranges::sort(segments);  // by number
  for (const auto& segment : segments) {
    const auto copy = into / segment.filename();
    // Retention replaces files, and changes none: a link keeps what was there.
    if (segment != segments.back()) std::filesystem::create_hard_link(segment, copy, failed);
    if (segment == segments.back() || failed) std::filesystem::copy_file(segment, copy, failed);
    if (failed) return not_made(copy, failed);
  }
  return {};
}

Result<void> EmbeddedTimeline::snapshot(const std::filesystem::path& into) {
  CANDOR_TRY_VOID(flush());
  std::error_code failed;
  std::filesystem::create_directories(into, failed);
  if (!failed) std::filesystem::permissions(into, std::filesystem::perms::owner_all, failed);
  if (failed) return not_made(into, failed);
  CANDOR_TRY_VOID(raw_->snapshot(into / "raw"));
  return store_->checkpoint(into / "blocks");
}

}  // namespace candor
