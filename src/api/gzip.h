#pragma once

#include <string>
#include <string_view>

#include "api/http.h"

namespace candor::api {

// `bytes` as a gzip stream of level 5.
std::string gzip(std::string_view bytes);

// Whether an Accept-Encoding header takes gzip ("gzip", "*", not "gzip;q=0").
bool accepts_gzip(std::string_view accept_encoding);

// Compresses a response worth it (over a kilobyte, text or JSON) when the request takes gzip. Answers hold no secret
// next to text an attacker chooses (the session is in a cookie, never in a body), so BREACH has nothing to measure.
void compress(const Request& request, Response& response);

}  // namespace candor::api
