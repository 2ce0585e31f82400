#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

#include "api/json_writer.h"
#include "api/route.h"
#include "ingest/indicator_health.h"
#include "sources/feed.h"

// Which indicators can see anything here, and which cannot.
namespace candor::api {

namespace {

void write_feed(JsonWriter& json, const FeedHealth& health) {
  const Feed& feed = *health.feed;
  json.open_object().text("source", feed.source).key("record_types").open_array();
  for (const int type : feed.record_types) json.integer(type);
  json.close_array().text("setting", feed.setting).text("licence", to_text(feed.licence));
  json.text("state", to_text(health.state));
  write_texts(json, "sources", health.sources);
  json.day("last_received", health.last_received).time("silent_since", health.silent_since);
  // Micropoints are millionths, as microseconds are.
  json.points("created_p50_seconds", health.created_p50).points("created_p95_seconds", health.created_p95);
  json.close_object();
}

// `IndicatorHealth`
void write_coverage(JsonWriter& json, const IndicatorHealth& health) {
  const IndicatorInfo& info = *health.indicator;
  json.open_object().text("name", info.name).text("title", info.title).text("workload", info.workload);
  json.text("category", to_text(info.category)).text("state", to_text(health.state));
  json.key("feeds").open_array();
  for (const FeedHealth& feed : health.feeds) write_feed(json, feed);
  json.close_array().boolean("matched", health.reach.matched).boolean("many", health.reach.many);
  json.key("hit_days");
  if (health.reach.many) {
    json.integer(health.reach.hit_days);
  } else {
    json.null();
  }
  json.day("last_hit", health.reach.last_hit).close_object();
}

Result<Response> coverage(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const ApiContext& context = desk.context;
  CANDOR_TRY(const StoredHealth stored, stored_health(context.store, context.sources));
  AuditEntry entry;
  entry.action = "indicators.coverage_viewed";
  entry.object_kind = "indicators";
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             context.presenter.view(call.viewer(), Permission::policies_read, entry));
  auto health = indicator_health(
      {.indicators = context.indicators->indicators(), .stored = stored, .is_mapped = mapped_by(context.mappings)});
  std::ranges::sort(health, {},
                    [](const IndicatorHealth& one) { return std::tie(one.indicator->workload, one.indicator->name); });
  JsonWriter json;
  json.open_object().time("counted_since", stored.counted_since()).time("reach_counted", stored.reach.at);
  json.integer("reach_days", kReachDays).key("indicators").open_array();
  for (const IndicatorHealth& one : health) write_coverage(json, one);
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> coverage_routes() {
  return {{Method::get, "/indicators/coverage", with(Permission::policies_read), coverage}};
}

}  // namespace candor::api
