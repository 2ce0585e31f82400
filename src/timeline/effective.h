#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "activity/field.h"
#include "timeline/expected.h"
#include "timeline/row.h"

// From an account's stored rows to what counts.
namespace candor {

struct ReadRow {
  ActivityRow row;
  bool superseded = false;
};

// One row for each (identity, content), ascending by stored_before(); of each identity the greatest (source version,
// content hash) counts, the others are superseded.
std::vector<ReadRow> effective_rows(std::vector<ActivityRow> rows);

// Sums the rows that count (superseded ones are passed over) into insights, ascending by (day, indicator).
class InsightFold {
 public:
  explicit InsightFold(const FieldCatalogue& catalogue);
  // Without the matches that any of `expected` means, here and below.
  Insights fold(const std::vector<ReadRow>& rows, const std::function<bool(const ActivityRow&)>& counts,
                std::span<const Expected> expected) const;
  // The rows that count and that any of `wanted` (ascending) matched, in the order of `rows`.
  std::vector<Step> steps(const std::vector<ReadRow>& rows, std::span<const IndicatorKey> wanted,
                          std::span<const Expected> expected) const;

 private:
  struct Traits;
  Traits traits_of(const ActivityRow& row) const;

  DestinationFields destinations_;
  FieldId sensitive_types_ = DerivedFields::kNone;
  FieldId sensitive_count_ = DerivedFields::kNone;
  FieldId priority_ = DerivedFields::kNone;
  FieldId unallowed_ = DerivedFields::kNone;
  FieldId url_unallowed_ = DerivedFields::kNone;
  FieldId size_ = DerivedFields::kNone;
  FieldId object_ = DerivedFields::kNone;
  FieldId path_ = DerivedFields::kNone;
  FieldId name_ = DerivedFields::kNone;
  std::vector<bool> content_;  // by field: its text tells the content for certain
  std::vector<bool> named_;    // by field: names of files
};

inline constexpr std::int64_t kMostDistinct = 4096;

}  // namespace candor
