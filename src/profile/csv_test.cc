#include "profile/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

using testing::ElementsAre;

// "line:field|field" or "line!fault" for each row.
std::vector<std::string> rows(std::string_view text, char separator = ',') {
  CsvReader reader(text, separator);
  std::vector<std::string> found;
  while (const auto record = reader.next()) {
    std::string row = std::to_string(record->line);
    if (!record->fault.empty()) {
      row += "!" + std::string(record->fault);
    } else {
      for (std::size_t i = 0; i < record->fields.size(); ++i) row += (i == 0 ? ":" : "|") + record->fields[i];
    }
    found.push_back(row);
  }
  return found;
}

TEST(Csv, RowsOfAllForms) {
  EXPECT_THAT(rows(""), ElementsAre());
  EXPECT_THAT(rows("\n\r\n\n"), ElementsAre());
  EXPECT_THAT(rows("a,b\nc,d"), ElementsAre("1:a|b", "2:c|d"));
  EXPECT_THAT(rows("\xef\xbb\xbf"
                   "a,b\r\n\r\nc,d\r\n"),
              ElementsAre("1:a|b", "3:c|d"));
  EXPECT_THAT(rows("a,,\n,\n"), ElementsAre("1:a||", "2:|"));
  EXPECT_THAT(rows("\"a,b\",\"say \"\"yes\"\"\",\"\"\nx"), ElementsAre("1:a,b|say \"yes\"|", "2:x"));
  EXPECT_THAT(rows("\"two\r\nlines\",1\nnext,2"), ElementsAre("1:two\r\nlines|1", "3:next|2"));
  EXPECT_THAT(rows("a;b,c", ';'), ElementsAre("1:a|b,c"));
  EXPECT_THAT(rows("a\rb,c"), ElementsAre("1:a\rb|c"));
}

TEST(Csv, AMalformedRowCostsItsFirstLineOnly) {
  EXPECT_THAT(rows("a,\"open\nb,c\n"), ElementsAre("1!a quotation mark is never closed", "2:b|c"));
  EXPECT_THAT(rows("\"a\"x,b\nc\n"), ElementsAre("1!it has text behind a closing quotation mark", "2:c"));
  EXPECT_THAT(rows("a\"b,c\nd"),
              ElementsAre("1!it has a quotation mark inside a field that does not begin with one", "2:d"));
  EXPECT_THAT(rows("\"" + std::string(70'000, 'x') + "\"\ny"), ElementsAre("1!it is longer than 64 KiB", "2:y"));
  EXPECT_THAT(rows(std::string(70'000, 'x') + "\ny"), ElementsAre("1!it is longer than 64 KiB", "2:y"));
  EXPECT_THAT(rows(std::string(600, ',') + "\ny"), ElementsAre("1!it has more than 500 fields", "2:y"));
}

TEST(Csv, TheSeparatorIsTheOneTheFirstLineHasMostOf) {
  EXPECT_EQ(CsvReader::separator_of("a,b;c,d"), ',');
  EXPECT_EQ(CsvReader::separator_of("a;b\nc,d,e,f"), ';');
  EXPECT_EQ(CsvReader::separator_of("a\tb"), '\t');
  EXPECT_EQ(CsvReader::separator_of("\"a;b;c\",d"), ',');
  EXPECT_EQ(CsvReader::separator_of(""), ',');
}

// What is written by the book is read back, whatever the fields hold.
TEST(Csv, PropertyFieldsComeBack) {
  std::mt19937 random(11);
  static constexpr std::string_view kSymbols = "a,\"\n\r;\t \xc3\xa9";
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::vector<std::string>> written(1 + random() % 4);
    std::string text;
    for (auto& row : written) {
      row.resize(2 + random() % 3);
      for (std::size_t i = 0; i < row.size(); ++i) {
        for (auto n = random() % 5; n > 0; --n) row[i] += kSymbols[random() % kSymbols.size()];
        text += i == 0 ? "\"" : ",\"";
        for (const char c : row[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
        text += '"';
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
    }
    CsvReader reader(text, ',');
    for (const auto& row : written) {
      const auto record = reader.next();
      ASSERT_TRUE(record);
      EXPECT_EQ(record->fault, "");
      EXPECT_EQ(record->fields, row);
    }
    EXPECT_FALSE(reader.next());
  }
}

}  // namespace
}  // namespace candor
