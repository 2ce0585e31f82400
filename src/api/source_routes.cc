#include "api/route.h"

namespace candor::api {

namespace {

void write_seconds(JsonWriter& json, std::string_view name, const std::optional<TimePoint>& duration) {
  // Micropoints are millionths, as microseconds are: exact in both.
  json.points(name, duration);
}

void write_source(JsonWriter& json, const SourceState& state) {
  const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  json.open_object().text("source", state.source).text("feed", to_text(state.feed));
  json.text("state", to_text(state.silence.state)).text("why", state.silence.why);
  write_seconds(json, "silent_seconds", state.silence.lasts);
  write_seconds(json, "limit_seconds", state.silence.limit);
  json.integer("habit_days", state.silence.days).time("first_received", state.first_received);
  json.time("last_received", state.last_received).time("last_created", state.last_created);
  json.integer("records_last_hour", number(state.records_last_hour));
  json.integer("records_last_day", number(state.records_last_day));
  for (const char* name :
       {"records", "stored", "repeats", "corrections", "filtered", "unknown_types", "unknown_operations"}) {
    json.integer(name, number(state.count(name)));
  }
  json.key("rejected").open_array();
  for (const auto& [reason, count] : state.rejected()) {
    json.open_object().text("reason", reason).integer("count", number(count)).close_object();
  }
  json.close_array();
  write_seconds(json, "created_p50_seconds", state.created_p50);
  write_seconds(json, "created_p95_seconds", state.created_p95);
  write_seconds(json, "delay_p50_seconds", state.delay_p50);
  write_seconds(json, "delay_p95_seconds", state.delay_p95);
  json.integer("gaps", number(state.gaps));
  write_seconds(json, "longest_gap_seconds", state.longest_gap);
  json.close_object();
}

Result<Response> list_sources(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  std::vector<SourceState> states;
  if (desk.context.sources != nullptr) {
    CANDOR_TRY(states, desk.context.sources->all());
  }
  JsonWriter json;
  json.open_object().time("as_of", desk.context.clock.now()).key("sources").open_array();
  for (const SourceState& state : states) write_source(json, state);
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> source_routes() {
  return {{Method::get, "/sources", Needs::viewer(), list_sources, Opens::when_ready, false}};
}

}  // namespace candor::api
