#include <algorithm>
#include <string>
#include <utility>

#include "sources/find_byte.h"
#include "sources/splitter.h"

namespace candor {
namespace {

std::string json_escape(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (c == '"' || c == '\\') return {'\\', c};
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'u', '0', '0', kDigits[byte >> 4], kDigits[byte & 0xF]};
}

class CsvSplitter final : public Splitter {
 public:
  CsvSplitter(CsvForm form, std::uint64_t line) : form_(std::move(form)), line_(line) {}

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
    held_return_ = false;
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
    quoted_ = pending_quote_ = held_return_ = false;
    batch.begin(row_line_);
    if (is_whole_row()) {
      batch.append("{");
      has_member_ = cell_is_open_ = false;
    }
  }

  bool is_whole_row() const { return !form_.columns.empty(); }

  void keep(std::string_view piece, BatchBuilder& batch) {
    if (!is_whole_row()) {
      if (column_ == form_.column) batch.append(piece);
    } else if (column_ < form_.columns.size() && !form_.columns[column_].empty() && !piece.empty()) {
      if (!cell_is_open_) {
        batch.append(has_member_ ? ",\"" : "\"");
        batch.append(form_.columns[column_]);
        batch.append("\":\"");
        has_member_ = cell_is_open_ = true;
      }
      append_escaped(piece, batch);
    }
  }

  // A cell as the inside of a JSON string.
  static void append_escaped(std::string_view piece, BatchBuilder& batch) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const auto byte = static_cast<unsigned char>(piece[i]);
      if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
      batch.append(piece.substr(start, i - start));
      start = i + 1;
      batch.append(json_escape(piece[i]));
    }
    batch.append(piece.substr(start));
  }

  void end_cell(BatchBuilder& batch) {
    if (is_whole_row() && cell_is_open_) batch.append("\"");
    cell_is_open_ = false;
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
    // A return is part of the line's end or of the cell: the next byte tells.
    if (held_return_) {
      held_return_ = false;
      if (bytes[at] != '\n') {
        cell_is_empty_ = false;
        keep("\r", batch);
      }
    }
    // A quote opens only as the first character of a cell; elsewhere it is a character like others.
    if (cell_is_empty_ && bytes[at] == '"') {
      quoted_ = true;
      is_blank_ = cell_is_empty_ = false;
      return at + 1;
    }
    if (bytes[at] == '\r') {
      held_return_ = true;
      return at + 1;
    }
    const std::size_t start = at;
    while (at < bytes.size() && bytes[at] != form_.delimiter && bytes[at] != '\n' && bytes[at] != '\r') ++at;
    if (at > start) {
      cell_is_empty_ = false;
      const std::string_view piece = bytes.substr(start, at - start);
      if (piece.find_first_not_of(kBlanks) != std::string_view::npos) is_blank_ = false;
      keep(piece, batch);
    }
    if (at == bytes.size() || bytes[at] == '\r') return at;
    if (bytes[at] == form_.delimiter) {
      end_cell(batch);
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
    if (is_whole_row()) {
      end_cell(batch);
      batch.append("}");
    }
    if (is_blank_) {
      batch.drop();
    } else if (is_whole_row() ? column_ + 1 != form_.columns.size() : column_ < form_.column) {
      batch.reject(row_line_, "bad_csv");
    } else if ((is_whole_row() && !has_member_) || !batch.end()) {
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
  bool held_return_ = false;    // a carriage return outside quotes whose next byte is not known yet
  // Of a whole row:
  bool has_member_ = false;
  bool cell_is_open_ = false;  // its key and opening quote are written
};

}  // namespace

std::unique_ptr<Splitter> csv_splitter(CsvForm form, std::uint64_t first_row) {
  return std::make_unique<CsvSplitter>(std::move(form), first_row);
}

std::vector<std::string> csv_header(std::string_view line, char delimiter) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[i++];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  for (std::string& cell : cells) {
    const auto first = cell.find_first_not_of(kBlanks);
    if (first == std::string::npos) {
      cell.clear();
      continue;
    }
    const std::string name = cell.substr(first, cell.find_last_not_of(kBlanks) - first + 1);
    cell.clear();
    for (const char c : name) {
      const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
      cell += plain ? std::string(1, c) : json_escape(c);
    }
  }
  return cells;
}

}  // namespace candor
