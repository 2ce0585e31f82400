#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/delay_histogram.h"
#include "ingest/source_streams.h"
#include "store/store.h"

namespace candor {

// How records of a source come.
enum class SourceFeed : std::uint8_t {
  files,       // somebody names files now and then: nothing is expected of it
  folder,      // a followed folder
  requests,    // POST /api/v1/records
  simulation,  // the invented organisation of `serve --demo`, once
};
std::string_view to_text(SourceFeed feed);

// What came of a source and is on disk, since the last time it was told.
struct Arrivals {
  SourceFeed feed = SourceFeed::files;
  TimePoint first_received = 0;
  TimePoint last_received = 0;
  TimePoint longest_pause = 0;  // microseconds, between two of these arrivals
  std::optional<TimePoint> last_created;
  std::map<std::string, std::uint64_t> counts;  // by SourceCounts' names, "rejected REASON" for each reason
  DelayHistogram created;                       // from the record's own time to its arrival
  DelayHistogram delay;                         // from its arrival to its being on disk
  Streams streams = {};                         // of records that were taken, by what they are of

  void add(const Arrivals& later);
};

// Whether a source is silent, and why that is said.
struct Silence {
  enum class State : std::uint8_t {
    not_expected,  // files somebody names, a simulation: there is no habit
    learning,      // too few days to know its habit
    usual,         // no longer silent than it often is
    silent,        // longer than it often is
  };
  State state = State::learning;
  TimePoint lasts = 0;             // microseconds since the last arrival
  std::optional<TimePoint> limit;  // beyond which it counts as silent
  int days = 0;                    // with arrivals, that its habit was learnt from
  std::string why;                 // in words
};
std::string_view to_text(Silence::State state);

// The same for one source and without all else.
struct SourceSilence {
  std::string source;
  TimePoint last_received = 0;
  Silence silence;
};

// A source as `candor sources`, the page and the metrics show it. Counts are of the last 28 days unless said otherwise.
struct SourceState {
  std::string source;
  SourceFeed feed = SourceFeed::files;
  Silence silence;
  TimePoint first_received = 0;
  TimePoint last_received = 0;
  std::optional<TimePoint> last_created;
  std::map<std::string, std::uint64_t> counts;
  std::map<std::string, std::uint64_t> totals;  // since the first record: they never go down
  std::uint64_t records_last_hour = 0;  // of the last 60 minutes, by whole hours of the clock: this hour and the last
  std::uint64_t records_last_day = 0;   // of the last 24 hours
  std::optional<TimePoint> created_p50, created_p95, delay_p50, delay_p95;  // microseconds, of the last 7 days
  std::uint64_t gaps = 0;                                                   // silences beyond its habit that ended
  TimePoint longest_gap = 0;                                                // microseconds

  std::uint64_t count(std::string_view name) const;
  std::map<std::string, std::uint64_t> rejected() const;  // by reason
};

// The health of every source: small, durable, without identities. Counts of the last second, and
// streams of the last minute, may be lost when the process is killed; they are no input of any result.
// Thread safety: any member from any thread.
class SourceHealth {
 public:
  // Both must outlive this object.
  SourceHealth(Store& store, const Clock& clock);
  ~SourceHealth();  // writes what is pending
  SourceHealth(const SourceHealth&) = delete;
  SourceHealth& operator=(const SourceHealth&) = delete;

  // Takes what arrived; written at the latest with the next call a second later, or flush().
  Result<void> record(const std::string& source, const Arrivals& arrivals);
  // Streams, which are many rows, wait for the first flush() a minute after they were written last.
  Result<void> flush();
  // Every source by name, as of the clock's time.
  Result<std::vector<SourceState>> all();
  // Of every source only this; cheap enough to be asked every few seconds.
  Result<std::vector<SourceSilence>> silences();
  // What every source delivers, by stream and source.
  Result<std::vector<StreamState>> streams();

  static constexpr std::int64_t kHabitDays = 28;
  static constexpr int kLeastDays = 3;
  static constexpr TimePoint kLeastLimit = TimePoint{15} * 60 * kMicrosPerSecond;
  static constexpr std::int64_t kKeptDays = 60;

 private:
  Result<void> write_pending(bool streams_too);
  Result<void> write(Transaction& work, const std::string& source, const Arrivals& arrivals) const;

  Store& store_;
  const Clock& clock_;
  std::mutex mutex_;                         // guards all below
  std::map<std::string, Arrivals> pending_;  // without their streams
  std::map<std::string, Streams> pending_streams_;
  TimePoint written_ = 0;
  TimePoint streams_written_ = 0;
};

// A source's habit: on nine of ten of its days the longest pause was no longer than this, and half as much again is
// still usual. `pauses`: the longest of each day with arrivals, in microseconds. nullopt when there are too few days.
std::optional<TimePoint> silence_limit(std::vector<TimePoint> pauses);

// "3 h 5 min", "40 s", "2 d 4 h".
std::string format_duration(TimePoint microseconds);

}  // namespace candor
