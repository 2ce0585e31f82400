#include "access/viewers_state.h"
#include "api/body.h"
#include "api/errors.h"
#include "api/route.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestPassword = 256;
constexpr std::size_t kShortestNewPassword = 12;

void write_session(JsonWriter& json, const Session& session) {
  json.open_object().text("user", session.viewer.user()).text("role", session.viewer.role());
  json.key("permissions").open_array();
  for (const Permission permission : all_permissions())
    if (allows(session.viewer.permissions(), permission)) json.text(to_text(permission));
  json.close_array();
  json.boolean("must_change_password", session.viewer.must_change_password());
  json.time("expires_at", session.expires_at).close_object();
}

std::string cookie(const Desk& desk, std::string_view token, bool remove) {
  const bool secure = desk.context.secure_cookies;
  std::string text(session_cookie_name(secure));
  text += "=" + std::string(token) + "; Path=/; HttpOnly; SameSite=Strict";
  if (secure) text += "; Secure";
  if (remove) text += "; Max-Age=0";
  return text;
}

Response started(const Desk& desk, const Session& session) {
  JsonWriter json;
  write_session(json, session);
  Response response = json_response(200, json);
  response.set("Set-Cookie", cookie(desk, session.token, false));
  return response;
}

Response refused(const SignInRefusal& refusal) {
  Response response = error_response(refusal.error);
  if (refusal.retry_after_seconds > 0) response.set("Retry-After", std::to_string(refusal.retry_after_seconds));
  return response;
}

// Runs what checks a password, or answers at once that others are being checked.
template <typename Check>
Response checked(const Desk& desk, Turns& turns, const std::string& client, const Check& check) {
  if (!turns.take(client)) {
    Response response = error_response({"api.busy", "others are signing in; try again in a moment"});
    response.set("Retry-After", "1");
    return response;
  }
  const std::expected<Session, SignInRefusal> session = check();
  turns.give_back(client);
  return session ? started(desk, *session) : refused(session.error());
}

Result<Response> sign_in(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"user", 1, kLongestUser}, {"password", 1, kLongestPassword}}));
  const std::string& user = body.at("user");
  const std::string& client = call.request.client;
  // Whoever has to wait takes nobody's turn.
  if (const auto may = desk.context.viewers.may_try(user, client); !may) return refused(may.error());
  return checked(desk, desk.sign_ins, client,
                 [&] { return desk.context.viewers.sign_in(user, body.at("password"), client); });
}

Result<Response> who_am_i(Desk&, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  JsonWriter json;
  write_session(json, *call.session);
  return json_response(200, json);
}

Result<Response> sign_out(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(desk.context.viewers.sign_out(call.token));
  Response response{.status = 204, .headers = {}, .body = {}};
  response.set("Set-Cookie", cookie(desk, "", true));
  return response;
}

Result<Response> change_password(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"password", 1, kLongestPassword},
                                                       {"new_password", kShortestNewPassword, kLongestPassword}}));
  return checked(desk, desk.password_changes, call.request.client, [&] {
    return desk.context.viewers.change_password(call.token, body.at("password"), body.at("new_password"));
  });
}

}  // namespace

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
          {Method::get, "/session", Needs::session(), who_am_i, true, false},
          {Method::del, "/session", Needs::session(), sign_out, true},
          {Method::put, "/session/password", Needs::session(), change_password, true}};
}

Result<void> takes_nothing(const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  return refuse_body(call.request);
}

}  // namespace candor::api
