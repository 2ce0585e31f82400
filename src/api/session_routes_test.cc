#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "api/route.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string credentials(const std::string& user, const std::string& password) {
  return nlohmann::json({{"user", user}, {"password", password}}).dump();
}

std::string token_of(const Response& response) {
  const std::string cookie(response.header("Set-Cookie"));
  const std::size_t start = cookie.find('=') + 1;
  return cookie.substr(start, cookie.find(';') - start);
}

TEST(SessionRoutes, FirstSignInEndsInANewPassword) {
  World world;
  const auto first = world.viewers().ensure_first();
  ASSERT_TRUE(first && *first);
  const std::string& one_time = (*first)->one_time_password;
  const Response in = world.post("/session", "", credentials("admin", one_time));
  ASSERT_EQ(in.status, 200);
  EXPECT_THAT(std::string(in.header("Set-Cookie")),
              AllOf(StartsWith("candor_session="), HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict"),
                    HasSubstr("Path=/"), Not(HasSubstr("Domain"))));
  EXPECT_THAT(in.body, Not(HasSubstr(token_of(in))));
  EXPECT_TRUE(nlohmann::json::parse(in.body).at("must_change_password"));
  const std::string token = token_of(in);
  const Response refused = world.get("/alerts", token);
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("access.password_change_required"));
  EXPECT_EQ(world.get("/status", token).status, 403);
  EXPECT_EQ(world.get("/session", token).status, 200);

  const std::string change = nlohmann::json({{"password", one_time}, {"new_password", World::kPassword}}).dump();
  const Response changed = world.call(Method::put, "/session/password", token, change);
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_FALSE(nlohmann::json::parse(changed.body).at("must_change_password"));
  EXPECT_NE(token_of(changed), token);
  EXPECT_EQ(world.get("/session", token).status, 401);
  EXPECT_EQ(world.get("/alerts", token_of(changed)).status, 200);
  EXPECT_EQ(world.post("/session", "", credentials("admin", one_time)).status, 401);
}

TEST(SessionRoutes, WrongUserAndWrongPasswordLookTheSame) {
  World world;
  world.sign_in("ada", "analyst");
  const Response password = world.post("/session", "", credentials("ada", "wrong password!"));
  const Response user = world.post("/session", "", credentials("nobody", "wrong password!"));
  EXPECT_EQ(password.status, 401);
  EXPECT_EQ(user.status, 401);
  EXPECT_EQ(password.body, user.body);
  EXPECT_EQ(password.header("Set-Cookie"), "");
}

TEST(SessionRoutes, GuessingIsSlowedDown) {
  World world;
  world.sign_in("ada", "analyst");
  Response last;
  for (int i = 0; i < 50 && last.status != 429; ++i)
    last = world.post("/session", "", credentials("ada", "guess " + std::to_string(i)));
  EXPECT_EQ(last.status, 429);
  EXPECT_NE(last.header("Retry-After"), "");
}

TEST(SessionRoutes, NoRushToSignInTakesAllWorkers) {
  World world;
  world.sign_in("ada", "analyst");
  std::vector<std::thread> clients;
  std::vector<int> statuses(16);
  for (int& status : statuses)
    clients.emplace_back([&] { status = world.post("/session", "", credentials("ada", World::kPassword)).status; });
  for (std::thread& client : clients) client.join();
  EXPECT_THAT(statuses, ::testing::Each(::testing::AnyOf(200, 503)));
  EXPECT_THAT(statuses, ::testing::Contains(200));
  // All turns are given back.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(world.post("/session", "", credentials("ada", World::kPassword)).status, 200);
}

TEST(SessionRoutes, OneClientNeverHasAllTurns) {
  Turns turns(3, 2);
  EXPECT_TRUE(turns.take("a"));
  EXPECT_TRUE(turns.take("a"));
  EXPECT_FALSE(turns.take("a"));
  EXPECT_TRUE(turns.take("b"));
  EXPECT_FALSE(turns.take("c"));
  turns.give_back("a");
  EXPECT_TRUE(turns.take(""));
  turns.give_back("");
  EXPECT_TRUE(turns.take("a"));
}

TEST(SessionRoutes, GuessingFromElsewhereKeepsNobodyOut) {
  World world;
  const std::string token = world.sign_in("ada", "analyst");
  const auto from = [&](const std::string& client, const std::string& password) {
    Request request;
    request.method = Method::post;
    request.target = "/api/v1/session";
    request.headers = {{"content-type", "application/json"}, {"x-candor-request", "1"}};
    request.body = credentials("ada", password);
    request.client = client;
    return world.send(request).status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(from("203.0.113.9", "guess"), 401);
  EXPECT_EQ(from("203.0.113.9", World::kPassword), 429);
  EXPECT_EQ(from("192.0.2.1", World::kPassword), 200);
  const json change = {{"password", World::kPassword}, {"new_password", "another long one"}};
  EXPECT_EQ(world.call(Method::put, "/session/password", token, change.dump()).status, 200);
}

TEST(SessionRoutes, APageThatRefreshesByItselfKeepsNoSessionOpen) {
  World world;
  const std::string token = world.sign_in("ada", "analyst");
  const auto ask = [&](const std::string& target, bool automatic) {
    Request request;
    request.target = "/api/v1" + target;
    request.headers = {{"cookie", "candor_session=" + token}};
    if (automatic) request.headers.push_back({"x-candor-automatic", "1"});
    return world.send(request).status;
  };
  const auto after_minutes = [&](int minutes) { world.clock().set(world.clock().now() + minutes * 60'000'000LL); };
  for (int i = 0; i < 2; ++i) {
    after_minutes(14);
    EXPECT_EQ(ask("/session", false), 200);
    EXPECT_EQ(ask("/status", false), 200);
    EXPECT_EQ(ask("/alerts", true), 200);
  }
  EXPECT_EQ(ask("/alerts", false), 200);  // somebody is there
  after_minutes(28);
  EXPECT_EQ(ask("/status", false), 200);
  after_minutes(3);
  EXPECT_EQ(ask("/status", false), 401);
}

TEST(SessionRoutes, SigningOutEndsIt) {
  World world;
  const std::string token = world.sign_in("ada", "analyst");
  const Response out = world.call(Method::del, "/session", token);
  EXPECT_EQ(out.status, 204);
  EXPECT_THAT(std::string(out.header("Set-Cookie")), HasSubstr("Max-Age=0"));
  EXPECT_EQ(world.get("/session", token).status, 401);
}

TEST(SessionRoutes, BadNewPasswordsAreRefused) {
  World world;
  const std::string token = world.sign_in("ada", "analyst");
  for (const std::string& wanted : {std::string("short"), std::string(257, 'a'), std::string(World::kPassword)}) {
    const std::string change = nlohmann::json({{"password", World::kPassword}, {"new_password", wanted}}).dump();
    EXPECT_EQ(world.call(Method::put, "/session/password", token, change).status, 400) << wanted;
  }
  const std::string wrong = nlohmann::json({{"password", "not the one"}, {"new_password", "another long one"}}).dump();
  EXPECT_EQ(world.call(Method::put, "/session/password", token, wrong).status, 401);
}

TEST(SessionRoutes, TellsWhatAViewerMayDo) {
  World world;
  const auto session = world.read("/session", world.sign_in("ada", "analyst"));
  EXPECT_EQ(session.at("user"), "ada");
  EXPECT_EQ(session.at("role"), "analyst");
  EXPECT_THAT(session.at("permissions").get<std::vector<std::string>>(),
              ::testing::UnorderedElementsAre("alerts.read", "alerts.decide", "alerts.comment", "policies.read",
                                              "cases.view", "cases.work", "notices.send"));
}

TEST(SessionRoutes, SecureCookiesOverTls) {
  World world;
  world.sign_in("ada", "analyst");
  ApiContext context = world.context();
  context.secure_cookies = true;
  const Handler api = make_api(context);
  Request request;
  request.method = Method::post;
  request.target = "/api/v1/session";
  request.headers = {{"content-type", "application/json"}, {"x-candor-request", "1"}};
  request.body = credentials("ada", World::kPassword);
  const Response in = api(request);
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_THAT(std::string(in.header("Set-Cookie")), AllOf(StartsWith("__Host-candor_session="), HasSubstr("; Secure")));
  Request ask;
  ask.target = "/api/v1/session";
  ask.headers = {{"cookie", "candor_session=" + token_of(in)}};
  EXPECT_EQ(api(ask).status, 401);
  ask.headers = {{"cookie", "__Host-candor_session=" + token_of(in)}};
  EXPECT_EQ(api(ask).status, 200);
}

}  // namespace
}  // namespace candor::api
