#include "api/csv.h"

#include <gtest/gtest.h>

namespace candor::api {
namespace {

std::string cell(std::string_view text) {
  CsvWriter csv;
  csv.cell(text);
  return csv.take();
}

TEST(Csv, WritesRows) {
  CsvWriter csv;
  csv.cell("a").cell("").cell("b c").end_row();
  csv.cell("x,y").cell("say \"hi\"").cell("two\nlines").end_row();
  EXPECT_EQ(csv.take(), "a,,b c\r\n\"x,y\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
}

TEST(Csv, FormulasAreDefused) {
  EXPECT_EQ(cell("=HYPERLINK(\"http://evil.example\")"), "\"'=HYPERLINK(\"\"http://evil.example\"\")\"");
  EXPECT_EQ(cell("+1"), "'+1");
  EXPECT_EQ(cell("-1"), "'-1");
  EXPECT_EQ(cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(cell("\t=1"), "'\t=1");
  EXPECT_EQ(cell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(cell("a=1"), "a=1");
  EXPECT_EQ(cell("\n=1"), "\"'\n=1\"");
  EXPECT_EQ(cell("  =1"), "'  =1");
  for (const char* sign : {"＝", "＋", "－", "＠"})
    EXPECT_EQ(cell(std::string(sign) + "1"), "'" + std::string(sign) + "1");
  // Where the separator is a semicolon, and where a line end inside quotes is taken for one of the file.
  EXPECT_EQ(cell("a;=1"), "\"'a;=1\"");
  EXPECT_EQ(cell("a; \"=1"), "\"'a; \"\"=1\"");
  EXPECT_EQ(cell("a\n+1"), "\"'a\n+1\"");
  EXPECT_EQ(cell("a;b-c"), "\"a;b-c\"");
  // Bytes that vanish must not uncover a formula.
  EXPECT_EQ(cell(std::string_view("\0=1", 3)), "'=1");
}

TEST(Csv, NumbersAreNoFormulas) {
  CsvWriter csv;
  csv.cell("a").number(-5).number(7).end_row();
  EXPECT_EQ(csv.take(), "a,-5,7\r\n");
}

TEST(Csv, BytesThatAreNoTextAreReplaced) { EXPECT_EQ(cell("a\xff"), "a\xef\xbf\xbd"); }

}  // namespace
}  // namespace candor::api
