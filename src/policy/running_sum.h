#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "policy/policy.h"
#include "timeline/insight.h"

namespace candor {

// What one cumulative rule counts, over any span of days, in millionths. Reads the insights once.
class RunningSum {
 public:
  // `insights` ascending by (day, indicator).
  RunningSum(const Policy& policy, const Cumulative& rule, const Insights& insights);

  struct Upto {
    Day day = 0;
    TimePoint last = 0;  // latest activity of the day that counts
    // Of all days up to and with this one. Unsigned: over years of absurd counts it may wrap; the difference of two
    // that are at most 180 days apart is right all the same.
    std::uint64_t sum = 0;
  };
  // Days on which something counts, ascending.
  const std::vector<Upto>& days() const { return days_; }
  Micropoints between(Day from, Day to) const;

 private:
  std::vector<Upto> days_;
};

}  // namespace candor
