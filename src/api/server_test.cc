#include "api/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <latch>
#include <thread>

#include "api/certificate_test.h"
#include "api/raw_client_test.h"

namespace candor::api {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Response echo(const Request& request) {
  Response response;
  response.body = std::string(to_text(request.method)) + " " + request.target + " [" + request.body + "]";
  return response;
}

std::unique_ptr<Server> start(ServerOptions options = {}, Handler handler = echo) {
  auto server = Server::start(options, std::move(handler));
  EXPECT_TRUE(server) << server.error().message;
  return std::move(server).value();
}

TEST(Server, KeepsAConnectionOverRequests) {
  const auto server = start();
  RawClient client(server->port());
  client.send("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.receive("[]"), HasSubstr("GET /one []"));
  client.send(
      "POST /two HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcGET /three HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.receive("[abc]"), HasSubstr("POST /two [abc]"));
  EXPECT_THAT(client.receive("[]"), HasSubstr("GET /three []"));
}

TEST(Server, ClosesWhenAsked) {
  const auto server = start();
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.receive(), HasSubstr("GET / []"));
}

TEST(Server, SendsEveryHeaderOfOneName) {
  const auto server = start({}, [](const Request&) {
    Response response;
    response.headers = {{"Set-Cookie", "one=1"}, {"Set-Cookie", "two=2"}};
    return response;
  });
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string answer = client.receive();
  EXPECT_THAT(answer, HasSubstr("Set-Cookie: one=1\r\n"));
  EXPECT_THAT(answer, HasSubstr("Set-Cookie: two=2\r\n"));
}

TEST(Server, HeadSendsTheLengthOnly) {
  const auto server = start();
  RawClient client(server->port());
  client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string answer = client.receive();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 9\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Server, TakesChunkedBodiesAndExpect) {
  const auto server = start();
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_THAT(client.receive("]"), HasSubstr("[abc]"));
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.receive("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  client.send("hi");
  EXPECT_THAT(client.receive("]"), HasSubstr("[hi]"));
}

TEST(Server, RefusesWhatIsNotHttp) {
  const auto server = start();
  for (const char* bytes :
       {"hello\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"}) {
    RawClient client(server->port());
    client.send(bytes);
    EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 400")) << bytes;
  }
}

TEST(Server, BoundsSizes) {
  ServerOptions options;
  options.body_bytes = 1000;
  options.header_bytes = 2000;
  const auto server = start(options);
  RawClient body(server->port());
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_THAT(body.receive(), StartsWith("HTTP/1.1 413"));
  RawClient chunked(server->port());
  chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'a'));
  EXPECT_THAT(chunked.receive(), StartsWith("HTTP/1.1 413"));
  RawClient header(server->port());
  header.send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(3000, 'a') + "\r\n\r\n");
  EXPECT_THAT(header.receive(), StartsWith("HTTP/1.1 431"));
  RawClient target(server->port());
  target.send("GET /" + std::string(3000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(target.receive(), StartsWith("HTTP/1.1 431"));
  RawClient fits(server->port());
  fits.send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'a'));
  EXPECT_THAT(fits.receive(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, SlowRequestsEnd) {
  ServerOptions options;
  options.read_timeout = std::chrono::milliseconds(150);
  const auto server = start(options);
  RawClient half(server->port());
  half.send("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
  EXPECT_THAT(half.receive(), StartsWith("HTTP/1.1 408"));
  EXPECT_TRUE(half.closed());
  RawClient body(server->port());
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(body.receive(), HasSubstr("api.request_timeout"));
  EXPECT_TRUE(body.closed());
  RawClient silent(server->port());
  EXPECT_EQ(silent.receive(), "");
  EXPECT_TRUE(silent.closed());
}

TEST(Server, DrippingBytesDoNotExtendTheTime) {
  ServerOptions options;
  options.read_timeout = std::chrono::milliseconds(300);
  const auto server = start(options);
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nX-Slow: ");
  // A byte every 50 ms, for far longer than the limit, until the server has had enough.
  const timeval pause{0, 50'000};
  ::setsockopt(client.handle(), SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
  for (int i = 0; i < 200 && !client.closed(); ++i) {
    client.send("a");
    client.receive();
  }
  EXPECT_TRUE(client.closed());
}

TEST(Server, WhoOpensTooManyConnectionsIsTurnedAway) {
  ServerOptions options;
  options.connections_per_client = 2;
  const auto server = start(options);
  RawClient first(server->port());
  RawClient second(server->port());
  for (RawClient* client : {&first, &second}) {
    client->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    client->receive("[]");
  }
  RawClient third(server->port());
  const std::string answer = third.receive();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("api.too_many_connections"));
  EXPECT_TRUE(third.closed());
  first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(first.receive("[]"), HasSubstr("GET / []"));
}

// Half-sent requests from many addresses must not keep the next one out.
TEST(Server, AFurtherConnectionTakesThePlaceOfTheOldestThatAsksNothing) {
  ServerOptions options;
  options.connections = 2;
  std::latch inside(1);
  std::latch go_on(1);
  const auto server = start(options, [&](const Request& request) {
    if (request.target == "/slow") {
      inside.count_down();
      go_on.wait();
    }
    return echo(request);
  });
  RawClient busy(server->port());
  busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  inside.wait();
  RawClient half(server->port());
  half.send("GET / HTTP/1.1\r\nHost: ");
  RawClient next(server->port());
  next.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(next.receive("[]"), HasSubstr("GET /next []"));
  EXPECT_EQ(half.receive(), "");
  EXPECT_TRUE(half.closed());
  go_on.count_down();
  EXPECT_THAT(busy.receive("[]"), HasSubstr("GET /slow []"));
}

TEST(Server, AnswersToUnreadableRequestsAreGuardedToo) {
  ServerOptions options;
  options.header_bytes = 2000;
  options.body_bytes = 10;
  const auto server = start(options);
  for (const std::string& bytes :
       {std::string("hello\r\n\r\n"), "GET / HTTP/1.1\r\nX: " + std::string(3000, 'a') + "\r\n\r\n",
        std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n")}) {
    RawClient client(server->port());
    client.send(bytes);
    const std::string answer = client.receive();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 4"));
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff"));
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'self'"));
    EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
  }
}

TEST(Server, TellsWhoAsks) {
  const auto who = [](const Request& request) {
    return Response{.status = 200, .headers = {}, .body = "<" + request.client + ">"};
  };
  ServerOptions options;
  const auto plain = start(options, who);
  RawClient client(plain->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
  EXPECT_THAT(client.receive(">"), HasSubstr("<127.0.0.1>")) << "anybody can send that header";
  options.behind_proxy = true;
  const auto behind = start(options, who);
  RawClient forwarded(behind->port());
  const auto ask = [&](const std::string& header) {
    forwarded.send("GET / HTTP/1.1\r\nHost: x\r\n" + header + "\r\n");
    const std::string answer = forwarded.receive(">");
    return answer.substr(answer.find('<'));
  };
  EXPECT_EQ(ask("X-Forwarded-For: 198.51.100.7, 192.0.2.1\r\n"), "<192.0.2.1>");
  EXPECT_EQ(ask("X-Forwarded-For: 2001:db8:1:2:3:4:5:6\r\n"), "<2001:db8:1:2::/64>");
  EXPECT_EQ(ask("X-Forwarded-For: ::ffff:192.0.2.1\r\n"), "<192.0.2.1>");
  EXPECT_EQ(ask("X-Forwarded-For: nonsense\r\n"), "<>");
  EXPECT_EQ(ask(""), "<>");
}

TEST(Server, StopLetsAnswersOut) {
  std::latch inside(1);
  std::latch go_on(1);
  auto server = start({}, [&](const Request&) {
    inside.count_down();
    go_on.wait();
    return Response{.status = 200, .headers = {}, .body = "late"};
  });
  RawClient idle(server->port());
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  inside.wait();
  std::thread stopper([&] { server->stop(); });
  EXPECT_EQ(idle.receive(), "");  // stopping has begun
  go_on.count_down();
  const std::string answer = client.receive();
  EXPECT_THAT(answer, HasSubstr("late"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  stopper.join();
  EXPECT_FALSE(RawClient(server->port()).connected());
}

TEST(Server, WorkersDoNotBlockOthers) {
  std::latch inside(1);
  std::latch go_on(1);
  const auto server = start({}, [&](const Request& request) {
    if (request.target == "/slow") {
      inside.count_down();
      go_on.wait();
    }
    return echo(request);
  });
  RawClient slow(server->port());
  slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  inside.wait();
  RawClient quick(server->port());
  quick.send("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(quick.receive("[]"), HasSubstr("GET /quick []"));
  go_on.count_down();
  EXPECT_THAT(slow.receive("[]"), HasSubstr("GET /slow []"));
}

TEST(Server, SaysWhyItCannotListen) {
  const auto server = start();
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::start(options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().id, "api.cannot_listen");
  EXPECT_THAT(second.error().message, HasSubstr("127.0.0.1 port " + std::to_string(server->port())));
  options.address = "somewhere";
  EXPECT_EQ(Server::start(options, echo).error().id, "api.cannot_listen");
  options.address = "0.0.0.0";
  EXPECT_EQ(Server::start(options, echo).error().id, "api.tls_required");
  options.certificate = "/nowhere/certificate.pem";
  EXPECT_EQ(Server::start(options, echo).error().id, "api.bad_certificate");
}

class TlsServer : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("candor_tls_" + std::to_string(::getpid()));
    write_certificate(folder_, "DNS:localhost");
    options_.certificate = folder_ / "certificate.pem";
    options_.key = folder_ / "key.pem";
  }
  void TearDown() override { fs::remove_all(folder_); }

  // The answer to one request over TLS with at most that version; "" when no agreement is reached.
  static std::string ask(std::uint16_t port, int highest_version) {
    const RawClient client(port);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, highest_version);
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, client.handle());
    std::string answer;
    if (SSL_connect(ssl) == 1) {
      constexpr std::string_view kRequest = "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      SSL_write(ssl, kRequest.data(), static_cast<int>(kRequest.size()));
      char buffer[4096];
      int got = 0;
      while ((got = SSL_read(ssl, buffer, sizeof buffer)) > 0) answer.append(buffer, static_cast<std::size_t>(got));
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    return answer;
  }

  fs::path folder_;
  ServerOptions options_;
};

TEST_F(TlsServer, SpeaksModernTlsOnly) {
  const auto server = start(options_, [](const Request& request) {
    return Response{.status = 200, .headers = {}, .body = request.tls ? "secure" : "plain"};
  });
  EXPECT_TRUE(server->tls());
  EXPECT_THAT(ask(server->port(), TLS1_3_VERSION), HasSubstr("secure"));
  EXPECT_THAT(ask(server->port(), TLS1_2_VERSION), HasSubstr("secure"));
  EXPECT_EQ(ask(server->port(), TLS1_1_VERSION), "");
}

TEST_F(TlsServer, PlainTextGetsNothing) {
  const auto server = start(options_);
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.receive(), ::testing::Not(HasSubstr("HTTP/1.1")));
}

}  // namespace
}  // namespace candor::api
