#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "outbox/web_address.h"

namespace candor {

// What the header Candor-Signature says of a body: "sha256=" and HMAC-SHA-256 in hexadecimal.
std::string webhook_signature(std::string_view secret, std::string_view body);

struct WebhookOptions {
  std::string address;  // as is_web_address() wants it; a secret
  std::string secret;   // "": posts are not signed
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{15'000};  // for one whole post
};

// Posts JSON to one address, also a private one (post_json). Thread safety: immutable; any thread.
class Webhook {
 public:
  explicit Webhook(WebhookOptions options);

  // Returns once the receiver took it (a status 200 to 299), failed, or `cancelled` said true (asked about every
  // second). Fails with `outbox.webhook_failed`; the message never holds the address.
  Result<void> post(const std::string& body, const std::function<bool()>& cancelled) const;

 private:
  const WebhookOptions options_;
};

}  // namespace candor
