#include "simulator/calendar.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace candor {
namespace {

constexpr std::array<Office, 9> kOffices = {{
    {"Berlin", "DE", "Europe/Berlin", 60, ClockRule::european, 24},
    {"Boston", "US", "America/New_York", -300, ClockRule::american, 20},
    {"Leeds", "GB", "Europe/London", 0, ClockRule::european, 14},
    {"Pune", "IN", "Asia/Kolkata", 330, ClockRule::none, 14},
    {"Krakow", "PL", "Europe/Warsaw", 60, ClockRule::european, 8},
    {"Austin", "US", "America/Chicago", -360, ClockRule::american, 8},
    {"Osaka", "JP", "Asia/Tokyo", 540, ClockRule::none, 5},
    {"Porto Alegre", "BR", "America/Sao_Paulo", -180, ClockRule::none, 4},
    {"Nairobi", "KE", "Africa/Nairobi", 180, ClockRule::none, 3},
}};

struct FixedHoliday {
  std::string_view country;
  unsigned month;
  unsigned day;
};
constexpr std::array<FixedHoliday, 51> kFixed = {{
    {"DE", 1, 1},   {"DE", 5, 1},   {"DE", 10, 3},  {"DE", 12, 25}, {"DE", 12, 26}, {"US", 1, 1},   {"US", 6, 19},
    {"US", 7, 4},   {"US", 11, 11}, {"US", 12, 25}, {"GB", 1, 1},   {"GB", 12, 25}, {"GB", 12, 26}, {"IN", 1, 26},
    {"IN", 8, 15},  {"IN", 10, 2},  {"IN", 12, 25}, {"PL", 1, 1},   {"PL", 1, 6},   {"PL", 5, 1},   {"PL", 5, 3},
    {"PL", 8, 15},  {"PL", 11, 1},  {"PL", 11, 11}, {"PL", 12, 25}, {"PL", 12, 26}, {"JP", 1, 1},   {"JP", 1, 2},
    {"JP", 2, 11},  {"JP", 2, 23},  {"JP", 4, 29},  {"JP", 5, 3},   {"JP", 5, 4},   {"JP", 5, 5},   {"JP", 8, 11},
    {"JP", 11, 3},  {"JP", 11, 23}, {"BR", 1, 1},   {"BR", 4, 21},  {"BR", 5, 1},   {"BR", 9, 7},   {"BR", 10, 12},
    {"BR", 11, 15}, {"BR", 12, 25}, {"KE", 1, 1},   {"KE", 5, 1},   {"KE", 6, 1},   {"KE", 10, 20}, {"KE", 12, 12},
    {"KE", 12, 25}, {"KE", 12, 26},
}};

struct EasterHoliday {
  std::string_view country;
  int days_after;
};
constexpr std::array<EasterHoliday, 14> kEaster = {{
    {"DE", -2},
    {"DE", 1},
    {"DE", 39},
    {"DE", 50},
    {"GB", -2},
    {"GB", 1},
    {"PL", 1},
    {"PL", 60},
    {"BR", -48},
    {"BR", -47},
    {"BR", -2},
    {"KE", -2},
    {"KE", 1},
    {"IN", -2},
}};

// The n-th such weekday of a month; n = 5 means the last.
struct FloatingHoliday {
  std::string_view country;
  unsigned month;
  int weekday;
  int n;
};
constexpr std::array<FloatingHoliday, 11> kFloating = {{
    {"US", 1, 0, 3},
    {"US", 2, 0, 3},
    {"US", 5, 0, 5},
    {"US", 9, 0, 1},
    {"US", 11, 3, 4},
    {"GB", 5, 0, 1},
    {"GB", 5, 0, 5},
    {"GB", 8, 0, 5},
    {"JP", 1, 0, 2},
    {"JP", 9, 0, 3},
    {"JP", 10, 0, 2},
}};

// What only one office keeps; `weekday` and `n` as in FloatingHoliday, else n is 0 and `day` counts.
struct RegionalHoliday {
  std::string_view city;
  unsigned month;
  unsigned day;
  int weekday;
  int n;
};
constexpr std::array<RegionalHoliday, 6> kRegional = {{
    {"Berlin", 3, 8, 0, 0},
    {"Boston", 4, 0, 0, 3},
    {"Pune", 5, 1, 0, 0},
    {"Austin", 3, 2, 0, 0},
    {"Porto Alegre", 2, 2, 0, 0},
    {"Porto Alegre", 9, 20, 0, 0},
}};

struct Civil {
  int year;
  unsigned month;
  unsigned day;
};

Civil civil(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())};
}

Day day_at(int year, unsigned month, unsigned day) {
  using std::chrono::sys_days;
  return static_cast<Day>(
      sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}.time_since_epoch().count());
}

Day nth_weekday(int year, unsigned month, int which, int n) {
  const Day first = day_at(year, month, 1);
  const Day next = month == 12 ? day_at(year + 1, 1, 1) : day_at(year, month + 1, 1);
  Day day = first + (which - weekday(first) + 7) % 7 + 7 * (n - 1);
  while (day >= next) day -= 7;
  return day;
}

// Sunday of Western Easter (anonymous Gregorian computus).
Day easter(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return day_at(year, static_cast<unsigned>(sum / 31), static_cast<unsigned>(sum % 31 + 1));
}

}  // namespace

std::span<const Office> offices() { return kOffices; }

int weekday(Day day) { return ((day + 3) % 7 + 7) % 7; }

int utc_offset(const Office& office, Day day) {
  if (office.clock == ClockRule::none) return office.offset_minutes;
  const int year = civil(day).year;
  const bool european = office.clock == ClockRule::european;
  const Day begin = european ? nth_weekday(year, 3, 6, 5) : nth_weekday(year, 3, 6, 2);
  const Day end = european ? nth_weekday(year, 10, 6, 5) : nth_weekday(year, 11, 6, 1);
  return office.offset_minutes + (day >= begin && day < end ? 60 : 0);
}

bool is_holiday(std::string_view country, Day day) {
  const Civil date = civil(day);
  for (const FixedHoliday& row : kFixed) {
    if (row.month == date.month && row.day == date.day && row.country == country) return true;
  }
  if (date.month >= 2 && date.month <= 6) {
    const int after = day - easter(date.year);
    for (const EasterHoliday& row : kEaster) {
      if (row.days_after == after && row.country == country) return true;
    }
  }
  for (const FloatingHoliday& row : kFloating) {
    if (row.month == date.month && row.country == country &&
        nth_weekday(date.year, row.month, row.weekday, row.n) == day) {
      return true;
    }
  }
  return false;
}

bool is_regional_holiday(const Office& office, Day day) {
  const Civil date = civil(day);
  return std::ranges::any_of(kRegional, [&](const RegionalHoliday& row) {
    if (row.city != office.city || row.month != date.month) return false;
    return row.n == 0 ? row.day == date.day : nth_weekday(date.year, row.month, row.weekday, row.n) == day;
  });
}

Day quarter_end(Day day) {
  const Civil date = civil(day);
  const unsigned month = (date.month - 1) / 3 * 3 + 3;
  Day end = month == 12 ? day_at(date.year + 1, 1, 1) - 1 : day_at(date.year, month + 1, 1) - 1;
  while (is_weekend(end)) --end;
  return end;
}

}  // namespace candor
