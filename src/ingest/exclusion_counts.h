#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "indicators/indicator_set.h"
#include "ingest/switches.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {

// On how many stored activities an exclusion left a match of an indicator out. A match is left out by the first by name
// of the exclusions that hold, so that sums are exact.
struct ExclusionCount {
  std::string exclusion;
  std::string indicator;
  std::int64_t activities = 0;
  std::optional<Day> last;  // UTC day of the latest of them
};

// Of what is stored now, and is effective: the same whatever the order of arrival. By exclusion and indicator; those
// that left nothing out are not there. Matches every activity again, unless there are no exclusions. `catalogue`: that
// of the timeline.
Result<std::vector<ExclusionCount>> count_left_out(const Timeline& timeline,
                                                   const std::shared_ptr<const FieldCatalogue>& catalogue,
                                                   const std::shared_ptr<const IndicatorSet>& indicators,
                                                   AllowedIndicators allowed);

// The last count that was made. Thread safety: any member from any thread.
class ExclusionBook {
 public:
  explicit ExclusionBook(Store& store) : store_(store) {}

  Result<void> save(const std::vector<ExclusionCount>& counts);
  // By exclusion and indicator.
  Result<std::vector<ExclusionCount>> all() const;
  // Of one indicator, all exclusions together.
  Result<std::int64_t> left_out_of(const std::string& indicator) const;

 private:
  Store& store_;
};

}  // namespace candor
