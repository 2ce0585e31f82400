#include "access/program_name.h"
#include "access/viewers_state.h"
#include "api/body.h"
#include "api/session_answers.h"

namespace candor::api {

namespace {

constexpr std::size_t kShortestNewPassword = 12;

Response started(const RecordDesk& desk, const Session& session) {
  JsonWriter json;
  write_session(json, session);
  Response response = json_response(200, json);
  response.set("Set-Cookie", session_cookie(desk, session.token, false));
  return response;
}

Result<Response> sign_in(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"user", 1, kLongestUser},
                                      {"password", 1, kLongestPassword},
                                      {.name = "code", .shortest = 1, .longest = kLongestCode, .optional = true}}));
  const std::string& user = body.at("user");
  const std::string& client = call.request.client;
  Viewers& viewers = desk.records.viewers;
  // Whoever has to wait takes nobody's turn.
  if (const auto may = viewers.may_try(user, client); !may) return refused(may.error());
  const auto code = body.find("code");
  const SignInOrigin origin{.address = client, .program = program_name(call.request.header("user-agent"))};
  Response response = checked(
      desk.sign_ins, client,
      [&] { return viewers.sign_in(user, body.at("password"), origin, code == body.end() ? "" : code->second); },
      [&](const Session& session) { return started(desk, session); });
  // The browser had one already: its cookie is overwritten, nobody could end it any more.
  const std::string before = session_token(call.request, desk.records.secure_cookies);
  if (response.status == 200 && !before.empty()) CANDOR_TRY_VOID(viewers.sign_out(before));
  return response;
}

Result<Response> who_am_i(RecordDesk&, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  JsonWriter json;
  write_session(json, *call.session);
  return json_response(200, json);
}

Result<Response> sign_out(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  Viewers& viewers = desk.records.viewers;
  const bool there_too = desk.records.provider != nullptr && call.viewer().is_of_provider();
  std::string hint;
  if (there_too) {
    CANDOR_TRY(hint, viewers.id_token_of(call.viewer()));
  }
  CANDOR_TRY_VOID(viewers.sign_out(call.token));
  const std::string address = there_too ? desk.records.provider->sign_out_address(hint) : "";
  Response response{.status = 204, .headers = {}, .body = {}};
  if (!address.empty()) {
    JsonWriter json;
    json.open_object().text("address", address).close_object();
    response = json_response(200, json);
  }
  response.set("Set-Cookie", session_cookie(desk, "", true));
  return response;
}

Result<Response> change_password(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"password", 1, kLongestPassword},
                                                       {"new_password", kShortestNewPassword, kLongestPassword}}));
  return checked(
      desk.password_changes, call.request.client,
      [&] { return desk.records.viewers.change_password(call.token, body.at("password"), body.at("new_password")); },
      [&](const Session& session) { return started(desk, session); });
}

}  // namespace

void write_session(JsonWriter& json, const Session& session) {
  json.open_object().text("user", session.viewer.user()).text("role", session.viewer.role());
  json.key("permissions").open_array();
  for (const Permission permission : all_permissions())
    if (allows(session.viewer.permissions(), permission)) json.text(to_text(permission));
  json.close_array();
  json.text("display_name", or_null(session.viewer.display_name()));
  json.boolean("of_provider", session.viewer.is_of_provider());
  json.boolean("must_change_password", session.viewer.must_change_password());
  json.boolean("must_set_up_second_factor", session.viewer.must_set_up_second_factor());
  json.time("expires_at", session.expires_at).close_object();
}

std::string session_cookie(const RecordDesk& desk, std::string_view token, bool remove) {
  const bool secure = desk.records.secure_cookies;
  std::string text(session_cookie_name(secure));
  text += "=" + std::string(token) + "; Path=/; HttpOnly; SameSite=Strict";
  if (secure) text += "; Secure";
  if (remove) text += "; Max-Age=0";
  return text;
}

Response refused(const SignInRefusal& refusal) {
  Response response = error_response(refusal.error);
  if (refusal.retry_after_seconds > 0) response.set("Retry-After", std::to_string(refusal.retry_after_seconds));
  return response;
}

bool Turns::take(const std::string& client) {
  const std::lock_guard lock(mutex_);
  if (taken_ >= most_) return false;
  if (!client.empty()) {
    int& of_client = by_client_[client];
    if (of_client >= most_per_client_) return false;
    ++of_client;
  }
  ++taken_;
  return true;
}

void Turns::give_back(const std::string& client) {
  const std::lock_guard lock(mutex_);
  --taken_;
  const auto found = by_client_.find(client);
  if (found != by_client_.end() && --found->second == 0) by_client_.erase(found);
}

std::vector<Route> session_routes() {
  return {{Method::post, "/session", Needs::nothing(), sign_in},
          {Method::get, "/session", Needs::viewer(), who_am_i, Opens::with_one_time_password, false},
          {Method::del, "/session", Needs::session(), sign_out, Opens::with_one_time_password},
          {Method::put, "/session/password", Needs::session(), change_password, Opens::with_one_time_password}};
}

Result<void> takes_nothing(const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  return refuse_body(call.request);
}

}  // namespace candor::api
