#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/totp.h"
#include "api/route.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string token_in_cookie(const Response& response) {
  const std::string set(response.header("Set-Cookie"));
  const std::size_t start = set.find('=') + 1;
  return set.substr(start, set.find(';') - start);
}

class AccountRoutes : public testing::Test {
 protected:
  static constexpr TimePoint kStep = kTotpStepSeconds * kMicrosPerSecond;

  void after(TimePoint time) { world_.clock().set(world_.clock().now() + time); }

  std::string code() const {
    std::string bytes;
    unsigned bits = 0;
    int held = 0;
    for (const char c : secret_) {
      bits = bits << 5U | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
      if ((held += 5) < 8) continue;
      held -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xffU);
    }
    return *totp_code(bytes, totp_step(world_.context().clock.now()));
  }
  Response factor(const std::string& what, const std::string& token, const std::string& given,
                  const std::string& password = World::kPassword) {
    return world_.post("/session/second-factor/" + what, token, json({{"password", password}, {"code", given}}).dump());
  }
  Response sign_in(const json& credentials, const std::string& program = "", const std::string& cookie = "") {
    Request request;
    request.method = Method::post;
    request.target = "/api/v1/session";
    request.headers = {{"content-type", "application/json"}, {"x-candor-request", "1"}};
    if (!program.empty()) request.headers.push_back({"user-agent", program});
    if (!cookie.empty()) request.headers.push_back({"cookie", "candor_session=" + cookie});
    request.body = credentials.dump();
    request.client = "192.0.2.7";
    return world_.send(request);
  }
  // A session of a viewer with a factor; fills the secret and the recovery codes.
  std::string enrolled(const std::string& user) {
    const std::string token = world_.sign_in(user, "analyst");
    secret_ = json::parse(world_.post("/session/second-factor", token, "").body).at("secret");
    const Response confirmed = factor("confirm", token, code());
    EXPECT_EQ(confirmed.status, 200) << confirmed.body;
    recovery_codes_ = json::parse(confirmed.body).at("recovery_codes").get<std::vector<std::string>>();
    after(kStep);
    return token_in_cookie(confirmed);
  }
  Response by_token(Method method, const std::string& target, const std::string& token, const std::string& body = "") {
    Request request;
    request.method = method;
    request.target = "/api/v1" + target;
    request.headers = {{"authorization", "Bearer " + token}};
    if (!body.empty()) request.headers.push_back({"content-type", "application/json"});
    request.body = body;
    return world_.send(request);
  }
  json made_token(const std::string& session, json wish) {
    wish["password"] = World::kPassword;
    const Response made = world_.post("/tokens", session, wish.dump());
    EXPECT_EQ(made.status, 201) << made.body;
    return json::parse(made.body);
  }

  World world_;
  std::string secret_;
  std::vector<std::string> recovery_codes_;
};

TEST_F(AccountRoutes, ASecondFactorIsSetUpAndAskedFor) {
  const std::string before = world_.sign_in("ada", "analyst");
  EXPECT_EQ(world_.read("/session/second-factor", before),
            json({{"since", nullptr}, {"required", false}, {"recovery_codes_left", 0}}));
  const Response begun = world_.post("/session/second-factor", before, "");
  ASSERT_EQ(begun.status, 201) << begun.body;
  secret_ = json::parse(begun.body).at("secret");
  EXPECT_EQ(factor("confirm", before, "000000").status, 401);
  const Response confirmed = factor("confirm", before, code());
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_THAT(std::string(confirmed.header("Set-Cookie")),
              AllOf(StartsWith("candor_session="), HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict")));
  EXPECT_THAT(confirmed.body, Not(HasSubstr(token_in_cookie(confirmed))));
  EXPECT_EQ(world_.get("/session", before).status, 401) << "rotated";
  const std::string token = token_in_cookie(confirmed);
  EXPECT_EQ(world_.read("/session/second-factor", token).at("recovery_codes_left"), 10);
  EXPECT_EQ(world_.post("/session/second-factor", token, "").status, 409);

  after(kStep);
  const json credentials = {{"user", "ada"}, {"password", World::kPassword}};
  const Response asked = sign_in(credentials);
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(json::parse(asked.body).at("id"), "access.code_needed");
  EXPECT_EQ(asked.header("Set-Cookie"), "");
  json whole = credentials;
  whole["code"] = code();
  EXPECT_EQ(sign_in(whole).status, 200);
  EXPECT_EQ(sign_in(whole).status, 401) << "once";
}

TEST_F(AccountRoutes, AskingForTheCodeLooksTheSameForEverybody) {
  enrolled("ada");
  world_.sign_in("bob", "analyst");
  const Response right = sign_in({{"user", "ada"}, {"password", World::kPassword}});
  for (const auto& [user, password] :
       {std::pair("ada", "wrong"), std::pair("bob", "wrong"), std::pair("nobody", World::kPassword)}) {
    const Response other = sign_in({{"user", user}, {"password", password}});
    EXPECT_EQ(other.status, right.status);
    EXPECT_EQ(other.body, right.body);
    EXPECT_EQ(other.headers.size(), right.headers.size());
  }
  const Response wrong = sign_in({{"user", "ada"}, {"password", World::kPassword}, {"code", "000000"}});
  const Response password = sign_in({{"user", "ada"}, {"password", "wrong"}, {"code", code()}});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, password.body);
}

TEST_F(AccountRoutes, RecoveryCodesAreMadeAnewAndTheFactorRemoved) {
  std::string token = enrolled("ada");
  EXPECT_EQ(factor("recovery-codes", token, "000000").status, 401);
  const Response renewed = factor("recovery-codes", token, code());
  ASSERT_EQ(renewed.status, 200) << renewed.body;
  const std::string code_of_new = json::parse(renewed.body).at("recovery_codes").at(0);
  EXPECT_NE(code_of_new, recovery_codes_.at(0));
  token = token_in_cookie(renewed);
  EXPECT_EQ(factor("remove", token, recovery_codes_.at(0)).status, 401) << "void";
  EXPECT_EQ(factor("remove", token, code_of_new, "wrong").status, 401);
  const Response removed = factor("remove", token, code_of_new);
  ASSERT_EQ(removed.status, 200) << removed.body;
  EXPECT_EQ(world_.get("/session", token).status, 401);
  EXPECT_EQ(sign_in({{"user", "ada"}, {"password", World::kPassword}}).status, 200);
  EXPECT_EQ(factor("remove", token_in_cookie(removed), code_of_new).status, 409);
}

TEST_F(AccountRoutes, SessionsAreListedAndEnded) {
  const std::string token = world_.sign_in("ada", "analyst");
  after(kMicrosPerSecond);
  const Response other =
      sign_in({{"user", "ada"}, {"password", World::kPassword}}, "<script>Firefox/140.0 (X11; Linux)</script>");
  const std::string second = token_in_cookie(other);
  const json listed = world_.read("/sessions", token).at("sessions");
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed.at(0).at("program"), "Firefox on Linux");
  EXPECT_EQ(listed.at(0).at("address"), "192.0.2.7");
  EXPECT_EQ(listed.at(0).at("present"), false);
  EXPECT_EQ(listed.at(1).at("address"), nullptr);
  EXPECT_EQ(listed.at(1).at("present"), true);
  const std::string bob = world_.sign_in("bob", "admin");
  const std::string id = listed.at(0).at("id");
  EXPECT_EQ(world_.call(Method::del, "/sessions/" + id, bob).status, 404);
  EXPECT_EQ(world_.call(Method::del, "/sessions/" + id, token).status, 204);
  EXPECT_EQ(world_.get("/session", second).status, 401);
  sign_in({{"user", "ada"}, {"password", World::kPassword}});
  sign_in({{"user", "ada"}, {"password", World::kPassword}});
  EXPECT_EQ(json::parse(world_.post("/sessions/end-others", token, "").body), json({{"ended", 2}}));
  EXPECT_EQ(world_.read("/sessions", token).at("sessions").size(), 1U);
  EXPECT_EQ(world_.get("/session", bob).status, 200);
}

TEST_F(AccountRoutes, SigningInOverASessionEndsIt) {
  const std::string before = world_.sign_in("ada", "analyst");
  EXPECT_EQ(sign_in({{"user", "ada"}, {"password", "wrong"}}, "", before).status, 401);
  EXPECT_EQ(world_.get("/session", before).status, 200);
  EXPECT_EQ(sign_in({{"user", "ada"}, {"password", World::kPassword}}, "", before).status, 200);
  EXPECT_EQ(world_.get("/session", before).status, 401);
}

TEST_F(AccountRoutes, ATokenReadsAndNoMore) {
  const std::string token = world_.sign_in("ada", "analyst");
  const json made = made_token(token, {{"name", "nightly"}, {"days", 30}});
  const std::string text = made.at("token");
  EXPECT_EQ(made.at("permissions"), json({"alerts.read", "policies.read", "cases.view"}));
  EXPECT_EQ(by_token(Method::get, "/alerts", text).status, 200);
  EXPECT_EQ(json::parse(by_token(Method::get, "/session", text).body).at("permissions"), made.at("permissions"));
  const std::string comment = "/alerts/" + world_.alert_of(World::kThief) + "/comments";
  EXPECT_EQ(by_token(Method::post, comment, text, R"({"text":"look"})").status, 403);
  const std::string writes =
      made_token(token, {{"name", "bot"}, {"days", 1}, {"scope", "alerts.read alerts.comment"}}).at("token");
  EXPECT_EQ(by_token(Method::post, comment, writes, R"({"text":"look"})").status, 201) << "no X-Candor-Request";
  const auto lines = world_.audit_lines();
  EXPECT_EQ(lines.front().viewer, "ada");
  EXPECT_THAT(lines.front().details, HasSubstr(R"("token":"bot/)"));

  const json listed = world_.read("/tokens", token).at("tokens");
  ASSERT_EQ(listed.size(), 2U);
  for (const json& one : listed) EXPECT_NE(one.at("last_use"), nullptr);
  EXPECT_THAT(listed.dump(), Not(HasSubstr("candor_viewer_")));
  EXPECT_EQ(world_.call(Method::del, "/tokens/" + made.at("id").get<std::string>(), token).status, 204);
  const Response revoked = by_token(Method::get, "/alerts", text);
  EXPECT_EQ(revoked.status, 401);
  EXPECT_EQ(revoked.header("WWW-Authenticate"), "Bearer");
}

TEST_F(AccountRoutes, TheTokenCountsNotTheCookieBesideIt) {
  const std::string token = world_.sign_in("ada", "analyst");
  const std::string bad = "candor_viewer_" + std::string(16, '0') + "_" + std::string(64, '0');
  Request request;
  request.target = "/api/v1/alerts";
  request.headers = {{"cookie", "candor_session=" + token}, {"authorization", "Bearer " + bad}};
  EXPECT_EQ(world_.send(request).status, 401);
  // What a proxy in front adds is none of ours.
  request.headers = {{"cookie", "candor_session=" + token}, {"authorization", "Basic YTpi"}};
  EXPECT_EQ(world_.send(request).status, 200);
}

TEST_F(AccountRoutes, ACookieNeedsItsHeaderAlsoBesideAnAuthorization) {
  const std::string token = world_.sign_in("ada", "analyst");
  Request request;
  request.method = Method::post;
  request.target = "/api/v1/sessions/end-others";
  request.headers = {{"cookie", "candor_session=" + token}, {"authorization", "Bearer something"}};
  EXPECT_EQ(world_.send(request).status, 403);
}

TEST_F(AccountRoutes, MakingATokenIsRefusedWhereItAsksForTooMuch) {
  const std::string token = world_.sign_in("ada", "analyst");
  const auto refused = [&](json wish) {
    if (!wish.contains("password")) wish["password"] = World::kPassword;
    const Response response = world_.post("/tokens", token, wish.dump());
    return std::to_string(response.status) + " " + json::parse(response.body).value("id", "");
  };
  EXPECT_EQ(refused({{"name", "t"}, {"days", 366}}), "400 api.bad_property");
  EXPECT_EQ(refused({{"name", "t"}}), "400 api.bad_property");
  EXPECT_EQ(refused({{"name", "a b"}, {"days", 1}}), "400 access.bad_token_name");
  for (const char* scope :
       {"people.lift", "alerts.reed", " ", "alerts.read  policies.read", "alerts.read,cases.view"}) {
    EXPECT_EQ(refused({{"name", "t"}, {"days", 1}, {"scope", scope}}), "400 access.bad_scope") << scope;
  }
  EXPECT_EQ(refused({{"name", "t"}, {"days", 1}, {"password", "wrong"}}), "401 access.wrong_credentials");
}

TEST_F(AccountRoutes, MakingATokenAsksForTheSecondFactorToo) {
  const std::string token = enrolled("ada");
  json wish = {{"name", "t"}, {"days", 1}, {"password", World::kPassword}};
  EXPECT_EQ(world_.post("/tokens", token, wish.dump()).status, 401);
  wish["code"] = code();
  EXPECT_EQ(world_.post("/tokens", token, wish.dump()).status, 201);
  EXPECT_EQ(world_.post("/tokens", token, wish.dump()).status, 401) << "a code counts once";
}

}  // namespace
}  // namespace candor::api
