#include "app/provider_fetch.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>

#include "api/server.h"

namespace candor {
namespace {

// A server on this machine that answers what the test says, and notes what it was asked.
class Answering {
 public:
  explicit Answering(api::Response response)
      : server_(*api::Server::start(api::ServerOptions(), [this, response](const api::Request& request) {
          const std::lock_guard lock(mutex_);
          asked_.push_back(request);
          return response;
        })) {}
  std::string address(const std::string& path = "/x") const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
  std::vector<api::Request> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::vector<api::Request> asked_;  // guarded by mutex_
  std::unique_ptr<api::Server> server_;
};

std::string error_of(const Result<ProviderAnswer>& answer) { return answer ? "" : answer.error().message; }

TEST(ProviderFetching, AsksAndPosts) {
  Answering server({.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = R"({"a":1})"});
  const ProviderFetch fetch = make_provider_fetch();
  const auto got = fetch({.address = server.address("/a?b=c"), .form = {}, .authorization = {}});
  ASSERT_TRUE(got) << error_of(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, R"({"a":1})");
  const auto posted = fetch({.address = server.address(), .form = "a=b%20c&d=e", .authorization = "Basic YTpi"});
  ASSERT_TRUE(posted) << error_of(posted);
  const auto asked = server.asked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].target, "/a?b=c");
  EXPECT_EQ(asked[0].method, api::Method::get);
  EXPECT_EQ(asked[0].header("authorization"), "");
  EXPECT_EQ(asked[1].method, api::Method::post);
  EXPECT_EQ(asked[1].body, "a=b%20c&d=e");
  EXPECT_EQ(asked[1].header("content-type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(asked[1].header("authorization"), "Basic YTpi");
}

TEST(ProviderFetching, FollowsNoRedirect) {
  Answering other({.status = 200, .headers = {}, .body = "secret"});
  Answering server({.status = 302, .headers = {{"Location", other.address()}}, .body = {}});
  const auto got = make_provider_fetch()({.address = server.address(), .form = {}, .authorization = "Basic YTpi"});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 302);
  EXPECT_TRUE(other.asked().empty());
}

TEST(ProviderFetching, TakesNoMoreThanItSays) {
  Answering server({.status = 200, .headers = {}, .body = std::string(10'000, 'x')});
  const ProviderRequest request{.address = server.address(), .form = {}, .authorization = {}};
  EXPECT_EQ(make_provider_fetch({.most_bytes = 10'000})(request)->body.size(), 10'000U);
  EXPECT_EQ(error_of(make_provider_fetch({.most_bytes = 9'999})(request)),
            "the identity provider cannot be reached: its answer is too large");
}

TEST(ProviderFetching, NobodyThere) {
  const ProviderFetch fetch = make_provider_fetch();
  for (const char* address : {"http://127.0.0.1:1/s3cret", "http://login.example.com/s3cret", "file:///s3cret", ""}) {
    const auto got = fetch({.address = address, .form = "x=s3cret", .authorization = "Basic s3cret"});
    ASSERT_FALSE(got) << address;
    EXPECT_EQ(got.error().id, "access.provider_unreachable");
    EXPECT_EQ(got.error().message.find("s3cret"), std::string::npos) << got.error().message;
  }
}

// Something takes the connection and says nothing.
TEST(ProviderFetching, DoesNotWaitForEver) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&place), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size), 0);
  const ProviderFetch fetch = make_provider_fetch({.timeout = std::chrono::milliseconds(50)});
  const auto got = fetch(
      {.address = "http://127.0.0.1:" + std::to_string(ntohs(place.sin_port)) + "/", .form = {}, .authorization = {}});
  EXPECT_EQ(error_of(got), "the identity provider cannot be reached: Timeout was reached");
  ::close(listener);
}

}  // namespace
}  // namespace candor
