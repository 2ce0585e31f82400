#include <algorithm>

#include "access/program_name.h"
#include "api/body.h"
#include "api/session_answers.h"

// Sign-in with the identity provider.
namespace candor::api {

namespace {

constexpr std::size_t kLongestReturn = 1000;
constexpr std::size_t kLongestAnswerPart = 8192;
constexpr std::size_t kLongestLogoutBody = std::size_t{80} << 10;

std::string_view browser_cookie_name(bool secure) { return secure ? "__Host-candor_sign_in" : "candor_sign_in"; }

// Lax: the provider sends the browser back here, and a strict cookie would not come along.
std::string browser_cookie(const Desk& desk, std::string_view value) {
  const bool secure = desk.context.secure_cookies;
  std::string text(browser_cookie_name(secure));
  const auto seconds = value.empty() ? 0 : ProviderSignIn::kPendingMicros / kMicrosPerSecond;
  text += "=" + std::string(value) + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
  if (secure) text += "; Secure";
  return text;
}

Error provider_off() { return {"access.provider_off", "no identity provider is set up here"}; }

Result<Response> sign_in_ways(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const ProviderSignIn* provider = desk.records.provider;
  JsonWriter json;
  json.open_object().text("provider", provider == nullptr ? std::nullopt : std::optional(provider->name()));
  json.boolean("administrators_only",
               provider != nullptr && provider->settings().local_accounts == LocalAccounts::administrators);
  json.close_object();
  return json_response(200, json);
}

Result<Response> begin_there(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"return_to", 1, kLongestReturn}}));
  if (desk.context.provider == nullptr) return std::unexpected(provider_off());
  const bool secure = desk.context.secure_cookies;
  const ProviderSignIn::Wish wish{.return_to = body.at("return_to"),
                                  .browser = cookie_value(call.request, browser_cookie_name(secure)),
                                  .present = session_token(call.request, secure),
                                  .address = call.request.client};
  return checked(
      desk.provider_visits, call.request.client, [&] { return desk.context.provider->begin(wish); },
      [&](const ProviderSignIn::Begun& begun) {
        JsonWriter json;
        json.open_object().text("address", begun.address).close_object();
        Response response = json_response(200, json);
        response.set("Set-Cookie", browser_cookie(desk, begun.browser));
        return response;
      });
}

// One that is there twice says nothing: two readers might take another one each.
std::string part_of_answer(const Call& call, std::string_view name) {
  std::string value;
  int found = 0;
  for (const auto& [key, text] : call.target.query) {
    if (key != name) continue;
    value = text;
    ++found;
  }
  return found == 1 && value.size() <= kLongestAnswerPart ? value : "";
}

// The browser is at no page of ours yet: what failed is told by the page it is sent to.
Response sent_to(std::string location) {
  Response response{.status = 303, .headers = {}, .body = {}};
  response.set("Location", std::move(location));
  return response;
}

Result<Response> come_back(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  const auto failed = [&](const std::string& id) {
    Response response = sent_to("/?sign_in_failed=" + id);
    response.headers.push_back({"Set-Cookie", browser_cookie(desk, "")});
    return response;
  };
  if (desk.context.provider == nullptr) return failed(provider_off().id);
  const ProviderSignIn::Answer answer{.state = part_of_answer(call, "state"),
                                      .code = part_of_answer(call, "code"),
                                      .issuer = part_of_answer(call, "iss"),
                                      .error = part_of_answer(call, "error")};
  const std::string browser = cookie_value(call.request, browser_cookie_name(desk.context.secure_cookies));
  const SignInOrigin origin{.address = call.request.client, .program = program_name(call.request.header("user-agent"))};
  if (!desk.provider_visits.take(call.request.client)) return sent_to("/?sign_in_failed=api.busy");
  const auto finished = desk.context.provider->finish(answer, browser, origin);
  desk.provider_visits.give_back(call.request.client);
  if (!finished) return failed(finished.error().error.id);
  Response response = sent_to(finished->return_to);
  response.headers.push_back({"Set-Cookie", session_cookie(desk, finished->session.token, false)});
  response.headers.push_back({"Set-Cookie", browser_cookie(desk, "")});
  return response;
}

// What was begun there is known to the holder alone.
Result<Response> come_back_without_holder(RecordDesk&, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  return sent_to("/?sign_in_failed=api.holder_away");
}

// A form with one field and nothing else that counts; "" when it is not there once.
std::string logout_token_of(const Request& request) {
  // Read as a query is: the same encoding.
  const auto form = Target::parse("/?" + request.body);
  if (!form) return {};
  std::string token;
  int found = 0;
  for (const auto& [name, value] : form->query) {
    if (name != "logout_token") continue;
    token = value;
    ++found;
  }
  return found == 1 ? token : "";
}

Result<Response> sign_out_from_there(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  if (desk.context.provider == nullptr) return std::unexpected(provider_off());
  const std::string_view type = call.request.header("content-type");
  if (type.substr(0, type.find(';')) != "application/x-www-form-urlencoded")
    return fail("api.bad_content_type", "send a form: application/x-www-form-urlencoded");
  if (call.request.body.size() > kLongestLogoutBody) return fail("api.body_too_large", "that is no logout token");
  const std::string token = logout_token_of(call.request);
  return checked(
      desk.provider_visits, call.request.client,
      [&] { return desk.context.provider->sign_out_from_there(token, call.request.client); },
      [](std::int64_t) { return Response{.status = 200, .headers = {}, .body = {}}; });
}

}  // namespace

std::vector<Route> provider_routes() {
  return {{Method::get, "/session/ways", Needs::nothing(), sign_in_ways},
          {Method::post, "/session/provider", Needs::nothing(), begin_there},
          {Method::get,
           "/session/provider/callback",
           Needs::nothing(),
           {come_back, come_back_without_holder},
           Opens::when_ready,
           true,
           Comes::by_navigation},
          {Method::post, "/session/provider/logout", Needs::provider(), sign_out_from_there}};
}

}  // namespace candor::api
