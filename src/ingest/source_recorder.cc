#include "ingest/source_recorder.h"

#include <algorithm>
#include <utility>

#include "ingest/ingest.h"

namespace candor {
namespace {

std::uint64_t sum_of(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [name, count] : counts) sum += count;
  return sum;
}

void count_since(Arrivals& arrivals, const IngestSummary& before, const IngestSummary& after) {
  arrivals.counts["records"] += after.records_read - before.records_read;
  arrivals.counts["stored"] += after.stored - before.stored;
  arrivals.counts["repeats"] += after.repeats - before.repeats;
  arrivals.counts["corrections"] += after.corrections - before.corrections;
  arrivals.counts["filtered"] += sum_of(after.filtered) - sum_of(before.filtered);
  arrivals.counts["unknown_types"] += sum_of(after.unknown_record_types) - sum_of(before.unknown_record_types);
  arrivals.counts["unknown_operations"] += sum_of(after.unknown_operations) - sum_of(before.unknown_operations);
  for (const auto& [reason, count] : after.rejected) {
    const auto found = before.rejected.find(reason);
    arrivals.counts["rejected " + reason] += count - (found == before.rejected.end() ? 0 : found->second);
  }
}

}  // namespace

SourceRecorder::SourceRecorder(SourceHealth& health, const Clock& clock, std::string source, SourceFeed feed)
    : health_(health), clock_(clock), source_(std::move(source)), feed_(feed) {}

void SourceRecorder::begin_batch() {
  batch_received_ = received_ ? *received_ : clock_.now();
  batch_created_.reset();
  created_.fill(0);
  for (Stream& stream : streams_) stream.created.fill(0);
}

std::size_t SourceRecorder::position_of(std::string_view stream) {
  const auto [found, is_new] = stream_positions_.try_emplace(std::string(stream), streams_.size());
  if (is_new) streams_.push_back({.part = std::string(stream), .created = {}});
  return found->second;
}

// Of the batch.
Streams SourceRecorder::take_streams() {
  Streams out;
  for (const Stream& stream : streams_) {
    StreamArrivals arrivals{.first_received = batch_received_, .last_received = batch_received_, .created = {}};
    for (std::size_t bucket = 0; bucket < stream.created.size(); ++bucket) {
      if (stream.created[bucket] > 0) arrivals.created.add_bucket(static_cast<int>(bucket), stream.created[bucket]);
    }
    if (!arrivals.created.buckets().empty()) out.emplace(stream_name(stream.part), std::move(arrivals));
  }
  return out;
}

void SourceRecorder::end_batch(const IngestSummary& before, const IngestSummary& after) {
  const std::uint64_t records = after.records_read - before.records_read;
  // A look at a file that had nothing new is no arrival.
  if (records == 0) return;
  Arrivals arrivals{.feed = feed_,
                    .first_received = batch_received_,
                    .last_received = batch_received_,
                    .last_created = batch_created_,
                    .counts = {},
                    .created = {},
                    .delay = {},
                    .streams = take_streams()};
  count_since(arrivals, before, after);
  for (std::size_t bucket = 0; bucket < created_.size(); ++bucket) {
    if (created_[bucket] > 0) arrivals.created.add_bucket(static_cast<int>(bucket), created_[bucket]);
  }
  taken_.push_back({batch_received_, records});
  if (arrivals_) {
    arrivals_->add(arrivals);
  } else {
    arrivals_ = std::move(arrivals);
  }
}

void SourceRecorder::acknowledged() {
  if (!arrivals_) return;
  const TimePoint now = clock_.now();
  for (const Taken& batch : taken_) arrivals_->delay.add(now - batch.received, batch.records);
  taken_.clear();
  // What was acknowledged is on disk whether it can be counted or not.
  static_cast<void>(health_.record(source_, *std::exchange(arrivals_, std::nullopt)));
}

}  // namespace candor
