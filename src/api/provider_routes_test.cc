#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "api/errors.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// "name=value" of each cookie that is set, in order.
std::vector<std::string> cookies_set(const Response& response) {
  std::vector<std::string> cookies;
  for (const Header& header : response.headers) {
    if (header.name == "Set-Cookie") cookies.push_back(header.value);
  }
  return cookies;
}

std::string cookie_pair(const std::string& cookie) { return cookie.substr(0, cookie.find(';')); }

class ProviderRoutes : public testing::Test {
 protected:
  // What a browser sends that the provider sends back.
  Request navigation(const std::string& query, const std::string& cookie) {
    Request request;
    request.method = Method::get;
    request.target = "/api/v1/session/provider/callback?" + query;
    request.client = "203.0.113.7";
    request.headers = {{"host", "localhost"},
                       {"sec-fetch-site", "cross-site"},
                       {"sec-fetch-mode", "navigate"},
                       {"sec-fetch-dest", "document"}};
    if (!cookie.empty()) request.headers.push_back({"cookie", cookie});
    return request;
  }
  struct Begun {
    std::string address;
    std::string cookie;
    std::string query;  // of the answer
  };
  Begun begin(const std::string& return_to = "/cases", const std::string& session = "") {
    const Response response = world_.post("/session/provider", session, json({{"return_to", return_to}}).dump());
    EXPECT_EQ(response.status, 200) << response.body;
    Begun begun{.address = json::parse(response.body).value("address", ""), .cookie = {}, .query = {}};
    begun.cookie = cookie_pair(cookies_set(response).at(0));
    begun.query = "code=" + world_.identity_provider().code_for(begun.address) +
                  "&state=" + field_of(begun.address, "state") + "&session_state=x";
    return begun;
  }
  Response sign_in() {
    const Begun begun = begin();
    return world_.send(navigation(begun.query, begun.cookie));
  }
  static std::string token_in(const Response& response) {
    const std::string pair = cookie_pair(cookies_set(response).at(0));
    return pair.substr(pair.find('=') + 1);
  }

  World world_;
};

TEST_F(ProviderRoutes, TheWholeWay) {
  EXPECT_EQ(world_.read("/session/ways", ""), json({{"provider", "Example"}, {"administrators_only", false}}));
  const Begun begun = begin("/cases?x=1");
  EXPECT_THAT(begun.address, StartsWith("https://login.example.com/staff/auth?"));
  const Response in = world_.send(navigation(begun.query, begun.cookie));
  EXPECT_EQ(in.status, 303);
  EXPECT_EQ(in.header("Location"), "/cases?x=1");
  const auto cookies = cookies_set(in);
  ASSERT_EQ(cookies.size(), 2U);
  EXPECT_THAT(cookies[0], AllOf(StartsWith("candor_session="), HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict")));
  EXPECT_THAT(cookies[1], AllOf(StartsWith("candor_sign_in=;"), HasSubstr("Max-Age=0")));
  const json session = world_.read("/session", token_in(in));
  EXPECT_EQ(session.at("user"), "ann.bee@example.com");
  EXPECT_EQ(session.at("role"), "analyst");
  EXPECT_EQ(session.at("display_name"), "Ann Bee");
  EXPECT_EQ(session.at("of_provider"), true);
  EXPECT_EQ(world_.get("/alerts", token_in(in)).status, 200);
}

TEST_F(ProviderRoutes, TheCookieThatBindsTheBrowser) {
  const auto cookie = cookies_set(world_.post("/session/provider", "", R"({"return_to":"/"})")).at(0);
  EXPECT_THAT(cookie, AllOf(StartsWith("candor_sign_in="), HasSubstr("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"),
                            Not(HasSubstr("Domain")), Not(HasSubstr("Secure"))));
  ApiContext context = world_.context();
  context.secure_cookies = true;
  Request request;
  request.method = Method::post;
  request.target = "/api/v1/session/provider";
  request.headers = {{"x-candor-request", "1"}, {"content-type", "application/json"}};
  request.body = R"({"return_to":"/"})";
  const auto secure = cookies_set(make_api(context)(request)).at(0);
  EXPECT_THAT(secure, AllOf(StartsWith("__Host-candor_sign_in="), HasSubstr("; Secure")));
}

TEST_F(ProviderRoutes, RefusalsGoToThePageOfSignIn) {
  const auto sent = [&](const Request& request) {
    const Response response = world_.send(request);
    EXPECT_EQ(response.status, 303);
    EXPECT_THAT(cookies_set(response), ElementsAre(StartsWith("candor_sign_in=;")));
    return std::string(response.header("Location"));
  };
  const std::string over = "/?sign_in_failed=access.provider_sign_in_over";
  EXPECT_EQ(sent(navigation("", "")), over);
  const Begun begun = begin();
  EXPECT_EQ(sent(navigation(begun.query, "candor_sign_in=" + std::string(64, 'a'))), over) << "another browser";
  EXPECT_EQ(sent(navigation(begun.query, begun.cookie)), over) << "it counted already";
  const Begun twice = begin();
  EXPECT_EQ(sent(navigation(twice.query + "&state=x", twice.cookie)), over) << "two states";
  const Begun denied = begin();
  EXPECT_EQ(sent(navigation("error=access_denied&state=" + field_of(denied.address, "state"), denied.cookie)),
            "/?sign_in_failed=access.provider_denied");
  world_.identity_provider().person["groups"] = {"other"};
  const Begun unmapped = begin();
  EXPECT_EQ(sent(navigation(unmapped.query, unmapped.cookie)), "/?sign_in_failed=access.provider_no_role");
}

TEST_F(ProviderRoutes, OnlyNavigationsComeFromElsewhere) {
  const Begun begun = begin();
  for (const auto& [name, value] : {std::pair("sec-fetch-dest", "iframe"), std::pair("sec-fetch-mode", "no-cors")}) {
    Request request = navigation(begun.query, begun.cookie);
    for (Header& header : request.headers)
      if (header.name == name) header.value = value;
    EXPECT_EQ(world_.send(request).status, 403) << name;
  }
  Request elsewhere = navigation("", "");
  elsewhere.target = "/api/v1/session/ways";
  EXPECT_EQ(world_.send(elsewhere).status, 403) << "no other route";
  Request begins;
  begins.method = Method::post;
  begins.target = "/api/v1/session/provider";
  begins.headers = {{"content-type", "application/json"}};
  begins.body = R"({"return_to":"/"})";
  EXPECT_EQ(world_.send(begins).status, 403) << "nobody else begins a sign-in in this browser";
}

TEST_F(ProviderRoutes, TheSessionTheBrowserHadEnds) {
  const std::string before = world_.sign_in("cyd", "analyst");
  const Begun begun = begin("/", before);
  ASSERT_EQ(world_.send(navigation(begun.query, begun.cookie)).status, 303);
  EXPECT_EQ(world_.get("/session", before).status, 401);
}

TEST_F(ProviderRoutes, SignOutGoesOnToTheProvider) {
  const std::string token = token_in(sign_in());
  const Response out = world_.call(Method::del, "/session", token);
  EXPECT_EQ(out.status, 200);
  const std::string address = json::parse(out.body).at("address");
  EXPECT_THAT(address, StartsWith("https://login.example.com/staff/logout?client_id=candor&"));
  EXPECT_NE(field_of(address, "id_token_hint"), "");
  EXPECT_THAT(cookies_set(out), ElementsAre(HasSubstr("Max-Age=0")));
  EXPECT_EQ(world_.get("/session", token).status, 401);
  EXPECT_EQ(world_.call(Method::del, "/session", world_.sign_in("cyd", "analyst")).status, 204) << "of a local account";
}

TEST_F(ProviderRoutes, SignOutFromThere) {
  const std::string token = token_in(sign_in());
  json claims = world_.identity_provider().claims_now();
  claims["events"] = {{"http://schemas.openid.net/event/backchannel-logout", json::object()}};
  claims["jti"] = "1";
  claims["sid"] = "there-1";
  Request request;
  request.method = Method::post;
  request.target = "/api/v1/session/provider/logout";
  request.headers = {{"host", "localhost"}, {"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  const auto answered = [&](const std::string& body) {
    request.body = body;
    return world_.send(request);
  };
  EXPECT_EQ(answered("").status, 400);
  EXPECT_EQ(answered("logout_token=a.b.c").status, 400);
  EXPECT_EQ(answered("logout_token=%zz").status, 400);
  const std::string form = "logout_token=" + world_.identity_provider().sign(claims);
  EXPECT_EQ(answered(form + "&" + form).status, 400) << "twice";
  EXPECT_EQ(world_.get("/session", token).status, 200);
  EXPECT_EQ(answered(form).status, 200);
  EXPECT_EQ(world_.get("/session", token).status, 401);
  EXPECT_THAT(answered(form).body, HasSubstr("access.provider_token_replayed"));
  request.headers[1].value = "application/json";
  EXPECT_EQ(answered("{}").status, 415);
}

TEST_F(ProviderRoutes, WhatAnAccountOfTheProviderHasNot) {
  const std::string token = token_in(sign_in());
  const std::string change = json({{"password", "x"}, {"new_password", "another long one"}}).dump();
  const Response responses[] = {
      world_.call(Method::put, "/session/password", token, change), world_.post("/session/second-factor", token, ""),
      world_.post("/tokens", token, json({{"name", "n"}, {"days", 1}, {"password", "x"}}).dump())};
  for (const Response& response : responses) {
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, HasSubstr("access.provider_account"));
  }
}

TEST_F(ProviderRoutes, WithoutAProvider) {
  ApiContext context = world_.context();
  context.provider = nullptr;
  const Handler api = make_api(context);
  Request request = navigation("state=x", "");
  EXPECT_EQ(api(request).header("Location"), "/?sign_in_failed=access.provider_off");
  request.target = "/api/v1/session/ways";
  request.headers.clear();
  EXPECT_EQ(json::parse(api(request).body), json({{"provider", nullptr}, {"administrators_only", false}}));
  world_.identity_provider().down = true;
  const Response down = world_.post("/session/provider", "", R"({"return_to":"/"})");
  EXPECT_EQ(down.status, 503);
  EXPECT_THAT(down.body, HasSubstr("access.provider_unreachable"));
}

// The page has words for whatever it may be told.
TEST(ProviderFailures, EachHasATextOnThePage) {
  std::ifstream in(CANDOR_SOURCE_DIR "/web/src/features/session/sign_in_failures.ts");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  std::ifstream guide_in(CANDOR_SOURCE_DIR "/docs/guides/sign-in.md");
  const std::string guide(std::istreambuf_iterator<char>(guide_in), {});
  for (const char* id : {"access.provider_off", "access.provider_unreachable", "access.provider_bad_discovery",
                         "access.provider_bad_keys", "access.provider_sign_in_over", "access.provider_denied",
                         "access.provider_refused_code", "access.provider_bad_token", "access.provider_no_role",
                         "access.provider_no_groups", "access.provider_groups_overage", "access.provider_second_factor",
                         "access.provider_bad_user", "access.too_many_attempts", "api.busy"}) {
    EXPECT_THAT(page, HasSubstr("'" + std::string(id) + "'")) << id;
    if (std::string_view(id).starts_with("access.provider")) {
      EXPECT_THAT(guide, HasSubstr("`" + std::string(id) + "`"));
    }
  }
}

}  // namespace
}  // namespace candor::api
