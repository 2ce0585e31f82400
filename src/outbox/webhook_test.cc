#include "outbox/webhook.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(Webhook, WhatIsAnAddress) {
  for (const char* good : {"https://hooks.example.com/services/T0/B0", "http://127.0.0.1:8080", "HTTPS://example.com",
                           "https://[::1]:8443/x?a=b"}) {
    EXPECT_TRUE(is_web_address(good)) << good;
  }
  for (const char* bad : {"", "https://", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd",
                          "https://exa mple.com", "https://example.com/\n", "mailto:a@example.com",
                          "https://example.com:99999/", "gopher://example.com"}) {
    EXPECT_FALSE(is_web_address(bad)) << bad;
  }
}

// RFC 4231, cases 2 and 6.
TEST(Webhook, SignatureIsHmacSha256) {
  EXPECT_EQ(webhook_signature("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(webhook_signature(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "sha256=60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Webhook, ErrorsDoNotTellTheAddress) {
  // Port 1 of this machine: nobody listens there.
  const Webhook webhook({.address = "http://127.0.0.1:1/s3cret", .secret = "k3y"});
  const auto outcome = webhook.post("{}", [] { return false; });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().id, "outbox.webhook_failed");
  EXPECT_EQ(outcome.error().message.find("s3cret"), std::string::npos);
  EXPECT_EQ(outcome.error().message.find("k3y"), std::string::npos);
}

}  // namespace
}  // namespace candor
