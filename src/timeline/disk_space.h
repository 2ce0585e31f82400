#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace candor {

// Keeps writers from running into the end of the disk: RocksDB may stop the whole process there (its assertions are on
// in Debian's build), so the end must be seen before. Thread safety: any thread.
class DiskSpace {
 public:
  explicit DiskSpace(std::string folder) : folder_(std::move(folder)) {}

  // Fails with `timeline.disk_full` when writing `bytes` would leave less than what is held and a small rest.
  Result<void> check(std::uint64_t bytes) const;
  // Bytes that work already under way may still write.
  void hold(std::uint64_t bytes) { held_ = bytes; }
  std::uint64_t held() const { return held_; }

 private:
  const std::string folder_;
  std::atomic<std::uint64_t> held_ = 0;
};

}  // namespace candor
