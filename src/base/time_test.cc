#include "base/time.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

struct Case {
  const char* text;
  const char* expected;  // nullptr: refused
};

class ParseTime : public testing::TestWithParam<Case> {};

TEST_P(ParseTime, GivesTheInstantInUtc) {
  const auto time = parse_time(GetParam().text);
  if (GetParam().expected == nullptr) {
    EXPECT_FALSE(time.has_value()) << GetParam().text;
  } else {
    ASSERT_TRUE(time.has_value()) << GetParam().text;
    EXPECT_EQ(format_time(*time), GetParam().expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseTime,
    testing::Values(
        Case{"2021-05-18T21:13:33", "2021-05-18T21:13:33Z"}, Case{"2021-05-18T21:13:33Z", "2021-05-18T21:13:33Z"},
        Case{"2019-04-23T15:18:02.4675041+05:30", "2019-04-23T09:48:02.467504Z"},
        Case{"2019-04-29T15:18:02.7117540", "2019-04-29T15:18:02.711754Z"},
        Case{"2021-05-18 21:13", "2021-05-18T21:13:00Z"}, Case{"2021-05-18", "2021-05-18T00:00:00Z"},
        Case{"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"}, Case{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
        Case{"2023-02-29", nullptr}, Case{"2021-13-01", nullptr}, Case{"5/18/2021 9:13:33 PM", nullptr},
        Case{"", nullptr}, Case{"2021-05-18T21:13:33+", nullptr}, Case{"2021-05-18T24:00:00Z", nullptr},
        Case{"2021-05-18T21:13:33Zjunk", nullptr}, Case{"0000-01-01", nullptr},
        Case{"0001-01-01T00:00:00+00:01", nullptr}, Case{"0001-01-01T00:00:00-00:01", "0001-01-01T00:01:00Z"},
        Case{"9999-12-31T23:59:59-00:01", nullptr}, Case{"9999-12-31T23:59:60Z", nullptr},
        Case{"9999-12-31T23:59:59+18:00", "9999-12-31T05:59:59Z"}));

TEST(Day, FloorsBefore1970) {
  EXPECT_EQ(day_of(-1), -1);
  EXPECT_EQ(day_of(0), 0);
  EXPECT_EQ(format_day(day_of(-1)), "1969-12-31");
}

}  // namespace
}  // namespace candor
