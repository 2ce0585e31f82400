#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/ingest.h"
#include "sources/file_source.h"

namespace candor {

// How far reading has come, after each batch.
struct IngestProgress {
  std::uint64_t bytes = 0;                   // of the inputs as stored
  std::optional<std::uint64_t> total_bytes;  // unknown when one of them is a pipe
  std::uint64_t records = 0;
  double seconds = 0;
};

struct IngestFilesOptions {
  bool threads = true;  // read and split on a thread of its own
  // Asked before each batch and while an input gives nothing, by the thread that reads; true ends the reading with
  // `sources.interrupted`. What was read until then is taken and acknowledged.
  std::function<bool()> cancelled;
  // An input gives nothing for now, and all that came is on disk: time to act upon it. Nothing is taken or acknowledged
  // before `going_on` was called.
  std::function<Result<void>()> paused;
  std::function<void()> going_on;               // called before the first batch, too
  std::optional<FeedForm> feed = std::nullopt;  // as FileSource::Options::feed
};

// Reads inputs one after the other into the timeline and acknowledges. A file whose reading was cut short last time is
// taken up where its records are on disk. The summary covers what was read, also when an error ended it early: it is
// filled in either case. Errors: those of FileSource (the inputs before are stored) and of Timeline, which go first.
Result<void> ingest_files(const std::vector<SourceInput>& inputs, Ingest& ingest, Timeline& timeline,
                          const Clock& clock, const std::function<void(const IngestProgress&)>& progress,
                          IngestSummary& summary, const IngestFilesOptions& options = {});

// The name of an input as a feed, under which its checkpoint is kept: of a file the same whatever way it is named.
std::string feed_of(const SourceInput& input);

// What `candor ingest --status` shows: how far each feed is on disk, and what is stored.
struct IngestStatus {
  std::map<std::string, std::string> checkpoints;  // by feed
  Timeline::Stats stored;
};
Result<IngestStatus> ingest_status(const Timeline& timeline);

}  // namespace candor
