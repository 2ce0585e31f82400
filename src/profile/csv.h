#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// Reads RFC 4180 text row by row: quoted fields with doubled quotes, line ends inside quotes, LF or CRLF, a byte order
// mark in front, empty lines passed over. A malformed row is handed over as such, and reading goes on behind its first
// line. Thread safety: one thread at a time; `text` must outlive it.
class CsvReader {
 public:
  static constexpr std::size_t kLongestRow = std::size_t{64} << 10;  // bytes
  static constexpr std::size_t kMostFields = 500;

  CsvReader(std::string_view text, char separator);

  struct Record {
    int line = 0;  // where it starts, from 1
    std::vector<std::string> fields;
    std::string_view fault;  // why it is malformed, "" when it is not
  };
  // nullopt at the end.
  std::optional<Record> next();

  // Comma, semicolon or tab: the one the first line has most of, outside quotes.
  static char separator_of(std::string_view text);

 private:
  std::string_view read_fields(Record& record);
  std::string_view read_quoted(std::string& field);
  bool at_line_end() const;
  void pass_line_end();

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace candor
