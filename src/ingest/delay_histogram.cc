#include "ingest/delay_histogram.h"

#include <algorithm>
#include <bit>

namespace candor {
namespace {

constexpr TimePoint kMicrosPerMilli = 1'000;

}  // namespace

int DelayHistogram::bucket_of(TimePoint microseconds) {
  const auto millis = static_cast<std::uint64_t>(std::max<TimePoint>(microseconds, 0) / kMicrosPerMilli);
  if (millis < 4) return static_cast<int>(millis);
  const int exponent = static_cast<int>(std::bit_width(millis)) - 1;
  return 4 * (exponent - 1) + static_cast<int>(millis >> (exponent - 2) & 3U);
}

TimePoint DelayHistogram::end_of(int bucket) {
  if (bucket < 4) return (TimePoint{bucket} + 1) * kMicrosPerMilli - 1;
  const int exponent = bucket / 4 + 1;
  return (TimePoint{5 + bucket % 4} << (exponent - 2)) * kMicrosPerMilli - 1;
}

void DelayHistogram::add(TimePoint microseconds, std::uint64_t count) {
  if (count > 0) buckets_[bucket_of(microseconds)] += count;
}

void DelayHistogram::add(const DelayHistogram& other) {
  for (const auto& [bucket, count] : other.buckets_) buckets_[bucket] += count;
}

std::uint64_t DelayHistogram::count() const {
  std::uint64_t sum = 0;
  for (const auto& [bucket, count] : buckets_) sum += count;
  return sum;
}

std::optional<TimePoint> DelayHistogram::quantile(int permille) const {
  const std::uint64_t all = count();
  if (all == 0) return std::nullopt;
  // Nearest rank, rounded up.
  const std::uint64_t rank = std::max<std::uint64_t>(1, (all * static_cast<std::uint64_t>(permille) + 999) / 1000);
  std::uint64_t so_far = 0;
  for (const auto& [bucket, count] : buckets_) {
    so_far += count;
    if (so_far >= rank) return end_of(bucket);
  }
  return end_of(buckets_.rbegin()->first);
}

}  // namespace candor
