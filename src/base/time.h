#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Time without clocks: instants and days are plain integers in UTC, parsed and printed here.
namespace candor {

// Microseconds since 1970-01-01T00:00:00Z. Negative before.
using TimePoint = std::int64_t;
// Days since 1970-01-01 (UTC, or a person's local calendar where the name says so).
using Day = std::int32_t;

inline constexpr TimePoint kMicrosPerSecond = 1'000'000;
inline constexpr TimePoint kMicrosPerDay = 86'400 * kMicrosPerSecond;

// The UTC day of an instant; floors, so instants before 1970 belong to negative days.
constexpr Day day_of(TimePoint time) {
  const TimePoint day = time / kMicrosPerDay;
  return static_cast<Day>(time % kMicrosPerDay < 0 ? day - 1 : day);
}
constexpr TimePoint start_of(Day day) { return static_cast<TimePoint>(day) * kMicrosPerDay; }

// ISO 8601 date-time as the feeds write it: "2021-05-18T21:13:33", fraction digits (cut after six), "Z", "+05:30" or no
// zone (then UTC), a blank instead of "T", or a date alone (midnight). nullopt when it is none of these, or out of
// range (years 1 to 9999).
std::optional<TimePoint> parse_time(std::string_view text);

// "2026-11-23" only.
std::optional<Day> parse_day(std::string_view text);

// RFC 3339 in UTC: "2021-05-18T21:13:33Z", with ".123456" only when there is a fraction.
std::string format_time(TimePoint time);
std::string format_day(Day day);

// Where code needs the present it is handed one of these; only `app` makes the real one.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
};

// A clock that stands still until told otherwise, for tests. Not thread-safe.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(TimePoint time) : time_(time) {}
  TimePoint now() const override { return time_; }
  void set(TimePoint time) { time_ = time; }

 private:
  TimePoint time_;
};

}  // namespace candor
