#include "ingest/ingest_files.h"

#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "ingest/intake_counts.h"
#include "sources/file_source.h"

namespace candor {
namespace {

constexpr std::size_t kQueuedBatches = 4;

// A batch of a feed, or why there are no more.
struct Delivery {
  std::string feed;
  Result<std::optional<RawBatch>> batch;
  PreparedBatch prepared = {};
  unsigned holds = 0;  // Taker::holds() before it was prepared

  bool has_batch() const { return batch && batch->has_value(); }
};

// Reads the inputs one after the other. Thread safety: one thread, which may be another than the maker's; stop() from
// any.
class InputReader {
 public:
  static Result<std::unique_ptr<InputReader>> open(const std::vector<SourceInput>& inputs, const Timeline& timeline,
                                                   const IngestFilesOptions& options) {
    std::unique_ptr<InputReader> reader(new InputReader(options));
    for (const SourceInput& input : inputs) {
      std::string feed = feed_of(input);
      CANDOR_TRY(std::string checkpoint, timeline.checkpoint(feed));
      reader->inputs_.push_back({input, std::move(feed), std::move(checkpoint)});
      std::error_code failed;
      const std::uint64_t size = std::filesystem::file_size(input.path, failed);
      if (failed) {
        reader->total_ = std::nullopt;
      } else if (reader->total_) {
        *reader->total_ += size;
      }
    }
    return reader;
  }

  std::optional<std::uint64_t> total() const { return total_; }
  bool cancelled() const { return stopped_ || (options_.cancelled && options_.cancelled()); }
  // What waits in next() comes back soon, with an error.
  void stop() { stopped_ = true; }

  // The next batch of any input; nullopt inside at the end of the last.
  Delivery next() {
    while (true) {
      if (at_ == inputs_.size()) return {"", std::optional<RawBatch>()};
      const Input& input = inputs_[at_];
      if (cancelled()) {
        return {input.feed, fail("sources.interrupted", input.input.name + ": interrupted; what was read is stored")};
      }
      if (source_ == nullptr) {
        auto source = FileSource::open(input.input, {.checkpoint = input.checkpoint,
                                                     .cancelled = [this] { return cancelled(); },
                                                     .limits = {},
                                                     .feed = options_.feed});
        if (!source) return {input.feed, std::unexpected(source.error())};
        source_ = std::move(*source);
      }
      auto batch = source_->next();
      if (!batch || batch->has_value()) return {input.feed, std::move(batch)};
      source_.reset();
      ++at_;
    }
  }

 private:
  explicit InputReader(const IngestFilesOptions& options) : options_(options) {}

  struct Input {
    SourceInput input;
    std::string feed;
    std::string checkpoint;
  };
  const IngestFilesOptions& options_;  // outlives the reading
  std::atomic<bool> stopped_{false};
  std::vector<Input> inputs_;
  std::optional<std::uint64_t> total_ = 0;
  std::size_t at_ = 0;
  std::unique_ptr<FileSource> source_;
};

// Takes what `next` delivers, to its end or the first error.
class Taker {
 public:
  Taker(Ingest& ingest, const IngestFilesOptions& options, std::function<void(const RawBatch&)> taken)
      : ingest_(ingest), options_(options), taken_(std::move(taken)) {}

  Result<void> take_all(const std::function<std::optional<Delivery>()>& next) {
    while (true) {
      auto delivery = next();
      if (!delivery) return {};
      if (!delivery->batch) return std::unexpected(delivery->batch.error());
      if (!delivery->batch->has_value()) return {};
      const RawBatch& batch = **delivery->batch;
      go_on();
      // While nothing was held, somebody may have changed what records are judged by.
      CANDOR_TRY_VOID(delivery->holds == holds_ ? ingest_.take(delivery->feed, batch, delivery->prepared)
                                                : ingest_.take(delivery->feed, batch));
      taken_(batch);
      if (batch.is_last_for_now) CANDOR_TRY_VOID(pause());
    }
  }

  // How often taking began, again. Any thread.
  unsigned holds() const { return holds_; }

  // The error of the disk goes first: what could not be stored matters more than what could not be read.
  Result<void> finish(Result<void> outcome) {
    go_on();
    auto acknowledged = ingest_.acknowledge();
    if (acknowledged) return outcome;
    if (!outcome && outcome.error().id != acknowledged.error().id) {
      acknowledged.error().message += "; before that: " + outcome.error().message;
    }
    return acknowledged;
  }

 private:
  void go_on() {
    if (!flowing_ && options_.going_on) {
      options_.going_on();
      ++holds_;
    }
    flowing_ = true;
  }
  Result<void> pause() {
    CANDOR_TRY_VOID(ingest_.acknowledge());
    flowing_ = false;
    return options_.paused ? options_.paused() : Result<void>();
  }

  Ingest& ingest_;
  const IngestFilesOptions& options_;
  const std::function<void(const RawBatch&)> taken_;
  bool flowing_ = false;
  std::atomic<unsigned> holds_ = 0;
};

Delivery next_prepared(InputReader& reader, Preparer& preparer, const Taker& taker) {
  Delivery delivery = reader.next();
  delivery.holds = taker.holds();
  if (delivery.has_batch()) delivery.prepared = preparer.prepare(**delivery.batch);
  return delivery;
}

// What needs no look at what is stored happens on the thread that reads: that is a good half of the work.
Result<void> take_on_two_threads(InputReader& reader, Preparer preparer, Taker& taker) {
  BoundedQueue<Delivery> queue(kQueuedBatches);
  std::thread reading([&] {
    while (true) {
      Delivery delivery = next_prepared(reader, preparer, taker);
      const bool more = delivery.has_batch();
      if (!queue.push(std::move(delivery)) || !more) break;
    }
    queue.close();
  });
  auto outcome = taker.take_all([&] { return queue.pop(); });
  queue.close();
  // Else a full disk would be told only when a pipe that stays open gives something.
  reader.stop();
  reading.join();
  return outcome;
}

}  // namespace

std::string feed_of(const SourceInput& input) {
  if (input.path.empty()) return input.name;
  std::error_code failed;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(input.path, failed);
  return "file " + (failed ? input.path : whole).string();
}

Result<void> ingest_files(const std::vector<SourceInput>& inputs, Ingest& ingest, Timeline& timeline,
                          const Clock& clock, const std::function<void(const IngestProgress&)>& progress,
                          IngestSummary& summary, const IngestFilesOptions& options) {
  const TimePoint started = clock.now();
  const auto seconds = [&] { return static_cast<double>(clock.now() - started) / kMicrosPerSecond; };
  CANDOR_TRY(const auto reader, InputReader::open(inputs, timeline, options));
  IngestProgress so_far;
  so_far.total_bytes = reader->total();
  Taker taker(ingest, options, [&](const RawBatch& batch) {
    so_far.bytes += batch.bytes_consumed;
    so_far.records = ingest.summary().records_read;
    so_far.seconds = seconds();
    if (progress) progress(so_far);
  });
  Preparer preparer = ingest.make_preparer();
  auto outcome = options.threads
                     ? take_on_two_threads(*reader, std::move(preparer), taker)
                     : taker.take_all([&] { return std::optional(next_prepared(*reader, preparer, taker)); });
  // What came before an unreadable place is kept.
  outcome = taker.finish(std::move(outcome));
  summary = ingest.summary();
  summary.seconds = seconds();
  return outcome;
}

Result<IngestStatus> ingest_status(const Timeline& timeline) {
  IngestStatus status;
  CANDOR_TRY(status.checkpoints, timeline.checkpoints());
  std::erase_if(status.checkpoints, [](const auto& checkpoint) { return is_intake_note(checkpoint.first); });
  CANDOR_TRY(status.stored, timeline.stats());
  return status;
}

}  // namespace candor
