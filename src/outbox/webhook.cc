#include "outbox/webhook.h"

#include <sodium.h>

#include <array>

#include "outbox/json_post.h"

namespace candor {

std::string webhook_signature(std::string_view secret, std::string_view body) {
  const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
  crypto_auth_hmacsha256_update(&state, bytes(body), body.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code{};
  crypto_auth_hmacsha256_final(&state, code.data());
  std::array<char, 2 * crypto_auth_hmacsha256_BYTES + 1> text{};
  sodium_bin2hex(text.data(), text.size(), code.data(), code.size());
  return std::string("sha256=") + text.data();
}

Webhook::Webhook(WebhookOptions options) : options_(std::move(options)) {}

Result<void> Webhook::post(const std::string& body, const std::function<bool()>& cancelled) const {
  JsonPost post{.url = options_.address,
                .body = body,
                .allow_private = true,
                .connect_timeout = options_.connect_timeout,
                .timeout = options_.timeout};
  if (!options_.secret.empty()) {
    post.headers.push_back("Candor-Signature: " + webhook_signature(options_.secret, body));
  }
  const PostAnswer answer = post_json(post, cancelled);
  if (answer.status >= 200 && answer.status < 300) return {};
  if (answer.status == 0) return fail("outbox.webhook_failed", "the webhook did not take it: " + answer.fault);
  return fail("outbox.webhook_failed", "the webhook answered " + std::to_string(answer.status));
}

}  // namespace candor
