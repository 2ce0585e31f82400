#include "outbox/web_address.h"

#include <curl/curl.h>

#include <memory>
#include <string_view>

namespace candor {

bool is_web_address(const std::string& text) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return false;
  char* part = nullptr;
  if (curl_url_get(url.get(), CURLUPART_SCHEME, &part, 0) != CURLUE_OK) return false;
  const std::unique_ptr<char, decltype(&curl_free)> scheme(part, &curl_free);
  return std::string_view(scheme.get()) == "http" || std::string_view(scheme.get()) == "https";
}

}  // namespace candor
