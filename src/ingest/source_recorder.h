#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
  // One that is stored, or was before; `stream`: PreparedRecord::stream.
  void created(TimePoint time, std::string_view stream) {
    const auto bucket = static_cast<std::size_t>(DelayHistogram::bucket_of(batch_received_ - time));
    ++created_[bucket];
    if (!batch_created_ || time > *batch_created_) batch_created_ = time;
    if (stream.empty()) return;
    if (stream_ >= streams_.size() || streams_[stream_].part != stream) stream_ = position_of(stream);
    ++streams_[stream_].created[bucket];
  }
  void end_batch(const IngestSummary& before, const IngestSummary& after);
  // All of it is on disk. Nothing, when nothing was taken since.
  void acknowledged();

 private:
  struct Taken {
    TimePoint received = 0;
    std::uint64_t records = 0;
  };
  struct Stream {
    std::string part;
    std::array<std::uint64_t, 256> created{};  // of the batch, by DelayHistogram's buckets
  };
  std::size_t position_of(std::string_view stream);
  Streams take_streams();

  SourceHealth& health_;
  const Clock& clock_;
  const std::string source_;
  const SourceFeed feed_;
  std::optional<TimePoint> received_;
  TimePoint batch_received_ = 0;
  std::optional<TimePoint> batch_created_;
  std::array<std::uint64_t, 256> created_{};  // of the batch, by DelayHistogram's buckets
  std::vector<Stream> streams_;               // every one that ever came: content names some hundred
  absl::flat_hash_map<std::string, std::size_t> stream_positions_;
  std::size_t stream_ = 0;    // of the last record
  std::vector<Taken> taken_;  // since the last acknowledge
  std::optional<Arrivals> arrivals_;
};

}  // namespace candor
