#include "activity/json_text.h"

#include <gtest/gtest.h>

#include <random>

#include "activity/operation_name.h"

namespace candor {
namespace {

std::string unescaped(const std::string& text) {
  std::string out(text.size(), '\0');
  out.resize(unescape_json(text, out.data()));
  return out;
}

TEST(JsonText, Unescapes) {
  EXPECT_EQ(unescaped(R"(a\"b\\c\/\b\f\n\r\t)"), "a\"b\\c/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u20ac\ud83d\ude00)"), "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(unescaped(R"(\ud83dx)"), "\xEF\xBF\xBDx");
  EXPECT_EQ(unescaped(R"(\ude00)"), "\xEF\xBF\xBD");
  EXPECT_EQ(unescaped(R"(\ud83d\u0041)"),
            "\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(unescaped(R"(\u12)"), "?12");
  EXPECT_EQ(unescaped("x\\"), "x");
}

TEST(JsonText, WritesWhatItReads) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::uint32_t i = random() % 20; i > 0; --i) text += static_cast<char>(random() % 256);
    const std::string valid = repair_utf8(text);
    std::string written;
    append_json_string(written, text);
    ASSERT_TRUE(written.starts_with('"') && written.ends_with('"'));
    ASSERT_EQ(unescaped(written.substr(1, written.size() - 2)), valid);
    ASSERT_EQ(repair_utf8(valid), valid);
    for (const char c : written) ASSERT_GE(static_cast<unsigned char>(c), 0x20);
  }
}

TEST(JsonText, ParsesIntegersAndNothingElse) {
  EXPECT_EQ(parse_integer("0"), 0);
  EXPECT_EQ(parse_integer("-17"), -17);
  EXPECT_EQ(parse_integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(parse_integer("-9223372036854775808"), INT64_MIN);
  for (const char* bad : {"", "-", "--1", "+1", "1.0", "1e3", " 1", "1 ", "9223372036854775808", "-9223372036854775809",
                          "99999999999999999999999", "--000000000000000000000", "0x10"}) {
    EXPECT_FALSE(parse_integer(bad).has_value()) << bad;
  }
  // Every length, and at each place every byte.
  std::string digits;
  std::int64_t value = 0;
  for (int size = 1; size <= 18; ++size) {
    digits += static_cast<char>('0' + size % 10);
    value = value * 10 + size % 10;
    EXPECT_EQ(parse_integer(digits), value);
    EXPECT_EQ(parse_integer("-" + digits), -value);
    for (char& place : digits) {
      const char kept = place;
      for (int byte = 0; byte < 256; ++byte) {
        place = static_cast<char>(byte);
        const bool is_number = (place >= '0' && place <= '9') || (place == '-' && &place == digits.data() && size > 1);
        EXPECT_EQ(parse_integer(digits).has_value(), is_number) << digits;
      }
      place = kept;
    }
  }
}

TEST(JsonText, FindsBackslashes) {
  for (std::size_t size = 0; size < 300; size += size < 140 ? 1 : 37) {
    std::string text(size + 64, '\\');
    std::fill_n(text.begin(), size, 'x');
    EXPECT_FALSE(has_backslash(std::string_view(text).substr(0, size)));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\\';
      EXPECT_TRUE(has_backslash(std::string_view(text).substr(0, size)));
      text[at] = 'x';
    }
  }
}

TEST(OperationName, IsTrimmedAndPlain) {
  EXPECT_EQ(normalised_operation("Add user."), "Add user");
  EXPECT_EQ(normalised_operation("  Add user .. "), "Add user");
  EXPECT_EQ(normalised_operation("a \xE2\x80\x93 b\xE2\x80\x94"
                                 "c\xC2\xA0"),
            "a - b-c");
  EXPECT_EQ(normalised_operation("New-InboxRule"), "New-InboxRule");
  EXPECT_EQ(normalised_operation(" . "), "");
  EXPECT_EQ(normalised_operation(""), "");
  EXPECT_EQ(normalised_operation("\xE2"), "\xE2");
}

}  // namespace
}  // namespace candor
