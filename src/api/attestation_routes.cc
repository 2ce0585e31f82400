#include <string>
#include <utility>
#include <vector>

#include "api/body.h"
#include "api/json_writer.h"
#include "api/own_objects.h"
#include "api/route.h"
#include "disclosure/attestation_book.h"

// Attestations: made, listed, and as files.
namespace candor::api {

namespace {

constexpr std::int64_t kMostAttestations = 200;
constexpr std::size_t kDayLength = 10;  // YYYY-MM-DD

// `Attestation`
void write_attestation(JsonWriter& json, const StoredAttestation& one) {
  json.open_object().integer("number", one.number).text("country", one.order.country).day("from", one.order.from);
  json.day("to", one.order.to).time("made_at", one.made_at).text("made_by", one.made_by).close_object();
}

Result<void> look_at_attestation(const RecordDesk& desk, const Call& call, const char* action, const std::string& id) {
  AuditEntry entry;
  entry.action = action;
  entry.object_kind = kAttestation;
  entry.object_id = id;
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.records.presenter.view(call.viewer(), Permission::settings_read, entry));
  return {};
}

Result<Response> list_attestations(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(look_at_attestation(desk, call, "attestation.listed", ""));
  CANDOR_TRY(const auto all, AttestationBook(desk.records.store).list(kMostAttestations));
  JsonWriter json;
  json.open_object().text("public_key", desk.records.audit.public_key()).key("attestations").open_array();
  for (const StoredAttestation& one : all) write_attestation(json, one);
  json.close_array().close_object();
  return json_response(200, json);
}

// Gives the turn back whatever happens.
class AttestationTurn {
 public:
  AttestationTurn(Turns& turns, const std::string& client)
      : turns_(turns), client_(client), taken_(turns.take(client)) {}
  ~AttestationTurn() {
    if (taken_) turns_.give_back(client_);
  }
  AttestationTurn(const AttestationTurn&) = delete;
  AttestationTurn& operator=(const AttestationTurn&) = delete;
  bool taken() const { return taken_; }

 private:
  Turns& turns_;
  const std::string client_;
  const bool taken_;
};

Result<Response> make_attestation(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(
      const Body body,
      read_body(call.request, {{"country", 2, 2}, {"from", kDayLength, kDayLength}, {"to", kDayLength, kDayLength}}));
  if (!desk.context.attest) return fail("api.not_found", "there is nothing here");
  const auto to = parse_day(body.at("to"));
  if (!to) return fail("attestations.bad_order", "the last day is YYYY-MM-DD");
  CANDOR_TRY(const AttestationOrder order,
             attestation_order(body.at("country"), parse_day(body.at("from")), to, day_of(desk.context.clock.now())));
  const AttestationTurn turn(desk.attestations, call.request.client);
  if (!turn.taken()) return fail("api.too_many_at_once", "an attestation is being made: try again when it is there");
  CANDOR_TRY(const StoredAttestation made, desk.context.attest(order, done_by(call.viewer(), {})));
  JsonWriter json;
  write_attestation(json, made);
  return json_response(201, json);
}

Response attestation_file(std::string bytes, const char* type, const std::string& name) {
  Response response{.status = 200, .headers = {}, .body = std::move(bytes)};
  response.set("Content-Type", type);
  response.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
  response.set("Content-Security-Policy", "default-src 'none'; sandbox");
  return response;
}

std::string file_name(const StoredAttestation& one) {
  return "candor-attestation-" + std::to_string(one.number) + "-" + one.order.country;
}

Result<StoredAttestation> exported_attestation(const RecordDesk& desk, const Call& call) {
  CANDOR_TRY(StoredAttestation one,
             AttestationBook(desk.records.store).attestation(number_in(call.parameter("number"))));
  CANDOR_TRY_VOID(look_at_attestation(desk, call, "attestation.exported", std::to_string(one.number)));
  return one;
}

Result<Response> export_attestation(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const StoredAttestation one, exported_attestation(desk, call));
  return attestation_file(one.statement, "application/json", file_name(one) + ".json");
}

Result<Response> export_attestation_pdf(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const auto language = language_named(query.text("language", 2).value_or("en"));
  if (!language) query.refuse("language", "is `en` or `de`");
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY(const StoredAttestation one, exported_attestation(desk, call));
  CANDOR_TRY(std::string pdf, attestation_pdf(one.statement, *language));
  return attestation_file(std::move(pdf), "application/pdf",
                          file_name(one) + "-" + std::string(to_text(*language)) + ".pdf");
}

}  // namespace

std::vector<Route> attestation_routes() {
  constexpr Needs kReader = with(Permission::settings_read);
  return {{Method::get, "/attestations", kReader, list_attestations},
          {Method::post, "/attestations", kReader, make_attestation},
          {Method::get, "/attestations/{number}", kReader, export_attestation},
          {Method::get, "/attestations/{number}/pdf", kReader, export_attestation_pdf}};
}

}  // namespace candor::api
