#include "outbox/json_post.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "outbox/curl_handles.h"
#include "outbox/private_address.h"

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

bool set_up_post(CURL* curl, const JsonPost& post, const curl_slist* headers, Gate& gate,
                 const std::function<bool()>& cancelled) {
  const auto set = [curl](CURLoption option, auto value) { return curl_easy_setopt(curl, option, value) == CURLE_OK; };
  const auto milliseconds = [](std::chrono::milliseconds time) { return static_cast<long>(time.count()); };
  const bool ready =
      set(CURLOPT_URL, post.url.c_str()) && set(CURLOPT_PROTOCOLS_STR, "http,https") &&
      set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_USERAGENT, "candor") &&
      set(CURLOPT_HTTPHEADER, headers) && set(CURLOPT_POST, 1L) && set(CURLOPT_POSTFIELDS, post.body.data()) &&
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size())) &&
      set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(post.connect_timeout)) &&
      set(CURLOPT_TIMEOUT_MS, milliseconds(post.timeout)) &&
      // A resolver that hangs is left to itself: nobody waits for it.
      set(CURLOPT_QUICK_EXIT, 1L) && set(CURLOPT_WRITEFUNCTION, &drop_answer) && set(CURLOPT_NOPROGRESS, 0L) &&
      set(CURLOPT_XFERINFOFUNCTION, &curl_is_over) && set(CURLOPT_XFERINFODATA, &cancelled) &&
      set(CURLOPT_OPENSOCKETFUNCTION, &open_if_allowed) && set(CURLOPT_OPENSOCKETDATA, &gate);
  // Behind a proxy nobody here sees where it goes.
  return ready && (post.allow_private || set(CURLOPT_PROXY, ""));
}

}  // namespace

PostAnswer post_json(const JsonPost& post, const std::function<bool()>& cancelled) {
  const CurlInUse in_use;
  const CurlEasy curl = curl_easy();
  CurlList headers = curl_list();
  Gate gate{.allow_private = post.allow_private};
  const bool ready =
      curl && append(headers, "Content-Type: application/json") &&
      std::ranges::all_of(post.headers, [&](const std::string& line) { return append(headers, line); }) &&
      set_up_post(curl.get(), post, headers.get(), gate, cancelled);
  if (!ready) return {.fault = "the post could not be prepared"};
  const CURLcode code = curl_easy_perform(curl.get());
  PostAnswer answer;
  static_cast<void>(curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status));
  // Its status is the answer; whether the rest of it came is its own affair.
  if (answer.status != 0) return answer;
  answer.fault = gate.refused
                     ? "its name leads to a private address, which is refused unless allow_private says otherwise"
                     // The library's texts for codes are fixed; its longer ones may repeat the address.
                     : curl_easy_strerror(code);
  return answer;
}

}  // namespace candor
