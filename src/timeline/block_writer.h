#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "timeline/block.h"
#include "timeline/byte_stream.h"
#include "timeline/column.h"

// The writing half of a block; block.cc holds the reading one, and what both have around them.
namespace candor {

using Numbers = std::vector<std::int64_t>;

// Lays the rows of one block out as columns. Reusable: what it allocates stays for the next block.
class BlockWriter {
 public:
  explicit BlockWriter(const FieldNumbers& numbers) : numbers_(numbers) {}

  // Fills `columns` and `packed`, which live until the next write(). Untold texts stay untold.
  void write(std::span<const ActivityRow> rows) {
    columns.clear();
    packed.clear();
    rows_.clear();
    for (const ActivityRow& row : rows) rows_.push_back(&row);
    // By operation, then as given: what one operation writes is much alike.
    std::ranges::sort(rows_, [](const ActivityRow* a, const ActivityRow* b) {
      const int order = a->operation.compare(b->operation);
      return order != 0 ? order < 0 : a < b;
    });
    write_core();
    write_matches();
    write_fields();
  }
  std::string columns;
  std::string packed;

 private:
  // Instants in the coarsest unit that loses nothing: most sources give whole seconds.
  std::int64_t unit() const {
    std::int64_t unit = kMicrosPerSecond;
    for (const ActivityRow* row : rows_) {
      while (row->time % unit != 0) unit = unit == kMicrosPerSecond ? 1000 : 1;
    }
    return unit;
  }

  void write_core() {
    const std::int64_t unit = this->unit();
    put_varint(columns, static_cast<std::uint64_t>(unit));
    write_deltas([&](const ActivityRow& row) { return row.time / unit; });
    write_numbers([](const ActivityRow& row) { return row.source; });
    write_numbers([](const ActivityRow& row) { return row.actor; });
    write_numbers([](const ActivityRow& row) { return row.version; });
    write_deltas([](const ActivityRow& row) { return row.raw.segment; });
    write_deltas([](const ActivityRow& row) { return row.raw.frame; });
    for (const ActivityRow* row : rows_) texts_.add(row->record_id);
    texts_.finish(columns, packed);
    for (const ActivityRow* row : rows_) texts_.add(row->operation);
    texts_.finish(columns, packed);
    for (const ActivityRow* row : rows_) put_word(packed, row->content);
  }

  template <typename Value>
  void write_numbers(Value value) {
    numbers_of_column_.clear();
    for (const ActivityRow* row : rows_) numbers_of_column_.push_back(static_cast<std::int64_t>(value(*row)));
    write_number_column(columns, numbers_of_column_);
  }

  // The first stands alone, so that even steps are a constant column.
  template <typename Value>
  void write_deltas(Value value) {
    numbers_of_column_.clear();
    auto before = static_cast<std::int64_t>(value(*rows_.front()));
    put_zigzag(columns, before);
    for (const ActivityRow* row : std::span(rows_).subspan(1)) {
      const auto number = static_cast<std::int64_t>(value(*row));
      numbers_of_column_.push_back(number - std::exchange(before, number));
    }
    write_number_column(columns, numbers_of_column_);
  }

  // Each different list of matches once; which rows have which.
  void write_matches() {
    for (const ActivityRow* row : rows_) {
      texts_.add({reinterpret_cast<const char*>(row->matches.data()), row->matches.size_bytes()});
    }
    texts_.finish(columns, packed);
  }

  void write_fields() {
    // Cells are in order of field in every row: one cursor a row, one pass a field.
    cursors_.clear();
    for (const ActivityRow* row : rows_) cursors_.push_back({row->cells.data(), row->cells.data() + row->cells.size()});
    while (const Cell* least = least_cell()) {
      const Cell::Kind kind = least->kind();
      const FieldId field = least->field();
      put_varint(columns, std::uint64_t{numbers_.number(field)} + 1);
      columns.push_back(static_cast<char>(kind));
      take_cells(field);
      if (kind == Cell::Kind::number) {
        numbers_of_column_.clear();
        for (const Cell* cell : taken_) numbers_of_column_.push_back(cell->number());
        write_number_column(columns, numbers_of_column_);
      } else {
        write_texts(kind);
      }
    }
    put_varint(columns, 0);
  }

  const Cell* least_cell() const {
    const Cell* least = nullptr;
    for (const Cursor& cursor : cursors_) {
      if (cursor.at == cursor.end) continue;
      if (least == nullptr || cursor.at->field() < least->field()) least = cursor.at;
    }
    return least;
  }

  // Moves all rows' cells of `field` to taken_, and writes which rows have one: lengths of runs, absent ones first, for
  // rows of one operation lie together and mostly have the same fields. The last run goes to the end.
  void take_cells(FieldId field) {
    taken_.clear();
    runs_.assign(1, 0);
    bool present = false;
    for (Cursor& cursor : cursors_) {
      const bool has = cursor.at != cursor.end && cursor.at->field() == field;
      if (has) taken_.push_back(cursor.at++);
      if (has != present) {
        present = has;
        runs_.push_back(0);
      }
      ++runs_.back();
    }
    put_varint(columns, runs_.size());
    runs_.pop_back();
    for (const std::size_t run : runs_) put_varint(columns, run);
  }

  void write_texts(Cell::Kind kind) {
    if (kind == Cell::Kind::list) {
      numbers_of_column_.clear();
      for (const Cell* cell : taken_) numbers_of_column_.push_back(static_cast<std::int64_t>(cell->list().size()));
      write_number_column(columns, numbers_of_column_);
    }
    for (const Cell* cell : taken_) {
      if (kind == Cell::Kind::list) {
        for (const std::string_view text : cell->list()) texts_.add(text);
      } else if (cell->derivation() != Derivation::none) {
        texts_.add_derived(cell->derivation());
      } else {
        texts_.add(cell->text());
      }
    }
    texts_.finish(columns, packed);
  }

  struct Cursor {
    const Cell* at;
    const Cell* end;
  };

  const FieldNumbers& numbers_;
  std::vector<const ActivityRow*> rows_;
  std::vector<Cursor> cursors_;
  std::vector<const Cell*> taken_;
  std::vector<std::size_t> runs_;
  Numbers numbers_of_column_;
  TextColumnWriter texts_;
};

}  // namespace candor
