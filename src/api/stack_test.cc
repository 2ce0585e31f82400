// Socket, site and API together, as a browser meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "api/raw_client_test.h"
#include "api/server.h"
#include "api/site.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Stack : public ::testing::Test {
 protected:
  std::string ask(const std::string& request) const {
    RawClient client(server_->port());
    client.send(request);
    return client.receive();
  }
  std::string request(const std::string& line, const std::string& headers, const std::string& body = "") const {
    return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server_->port()) + "\r\nConnection: close\r\n" +
           headers + (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body;
  }

  World world_;
  std::unique_ptr<Server> server_ = *Server::start({}, make_site({}, StaticFiles(), world_.handler()));
};

TEST_F(Stack, SignsInAndReadsTheQueue) {
  world_.sign_in("ada", "analyst");
  const std::string body = nlohmann::json({{"user", "ada"}, {"password", World::kPassword}}).dump();
  const std::string in =
      ask(request("POST /api/v1/session", "Content-Type: application/json\r\nX-Candor-Request: 1\r\n", body));
  ASSERT_THAT(in, StartsWith("HTTP/1.1 200"));
  const std::size_t start = in.find("candor_session=");
  const std::string cookie = in.substr(start, in.find(';', start) - start);
  const std::string queue = ask(request("GET /api/v1/alerts", "Cookie: " + cookie + "\r\n"));
  EXPECT_THAT(queue, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(queue, HasSubstr("Cache-Control: no-store"));
  EXPECT_THAT(queue, HasSubstr("Content-Security-Policy: default-src 'self'"));
  EXPECT_THAT(queue, HasSubstr("Anon-"));
  const std::string head = ask(request("HEAD /api/v1/alerts", "Cookie: " + cookie + "\r\n"));
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  const std::string packed =
      ask(request("GET /api/v1/activity-fields", "Accept-Encoding: gzip\r\nCookie: " + cookie + "\r\n"));
  EXPECT_THAT(packed, HasSubstr("Content-Encoding: gzip"));
  const std::string out = ask(request("DELETE /api/v1/session", "X-Candor-Request: 1\r\nCookie: " + cookie + "\r\n"));
  EXPECT_THAT(out, StartsWith("HTTP/1.1 204"));
  EXPECT_THAT(ask(request("GET /api/v1/alerts", "Cookie: " + cookie + "\r\n")), StartsWith("HTTP/1.1 401"));
}

TEST_F(Stack, RefusesOtherHostsAndStrangers) {
  EXPECT_THAT(ask("GET /api/v1/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 421"));
  EXPECT_THAT(ask("GET /api/v1/health HTTP/1.1\r\nConnection: close\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(request("GET /api/v1/health", "")), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask(request("GET /api/v1/alerts", "")), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(ask(request("BREW /api/v1/alerts", "")), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(ask(request("GET /../../etc/passwd", "")), StartsWith("HTTP/1.1 400"));
}

TEST_F(Stack, ManyAtOnce) {
  const std::string token = world_.sign_in("ada", "analyst");
  const std::string alert = world_.alert_of(World::kThief);
  std::vector<std::thread> clients;
  std::vector<std::string> answers(8);
  for (std::string& answer : answers) {
    clients.emplace_back([&] {
      for (const char* path : {"/alerts", "/status"})
        answer = ask(request(std::string("GET /api/v1") + path, "Cookie: candor_session=" + token + "\r\n"));
      answer =
          ask(request("GET /api/v1/alerts/" + alert + "/activity-chart", "Cookie: candor_session=" + token + "\r\n"));
    });
  }
  for (std::thread& client : clients) client.join();
  for (const std::string& answer : answers) EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace candor::api
