#include "outbox/webhook_target.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

#include "outbox/private_address.h"

namespace candor {
namespace {

using testing::HasSubstr;
using testing::Not;

bool is_private(const std::string& text) {
  sockaddr_storage storage{};
  if (text.contains(':')) {
    auto& six = reinterpret_cast<sockaddr_in6&>(storage);
    six.sin6_family = AF_INET6;
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &six.sin6_addr), 1) << text;
  } else {
    auto& four = reinterpret_cast<sockaddr_in&>(storage);
    four.sin_family = AF_INET;
    EXPECT_EQ(inet_pton(AF_INET, text.c_str(), &four.sin_addr), 1) << text;
  }
  return is_private_address(reinterpret_cast<const sockaddr&>(storage));
}

TEST(PrivateAddress, IsWhatThePublicInternetDoesNotRoute) {
  for (const char* hidden :
       {"0.0.0.0",     "10.0.0.1",        "10.255.255.255",   "100.64.0.1",      "100.127.255.255", "127.0.0.1",
        "127.255.0.1", "169.254.169.254", "172.16.0.1",       "172.31.255.255",  "192.0.0.1",       "192.168.1.1",
        "198.18.0.1",  "198.19.255.255",  "224.0.0.1",        "240.0.0.1",       "255.255.255.255", "::",
        "::1",         "::127.0.0.1",     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",  "2002:a00:1::1",
        "fc00::1",     "fdff::1",         "fe80::1",          "febf::1",         "fec0::1",         "ff02::1",
        "2001:db8::1"}) {
    EXPECT_TRUE(is_private(hidden)) << hidden;
  }
  for (const char* open :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "169.253.255.255",
        "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
        "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2606:4700::1111", "2a00::1"}) {
    EXPECT_FALSE(is_private(open)) << open;
  }
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_TRUE(is_private_address(other));
}

// Port 1 of this machine: nobody listens there, and whether anybody does is not found out.
TEST(WebhookTarget, DoesNotConnectToAPrivateAddressUnderWhateverName) {
  for (const char* host : {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"}) {
    const WebhookTarget target{
        .url = "http://" + std::string(host) + ":1/s3cret", .secret = "k3y", .authorization = {}};
    const DeliveryOutcome outcome = post_webhook(target, "1", "{}", 0, [] { return false; });
    EXPECT_EQ(outcome.kind, DeliveryOutcome::Kind::later) << host;
    EXPECT_THAT(outcome.said, HasSubstr("private address")) << host;
    EXPECT_THAT(outcome.said, Not(HasSubstr("s3cret")));
  }
  const WebhookTarget allowed{
      .url = "http://127.0.0.1:1/s3cret", .secret = "k3y", .authorization = {}, .allow_private = true};
  const DeliveryOutcome outcome = post_webhook(allowed, "1", "{}", 0, [] { return false; });
  EXPECT_EQ(outcome.kind, DeliveryOutcome::Kind::later);
  EXPECT_THAT(outcome.said, Not(HasSubstr("private address")));
  EXPECT_THAT(outcome.said, Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace candor
