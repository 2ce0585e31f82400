#include <algorithm>
#include <string>
#include <utility>

#include "alerts/mass_events.h"
#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/target.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestBecauseOfMany = 1000;

MassEvents mass_events(const Desk& desk) { return {desk.context.store, desk.context.clock}; }

AuditEntry about(std::string action, std::int64_t number) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "mass_event";
  if (number != 0) entry.object_id = std::to_string(number);
  return entry;
}

// What an indicator or sequence is called.
std::string title_of(const Desk& desk, const std::string& cause) {
  if (const IndicatorInfo* const info = find_indicator(*desk.context.indicators, cause)) return info->title;
  const auto& sequences = desk.context.scoring.sequences;
  const auto found = std::ranges::find(sequences, cause, &SequenceContent::name);
  return found == sequences.end() ? cause : found->title;
}

void write(JsonWriter& json, const Desk& desk, const MassEvent& event) {
  json.open_object().integer("number", event.number).text("title", title_of(desk, event.cause)).key("indicator");
  write_indicator(json, find_indicator(*desk.context.indicators, event.cause));
  json.text("department", event.department.empty() ? std::nullopt : std::optional(event.department));
  json.day("day", event.day).time("raised_at", event.raised_at).integer("most_before", event.most_before);
  json.text("state", to_text(event.state)).integer("people", event.people).integer("alerts", event.alerts);
  json.integer("high", event.high).points("highest_score", event.highest_score).text("decided_by", event.decided_by);
  json.time("decided_at", event.decided_at == 0 ? std::nullopt : std::optional(event.decided_at));
  json.text("reason", event.reason).key("expectations").open_array();
  for (const std::int64_t number : event.expectations) json.integer(number);
  json.close_array().close_object();
}

Result<Response> list_mass_events(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto events, mass_events(desk).all(call.hidden_people()));
  AuditEntry look = about("mass_events.viewed", 0);
  if (!call.request.header("x-candor-automatic").empty()) look.details = R"({"automatic":true})";
  CANDOR_TRY(const Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_read, look));
  JsonWriter json;
  json.open_object().key("mass_events").open_array();
  for (const MassEvent& event : events) write(json, desk, event);
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> decided(Desk& desk, const Call& call, const AuditEntry& entry, Permission permission,
                         const Presenter::Act& act) {
  const std::int64_t number = number_in(entry.object_id);
  CANDOR_TRY(const Viewing viewing, desk.context.presenter.act(call.viewer(), permission, entry, act));
  CANDOR_TRY(const MassEvent after, mass_events(desk).get(number, call.hidden_people()));
  JsonWriter json;
  write(json, desk, after);
  return json_response(200, json);
}

// It is about everybody in it, whom somebody limited to units does not see.
Result<void> may_decide(const Desk& desk, const Call& call, std::int64_t number) {
  CANDOR_TRY_VOID(mass_events(desk).get(number, call.hidden_people()));
  if (!call.hidden_people().is_limited()) return {};
  return fail("access.limited_viewer", "a mass event is decided on by somebody who sees everybody in it");
}

Result<Response> release(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", 10, kLongestReason, true}}));
  const std::int64_t number = number_in(call.parameter("mass_event"));
  CANDOR_TRY_VOID(may_decide(desk, call, number));
  AuditEntry entry = about("mass_event.released", number);
  entry.reason = body.at("reason");
  return decided(desk, call, entry, Permission::alerts_decide, [&](Transaction& work) {
    return mass_events(desk).release(work, number, body.at("reason"), call.viewer().user());
  });
}

Result<Response> explain(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"because", 10, kLongestBecauseOfMany, true}, {"owner", 1, 100, true}}));
  const std::int64_t number = number_in(call.parameter("mass_event"));
  CANDOR_TRY_VOID(may_decide(desk, call, number));
  AuditEntry entry = about("mass_event.explained", number);
  entry.reason = body.at("because");
  // It says what is expected of everybody, as POST /expectations does.
  return decided(desk, call, entry, Permission::policies_write, [&](Transaction& work) {
    return mass_events(desk).explain(work, number, desk.context.expectations, desk.context.indicators->indicators(),
                                     body.at("because"), body.at("owner"), call.viewer().user());
  });
}

}  // namespace

std::vector<Route> mass_event_routes() {
  return {{Method::get, "/mass-events", with(Permission::alerts_read), list_mass_events},
          {Method::post, "/mass-events/{mass_event}/release", with(Permission::alerts_decide), release},
          {Method::post, "/mass-events/{mass_event}/explain", with(Permission::policies_write), explain}};
}

}  // namespace candor::api
