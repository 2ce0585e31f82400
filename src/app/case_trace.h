#pragma once

#include <CLI/App.hpp>

namespace candor {

struct Command;

// `candor case trace`, below `candor case`.
void add_case_trace(CLI::App& cases, Command& command);

}  // namespace candor
