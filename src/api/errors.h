#pragma once

#include <span>
#include <string_view>

#include "api/http.h"
#include "base/result.h"

namespace candor::api {

struct ErrorStatus {
  std::string_view id;
  int status;
};

// Error ids and their status codes; an id that is not in it is 500.
std::span<const ErrorStatus> error_statuses();
int status_of(std::string_view error_id);

// The one form of a failure, `Error` of openapi.yaml.
Response error_response(const Error& error);

}  // namespace candor::api
