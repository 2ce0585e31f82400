#include "notifications/schedule.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TimePoint at(const char* text) { return *parse_time(text); }

TEST(Schedule, ZonesAreNamesThatTheMachineKnows) {
  for (const char* name : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"}) {
    EXPECT_TRUE(is_time_zone(name)) << name;
  }
  for (const char* name : {"", "Berlin", "Europe", "/etc/passwd", "../../etc/passwd", "Europe/../Europe/Berlin",
                           "file:/etc/passwd", "Europe/Berlin\n"}) {
    EXPECT_FALSE(is_time_zone(name)) << name;
  }
}

TEST(Schedule, LocalTimeFollowsSummerTime) {
  const LocalTime winter = local_time(at("2026-12-31T23:30:00Z"), "Europe/Berlin");
  EXPECT_EQ(format_day(winter.day), "2027-01-01");
  EXPECT_EQ(winter.minute, 30);
  EXPECT_EQ(local_time(at("2026-07-01T10:00:00Z"), "Europe/Berlin").minute, 12 * 60);
  EXPECT_EQ(local_time(at("2026-07-01T10:00:00Z"), "Nowhere/Else").minute, 10 * 60);
}

TEST(Schedule, QuietHoursMayGoOverMidnight) {
  const QuietHours night{.from = 22 * 60, .to = 7 * 60};
  const QuietHours noon{.from = 12 * 60, .to = 13 * 60};
  EXPECT_TRUE(is_quiet(night, {.day = 1, .minute = 22 * 60}));
  EXPECT_TRUE(is_quiet(night, {.day = 1, .minute = 7 * 60 - 1}));
  EXPECT_FALSE(is_quiet(night, {.day = 1, .minute = 7 * 60}));
  EXPECT_TRUE(is_quiet(noon, {.day = 1, .minute = 12 * 60}));
  EXPECT_FALSE(is_quiet(noon, {.day = 1, .minute = 13 * 60}));
  EXPECT_FALSE(is_quiet(std::nullopt, {.day = 1, .minute = 0}));
}

TEST(Schedule, TheDigestComesAtItsHourOfEachDay) {
  EXPECT_EQ(next_digest(at("2026-11-18T06:59:59Z"), 8, "Europe/Berlin"), at("2026-11-18T07:00:00Z"));
  EXPECT_EQ(next_digest(at("2026-11-18T07:00:00Z"), 8, "Europe/Berlin"), at("2026-11-19T07:00:00Z"));
  EXPECT_EQ(next_digest(at("2026-03-28T07:00:00Z"), 8, "Europe/Berlin"), at("2026-03-29T06:00:00Z"));
  // 02:00 is not there in that night.
  EXPECT_EQ(next_digest(at("2026-03-28T12:00:00Z"), 2, "Europe/Berlin"), at("2026-03-29T01:00:00Z"));
}

// Behind `after`, never later than a day and the hour clocks are put back by, and at that hour where there is one.
TEST(Schedule, ADigestIsNeverFar) {
  for (const char* zone : {"UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"}) {
    for (TimePoint after = at("2026-01-01"); after < at("2027-01-01"); after += 7 * 3'599 * kMicrosPerSecond) {
      for (const int hour : {0, 2, 8, 23}) {
        const TimePoint next = next_digest(after, hour, zone);
        ASSERT_GT(next, after) << zone;
        ASSERT_LE(next - after, 25 * 3'600 * kMicrosPerSecond) << zone << " " << format_time(after);
        const int minute = local_time(next, zone).minute;
        ASSERT_TRUE(minute == hour * 60 || minute == hour * 60 + 60) << zone << " " << format_time(next);
      }
    }
  }
}

TEST(Schedule, WeeksBeginOnMondays) {
  EXPECT_EQ(format_day(monday_of(*parse_day("2026-11-18"))), "2026-11-16");
  EXPECT_EQ(format_day(monday_of(*parse_day("2026-11-16"))), "2026-11-16");
  EXPECT_EQ(format_day(monday_of(*parse_day("2026-11-15"))), "2026-11-09");
  EXPECT_EQ(format_day(monday_of(*parse_day("1969-12-30"))), "1969-12-29");
}

TEST(Schedule, TimesOfTheDay) {
  EXPECT_EQ(minute_of_day("00:00"), 0);
  EXPECT_EQ(minute_of_day("23:59"), 23 * 60 + 59);
  for (const char* text : {"", "24:00", "7:00", "07:60", "07-00", "0a:00", "07:000"}) {
    EXPECT_FALSE(minute_of_day(text)) << text;
  }
  EXPECT_EQ(format_minute(7 * 60 + 5), "07:05");
}

}  // namespace
}  // namespace candor
