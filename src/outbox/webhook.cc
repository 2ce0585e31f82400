#include "outbox/webhook.h"

#include <sodium.h>

#include <array>
#include <memory>

#include "outbox/curl_handles.h"

namespace candor {
namespace {

std::size_t drop(const char*, std::size_t size, std::size_t count, void*) { return size * count; }

Error failed(const std::string& why) { return {"outbox.webhook_failed", "the webhook " + why}; }

bool set_up_post(CURL* curl, const WebhookOptions& options, const std::string& body, const curl_slist* headers,
                 const std::function<bool()>& cancelled) {
  const auto set = [curl](CURLoption option, auto value) { return curl_easy_setopt(curl, option, value) == CURLE_OK; };
  const auto milliseconds = [](std::chrono::milliseconds time) { return static_cast<long>(time.count()); };
  return set(CURLOPT_URL, options.address.c_str()) && set(CURLOPT_PROTOCOLS_STR, "http,https") &&
         set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_USERAGENT, "candor") &&
         set(CURLOPT_HTTPHEADER, headers) && set(CURLOPT_POST, 1L) && set(CURLOPT_POSTFIELDS, body.data()) &&
         set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size())) &&
         set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connect_timeout)) &&
         set(CURLOPT_TIMEOUT_MS, milliseconds(options.timeout)) &&
         // A resolver that hangs is left to itself: nobody waits for it.
         set(CURLOPT_QUICK_EXIT, 1L) && set(CURLOPT_WRITEFUNCTION, &drop) && set(CURLOPT_NOPROGRESS, 0L) &&
         set(CURLOPT_XFERINFOFUNCTION, &curl_is_over) && set(CURLOPT_XFERINFODATA, &cancelled);
}

}  // namespace

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

// Counted by the library: as many ends as beginnings.
Webhook::Webhook(WebhookOptions options) : options_(std::move(options)) { curl_global_init(CURL_GLOBAL_DEFAULT); }

Webhook::~Webhook() { curl_global_cleanup(); }

Result<void> Webhook::post(const std::string& body, const std::function<bool()>& cancelled) const {
  const CurlEasy curl = curl_easy();
  CurlList headers = curl_list();
  bool ready = curl != nullptr && append(headers, "Content-Type: application/json");
  if (!options_.secret.empty()) {
    ready = ready && append(headers, "Candor-Signature: " + webhook_signature(options_.secret, body));
  }
  if (!ready || !set_up_post(curl.get(), options_, body, headers.get(), cancelled)) {
    return std::unexpected(failed("could not be prepared"));
  }
  const CURLcode code = curl_easy_perform(curl.get());
  long status = 0;
  static_cast<void>(curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status));
  // Its status is the answer; whether the rest of it came is its own affair.
  if (status >= 200 && status < 300) return {};
  if (status != 0) return std::unexpected(failed("answered " + std::to_string(status)));
  // The library's texts for codes are fixed; its longer ones may repeat the address.
  return std::unexpected(failed(std::string("did not take it: ") + curl_easy_strerror(code)));
}

}  // namespace candor
