#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/source_health.h"
#include "store/store.h"

namespace candor {

// What is told of a source. Nothing of any record is in it.
struct SilenceNews {
  enum class Kind : std::uint8_t { silent, speaks };
  Kind kind = Kind::silent;
  std::string source;
  TimePoint silent_since = 0;  // arrival of the last record before the silence
  TimePoint last_record = 0;   // arrival of the newest one; of a silence the same
  TimePoint limit = 0;         // microseconds; longer is a silence
  TimePoint at = 0;            // when it was noticed
};
// "source.silent", "source.speaks".
std::string_view to_text(SilenceNews::Kind kind);

// Writes down which sources fell silent beyond their habit and which speak again, as of `now`.
Result<void> notice_silences(SourceHealth& health, Store& store, TimePoint now);
// What was noticed after `since`, whoever was told of it, oldest first.
Result<std::vector<SilenceNews>> silences_noticed(Reading& reading, TimePoint since);

// Notices which sources fall silent beyond their habit and which speak again, and tells each change once, oldest first.
// What was noticed and told is durable; a kill between the receiver's answer and the commit tells that one again.
// Not thread-safe; one of it for a data folder, on a thread of its own, since telling takes a while.
class SilenceWatch {
 public:
  using Tell = std::function<Result<void>(const SilenceNews& news)>;

  // All must outlive this object.
  SilenceWatch(SourceHealth& health, Store& store, const Clock& clock, Tell tell);

  // Looks once, and tells what waits; gives how much was told. Fails with what `tell` fails with, once for each
  // attempt: the next comes after 10 seconds, and after twice as long each time up to 10 minutes. What could not be
  // told for 3 days is given up. Also fails with the store's errors.
  Result<std::size_t> step();

  static constexpr TimePoint kFirstPause = 10 * kMicrosPerSecond;
  static constexpr TimePoint kLongestPause = 600 * kMicrosPerSecond;
  static constexpr TimePoint kGivenUpAfter = 3 * kMicrosPerDay;
  static constexpr TimePoint kKept = 60 * kMicrosPerDay;  // after its end

 private:
  Result<std::vector<SilenceNews>> untold();
  Result<void> mark_told();
  bool is_paused(TimePoint now) const;
  void pause(TimePoint now);

  SourceHealth& health_;
  Store& store_;
  const Clock& clock_;
  const Tell tell_;
  std::optional<SilenceNews> unmarked_;  // told, but the disk was full: it is marked before anything else is told
  TimePoint failed_at_ = 0;
  TimePoint pause_ = 0;  // 0: the last attempt, if any, went well
};

}  // namespace candor
