#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.h"

// Places, their clocks and their days off. Integers and tables only: nothing depends on the machine's zone database.
namespace candor {

enum class ClockRule : std::uint8_t { none, european, american };  // when summer time begins and ends

struct Office {
  std::string_view city;
  std::string_view country;  // ISO 3166-1 alpha-2
  std::string_view zone;     // IANA name
  int offset_minutes;        // from UTC, in winter
  ClockRule clock;
  std::uint32_t weight;  // how many of 100 people work there
};
std::span<const Office> offices();

inline constexpr int kWeek = 7;  // days

// Monday 0 to Sunday 6.
int weekday(Day day);
inline bool is_weekend(Day day) { return weekday(day) >= 5; }

// Minutes from UTC on a day; the hours of the change itself count as the new time.
int utc_offset(const Office& office, Day day);

// National public holidays that close an office: fixed dates, days around Easter, and "third Monday of January".
bool is_holiday(std::string_view country, Day day);
// Holidays of the office's region or city only, such as Patriots' Day in Boston.
bool is_regional_holiday(const Office& office, Day day);
inline bool is_day_off(const Office& office, Day day) {
  return is_holiday(office.country, day) || is_regional_holiday(office, day);
}

// The last working day (Monday to Friday) of the quarter `day` lies in.
Day quarter_end(Day day);

}  // namespace candor
