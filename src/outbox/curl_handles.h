#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>

// Internal: what every transfer of the library needs, released by itself. For .cc files only.
namespace candor {

using CurlEasy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

inline CurlEasy curl_easy() { return {curl_easy_init(), &curl_easy_cleanup}; }
inline CurlList curl_list() { return {nullptr, &curl_slist_free_all}; }

// Counted by the library: as many ends as beginnings.
struct CurlInUse {
  CurlInUse() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~CurlInUse() { curl_global_cleanup(); }
  CurlInUse(const CurlInUse&) = delete;
  CurlInUse& operator=(const CurlInUse&) = delete;
};

// False when a line could not be added; the list is as before then.
inline bool append(CurlList& lines, const std::string& line) {
  curl_slist* longer = curl_slist_append(lines.get(), line.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(lines.release());
  lines.reset(longer);
  return true;
}

// For CURLOPT_XFERINFOFUNCTION, whose data is a `const std::function<bool()>`: ends the transfer when it says true.
inline int curl_is_over(void* asked, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(asked))() ? 1 : 0;
}

}  // namespace candor
