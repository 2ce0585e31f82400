#include "profile/csv.h"

#include <algorithm>

namespace candor {
namespace {

std::string_view without_mark(std::string_view text) {
  static constexpr std::string_view kMark = "\xef\xbb\xbf";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

}  // namespace

CsvReader::CsvReader(std::string_view text, char separator) : text_(without_mark(text)), separator_(separator) {}

char CsvReader::separator_of(std::string_view text) {
  const std::string_view all = without_mark(text);
  std::size_t commas = 0;
  std::size_t semicolons = 0;
  std::size_t tabs = 0;
  bool quoted = false;
  for (const char c : all.substr(0, kLongestRow)) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  if (commas >= semicolons && commas >= tabs) return ',';
  return semicolons >= tabs ? ';' : '\t';
}

bool CsvReader::at_line_end() const {
  return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::pass_line_end() {
  if (at_ >= text_.size()) return;
  at_ += text_[at_] == '\r' ? 2 : 1;
  ++line_;
}

std::optional<CsvReader::Record> CsvReader::next() {
  while (at_ < text_.size() && at_line_end()) pass_line_end();
  if (at_ >= text_.size()) return std::nullopt;
  const std::size_t start = at_;
  Record record;
  record.line = line_;
  record.fault = read_fields(record);
  if (!record.fault.empty()) {
    // What looked like a field over many lines may be a lost quote: only the row's first line is given up.
    at_ = std::min(text_.find('\n', start), text_.size());
    line_ = record.line;
  }
  pass_line_end();
  return record;
}

std::string_view CsvReader::read_fields(Record& record) {
  const std::size_t limit = std::min(text_.size(), at_ + kLongestRow);
  for (;;) {
    if (record.fields.size() == kMostFields) return "it has more than 500 fields";
    std::string& field = record.fields.emplace_back();
    if (at_ < text_.size() && text_[at_] == '"') {
      if (const auto fault = read_quoted(field); !fault.empty()) return fault;
    } else {
      for (; at_ < limit && !at_line_end() && text_[at_] != separator_; ++at_) {
        if (text_[at_] == '"') return "it has a quotation mark inside a field that does not begin with one";
        field += text_[at_];
      }
    }
    if (at_ >= limit && at_ < text_.size()) return "it is longer than 64 KiB";
    if (at_line_end()) return "";
    ++at_;  // the separator
  }
}

std::string_view CsvReader::read_quoted(std::string& field) {
  const std::size_t limit = std::min(text_.size(), at_ + kLongestRow);
  for (++at_; at_ < limit; ++at_) {
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] != '"') {
      field += text_[at_];
    } else if (text_.substr(at_, 2) == "\"\"") {
      field += '"';
      ++at_;
    } else {
      ++at_;
      if (at_line_end() || text_[at_] == separator_) return "";
      return "it has text behind a closing quotation mark";
    }
  }
  return limit < text_.size() ? "it is longer than 64 KiB" : "a quotation mark is never closed";
}

}  // namespace candor
