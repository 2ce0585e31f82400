#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/time.h"

// What the commands' JSON has in common.
namespace candor {

using Json = nlohmann::ordered_json;

// Names of operations and files come from records: whatever is no UTF-8 in them is replaced, so that a report stays
// JSON. `indent` -1: all in one line, without its end.
inline std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}
inline std::string json_line(const Json& json) { return json_text(json) + "\n"; }

inline Json time_or_null(const std::optional<TimePoint>& time) { return time ? Json(format_time(*time)) : Json(); }

}  // namespace candor
