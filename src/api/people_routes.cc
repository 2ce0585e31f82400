#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"

namespace candor::api {

namespace {

Result<void> write_lift(JsonWriter& json, const Lift& lift, Viewing& viewing) {
  CANDOR_TRY(const PresentedPerson person, viewing.present(lift.person));
  CANDOR_TRY(const Mask mask, viewing.mask(lift.person));
  json.open_object().text("id", lift.id).key("person");
  write_person(json, person);
  json.text("alert", lift.alert.empty() ? std::nullopt : std::optional(lift.alert));
  json.text("reason", mask.text(lift.reason).text()).text("viewer", lift.viewer);
  json.time("from", lift.from).time("until", lift.until).close_object();
  return {};
}

AuditEntry look_at_lifts() {
  AuditEntry look;
  look.action = "lifts.viewed";
  look.object_kind = "lifts";
  return look;
}

Result<Response> lift_in_alert(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", kShortestReason, Lifting::kLongestReason, true}}));
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  const PersonId& person = detail.row.person;
  CANDOR_TRY(const Lift lifted, desk.context.lifting.lift(call.viewer(), person, detail.row.id, body.at("reason")));
  AuditEntry look = look_at_lifts();
  look.alert = detail.row.id;
  look.pseudonym = desk.context.presenter.pseudonym(person);
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::people_lift, look));
  JsonWriter json;
  CANDOR_TRY_VOID(write_lift(json, lifted, viewing));
  return json_response(201, json);
}

Result<Response> list_lifts(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::people_lift, look_at_lifts()));
  CANDOR_TRY(const std::vector<Lift> lifts, desk.records.lifting.current(call.viewer()));
  JsonWriter json;
  json.open_object().key("lifts").open_array();
  for (const Lift& one : lifts) CANDOR_TRY_VOID(write_lift(json, one, viewing));
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> end(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(desk.context.lifting.end(call.viewer(), call.parameter("lift_id")));
  return Response{.status = 204, .headers = {}, .body = {}};
}

}  // namespace

std::vector<Route> people_routes() {
  return {{Method::post, "/alerts/{alert_id}/lift", with(Permission::people_lift), lift_in_alert},
          {Method::get, "/lifts", with(Permission::people_lift), list_lifts},
          // Lifting::end() decides: one's own, anybody's for auditors.
          {Method::del, "/lifts/{lift_id}", Needs::session(), end}};
}

}  // namespace candor::api
