#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace candor::api {

// Writes RFC 4180 with CRLF line ends. Cells may be hostile: one that starts, after blanks, with = + - @ (also full
// width), a tab or a line end gets a leading apostrophe, because spreadsheets would run it as a formula, and so does
// one in which such a sign stands behind a semicolon or a line end, where some of them begin a cell too; bytes that are
// not UTF-8 become U+FFFD.
class CsvWriter {
 public:
  CsvWriter& cell(std::string_view text);
  CsvWriter& number(std::int64_t value);  // as it is, also when negative
  void end_row();
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool row_started_ = false;
};

}  // namespace candor::api
