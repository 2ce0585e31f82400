#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {

// How many UTC days things are kept; raw_days is never the larger one.
struct RetentionDays {
  int raw = 30;         // raw records, from the day they arrived
  int activities = 90;  // activities, from the day they happened
};

// What of a folder that was made on `began` is over on `today`. Whole days are kept: with 90, today and the 90 before
// it. What happened more than that before the folder was made is its back file, handed over on purpose: it is kept as
// many days from the day the folder was made.
RemovalOrder due(const RetentionDays& kept, Day began, Day today);

// One run: what it was for, and what it took.
struct RetentionRun {
  std::int64_t number = 0;
  TimePoint at = 0;
  Day day = 0;  // UTC
  Day from = 0;
  Day before = 0;
  Day raw_before = 0;
  Removed removed;
  std::int64_t held_people = 0;
};

// Retention as the store remembers it. Thread safety: any member from any thread.
class RetentionBook {
 public:
  explicit RetentionBook(Store& store) : store_(store) {}

  // The day the folder was made; `today`, for good, when nothing is known of it.
  Result<Day> began(Day today);
  // Numbers it.
  Result<void> add(const RetentionRun& run);
  // Newest first.
  Result<std::vector<RetentionRun>> runs(std::int64_t limit) const;
  struct Totals {
    std::int64_t activities = 0;
    std::int64_t accounts = 0;
    std::int64_t raw_records = 0;
  };
  Result<Totals> totals() const;

 private:
  Store& store_;
};

}  // namespace candor
