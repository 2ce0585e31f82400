#include "api/body.h"
#include "api/session_answers.h"

// One's own account: second factor, sessions, tokens.
namespace candor::api {

namespace {

constexpr std::size_t kLongestScope = 500;
constexpr std::size_t kLongestTokenName = 40;
constexpr std::size_t kLongestTokenDays = 365;

// --- second factor

Result<Response> second_factor(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const SecondFactorInfo info, desk.records.viewers.second_factor(call.viewer()));
  JsonWriter json;
  json.open_object().time("since", info.since).boolean("required", info.is_required);
  json.integer("recovery_codes_left", info.recovery_codes_left).close_object();
  return json_response(200, json);
}

Result<Response> begin_second_factor(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const NewSecondFactor begun, desk.records.viewers.begin_second_factor(call.viewer()));
  JsonWriter json;
  json.open_object().text("secret", begun.secret).text("address", begun.address).close_object();
  return json_response(201, json);
}

Response changed_factor(const RecordDesk& desk, const ChangedFactor& changed) {
  JsonWriter json;
  json.open_object().key("session");
  write_session(json, changed.session);
  write_texts(json, "recovery_codes", changed.recovery_codes);
  json.close_object();
  Response response = json_response(200, json);
  response.set("Set-Cookie", session_cookie(desk, changed.session.token, false));
  return response;
}

using ChangeFactor = std::expected<ChangedFactor, SignInRefusal> (Viewers::*)(std::string_view token,
                                                                              std::string_view password,
                                                                              std::string_view code);

// Every change is proved with password and code.
template <ChangeFactor change>
Result<Response> change_factor(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"password", 1, kLongestPassword}, {"code", 1, kLongestCode}}));
  return checked(
      desk.password_changes, call.request.client,
      [&] { return (desk.records.viewers.*change)(call.token, body.at("password"), body.at("code")); },
      [&](const ChangedFactor& changed) { return changed_factor(desk, changed); });
}

// --- sessions

Result<Response> list_sessions(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto sessions, desk.records.viewers.sessions_of(call.viewer()));
  JsonWriter json;
  json.open_object().key("sessions").open_array();
  for (const SessionInfo& one : sessions) {
    json.open_object().text("id", one.id).time("since", one.started).time("last_use", one.last_seen);
    json.text("address", or_null(one.address)).text("program", or_null(one.program));
    json.boolean("present", one.id == call.viewer().session()).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

Response no_content() { return {.status = 204, .headers = {}, .body = {}}; }

Result<Response> end_own_session(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(desk.records.viewers.end_own_session(call.viewer(), call.parameter("session_id")));
  return no_content();
}

Result<Response> end_other_sessions(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const std::int64_t ended, desk.records.viewers.end_other_sessions(call.viewer()));
  JsonWriter json;
  json.open_object().integer("ended", ended).close_object();
  return json_response(200, json);
}

// --- tokens

// The properties of `Token`; the caller closes the object.
void write_token(JsonWriter& json, const ViewerToken& token) {
  json.open_object().text("id", token.id).text("name", token.name);
  json.key("permissions").open_array();
  for (const Permission permission : all_permissions())
    if (allows(token.permissions, permission)) json.text(to_text(permission));
  json.close_array().time("created", token.created).time("expires", token.expires);
  json.time("last_use", token.last_used).time("revoked", token.revoked);
}

Result<Response> list_own_tokens(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto tokens, desk.records.viewers.tokens_of(call.viewer()));
  JsonWriter json;
  json.open_object().key("tokens").open_array();
  for (const ViewerToken& token : tokens) {
    write_token(json, token);
    json.close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// Names with single blanks between them, as a scope of OAuth is written.
Result<Permissions> permissions_of_scope(std::string_view scope) {
  Permissions permissions;
  while (!scope.empty()) {
    const std::size_t end = std::min(scope.find(' '), scope.size());
    const std::string_view name = scope.substr(0, end);
    const auto one = permission(name);
    if (!one) {
      return fail("access.bad_scope",
                  "property `scope` holds something that is no permission: it takes those of GET /session, with single "
                  "blanks between them");
    }
    permissions.set(static_cast<std::size_t>(*one));
    scope.remove_prefix(std::min(end + 1, scope.size()));
  }
  return permissions;
}

Result<Response> create_token(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"name", 1, kLongestTokenName},
                                      {.name = "days", .shortest = 1, .longest = kLongestTokenDays, .integer = true},
                                      {.name = "scope", .shortest = 1, .longest = kLongestScope, .optional = true},
                                      {"password", 1, kLongestPassword},
                                      {.name = "code", .shortest = 1, .longest = kLongestCode, .optional = true}}));
  Viewers::TokenWish wish{.name = body.at("name"), .days = std::stoi(body.at("days"))};
  if (const auto scope = body.find("scope"); scope != body.end()) {
    CANDOR_TRY(wish.permissions, permissions_of_scope(scope->second));
  }
  const auto code = body.find("code");
  return checked(
      desk.password_changes, call.request.client,
      [&] {
        return desk.records.viewers.create_token(call.token, body.at("password"),
                                                 code == body.end() ? "" : code->second, wish);
      },
      [&](const NewViewerToken& made) {
        JsonWriter json;
        write_token(json, made.token);
        json.text("token", made.text).close_object();
        return json_response(201, json);
      });
}

Result<Response> revoke_own_token(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(desk.records.viewers.revoke_token(call.viewer(), call.parameter("token_id")));
  return no_content();
}

}  // namespace

std::vector<Route> account_routes() {
  constexpr Opens kEarly = Opens::without_second_factor;
  return {
      {Method::get, "/session/second-factor", Needs::session(), second_factor, kEarly},
      {Method::post, "/session/second-factor", Needs::session(), begin_second_factor, kEarly},
      {Method::post, "/session/second-factor/confirm", Needs::session(), change_factor<&Viewers::confirm_second_factor>,
       kEarly},
      {Method::post, "/session/second-factor/recovery-codes", Needs::session(),
       change_factor<&Viewers::renew_recovery_codes>},
      {Method::post, "/session/second-factor/remove", Needs::session(), change_factor<&Viewers::remove_second_factor>},
      {Method::get, "/sessions", Needs::session(), list_sessions},
      {Method::post, "/sessions/end-others", Needs::session(), end_other_sessions},
      {Method::del, "/sessions/{session_id}", Needs::session(), end_own_session},
      {Method::get, "/tokens", Needs::session(), list_own_tokens},
      {Method::post, "/tokens", Needs::session(), create_token},
      {Method::del, "/tokens/{token_id}", Needs::session(), revoke_own_token}};
}

}  // namespace candor::api
