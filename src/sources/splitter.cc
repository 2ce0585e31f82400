#include "sources/splitter.h"

#include <algorithm>

#include "sources/find_byte.h"

namespace candor {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

class LineSplitter final : public Splitter {
 public:
  explicit LineSplitter(std::uint64_t row) : row_(row) {}

  std::size_t feed(std::string_view bytes, BatchBuilder& batch) override {
    std::size_t at = 0;
    while (at < bytes.size()) {
      if (!inside_) {
        if (batch.is_full()) break;
        batch.begin(row_);
        inside_ = true;
      }
      const std::size_t end = find_from(bytes, '\n', at);
      batch.append(bytes.substr(at, end - at));
      at = end;
      if (end == bytes.size()) break;
      ++at;
      finish(batch);
      ++row_;
    }
    return at;
  }
  void finish(BatchBuilder& batch) override {
    if (inside_) batch.end();
    inside_ = false;
  }
  std::uint64_t row() const override { return row_; }

 private:
  std::uint64_t row_;
  bool inside_ = false;
};

class CsvSplitter final : public Splitter {
 public:
  CsvSplitter(CsvForm form, std::uint64_t line) : form_(form), line_(line) {}

  std::size_t feed(std::string_view bytes, BatchBuilder& batch) override {
    std::size_t at = 0;
    while (at < bytes.size()) {
      if (!in_row_) {
        if (batch.is_full()) return at;
        start_row(batch);
      }
      at = quoted_ ? in_quotes(bytes, at, batch) : outside_quotes(bytes, at, batch);
    }
    return at;
  }

  void finish(BatchBuilder& batch) override {
    if (!in_row_) return;
    if (quoted_ && !pending_quote_) {
      batch.reject(row_line_, "bad_csv");
      in_row_ = false;
    } else {
      end_row(batch);
    }
  }
  std::uint64_t row() const override { return line_; }

 private:
  void start_row(BatchBuilder& batch) {
    in_row_ = true;
    row_line_ = line_;
    column_ = 0;
    is_blank_ = cell_is_empty_ = true;
    quoted_ = pending_quote_ = false;
    batch.begin(row_line_);
  }

  void keep(std::string_view piece, BatchBuilder& batch) {
    if (column_ == form_.column) batch.append(piece);
  }

  // Inside quotes everything is text but a quote; a doubled one is one quote.
  std::size_t in_quotes(std::string_view bytes, std::size_t at, BatchBuilder& batch) {
    if (pending_quote_) {
      pending_quote_ = false;
      if (bytes[at] != '"') {
        quoted_ = false;
        return at;
      }
      keep("\"", batch);
      return at + 1;
    }
    const std::size_t quote = find_from(bytes, '"', at);
    const std::string_view piece = bytes.substr(at, quote - at);
    line_ += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
    keep(piece, batch);
    if (quote == bytes.size()) return quote;
    pending_quote_ = true;
    return quote + 1;
  }

  std::size_t outside_quotes(std::string_view bytes, std::size_t at, BatchBuilder& batch) {
    const std::size_t start = at;
    // A quote opens only as the first character of a cell; elsewhere it is a character like others.
    if (cell_is_empty_ && bytes[at] == '"') {
      quoted_ = true;
      is_blank_ = cell_is_empty_ = false;
      return at + 1;
    }
    while (at < bytes.size() && bytes[at] != form_.delimiter && bytes[at] != '\n') ++at;
    if (at > start) {
      cell_is_empty_ = false;
      const std::string_view piece = bytes.substr(start, at - start);
      if (piece.find_first_not_of(kBlanks) != std::string_view::npos) is_blank_ = false;
      keep(piece, batch);
    }
    if (at == bytes.size()) return at;
    if (bytes[at] == form_.delimiter) {
      ++column_;
      cell_is_empty_ = true;
      is_blank_ = false;
    } else {
      ++line_;
      end_row(batch);
    }
    return at + 1;
  }

  void end_row(BatchBuilder& batch) {
    in_row_ = false;
    if (is_blank_) {
      batch.drop();
    } else if (column_ < form_.column) {
      batch.reject(row_line_, "bad_csv");
    } else if (!batch.end()) {
      batch.reject(row_line_, "empty_record");
    }
  }

  CsvForm form_;
  std::uint64_t line_;
  std::uint64_t row_line_ = 0;
  std::size_t column_ = 0;
  bool in_row_ = false;
  bool is_blank_ = true;
  bool cell_is_empty_ = true;
  bool quoted_ = false;
  bool pending_quote_ = false;  // a quote inside quotes: closing, or the first of two
};

}  // namespace

std::unique_ptr<Splitter> line_splitter(std::uint64_t first_row) { return std::make_unique<LineSplitter>(first_row); }
std::unique_ptr<Splitter> csv_splitter(CsvForm form, std::uint64_t first_row) {
  return std::make_unique<CsvSplitter>(form, first_row);
}

std::unique_ptr<Splitter> make_splitter(const Format& format, std::uint64_t first_row) {
  switch (format.kind) {
    case Format::Kind::lines:
      return line_splitter(first_row);
    case Format::Kind::values:
      return value_splitter(first_row);
    default:
      return csv_splitter(format.csv, first_row);
  }
}

}  // namespace candor
