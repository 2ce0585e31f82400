#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "base/result.h"
#include "simulator/act.h"

namespace candor {

// One row on its way to whoever reads the feed.
struct DeliveredRow {
  TimePoint at = 0;         // when the feed hands it over
  std::uint64_t order = 0;  // among the rows of one delivery: the feed promises no order
  Act act;
  bool repeat = false;
  bool corrected = false;
};

// When the feed hands over what: 60 to 90 minutes after the act as a rule, hours or days late at times, disordered,
// some rows more than once, now and then the same record with other content. Follows from each act's seed alone.
// Holds acts, not records, until they are due.
class Delivery {
 public:
  // `repeat_percent`: share of all rows that repeat an earlier one, 0 to 90.
  explicit Delivery(int repeat_percent) : repeat_percent_(repeat_percent) {}

  void add(const Act& act);
  // Hands over, in order, everything due before `until`. All acts of earlier times must have been added.
  Result<void> release(TimePoint until, const std::function<Result<void>(const DeliveredRow&)>& hand_over);

 private:
  void put(DeliveredRow row);

  int repeat_percent_;
  std::map<std::int64_t, std::vector<DeliveredRow>> hours_;  // by hour of delivery
};

}  // namespace candor
