#include "ingest/source_streams.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

bool is_record_type(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> add_stream(Transaction& work, const std::string& source, const std::string& stream,
                        const StreamArrivals& arrivals) {
  CANDOR_TRY_VOID(work.execute(
      "insert into source_streams (source, stream, first_received, last_received) values (?1, ?2, ?3, ?4) on conflict "
      "(source, stream) do update set last_received = case when excluded.last_received > source_streams.last_received "
      "then excluded.last_received else source_streams.last_received end",
      {source, stream, arrivals.first_received, arrivals.last_received}));
  const Day day = day_of(arrivals.last_received);
  for (const auto& [bucket, count] : arrivals.created.buckets()) {
    CANDOR_TRY_VOID(work.execute(
        "insert into source_stream_days (source, stream, day, bucket, amount) values (?1, ?2, ?3, ?4, ?5) on conflict "
        "(source, stream, day, bucket) do update set amount = source_stream_days.amount + excluded.amount",
        {source, stream, day, bucket, static_cast<std::int64_t>(count)}));
  }
  return {};
}

}  // namespace

void StreamArrivals::add(const StreamArrivals& later) {
  first_received = std::min(first_received, later.first_received);
  last_received = std::max(last_received, later.last_received);
  created.add(later.created);
}

void add_to(Streams& streams, const Streams& later) {
  for (const auto& [stream, arrivals] : later) {
    if (const auto [found, is_new] = streams.try_emplace(stream, arrivals); !is_new) found->second.add(arrivals);
  }
}

std::string stream_name(std::string_view part) {
  return is_record_type(part) ? "m365_audit " + std::string(part) : std::string(part);
}

Result<void> add_streams(Transaction& work, const std::string& source, const Streams& streams) {
  for (const auto& [stream, arrivals] : streams) CANDOR_TRY_VOID(add_stream(work, source, stream, arrivals));
  return {};
}

Result<void> forget_streams(Transaction& work, Day today) {
  CANDOR_TRY_VOID(work.execute("delete from source_stream_days where day <= ?1", {today - kStreamDays}));
  return {};
}

Result<std::vector<StreamState>> read_streams(Reading& reading, Day today) {
  CANDOR_TRY(const auto rows, reading.rows("select source, stream, first_received, last_received from source_streams "
                                           "order by stream, source"));
  CANDOR_TRY(const auto delays, reading.rows("select stream, source, bucket, sum(amount) from source_stream_days where "
                                             "day > ?1 group by stream, source, bucket",
                                             {today - kStreamDays}));
  std::map<std::pair<std::string, std::string>, DelayHistogram> created;
  for (const Row& row : delays) {
    created[{row.text(0), row.text(1)}].add_bucket(static_cast<int>(row.integer(2)),
                                                   static_cast<std::uint64_t>(row.integer(3)));
  }
  std::vector<StreamState> out;
  out.reserve(rows.size());
  for (const Row& row : rows) {
    out.push_back({.source = row.text(0),
                   .stream = row.text(1),
                   .first_received = row.integer(2),
                   .last_received = row.integer(3),
                   .created = std::move(created[{row.text(1), row.text(0)}])});
  }
  return out;
}

}  // namespace candor
