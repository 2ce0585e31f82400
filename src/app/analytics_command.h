#pragma once

#include <CLI/App.hpp>

#include "app/command.h"

namespace candor {

// `candor policy fit`, below `candor policy`.
void add_policy_fit(CLI::App& policy, Command& command);

}  // namespace candor
