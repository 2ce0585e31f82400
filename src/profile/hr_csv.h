#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/fact.h"

namespace candor {

struct HrCsvOptions {
  std::optional<FactKind> kind;                              // all rows are of this kind; else by column
  std::vector<std::pair<std::string, std::string>> columns;  // column of the file -> field, as `--map Column=Field`
};

// One usable row.
struct HrRow {
  int line = 0;         // where it starts, from 1
  std::string account;  // normalised address
  FactKind kind = FactKind::resignation;
  std::optional<TimePoint> occurred;  // none for an employee profile without a date
  std::map<std::string, std::string> attributes;
};

struct HrCsv {
  std::vector<HrRow> rows;
  std::int64_t rows_read = 0;                    // without the header and empty lines
  std::map<std::string, std::int64_t> rejected;  // id of the reason -> rows
  std::vector<Diagnostic> diagnostics;           // of the first kMostDiagnostics faults; `line` is the row's first line
  std::int64_t diagnostics_left_out = 0;

  static constexpr std::size_t kMostDiagnostics = 1000;
};

// Reads HR facts from CSV as Purview's HR connector takes it: RFC 4180 (also with semicolons or tabs), one header line,
// columns in any order and of any letter case, one kind of fact a file or several told apart by the column HRScenario.
// Field names for `columns` and the columns recognised by themselves: docs/reference/hr-csv.md.
// Rows that cannot be used are named and left out. Fails as a whole only when nothing can be read:
// `profile.hr_too_large` (over 64 MiB), `profile.hr_not_utf8`, `profile.hr_no_header`, `profile.hr_no_address_column`,
// `profile.hr_kind_unknown`, `profile.hr_unknown_field`, `profile.hr_unknown_column`, `profile.hr_column_twice`.
// `file` is for messages. Messages hold no values, only lines and columns.
Result<HrCsv> read_hr_csv(std::string_view text, const std::string& file, const HrCsvOptions& options = {});

}  // namespace candor
