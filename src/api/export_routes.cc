#include "access/exports.h"
#include "api/body.h"
#include "api/json_writer.h"
#include "api/own_objects.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/target.h"

// Who a pseudonym of one export stands for.
namespace candor::api {

namespace {

std::unexpected<Error> no_such_pseudonym() {
  return fail("exports.unknown_pseudonym", "nobody has that pseudonym in that export");
}

// Somebody tried, and what they typed may be anything: it is not kept.
Result<void> note_nobody(const Desk& desk, const Call& call, AuditEntry line, const std::string& error) {
  line.action = "export.resolved failed";
  line.details = R"({"error":")" + error + R"("})";
  CANDOR_TRY_VOID(desk.context.audit.append(done_by(call.viewer(), std::move(line))));
  return {};
}

// The usual pseudonym, as whoever has the right to lift may learn it; the name is lifted as everywhere.
Result<Response> resolve_pseudonym(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"pseudonym", 1, 40, true}, {"reason", kShortestReason, kLongestReason, true}}));
  const std::int64_t number = number_in(call.parameter("number"));
  AuditEntry line;
  line.action = "export.resolved";
  line.object_kind = "export";
  line.object_id = std::to_string(number);
  const Exports exports(desk.context.store, desk.context.keys, desk.context.clock, desk.context.audit);
  const auto person = exports.person_of(number, body.at("pseudonym"));
  if (!person) {
    CANDOR_TRY_VOID(note_nobody(desk, call, line, person.error().id));
    return std::unexpected(person.error());
  }
  line.pseudonym = desk.context.presenter.pseudonym(*person);
  CANDOR_TRY(line.reason, desk.context.presenter.for_audit(*person, body.at("reason")));
  // Whoever is hidden is nobody, by the same words.
  const auto allowed = desk.context.presenter.require(call.viewer(), Permission::people_lift, line);
  if (!allowed && allowed.error().id == "access.unknown_person") return no_such_pseudonym();
  if (!allowed) return std::unexpected(allowed.error());
  if (const auto team = refuse_own_team(desk, call.viewer(), *person); !team) {
    CANDOR_TRY_VOID(note_nobody(desk, call, line, team.error().id));
    return std::unexpected(team.error());
  }
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::people_lift, line));
  CANDOR_TRY(const PresentedPerson shown, viewing.present(*person));
  CANDOR_TRY(const OwnExport made, exports.get(number));
  JsonWriter json;
  json.open_object().text("person_id", to_hex(*person)).key("person");
  write_person(json, shown);
  json.key("export").open_object().integer("number", made.number).time("made_at", made.made_at);
  json.text("made_by", made.made_by).text("what", made.what).text("recipient", made.recipient).close_object();
  json.close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> export_routes() {
  return {{Method::post, "/exports/{number}/resolve", with(Permission::people_lift), resolve_pseudonym}};
}

}  // namespace candor::api
