#pragma once

#include "base/result.h"
#include "base/time.h"
#include "ingest/retention_book.h"
#include "organisation/settings.h"

namespace candor {

class Installation;

RetentionDays retention_days(const Settings& settings);

// Takes what is over on `today` (a UTC day), by the settings: alerts, cases, requests and messages first
// (app/retention_records.h), then activities with all that was made of them, and raw records. People with an open alert
// keep all of these. What was removed is counted in the book and written to the audit log under `viewer` ("" Candor
// itself). `dry` only counts. The caller holds Installation::writing().
Result<RetentionRun> run_retention(Installation& installation, Day today, bool dry, std::string_view viewer);

// The same when there was no run on `today` yet. A folder that was restored from a backup loses here, before anybody
// looks, what was over meanwhile.
Result<void> retain_daily(Installation& installation, Day today);

}  // namespace candor
