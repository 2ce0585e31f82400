#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "indicators/indicator_info.h"

namespace candor {

// person x indicator x day: what the activities of one day that one indicator matched add up to. All integers; a pure
// function of the day's effective activities, whatever the order they came in.
struct Insight {
  IndicatorKey indicator = 0;
  Day day = 0;
  // How many activities matched: all; with sensitive information types; on priority content; towards unallowed domains.
  std::int64_t counts[kDimensions] = {0, 0, 0, 0};
  std::int64_t bytes = 0;             // sum of file.size, never below zero
  std::int64_t distinct_objects = 0;  // different files, mails or other objects; exact up to 4,096, then "at least"
  TimePoint first = 0;
  TimePoint last = 0;

  bool operator==(const Insight&) const = default;
};

// All of one person's insights of a span of days, ascending by (day, indicator); one row each.
using Insights = std::vector<Insight>;

// One activity as a part of sequences over the same content. Hashes, no texts.
struct Step {
  TimePoint time = 0;
  std::uint64_t activity = 0;           // tells activities of one instant apart; the same on every machine
  std::vector<IndicatorKey> matches;    // ascending; those that were asked for
  std::vector<std::uint64_t> contents;  // what tells its content for certain: file hashes, object ids, paths
  std::vector<std::uint64_t> names;     // file names, which others may bear too
  bool in[kDimensions] = {true, false, false, false};
  std::int64_t bytes = 0;

  bool operator==(const Step&) const = default;
};

// Days from..before-1, whose activities retention has taken; none while they are equal.
struct SealedDays {
  Day from = 0;
  Day before = 0;
  bool holds(Day day) const { return from <= day && day < before; }
};

// The sum of two numbers that are not below zero, or the greatest there is: sizes come from records, which may say
// anything. As free of order as a sum.
inline std::int64_t add_capped(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

// Adds the insights of another account of the same person to `into` (same order), summing equal (day, indicator).
// Distinct objects are added too: the same object under two accounts counts twice.
void merge_insights(Insights& into, const Insights& other);

}  // namespace candor
