#pragma once

#include "app/command.h"

namespace candor {

// `candor viewer units`, `limit`, `unlimit`, `limits` and `decide-limit`, below `viewer`.
void add_viewer_units(CLI::App& viewer, Command& command);

}  // namespace candor
