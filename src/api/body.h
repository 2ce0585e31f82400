#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "api/http.h"
#include "base/result.h"

namespace candor::api {

// A property of a request's body; lengths in characters, as in openapi.yaml.
struct TextProperty {
  std::string_view name;
  std::size_t shortest = 0;
  std::size_t longest = 0;
  bool prose = false;     // what somebody says: blanks around it are taken off first, so that blanks alone say nothing
  bool integer = false;   // no text but a whole number from `shortest` to `longest`
  bool optional = false;  // may be missing; else it must be there
};

// What people are asked to say for a look or an act of theirs.
inline constexpr std::size_t kShortestReason = 10;
inline constexpr std::size_t kLongestReason = 1'000;

using Body = std::map<std::string, std::string, std::less<>>;

// Reads a JSON object of exactly these properties; numbers come as their digits. Fails with `api.bad_content_type`,
// `api.bad_json` (not JSON, a property twice, too deep), `api.bad_property` (missing, no text or number, too short or
// long), `api.unknown_property`.
Result<Body> read_body(const Request& request, std::initializer_list<TextProperty> properties);
// The same where a table says which.
Result<Body> read_body_of(const Request& request, std::span<const TextProperty> properties);

// For operations that take none: fails with `api.unexpected_body`.
Result<void> refuse_body(const Request& request);

}  // namespace candor::api
