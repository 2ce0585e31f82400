#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/delay_histogram.h"
#include "store/store.h"

// Which kinds of records a source delivers. A kind is a stream: one record type of the Microsoft 365 audit log,
// badging, or a feed. No identities: counts, days and delays of a whole stream.
namespace candor {

// What came of a stream and is on disk, since the last time it was told.
struct StreamArrivals {
  TimePoint first_received = 0;
  TimePoint last_received = 0;
  DelayHistogram created;  // from the record's own time to its arrival

  void add(const StreamArrivals& later);
};
using Streams = std::map<std::string, StreamArrivals>;  // by stream
void add_to(Streams& streams, const Streams& later);

// "m365_audit 25" of "25"; "badge" and the names of feeds are streams as they are.
std::string stream_name(std::string_view part);

// A stream of a source as it is stored.
struct StreamState {
  std::string source;
  std::string stream;
  TimePoint first_received = 0;
  TimePoint last_received = 0;
  DelayHistogram created;  // of the last kStreamDays days
};
inline constexpr Day kStreamDays = 7;

// Adds to what is stored of the source, which the store knows already.
Result<void> add_streams(Transaction& work, const std::string& source, const Streams& streams);
// Forgets delays of days that read_streams() no longer asks for.
Result<void> forget_streams(Transaction& work, Day today);
// By stream, then source.
Result<std::vector<StreamState>> read_streams(Reading& reading, Day today);

}  // namespace candor
