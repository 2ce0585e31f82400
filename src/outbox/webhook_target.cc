#include "outbox/webhook_target.h"

#include <algorithm>
#include <array>

#include "outbox/json_post.h"
#include "outbox/webhook.h"

namespace candor {
namespace {

std::vector<std::string> headers_of(const WebhookTarget& target, const std::string& id, const std::string& body,
                                    TimePoint now) {
  const std::string timestamp = std::to_string(now / kMicrosPerSecond);
  std::vector<std::string> headers = {"X-Candor-Delivery: " + id, "X-Candor-Timestamp: " + timestamp};
  if (!target.secret.empty()) {
    headers.push_back("X-Candor-Signature: " + webhook_signature(target.secret, timestamp + "." + body));
  }
  if (!target.authorization.empty()) headers.push_back("Authorization: " + target.authorization);
  return headers;
}

bool stays_so(long status) {
  constexpr std::array kForGood = {400L, 405L, 410L, 413L, 415L, 422L};
  return std::ranges::find(kForGood, status) != kForGood.end();
}

}  // namespace

DeliveryOutcome post_webhook(const WebhookTarget& target, const std::string& id, const std::string& body, TimePoint now,
                             const std::function<bool()>& cancelled) {
  using Kind = DeliveryOutcome::Kind;
  const PostAnswer answer = post_json({.url = target.url,
                                       .headers = headers_of(target, id, body, now),
                                       .body = body,
                                       .allow_private = target.allow_private,
                                       .connect_timeout = target.connect_timeout,
                                       .timeout = target.timeout},
                                      cancelled);
  if (answer.status == 0) return {.said = answer.fault};
  const bool taken = answer.status >= 200 && answer.status < 300;
  return {.kind = taken                     ? Kind::taken
                  : stays_so(answer.status) ? Kind::refused
                                            : Kind::later,
          .said = "answered " + std::to_string(answer.status)};
}

}  // namespace candor
