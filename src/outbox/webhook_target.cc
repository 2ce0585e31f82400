#include "outbox/webhook_target.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "outbox/curl_handles.h"
#include "outbox/private_address.h"
#include "outbox/webhook.h"

namespace candor {
namespace {

struct Gate {
  bool allow_private = false;
  bool refused = false;
};

// The library asks for each address it is about to connect to: what a name resolves to is judged here and used here.
curl_socket_t open_if_allowed(void* into, curlsocktype, curl_sockaddr* address) {
  auto& gate = *static_cast<Gate*>(into);
  if (!gate.allow_private && is_private_address(address->addr)) {
    gate.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t drop_answer(const char*, std::size_t size, std::size_t count, void*) { return size * count; }

bool add_headers(CurlList& headers, const WebhookTarget& target, const std::string& id, const std::string& body,
                 TimePoint now) {
  const std::string timestamp = std::to_string(now / kMicrosPerSecond);
  bool ready = append(headers, "Content-Type: application/json") && append(headers, "X-Candor-Delivery: " + id) &&
               append(headers, "X-Candor-Timestamp: " + timestamp);
  if (!target.secret.empty()) {
    ready = ready && append(headers, "X-Candor-Signature: " + webhook_signature(target.secret, timestamp + "." + body));
  }
  if (!target.authorization.empty()) ready = ready && append(headers, "Authorization: " + target.authorization);
  return ready;
}

bool prepare_post(CURL* curl, const WebhookTarget& target, const std::string& body, const curl_slist* headers,
                  Gate& gate, const std::function<bool()>& cancelled) {
  const auto set = [curl](CURLoption option, auto value) { return curl_easy_setopt(curl, option, value) == CURLE_OK; };
  const auto milliseconds = [](std::chrono::milliseconds time) { return static_cast<long>(time.count()); };
  bool ready = set(CURLOPT_URL, target.url.c_str()) && set(CURLOPT_PROTOCOLS_STR, "http,https") &&
               set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_USERAGENT, "candor") &&
               set(CURLOPT_HTTPHEADER, headers) && set(CURLOPT_POST, 1L) && set(CURLOPT_POSTFIELDS, body.data()) &&
               set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size())) &&
               set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(target.connect_timeout)) &&
               set(CURLOPT_TIMEOUT_MS, milliseconds(target.timeout)) && set(CURLOPT_QUICK_EXIT, 1L) &&
               set(CURLOPT_WRITEFUNCTION, &drop_answer) && set(CURLOPT_NOPROGRESS, 0L) &&
               set(CURLOPT_XFERINFOFUNCTION, &curl_is_over) && set(CURLOPT_XFERINFODATA, &cancelled) &&
               set(CURLOPT_OPENSOCKETFUNCTION, &open_if_allowed) && set(CURLOPT_OPENSOCKETDATA, &gate);
  // Behind a proxy nobody here sees where it goes.
  if (!target.allow_private) ready = ready && set(CURLOPT_PROXY, "");
  return ready;
}

bool stays_so(long status) {
  constexpr std::array kForGood = {400L, 405L, 410L, 413L, 415L, 422L};
  return std::ranges::find(kForGood, status) != kForGood.end();
}

}  // namespace

DeliveryOutcome post_webhook(const WebhookTarget& target, const std::string& id, const std::string& body, TimePoint now,
                             const std::function<bool()>& cancelled) {
  using Kind = DeliveryOutcome::Kind;
  const CurlInUse in_use;
  const CurlEasy curl = curl_easy();
  CurlList headers = curl_list();
  Gate gate{.allow_private = target.allow_private};
  if (!curl || !add_headers(headers, target, id, body, now) ||
      !prepare_post(curl.get(), target, body, headers.get(), gate, cancelled)) {
    return {.said = "the post could not be prepared"};
  }
  const CURLcode code = curl_easy_perform(curl.get());
  long status = 0;
  static_cast<void>(curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status));
  if (status >= 200 && status < 300) return {.kind = Kind::taken, .said = "answered " + std::to_string(status)};
  if (status != 0) {
    return {.kind = stays_so(status) ? Kind::refused : Kind::later, .said = "answered " + std::to_string(status)};
  }
  if (gate.refused) {
    return {.said = "its name leads to a private address, which is refused unless allow_private says otherwise"};
  }
  // The library's texts for codes are fixed; its longer ones may repeat the address.
  return {.said = curl_easy_strerror(code)};
}

}  // namespace candor
