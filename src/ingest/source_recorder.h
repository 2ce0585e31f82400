#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ingest/source_health.h"

namespace candor {

struct IngestSummary;

// Counts what an Ingest takes of one source, and tells its health once that is on disk.
// Thread safety: as the Ingest that tells it.
class SourceRecorder {
 public:
  // Both must outlive this object.
  SourceRecorder(SourceHealth& health, const Clock& clock, std::string source, SourceFeed feed);

  const std::string& source() const { return source_; }
  // When what is taken next arrived; nullopt: as it is taken.
  void set_received(std::optional<TimePoint> time) { received_ = time; }

  // A batch, from its first record to its last; one that fails is begun again.
  void begin_batch();
  void created(TimePoint time) {
    ++created_[static_cast<std::size_t>(DelayHistogram::bucket_of(batch_received_ - time))];
    if (!batch_created_ || time > *batch_created_) batch_created_ = time;
  }
  void end_batch(const IngestSummary& before, const IngestSummary& after);
  // All of it is on disk. Nothing, when nothing was taken since.
  void acknowledged();

 private:
  struct Taken {
    TimePoint received = 0;
    std::uint64_t records = 0;
  };
  SourceHealth& health_;
  const Clock& clock_;
  const std::string source_;
  const SourceFeed feed_;
  std::optional<TimePoint> received_;
  TimePoint batch_received_ = 0;
  std::optional<TimePoint> batch_created_;
  std::array<std::uint64_t, 256> created_{};  // of the batch, by DelayHistogram's buckets
  std::vector<Taken> taken_;                  // since the last acknowledge
  std::optional<Arrivals> arrivals_;
};

}  // namespace candor
