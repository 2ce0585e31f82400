#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/hr_csv.h"
#include "store/store.h"

namespace candor {

struct HrImportOptions {
  HrCsvOptions csv;
  std::optional<TimePoint> known_since;  // for replays; default: the clock
  bool reinstate = false;                // rows that were withdrawn hold again
};

struct HrImportSummary {
  std::int64_t rows_read = 0;  // = added + corrected + unchanged + still_withdrawn + erased + rejected rows
  std::int64_t added = 0;
  std::int64_t corrected = 0;
  std::int64_t unchanged = 0;        // the same is known already, or an earlier row of the file says it
  std::int64_t still_withdrawn = 0;  // withdrawn before with this content
  std::int64_t withdrawn = 0;        // by withdraw_hr_csv(), instead of the four above; other rows are unchanged
  std::int64_t erased = 0;           // of days of somebody who was erased: left out
  std::int64_t people = 0;           // different ones in the file
  std::map<std::string, std::int64_t> rejected;
  std::vector<Diagnostic> diagnostics;
  std::int64_t diagnostics_left_out = 0;

  std::int64_t rejected_rows() const;
};

// One JSON object: the counts, `rejected` (reason -> rows) and `diagnostics`.
std::string to_json(const HrImportSummary& summary);

// `candor hr import`: takes what can be used of a CSV as facts, all in one transaction. The same file again changes
// nothing; a row with other content for the same fact (account, kind, UTC day) corrects it. Of two rows of one file
// that contradict each other the one whose content sorts last counts, and the other is named.
Result<HrImportSummary> import_hr_csv(Store& store, const Keys& keys, const Clock& clock, std::string_view text,
                                      const std::string& file, const HrImportOptions& options = {});

// `candor hr withdraw`: the facts that the rows of a CSV name (account, kind, UTC day; other columns do not matter) are
// no longer true and never were.
Result<HrImportSummary> withdraw_hr_csv(Store& store, const Keys& keys, const Clock& clock, std::string_view text,
                                        const std::string& file, const HrImportOptions& options = {});

}  // namespace candor
