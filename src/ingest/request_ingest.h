#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/ingest.h"
#include "ingest/source_recorder.h"
#include "sources/feed.h"

namespace candor {

struct RequestIngestOptions {
  std::size_t requests = 16;                          // underway at one time; a further one is refused
  std::size_t decoded_bytes = std::size_t{32} << 20;  // of one request, unpacked
  std::size_t record_bytes = std::size_t{16} << 20;   // a longer record is rejected as `too_large`
  std::function<void()> hold = [] {};                 // called before something is taken
  std::function<void()> release = [] {};              // what was taken is on disk, or could not be stored
};

// Takes records that come in requests. Whatever waits is taken together and made durable by one write, so that many
// small requests cost little more than one large. Thread safety: take() from any thread; one thread of its own appends.
class RequestIngest {
 public:
  using MakeIngest = std::function<std::unique_ptr<Ingest>()>;
  // All must outlive this object. `make` gives an Ingest for one source, and is called on the thread that appends.
  RequestIngest(MakeIngest make, SourceHealth& health, const Clock& clock, RequestIngestOptions options = {});
  // Takes what waits, then ends. No take() may begin any more.
  ~RequestIngest();
  RequestIngest(const RequestIngest&) = delete;
  RequestIngest& operator=(const RequestIngest&) = delete;

  // `feed`: as FileSource::Options::feed. Splits the body on the calling thread and waits until its records are on
  // disk. What was rejected is in the summary and spoils nothing else. Fails with `ingest.queue_full` (nothing was
  // taken: again in a second), `sources.too_large`, `sources.damaged_input`, `sources.unknown_format` (nothing was
  // taken), or those of the timeline: the whole body may be sent again, repeats are recognised.
  Result<IngestSummary> take(const std::string& source, std::string_view body,
                             const std::optional<FeedForm>& feed = std::nullopt);

 private:
  struct Waiting {
    std::string source;
    TimePoint received = 0;
    std::vector<RawBatch> batches;
    std::promise<Result<IngestSummary>> answer;
  };
  struct Source {
    std::unique_ptr<SourceRecorder> recorder;
    std::unique_ptr<Ingest> ingest;
  };
  void run();
  void take_group(std::deque<Waiting> group);
  Source& source_of(const std::string& name);
  static Result<IngestSummary> take_one(Source& source, Waiting& request);

  const MakeIngest make_;
  SourceHealth& health_;
  const Clock& clock_;
  const RequestIngestOptions options_;
  std::map<std::string, Source> sources_;  // of the thread

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::size_t underway_ = 0;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::jthread thread_;
};

}  // namespace candor
