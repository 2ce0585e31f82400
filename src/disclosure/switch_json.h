#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ingest/switches.h"

namespace candor {

// A decision as statements, commands and audit lines write it.
nlohmann::ordered_json to_json(const Switch& one);

}  // namespace candor
