#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/retention_book.h"

namespace candor {

class Installation;

struct RecordsTaken {
  std::vector<RetentionKindCount> kinds;  // in the order of kRetentionKinds; of a dry run what would go
  std::set<std::string> alerts;           // ids of those that would go; only of a dry run
};

// Takes the alerts, cases, requests and messages whose time is over on `today` by the settings, a few in each
// transaction, counted under the run of that number in the same transaction: whoever ends in between has lost nothing
// and the next run takes the rest. Nothing goes that is about somebody on legal hold or with an open case. `dry` only
// counts. The caller holds Installation::writing().
Result<RecordsTaken> take_records(Installation& installation, Day today, bool dry, std::int64_t run);

}  // namespace candor
