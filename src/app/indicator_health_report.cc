#include <fmt/format.h>

#include "app/indicator_report.h"
#include "app/json.h"

// Of `candor indicators health`: as text and as JSON.
namespace candor {
namespace {

template <typename T, typename Format>
Json or_null(const std::optional<T>& value, Format format) {
  return value ? Json(format(*value)) : Json();
}

double seconds_of(TimePoint microseconds) {
  return static_cast<double>(microseconds) / static_cast<double>(kMicrosPerSecond);
}

Json feed_json(const FeedHealth& health) {
  return {{"source", health.feed->source},
          {"record_types", health.feed->record_types},
          {"setting", health.feed->setting},
          {"licence", to_text(health.feed->licence)},
          {"state", to_text(health.state)},
          {"sources", health.sources},
          {"last_received", or_null(health.last_received, format_day)},
          {"silent_since", or_null(health.silent_since, [](TimePoint time) { return format_time(time); })},
          {"created_p50_seconds", or_null(health.created_p50, seconds_of)},
          {"created_p95_seconds", or_null(health.created_p95, seconds_of)}};
}

Json health_json(const IndicatorHealth& health) {
  Json feeds = Json::array();
  for (const FeedHealth& feed : health.feeds) feeds.push_back(feed_json(feed));
  const IndicatorReach& reach = health.reach;
  return {{"name", health.indicator->name},
          {"title", health.indicator->title},
          {"workload", health.indicator->workload},
          {"category", to_text(health.indicator->category)},
          {"state", to_text(health.state)},
          {"feeds", std::move(feeds)},
          {"matched", reach.matched},
          {"many", reach.many},
          {"hit_days", reach.many ? Json(reach.hit_days) : Json()},
          {"last_hit", or_null(reach.last_hit, format_day)}};
}

std::string_view words_of(Fed fed) {
  switch (fed) {
    case Fed::alive:
      return "fed";
    case Fed::silent:
      return "source silent";
    case Fed::never:
      return "never fed";
    case Fed::unmapped:
      break;
  }
  return "no mapping";
}

std::string hits_in_words(const IndicatorReach& reach) {
  if (!reach.matched) return "never matched";
  if (!reach.many) return fmt::format("matched; by fewer than {} people", kLeastReached);
  std::string many = fmt::format("by {} people or more in {} days", kLeastReached, kReachDays);
  if (!reach.last_hit) return many;
  return fmt::format("{}; as many a day on {} of them, last {}", many, reach.hit_days, format_day(*reach.last_hit));
}

// The feed that is best off says how late records come.
std::string delay_in_words(const IndicatorHealth& health) {
  for (const FeedHealth& feed : health.feeds) {
    if (feed.state != health.state || !feed.created_p50) continue;
    return format_duration(*feed.created_p50) + " / " + format_duration(*feed.created_p95);
  }
  return "-";
}

std::string last_in_words(const IndicatorHealth& health) {
  std::optional<Day> last;
  for (const FeedHealth& feed : health.feeds) {
    if (feed.last_received) last = std::max(last.value_or(0), *feed.last_received);
  }
  return last ? format_day(*last) : "-";
}

}  // namespace

std::string health_json(const std::vector<IndicatorHealth>& health, const StoredHealth& stored) {
  const auto time = [](TimePoint at) { return format_time(at); };
  Json rows = Json::array();
  for (const IndicatorHealth& one : health) rows.push_back(health_json(one));
  const Json json{{"counted_since", or_null(stored.counted_since(), time)},
                  {"reach_counted", or_null(stored.reach.at, time)},
                  {"reach_days", kReachDays},
                  {"indicators", std::move(rows)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string health_text(const std::vector<IndicatorHealth>& health) {
  std::map<Fed, std::int64_t> counts;
  std::string rows;
  for (const IndicatorHealth& one : health) {
    ++counts[one.state];
    rows += fmt::format("{:<40} {:<14} {:<13} {:<10} {:<24} {}\n", one.indicator->name, one.indicator->workload,
                        words_of(one.state), last_in_words(one), delay_in_words(one), hits_in_words(one.reach));
  }
  std::string out =
      fmt::format("{} indicators: {} fed, {} with a silent source, {} that cannot match here\n\n", health.size(),
                  counts[Fed::alive], counts[Fed::silent], counts[Fed::never] + counts[Fed::unmapped]);
  out += fmt::format("{:<40} {:<14} {:<13} {:<10} {:<24} {}\n", "indicator", "workload", "state", "last record",
                     "delay p50 / p95", "matches");
  return out + rows;
}

}  // namespace candor
