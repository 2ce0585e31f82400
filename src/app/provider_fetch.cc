#include "app/provider_fetch.h"

#include <memory>
#include <string>

#include "outbox/curl_handles.h"

namespace candor {
namespace {

struct ProviderBody {
  std::string body;
  std::size_t most_bytes = 0;
};

// Less than was given ends the transfer.
std::size_t receive(const char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& received = *static_cast<ProviderBody*>(into);
  if (size * count > received.most_bytes - received.body.size()) return 0;
  received.body.append(bytes, size * count);
  return size * count;
}

// The library's texts for codes are fixed; its longer ones may repeat the address.
std::unexpected<Error> unreachable(CURLcode code) {
  const char* why = code == CURLE_WRITE_ERROR ? "its answer is too large" : curl_easy_strerror(code);
  return fail("access.provider_unreachable", std::string("the identity provider cannot be reached: ") + why);
}

bool prepare(CURL* curl, const ProviderRequest& request, const ProviderFetchLimits& limits, const curl_slist* headers,
             ProviderBody& received) {
  const auto set = [curl](CURLoption option, auto value) { return curl_easy_setopt(curl, option, value) == CURLE_OK; };
  const auto milliseconds = [](std::chrono::milliseconds time) { return static_cast<long>(time.count()); };
  const bool plain = request.address.starts_with("http://");
  bool ready = set(CURLOPT_URL, request.address.c_str()) && set(CURLOPT_PROTOCOLS_STR, plain ? "http" : "https") &&
               set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_USERAGENT, "candor") &&
               set(CURLOPT_HTTPHEADER, headers) &&
               set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits.connect_timeout)) &&
               set(CURLOPT_TIMEOUT_MS, milliseconds(limits.timeout)) &&
               // A resolver that hangs is left to itself: nobody waits for it.
               set(CURLOPT_QUICK_EXIT, 1L) && set(CURLOPT_WRITEFUNCTION, &receive) && set(CURLOPT_WRITEDATA, &received);
  // Without TLS only this machine itself is asked, and not by way of another.
  if (plain) ready = ready && set(CURLOPT_PROXY, "");
  if (!request.form.empty()) {
    ready = ready && set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.form.size())) &&
            set(CURLOPT_POSTFIELDS, request.form.data());
  }
  return ready;
}

}  // namespace

ProviderFetch make_provider_fetch(ProviderFetchLimits limits) {
  return [limits, in_use = std::make_shared<CurlInUse>()](const ProviderRequest& request) -> Result<ProviderAnswer> {
    if (!is_provider_address(request.address)) return unreachable(CURLE_URL_MALFORMAT);
    ProviderBody received{.body = {}, .most_bytes = limits.most_bytes};
    const CurlEasy curl = curl_easy();
    CurlList headers = curl_list();
    bool ready = curl != nullptr && append(headers, "Accept: application/json");
    if (!request.authorization.empty()) ready = ready && append(headers, "Authorization: " + request.authorization);
    if (!ready || !prepare(curl.get(), request, limits, headers.get(), received)) return unreachable(CURLE_FAILED_INIT);
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) return unreachable(code);
    long status = 0;
    static_cast<void>(curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status));
    return ProviderAnswer{.status = static_cast<int>(status), .body = std::move(received.body)};
  };
}

}  // namespace candor
