#include "api/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Request get_from(std::string target, std::string host = "localhost:8710") {
  Request request;
  request.target = std::move(target);
  request.headers = {{"host", std::move(host)}, {"accept-encoding", "gzip"}};
  return request;
}

Response api(const Request&) {
  return {.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = "[" + std::string(3000, ' ') + "]"};
}

TEST(Site, KnowsItsOwnNames) {
  const std::vector<std::string> names = {"candor.example"};
  for (const char* host : {"localhost", "LOCALHOST:80", "127.0.0.1:8080", "192.0.2.7", "[::1]:8080", "[::1]",
                           "candor.example:443", "Candor.Example"})
    EXPECT_TRUE(is_own_host(host, names)) << host;
  for (const char* host :
       {"", ":80", "evil.example", "localhost.evil.example", "candor.example.evil.example", "[::1", "[::1]x",
        "localhost:port", "localhost:", "127.0.0.1.evil.example", "localhost:80:80", "a@localhost", "localhost/"})
    EXPECT_FALSE(is_own_host(host, names)) << host;
}

TEST(Site, RefusesOtherHosts) {
  const Handler site = make_site({}, StaticFiles(), api);
  EXPECT_EQ(site(get_from("/api/v1/alerts", "evil.example")).status, 421);
  EXPECT_EQ(site(get_from("/", "evil.example")).status, 421);
  Request none = get_from("/");
  none.headers.clear();
  EXPECT_EQ(site(none).status, 400);
  Request two = get_from("/");
  two.headers.push_back({"host", "evil.example"});
  EXPECT_EQ(site(two).status, 400);
}

TEST(Site, TellsBrowsersWhatToExpect) {
  const Handler site = make_site({}, StaticFiles(), api);
  for (const char* target : {"/", "/api/v1/alerts", "/missing.js", "/%"}) {
    const Response response = site(get_from(target));
    const std::string policy(response.header("Content-Security-Policy"));
    EXPECT_THAT(policy, HasSubstr("default-src 'self'")) << target;
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("script-src")));
    EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(response.header("Strict-Transport-Security"), "");
  }
  Request secure = get_from("/");
  secure.tls = true;
  EXPECT_THAT(std::string(site(secure).header("Strict-Transport-Security")), HasSubstr("max-age="));
}

TEST(Site, ApiAnswersAreCompressedAndNeverKept) {
  const Handler site = make_site({}, StaticFiles(), api);
  const Response response = site(get_from("/api/v1/alerts"));
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_EQ(response.header("Content-Encoding"), "gzip");
  EXPECT_EQ(site(get_from("/api/../x")).status, 400);
  EXPECT_EQ(site(get_from("/apix")).header("Content-Type"), "text/html; charset=utf-8");
}

}  // namespace
}  // namespace candor::api
