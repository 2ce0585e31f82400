#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/time.h"

namespace candor {

// How long something took, counted in buckets a quarter of a power of two wide, in milliseconds: integers only, sums
// commute, and a quantile is at most a quarter too large. Thread safety: as a value.
class DelayHistogram {
 public:
  // Negative (a clock that goes wrong) counts as none.
  void add(TimePoint microseconds, std::uint64_t count = 1);
  void add(const DelayHistogram& other);
  void add_bucket(int bucket, std::uint64_t count) { buckets_[bucket] += count; }

  std::uint64_t count() const;
  // The upper end, in microseconds, of the bucket that holds the `permille`th part; nullopt when nothing was counted.
  std::optional<TimePoint> quantile(int permille) const;
  const std::map<int, std::uint64_t>& buckets() const { return buckets_; }

  static int bucket_of(TimePoint microseconds);
  // The longest time of the bucket, in microseconds.
  static TimePoint end_of(int bucket);

 private:
  std::map<int, std::uint64_t> buckets_;
};

}  // namespace candor
