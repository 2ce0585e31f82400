#pragma once

#include <string>

#include "activity/activity.h"

namespace candor {

// Appends the activity as one line of ECS JSON (with its '\n'): nested objects, `@timestamp` in UTC, lists where ECS
// has arrays, members in a fixed order. Always valid JSON in valid UTF-8, whatever the record held.
void append_ecs_json(const Activity& activity, std::string& out);

}  // namespace candor
