#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// Reads LDIF (RFC 2849) record by record: folded lines, comments, base64 values (`::`), LF or CRLF, attribute options
// (`cn;lang-en` is cn). Values given as URL (`:<`) are not fetched: a fault. Change records other than `add` are a
// fault too. A malformed record is handed over as such, and reading goes on behind the next empty line.
// Thread safety: one thread at a time; `text` must outlive it.
class LdifReader {
 public:
  static constexpr std::size_t kLongestValue = std::size_t{64} << 10;  // bytes, unfolded; longer ones are left empty
  static constexpr std::size_t kMostValues = 100'000;                  // of one record

  explicit LdifReader(std::string_view text) : text_(text) {}

  struct Attribute {
    std::string name;  // lower case, without options
    std::string value;
  };
  struct Record {
    int line = 0;  // where it starts, from 1
    std::string dn;
    std::vector<Attribute> attributes;  // without dn, changetype, control and version
    std::string_view fault;             // why it is malformed, "" when it is not
  };
  // nullopt at the end.
  std::optional<Record> next();

 private:
  struct Line {
    int number = 0;
    std::string text;
  };
  // The next unfolded line, "" for an empty one; nullopt at the end. Comments are passed over.
  std::optional<Line> next_line();
  static std::string_view take(const Line& line, Record& record);

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

// Standard base64 with padding; nullopt for anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace candor
