#pragma once

#include <string>
#include <vector>

#include "disclosure/words.h"
#include "organisation/settings.h"

namespace candor {

// How long alerts, cases, requests and messages are kept, as rows of a table: what it is, and how long. Last, whom it
// does not go for.
std::vector<std::vector<std::string>> kept_rows(const Settings::Retention& kept, const Words& words);

}  // namespace candor
