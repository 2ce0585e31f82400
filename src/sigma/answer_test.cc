#include "sigma/answer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "sigma/compile.h"

namespace candor::sigma {
namespace {

// * and ? stand for the bytes the compiled pattern has.
std::string pattern(std::string text) {
  for (char& c : text) c = c == '*' ? kAnyRun : c == '?' ? kAnyOne : c;
  return text;
}

TEST(Wildcard, WholeLettersOnly) {
  const std::tuple<const char*, const char*, bool> rows[] = {
      {"*", "", true},
      {"", "", true},
      {"?", "", false},
      {"?", "日", true},
      {"??", "日", false},
      {"*??", "日", false},
      {"*??", "日本", true},
      {"日*", "日本", true},
      {"*本", "日本", true},
      {"?本", "日本", true},
      {"*?本", "本", false},
      {"a*b*c", "axxbxxc", true},
      {"a*b*c", "axxbxx", false},
      {"*ab", "aab", true},
      {"*a?c*", "xxabcx", true},
      {"a**c", "ac", true},
  };
  for (const auto& [wild, text, matches] : rows)
    EXPECT_EQ(wildcard_match(pattern(wild), text), matches) << wild << " " << text;
}

TEST(Wildcard, ManyStarsOnALongTextTakeNoTime) {
  std::string wild;
  for (int i = 0; i < 200; ++i) wild += "*a";
  EXPECT_FALSE(wildcard_match(pattern(wild + "*b"), std::string(20'000, 'a')));
}

// The vector search against the plain one, at every length around the vectors' and at the end of what may be read.
TEST(Contains, SameAsThePlainSearch) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    std::string wanted(1 + random() % 5, 'a');
    for (char& c : wanted) c = static_cast<char>('a' + random() % 2);
    const Literal literal(wanted);
    for (int i = 0; i < 40; ++i) {
      std::string text(random() % 100, 'a');
      for (char& c : text) c = static_cast<char>('a' + (random() % 7 == 0 ? 1 : 0));
      const std::string padded = text + std::string(FieldValues::kPadding, 'b');
      ASSERT_EQ(compares(Comparison::contains, std::string_view(padded).substr(0, text.size()), literal),
                text.find(wanted) != std::string::npos)
          << text << " " << wanted;
    }
  }
}

TEST(DateParts, AreThoseWritten) {
  struct Row {
    const char* date;
    DatePart part;
    int expected;  // -1: none
  };
  const Row rows[] = {
      {"2026-03-02T10:20:07Z", DatePart::minute, 20},
      {"2026-03-02T10:20:07+05:00", DatePart::hour, 10},  // as written: no zone is converted
      {"2026-03-02 10:20:07.132", DatePart::day, 2},
      {"2026-03-02", DatePart::month, 3},
      {"2026-03-02", DatePart::hour, -1},
      {"2026-03-02", DatePart::year, 2026},
      {"2026-01-01", DatePart::week, 1},
      {"2027-01-01", DatePart::week, 53},  // a Friday: the week of the year before
      {"2026-02-30", DatePart::day, -1},
      {"1772446807", DatePart::hour, 10},
      {"1772446807123", DatePart::hour, 10},
      {"noon", DatePart::hour, -1},
      {"", DatePart::hour, -1},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(date_part(row.date, row.part).value_or(-1), row.expected) << row.date;
  }
}

}  // namespace
}  // namespace candor::sigma
