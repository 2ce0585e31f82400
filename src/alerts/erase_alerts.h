#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "store/store.h"

namespace candor {

// Erasure: alerts about the person with their receipts, decisions and comments, and expectations of the person go; an
// expectation of others that was said at such an alert no longer names it. Cases no longer hold the alerts. Adds to
// `counts` by kind. The same again takes nothing.
Result<void> erase_alerts(Transaction& work, const PersonId& person, std::map<std::string, std::int64_t>& counts);

}  // namespace candor
