#pragma once

#include <cstddef>

#include "base/time.h"

namespace candor {

// 0 is Monday, 6 Sunday.
constexpr std::size_t weekday_of(Day day) {
  constexpr Day kThursday = 3;  // 1970-01-01
  return static_cast<std::size_t>(((day + kThursday) % 7 + 7) % 7);
}

// Four weeks, Monday to Sunday, both days inclusive; all such periods together cover time without overlapping.
struct FourWeeks {
  static constexpr Day kDays = 28;
  Day from = 0;
  Day to = 0;
  bool operator==(const FourWeeks&) const = default;
};

// The one that holds `day`.
constexpr FourWeeks four_weeks_of(Day day) {
  constexpr Day kFirstMonday = 4;  // 1970-01-05
  const Day since = day - kFirstMonday;
  const Day number = since >= 0 ? since / FourWeeks::kDays : -((-since + FourWeeks::kDays - 1) / FourWeeks::kDays);
  const Day from = kFirstMonday + number * FourWeeks::kDays;
  return {.from = from, .to = from + FourWeeks::kDays - 1};
}

// The last one that is over at the end of `today` - 1.
constexpr FourWeeks last_four_weeks(Day today) { return four_weeks_of(four_weeks_of(today).from - 1); }

}  // namespace candor
