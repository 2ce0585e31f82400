#include <cstddef>
#include <cstdint>
#include <string_view>

#include "profile/hr_csv.h"

// Whatever the bytes: no crash, every row accounted for, nothing in messages but lines and columns.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  candor::HrCsvOptions options;
  if (size > 0 && data[0] % 4 == 0) options.kind = static_cast<candor::FactKind>(1 + data[0] / 4 % 5);
  const auto csv = candor::read_hr_csv(text, "fuzz.csv", options);
  if (!csv) return 0;
  std::int64_t rejected = 0;
  for (const auto& [reason, rows] : csv->rejected) rejected += rows;
  if (static_cast<std::int64_t>(csv->rows.size()) + rejected != csv->rows_read) __builtin_trap();
  for (const auto& row : csv->rows) {
    if (row.account.find('@') == std::string::npos || row.line < 2) __builtin_trap();
    // Only a profile may do without a date (hr_csv.h); one that has a date keeps it.
    if (row.kind != candor::FactKind::employee_profile && !row.occurred) __builtin_trap();
  }
  return 0;
}
