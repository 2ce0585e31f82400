#include "api/csv.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace candor::api {

namespace {

constexpr std::string_view kNeedsQuotes = "\",;\r\n";
constexpr std::string_view kBreaks = "\t\r\n";
// Signs that begin a formula, with their full-width twins.
constexpr std::array<std::string_view, 8> kFormulaStarts = {
    "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

bool begins_formula(std::string_view text) {
  const std::size_t start = text.find_first_not_of(' ');
  if (start == std::string_view::npos) return false;
  text.remove_prefix(start);
  return kBreaks.find(text.front()) != std::string_view::npos ||
         std::ranges::any_of(kFormulaStarts, [&](std::string_view sign) { return text.starts_with(sign); });
}

bool is_dangerous(std::string_view text) {
  if (begins_formula(text)) return true;
  for (std::size_t at = text.find_first_of(";\r\n\t"); at != std::string_view::npos;
       at = text.find_first_of(";\r\n\t", at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    const std::size_t start = rest.find_first_not_of(" ;\r\n\t\"");
    if (start != std::string_view::npos && begins_formula(rest.substr(start))) return true;
  }
  return false;
}

std::string cleaned(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      clean += "\xef\xbf\xbd";
    } else if (text.front() != '\0') {
      clean += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

}  // namespace

CsvWriter& CsvWriter::cell(std::string_view text) {
  if (row_started_) out_ += ',';
  row_started_ = true;
  std::string clean = cleaned(text);
  if (is_dangerous(clean)) clean.insert(0, 1, '\'');
  if (clean.find_first_of(kNeedsQuotes) == std::string::npos) {
    out_ += clean;
    return *this;
  }
  out_ += '"';
  for (const char c : clean) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
  return *this;
}

CsvWriter& CsvWriter::number(std::int64_t value) {
  if (row_started_) out_ += ',';
  row_started_ = true;
  out_ += std::to_string(value);
  return *this;
}

void CsvWriter::end_row() {
  out_ += "\r\n";
  row_started_ = false;
}

}  // namespace candor::api
