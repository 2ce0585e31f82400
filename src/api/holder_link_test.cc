#include "api/holder_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <latch>
#include <memory>
#include <thread>

#include "api/certificate_test.h"
#include "api/holder_connection.h"
#include "api/server.h"

namespace candor::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A holder that listens, and a link to it.
class HolderLinkTest : public ::testing::Test {
 protected:
  static constexpr const char* kCookie = "candor_session=secret";

  void serve(ServerOptions options = {}) {
    auto server = Server::start(
        options, accept_beside(gate_, clock_, [this](const Request& request) { return answer_(request); }));
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    if (link_options_.url.empty()) {
      link_options_.url =
          (server_->tls() ? "https" : "http") + std::string("://127.0.0.1:") + std::to_string(server_->port());
    }
  }
  void connect() {
    link_options_.away_pause = std::chrono::milliseconds(0);
    auto link = HolderLink::create(link_options_, clock_, [this](bool anew) -> Result<BesideSeal> {
      asked_anew_ += anew ? 1 : 0;
      return BesideSeal(keys_, anew ? token_ : known_token_);
    });
    ASSERT_TRUE(link) << link.error().message;
    link_ = std::move(*link);
  }
  static Request request(Method method = Method::get, std::string body = "") {
    return {.method = method,
            .target = "/api/v1/alerts?page=2",
            .headers = {{"cookie", kCookie}, {"x-candor-request", "1"}},
            .body = std::move(body),
            .tls = false,
            .client = "192.0.2.7"};
  }

  const Keys keys_ = Keys::from_master({7});
  FixedClock clock_{1'700'000'000 * kMicrosPerSecond};
  std::string token_ = "token";
  std::string known_token_ = "token";
  BesideGate gate_{BesideSeal(keys_, "token")};
  std::atomic<int> asked_anew_ = 0;
  Handler answer_ = [](const Request& seen) {
    Response response;
    response.body = std::string(to_text(seen.method)) + " " + seen.target + " " + seen.client + " " + seen.body;
    return response;
  };
  HolderLinkOptions link_options_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<HolderLink> link_;
};

TEST_F(HolderLinkTest, AsksAndAnswersOverAndOver) {
  serve();
  connect();
  for (int i = 0; i < 3; ++i) {
    for (const Method method : {Method::get, Method::post, Method::put, Method::del}) {
      const auto answer = link_->ask(request(method, method == Method::get ? "" : "{}"));
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_EQ(answer->body, std::string(to_text(method)) + " /api/v1/alerts?page=2 192.0.2.7 " +
                                  (method == Method::get ? "" : "{}"));
    }
  }
  const auto head = link_->ask(request(Method::head));
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->body, "");
  EXPECT_FALSE(link_->away());
  EXPECT_EQ(asked_anew_, 0);
}

TEST_F(HolderLinkTest, PassesOnWhatIsRequestAndAnswerAndNoMore) {
  Request seen;
  answer_ = [&](const Request& asked) {
    seen = asked;
    Response response{.status = 201, .headers = {}, .body = "{}"};
    response.headers = {{"Content-Type", "application/json"},
                        {"Set-Cookie", "a=1"},
                        {"Set-Cookie", "b=2"},
                        {"X-Candor-Cut", "9"},
                        {"Retry-After", "3"},
                        {"Strict-Transport-Security", "x"},
                        {"Content-Security-Policy", "none"}};
    return response;
  };
  serve();
  connect();
  Request asked = request(Method::post, std::string("a\0b", 3));
  for (const char* name : {"connection", "keep-alive", "te", "transfer-encoding", "upgrade", "content-length", "host",
                           "expect", "x-forwarded-for", "forwarded", "accept-encoding", "x-candor-beside",
                           "x-candor-holder", "proxy-authorization"}) {
    asked.headers.push_back({name, "7"});
  }
  asked.headers.push_back({"sec-fetch-site", "cross-site"});
  asked.headers.push_back({"x-candor-file-name", "a.txt"});
  const auto answer = link_->ask(asked);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(seen.header("cookie"), kCookie);
  EXPECT_EQ(seen.header("sec-fetch-site"), "cross-site") << "the holder judges where it comes from";
  EXPECT_EQ(seen.header("x-candor-request"), "1");
  EXPECT_EQ(seen.header("x-candor-file-name"), "a.txt");
  EXPECT_EQ(seen.header("content-length"), "3");
  EXPECT_EQ(seen.body, std::string("a\0b", 3));
  for (const char* name : {"connection", "keep-alive", "te", "transfer-encoding", "upgrade", "expect",
                           "x-forwarded-for", "forwarded", "accept-encoding", "x-candor-holder", "proxy-authorization"})
    EXPECT_EQ(seen.count(name), 0u) << name;
  EXPECT_EQ(seen.count("host"), 1u);
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->header("X-Candor-Cut"), "9");
  EXPECT_EQ(answer->header("Content-Security-Policy"), "none");
  EXPECT_EQ(answer->header("Retry-After"), "3");
  std::size_t cookies = 0;
  for (const Header& header : answer->headers) cookies += header.name == "Set-Cookie" ? 1 : 0;
  EXPECT_EQ(cookies, 2u);
  for (const char* name : {"content-length", "connection", "strict-transport-security"})
    EXPECT_EQ(answer->header(name), "") << name;
}

TEST_F(HolderLinkTest, TenMegabytesGoThrough) {
  ServerOptions options;
  options.may_be_large = [](std::string_view) { return true; };
  options.admit = [](const Request&) -> Result<std::size_t> { return std::size_t{32} << 20; };
  answer_ = [](const Request& seen) { return Response{.status = 200, .headers = {}, .body = seen.body}; };
  serve(options);
  connect();
  std::string body(10 << 20, 'x');
  body.back() = 'y';
  const auto answer = link_->ask(request(Method::post, body));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, body);
}

TEST_F(HolderLinkTest, WhatIsRefusedByItsHeadIsAnsweredSo) {
  serve();  // takes 64 KB
  connect();
  const auto answer = link_->ask(request(Method::post, std::string(10 << 20, 'x')));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 413);
}

TEST_F(HolderLinkTest, NothingOfAViewersReachesWhoIsNotTheHolder) {
  std::string seen;
  const auto server = Server::start({}, [&](const Request& asked) {
    for (const Header& header : asked.headers) seen += header.value + "\n";
    Response response{.status = 204, .headers = {}, .body = {}};
    response.set(kHolderHeader, std::string(64, 'a'));
    return response;
  });
  ASSERT_TRUE(server);
  link_options_.url = "http://127.0.0.1:" + std::to_string((*server)->port());
  connect();
  const auto answer = link_->ask(request());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().id, "api.holder_away");
  EXPECT_THAT(answer.error().message, HasSubstr("other keys"));
  EXPECT_THAT(seen, Not(HasSubstr("secret")));
  ASSERT_TRUE(link_->away());
}

TEST_F(HolderLinkTest, AHolderOfAnotherInstallationIsNone) {
  serve();
  token_ = known_token_ = "of another database";
  connect();
  const auto answer = link_->ask(request());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().id, "api.holder_away");
  EXPECT_THAT(answer.error().message, HasSubstr("not the process that holds the timelines of these records"));
}

TEST_F(HolderLinkTest, AHolderThatStartedAgainIsFoundByItsNewToken) {
  serve();
  known_token_ = "of the one before";
  connect();
  const auto answer = link_->ask(request());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(asked_anew_, 1);
}

TEST_F(HolderLinkTest, GoesOnByItselfWhenTheHolderIsBack) {
  serve();
  connect();
  ASSERT_TRUE(link_->ask(request()));
  ServerOptions same;
  same.port = server_->port();
  server_.reset();
  const auto away = link_->ask(request());
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().id, "api.holder_away");
  EXPECT_THAT(away.error().message, HasSubstr("127.0.0.1:" + std::to_string(same.port)));
  EXPECT_EQ(link_->ask(request(Method::post, "{}")).error().id, "api.holder_away");
  ASSERT_TRUE(link_->away());
  ASSERT_TRUE(link_->look());
  serve(same);
  EXPECT_FALSE(link_->look());
  EXPECT_FALSE(link_->away());
  EXPECT_TRUE(link_->ask(request()));
  // A connection kept from before another start is noticed, and nothing of it is seen.
  ASSERT_TRUE(link_->ask(request()));
  server_.reset();
  serve(same);
  EXPECT_TRUE(link_->ask(request()));
}

TEST_F(HolderLinkTest, IsNotAskedAgainAtOnceWhileItIsAway) {
  serve();
  connect();
  link_options_.away_pause = std::chrono::hours(1);
  auto link = HolderLink::create(link_options_, clock_, [this](bool) -> Result<BesideSeal> {
    ++asked_anew_;
    return BesideSeal(keys_, token_);
  });
  server_.reset();
  EXPECT_EQ((*link)->ask(request()).error().id, "api.holder_away");
  const int asked = asked_anew_;
  EXPECT_EQ((*link)->ask(request()).error().id, "api.holder_away");
  EXPECT_EQ(asked_anew_, asked);
}

TEST_F(HolderLinkTest, WaitsNoLongerThanItsTime) {
  // Of the handler, too: it ends after this test does.
  const auto done = std::make_shared<std::latch>(1);
  answer_ = [done](const Request&) {
    done->wait();
    return Response{};
  };
  serve();
  link_options_.answer_timeout = std::chrono::milliseconds(100);
  connect();
  const auto slow = link_->ask(request(Method::post, "{}"));
  done->count_down();
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().id, "api.holder_slow");
  EXPECT_THAT(slow.error().message, HasSubstr("look before you repeat it"));
}

TEST_F(HolderLinkTest, TakesNoMoreAtOnceThanItsShare) {
  std::latch inside(1);
  std::latch done(1);
  answer_ = [&](const Request&) {
    inside.count_down();
    done.wait();
    return Response{};
  };
  serve();
  link_options_.at_once = 1;
  connect();
  Result<Response> first;
  std::thread other([&] { first = link_->ask(request()); });
  inside.wait();
  const auto second = link_->ask(request());
  done.count_down();
  other.join();
  EXPECT_TRUE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().id, "api.busy");
  EXPECT_FALSE(link_->away());
}

TEST_F(HolderLinkTest, TakesNoAnswerLargerThanItsLimit) {
  answer_ = [](const Request&) { return Response{.status = 200, .headers = {}, .body = std::string(5000, 'x')}; };
  serve();
  link_options_.answer_bytes = 4096;
  connect();
  const auto answer = link_->ask(request());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().id, "api.holder_answer");
}

TEST_F(HolderLinkTest, OverTlsTheHolderShowsItsCertificate) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / ("candor_link_" + std::to_string(::getpid()));
  write_certificate(folder, "IP:127.0.0.1");
  write_certificate(folder / "other", "DNS:holder.example");
  ServerOptions options;
  options.certificate = folder / "certificate.pem";
  options.key = folder / "key.pem";
  serve(options);
  link_options_.authorities = folder / "certificate.pem";
  connect();
  const auto answer = link_->ask(request());
  ASSERT_TRUE(answer) << answer.error().message;
  link_options_.authorities = folder / "other" / "certificate.pem";
  connect();
  const auto unknown = link_->ask(request());
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().id, "api.holder_away");
  EXPECT_THAT(unknown.error().message, HasSubstr("TLS"));
  // One that is known, of another name.
  options.certificate = folder / "other" / "certificate.pem";
  options.key = folder / "other" / "key.pem";
  link_options_.url.clear();
  serve(options);
  connect();
  EXPECT_FALSE(link_->ask(request()));
  std::filesystem::remove_all(folder);
}

TEST(HolderPlace, IsAServerAndNothingElse) {
  const auto place = holder_place("https://Holder.Example:8443/");
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_TRUE(place->tls);
  EXPECT_EQ(place->shown(), "holder.example:8443");
  EXPECT_EQ(holder_place("http://[::1]:8710")->shown(), "[::1]:8710");
  EXPECT_EQ(holder_place("http://127.0.0.1")->port, "80");
  for (const char* bad :
       {"", "holder", "ftp://holder", "http://", "http://:80", "http://a:", "http://a:b", "http://a/b", "http://user@a",
        "http://a?b", "http://a\r\nb", "http://[::1", "http://a:123456"})
    EXPECT_FALSE(holder_place(bad)) << bad;
}

TEST(HolderPlace, SessionsCrossNoNetworkInClear) {
  const FixedClock clock(0);
  const auto refused = [&](HolderLinkOptions options) {
    const auto link = HolderLink::create(options, clock, {});
    return !link && link.error().id == "api.bad_holder";
  };
  HolderLinkOptions options;
  for (const char* near : {"http://localhost:1", "http://127.0.0.9:1", "http://[::1]:1", "https://192.0.2.1"}) {
    options.url = near;
    EXPECT_FALSE(refused(options)) << near;
  }
  options.url = "http://192.0.2.1:8710";
  EXPECT_TRUE(refused(options));
  options.without_tls = true;
  EXPECT_FALSE(refused(options));
  options.url = "https://holder.example";
  options.authorities = "/nowhere.pem";
  EXPECT_TRUE(refused(options));
}

}  // namespace
}  // namespace candor::api
