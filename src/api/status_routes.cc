#include "api/route.h"

namespace candor::api {

namespace {

void write_fill(JsonWriter& json, const Fill& fill) {
  json.open_object().text("state", to_text(fill.state)).text("phase", fill.phase);
  json.integer("done", fill.done).integer("total", fill.total).text("message", fill.message).close_object();
}

Result<std::int64_t> count_alerts(const AlertBook& alerts, const Call& call) {
  CANDOR_TRY(const auto counts, alerts.counts(call.hidden_people()));
  std::int64_t all = 0;
  for (const auto& [policy, by_status] : counts)
    for (const auto& [status, count] : by_status) all += count;
  return all;
}

Result<Response> status(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const ApiContext& context = desk.context;
  CANDOR_TRY(const Timeline::Stats stats, context.timeline.stats());
  CANDOR_TRY(const std::int64_t alerts, count_alerts(context.alerts, call));
  CANDOR_TRY(const auto policies, context.policies.list());
  JsonWriter json;
  // Through a process beside this one it is that one whose pages are read.
  json.open_object().text("version", context.version).text("data", context.intake.data_kind());
  json.text("process", call.request.beside ? "beside" : "holder").null("holder_away");
  json.integer("activities", static_cast<std::int64_t>(stats.activities));
  json.integer("superseded", static_cast<std::int64_t>(stats.superseded));
  json.integer("accounts", static_cast<std::int64_t>(stats.accounts)).integer("alerts", alerts);
  json.integer("policies", static_cast<std::int64_t>(policies.size()));
  json.integer("indicators", static_cast<std::int64_t>(context.indicators->size()));
  json.time("first_activity", stats.first).time("last_activity", stats.last);
  json.integer("bytes", static_cast<std::int64_t>(stats.bytes_blocks + stats.bytes_raw)).key("fill");
  write_fill(json, context.fill ? context.fill() : Fill{});
  json.close_object();
  return json_response(200, json);
}

// While the holder is away: what the records tell.
Result<Response> status_without_holder(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const RecordContext& context = desk.records;
  CANDOR_TRY(const std::int64_t alerts, count_alerts(context.alerts, call));
  CANDOR_TRY(const auto policies, context.policies.list());
  const BesideState state = context.beside ? context.beside() : BesideState{};
  JsonWriter json;
  json.open_object().text("version", context.version).text("data", context.data_kind());
  json.text("process", "beside").text("holder_away", state.why);
  json.null("activities").null("superseded").null("accounts").integer("alerts", alerts);
  json.integer("policies", static_cast<std::int64_t>(policies.size())).null("indicators");
  json.null("first_activity").null("last_activity").null("bytes").key("fill");
  write_fill(json, Fill{});
  json.close_object();
  return json_response(200, json);
}

Result<Response> health(RecordDesk&, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  JsonWriter json;
  json.open_object().text("status", "ok").close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> status_routes() {
  return {{Method::get, "/status", Needs::viewer(), {status, status_without_holder}, Opens::when_ready, false},
          {Method::get, "/health", Needs::nothing(), health}};
}

}  // namespace candor::api
