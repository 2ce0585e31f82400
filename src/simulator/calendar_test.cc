#include "simulator/calendar.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

const Office& office(std::string_view city) {
  for (const Office& one : offices()) {
    if (one.city == city) return one;
  }
  ADD_FAILURE() << "no office in " << city;
  return offices()[0];
}

Day day(std::string_view text) { return parse_day(text).value(); }

TEST(Calendar, knows_weekdays) {
  EXPECT_EQ(weekday(day("2026-01-05")), 0);
  EXPECT_EQ(weekday(day("1970-01-01")), 3);
  EXPECT_EQ(weekday(day("1969-12-28")), 6);
  EXPECT_FALSE(is_weekend(day("2026-01-09")));
  EXPECT_TRUE(is_weekend(day("2026-01-10")));
}

TEST(Calendar, turns_clocks_where_and_when_they_are_turned) {
  EXPECT_EQ(utc_offset(office("Berlin"), day("2026-03-28")), 60);
  EXPECT_EQ(utc_offset(office("Berlin"), day("2026-03-29")), 120);
  EXPECT_EQ(utc_offset(office("Berlin"), day("2026-10-24")), 120);
  EXPECT_EQ(utc_offset(office("Berlin"), day("2026-10-25")), 60);
  EXPECT_EQ(utc_offset(office("Boston"), day("2026-03-07")), -300);
  EXPECT_EQ(utc_offset(office("Boston"), day("2026-03-08")), -240);
  EXPECT_EQ(utc_offset(office("Boston"), day("2026-11-01")), -300);
  EXPECT_EQ(utc_offset(office("Pune"), day("2026-07-01")), 330);
}

TEST(Calendar, knows_holidays) {
  struct Row {
    std::string_view country, day;
    bool closed;
  };
  for (const Row& row : {Row{"DE", "2026-04-03", true}, Row{"DE", "2026-04-06", true}, Row{"US", "2026-04-06", false},
                         Row{"DE", "2026-05-14", true}, Row{"GB", "2027-03-29", true}, Row{"PL", "2026-06-04", true},
                         Row{"BR", "2026-02-17", true}, Row{"US", "2026-01-19", true}, Row{"US", "2026-11-26", true},
                         Row{"US", "2026-05-25", true}, Row{"GB", "2026-08-31", true}, Row{"JP", "2026-01-12", true},
                         Row{"IN", "2026-01-26", true}, Row{"KE", "2026-12-12", true}, Row{"DE", "2026-01-06", false},
                         Row{"XX", "2026-12-25", false}}) {
    EXPECT_EQ(is_holiday(row.country, day(row.day)), row.closed) << row.country << " " << row.day;
  }
}

TEST(Calendar, knows_holidays_of_one_office_only) {
  EXPECT_TRUE(is_regional_holiday(office("Boston"), day("2026-04-20")));
  EXPECT_FALSE(is_regional_holiday(office("Austin"), day("2026-04-20")));
  EXPECT_TRUE(is_regional_holiday(office("Austin"), day("2026-03-02")));
  EXPECT_TRUE(is_regional_holiday(office("Pune"), day("2026-05-01")));
  EXPECT_FALSE(is_holiday("US", day("2026-04-20")));
  EXPECT_TRUE(is_day_off(office("Boston"), day("2026-07-04")));
  EXPECT_FALSE(is_day_off(office("Leeds"), day("2026-07-03")));
}

TEST(Calendar, finds_the_last_working_day_of_a_quarter) {
  EXPECT_EQ(quarter_end(day("2026-01-05")), day("2026-03-31"));
  EXPECT_EQ(quarter_end(day("2026-05-31")), day("2026-06-30"));
  EXPECT_EQ(quarter_end(day("2027-12-31")), day("2027-12-31"));
  EXPECT_EQ(quarter_end(day("2028-11-01")), day("2028-12-29"));
}

}  // namespace
}  // namespace candor
