#pragma once

#include "app/command.h"

namespace candor {

// `candor viewer add`, `set-role`, `units`, `limit`, `unlimit`, `review`, `unreview`, `changes` and `decide`, below
// `viewer`.
void add_viewer_changes(CLI::App& viewer, Command& command);

}  // namespace candor
