#include "base/time.h"

#include <chrono>
#include <cstdio>

namespace candor {
namespace {

// Days since 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-compatible low-level date algorithms").
constexpr Day days_from_civil(int year, int month, int day) {
  year -= month <= 2;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct Civil {
  int year, month, day;
};

constexpr Civil civil_from_days(Day days) {
  days += 719468;
  const int era = (days >= 0 ? days : days - 146096) / 146097;
  const int day_of_era = days - era * 146097;
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = (5 * day_of_year + 2) / 153;
  const int month = shifted + (shifted < 10 ? 3 : -9);
  return {year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

// Takes exactly `count` digits from the front of `text`.
bool take_digits(std::string_view& text, int count, int& value) {
  if (text.size() < static_cast<std::size_t>(count)) return false;
  value = 0;
  for (int i = 0; i < count; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]) - unsigned{'0'};
    if (digit > 9) return false;
    value = value * 10 + static_cast<int>(digit);
  }
  text.remove_prefix(static_cast<std::size_t>(count));
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, Day& day) {
  int year = 0;
  int month = 0;
  int date = 0;
  if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) || !take(text, '-') ||
      !take_digits(text, 2, date)) {
    return false;
  }
  if (year < 1 || month < 1 || month > 12 || date < 1) return false;
  day = days_from_civil(year, month, date);
  return civil_from_days(day).month == month && date <= 31;
}

bool take_clock(std::string_view& text, TimePoint& micros) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute)) return false;
  if (take(text, ':') && !take_digits(text, 2, second)) return false;
  if (hour > 23 || minute > 59 || second > 60) return false;
  micros = ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond;
  if (!take(text, '.')) return true;
  TimePoint unit = kMicrosPerSecond / 10;
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    micros += (text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return true;
}

bool take_zone(std::string_view& text, TimePoint& offset) {
  offset = 0;
  if (text.empty() || take(text, 'Z') || take(text, 'z')) return true;
  const bool behind = text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!take_digits(text, 2, hours)) return false;
  if (take(text, ':') || !text.empty()) {
    if (!take_digits(text, 2, minutes)) return false;
  }
  if (hours > 18 || minutes > 59) return false;
  offset = (TimePoint{hours} * 60 + minutes) * 60 * kMicrosPerSecond;
  if (behind) offset = -offset;
  return true;
}

}  // namespace

std::optional<TimePoint> parse_time(std::string_view text) {
  Day day = 0;
  if (!take_date(text, day)) return std::nullopt;
  if (text.empty()) return start_of(day);
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
  TimePoint clock = 0;
  TimePoint offset = 0;
  if (!take_clock(text, clock) || !take_zone(text, offset) || !text.empty()) return std::nullopt;
  // The zone may lead out of the years that can be printed and stored.
  const TimePoint time = start_of(day) + clock - offset;
  if (time < start_of(days_from_civil(1, 1, 1)) || time >= start_of(days_from_civil(10'000, 1, 1))) return std::nullopt;
  return time;
}

std::optional<Day> parse_day(std::string_view text) {
  Day day = 0;
  if (!take_date(text, day) || !text.empty()) return std::nullopt;
  return day;
}

std::string format_day(Day day) {
  const Civil civil = civil_from_days(day);
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
  return buffer;
}

std::string format_time(TimePoint time) {
  const Day day = day_of(time);
  const TimePoint rest = time - start_of(day);
  const auto seconds = static_cast<int>(rest / kMicrosPerSecond);
  const auto fraction = static_cast<int>(rest % kMicrosPerSecond);
  char buffer[48];
  if (fraction == 0) {
    std::snprintf(buffer, sizeof buffer, "T%02d:%02d:%02dZ", seconds / 3600, seconds / 60 % 60, seconds % 60);
  } else {
    std::snprintf(buffer, sizeof buffer, "T%02d:%02d:%02d.%06dZ", seconds / 3600, seconds / 60 % 60, seconds % 60,
                  fraction);
  }
  return format_day(day) + buffer;
}

TimePoint SystemClock::now() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace candor
