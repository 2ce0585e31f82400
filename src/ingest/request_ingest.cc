#include "ingest/request_ingest.h"

#include <utility>

#include "sources/file_source.h"

namespace candor {

RequestIngest::RequestIngest(MakeIngest make, SourceHealth& health, const Clock& clock, RequestIngestOptions options)
    : make_(std::move(make)), health_(health), clock_(clock), options_(std::move(options)), thread_([this] {
        run();
      }) {}

RequestIngest::~RequestIngest() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Result<IngestSummary> RequestIngest::take(const std::string& source, std::string_view body,
                                          const std::optional<FeedForm>& feed) {
  Waiting request{.source = source, .received = clock_.now(), .batches = {}, .answer = {}};
  {
    const std::lock_guard lock(mutex_);
    if (underway_ >= options_.requests) {
      return fail("ingest.queue_full", "too many requests wait to be stored: send this one again in a second");
    }
    ++underway_;
  }
  const auto leave = [this](Result<IngestSummary> outcome) {
    const std::lock_guard lock(mutex_);
    --underway_;
    return outcome;
  };
  auto batches = split_text(body, "the request's body",
                            {.record_bytes = options_.record_bytes, .decoded_bytes = options_.decoded_bytes}, feed);
  if (!batches) return leave(std::unexpected(std::move(batches).error()));
  request.batches = std::move(*batches);
  auto answer = request.answer.get_future();
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(request));
  }
  changed_.notify_one();
  return leave(answer.get());
}

void RequestIngest::run() {
  for (;;) {
    std::deque<Waiting> group;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      group = std::exchange(waiting_, {});
    }
    take_group(std::move(group));
  }
}

void RequestIngest::take_group(std::deque<Waiting> group) {
  options_.hold();
  std::vector<Result<IngestSummary>> outcomes;
  outcomes.reserve(group.size());
  Source* last = nullptr;
  for (Waiting& request : group) {
    Source& source = source_of(request.source);
    outcomes.push_back(take_one(source, request));
    if (outcomes.back() && !request.batches.empty()) last = &source;
  }
  // Whatever was taken and noted before is on disk with the last of them.
  const auto acknowledged = last == nullptr ? Result<void>() : last->ingest->acknowledge();
  if (acknowledged) {
    for (const Waiting& request : group) sources_.at(request.source).recorder->acknowledged();
  }
  // Who sent it is not kept waiting for what follows from it.
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!acknowledged && outcomes[i]) outcomes[i] = std::unexpected(acknowledged.error());
    group[i].answer.set_value(std::move(outcomes[i]));
  }
  options_.release();
}

RequestIngest::Source& RequestIngest::source_of(const std::string& name) {
  const auto found = sources_.find(name);
  if (found != sources_.end()) return found->second;
  Source source{.recorder = std::make_unique<SourceRecorder>(health_, clock_, name, SourceFeed::requests),
                .ingest = make_()};
  source.ingest->tell(*source.recorder);
  return sources_.emplace(name, std::move(source)).first->second;
}

Result<IngestSummary> RequestIngest::take_one(Source& source, Waiting& request) {
  static_cast<void>(source.ingest->take_summary());
  source.recorder->set_received(request.received);
  for (const RawBatch& batch : request.batches) {
    CANDOR_TRY_VOID(source.ingest->take("requests " + request.source, batch));
  }
  return source.ingest->take_summary();
}

}  // namespace candor
