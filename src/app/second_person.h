#pragma once

#include <string>

#include "app/command.h"
#include "app/installation.h"
#include "base/result.h"

namespace candor {

// Who acts on the command line: `viewer` as a second person, who proves it, or "" for whoever runs the command.
Result<std::string> who_acts(const Command& command, Installation& installation, const std::string& viewer);

// The second person on the command line: a viewer who may agree (policies.approve) and proves it with the password,
// read from standard input so that it stands in no list of processes. Gives the user name. Errors are those of access.
Result<std::string> second_person(const Command& command, Installation& installation, const std::string& user);

}  // namespace candor
