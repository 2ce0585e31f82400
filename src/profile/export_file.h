#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What the readers of exported files have in common: CSV, LDIF and JSON, of a directory or of HR.
namespace candor {

inline constexpr std::size_t kLargestFile = std::size_t{64} << 20;  // bytes
// Rows; with more the file is none of its format, and reading on only costs time.
inline constexpr std::int64_t kMostMalformed = 10'000;

// Without the blanks around it. A view into `text`.
constexpr std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Lower case, only letters and digits: the headers "Employee First-Name" and "employeefirstname" are one.
inline std::string fold_header(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) folded += c;
    if (c >= 'A' && c <= 'Z') folded += static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

}  // namespace candor
