#pragma once

#include <string_view>

#include "simulator/act.h"

namespace candor {

// What the platform, its services and automations did: which of them, and what, follows from the act's seed.
std::string_view service_operation(const Act& act);
int service_record_type(const Act& act);

}  // namespace candor
