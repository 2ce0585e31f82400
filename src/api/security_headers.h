#pragma once

#include "api/http.h"

namespace candor::api {

// Tells browsers how to treat an answer: every one carries these, also those to requests that could not be read.
void add_security_headers(Response& response, bool tls);

}  // namespace candor::api
