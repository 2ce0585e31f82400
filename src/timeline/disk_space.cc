#include "timeline/disk_space.h"

#include <sys/statvfs.h>

#include <algorithm>

namespace candor {
namespace {

constexpr std::uint64_t kMostRest = 16u << 20;
constexpr std::uint64_t kRestShare = 32;  // of a small disk

}  // namespace

Result<void> DiskSpace::check(std::uint64_t bytes) const {
  struct statvfs status{};
  if (::statvfs(folder_.c_str(), &status) != 0) return {};  // the write itself will tell
  const std::uint64_t unit = status.f_frsize;
  const std::uint64_t rest = std::min(kMostRest, status.f_blocks * unit / kRestShare);
  if (status.f_bavail * unit >= bytes + held_ + rest) return {};
  return fail("timeline.disk_full", folder_ + ": the disk is full. Nothing acknowledged is lost; make room and go on");
}

}  // namespace candor
