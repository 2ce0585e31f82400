#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/time.h"
#include "outbox/delivery_outcome.h"

namespace candor {

// Where messages of the channel webhook go, each with what proves where it comes from.
struct WebhookTarget {
  std::string url;            // as is_web_address() wants it; a secret
  std::string secret;         // "": posts are not signed
  std::string authorization;  // the header's value, a secret; "": none
  bool allow_private = false;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{15'000};  // for one whole post
};

// Posts JSON, with
//   X-Candor-Delivery   `id`, the same however often it is tried
//   X-Candor-Timestamp  seconds since 1970 of this attempt
//   X-Candor-Signature  "sha256=" and HMAC-SHA-256, with the secret, of "TIMESTAMP.BODY" in hexadecimal
// as post_json() does. `refused` where the receiver says 400, 405, 410, 413, 415 or 422: what it says of the body stays
// so; all else may be mended. The outcome never holds address, secret or the receiver's text.
DeliveryOutcome post_webhook(const WebhookTarget& target, const std::string& id, const std::string& body, TimePoint now,
                             const std::function<bool()>& cancelled);

}  // namespace candor
