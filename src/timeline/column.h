#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "timeline/byte_stream.h"
#include "timeline/row.h"

// Columns of texts within a block: each different text once, then which row has which.
namespace candor {

// Writes one column. add() each row's text, then finish(). Reusable.
class TextColumnWriter {
 public:
  void add_derived(Derivation derivation) { codes_.push_back(static_cast<std::uint32_t>(derivation)); }
  // The text must live until finish().
  void add(std::string_view text);
  // Appends the column to `columns`, its GUIDs and hexadecimal texts to `packed`, and starts anew.
  void finish(std::string& columns, std::string& packed);

 private:
  // Which text is in texts_, open addressing: a slot counts when its column is the current one.
  struct Slot {
    std::uint32_t column = 0;
    std::uint32_t text = 0;  // its index
  };
  std::uint32_t index_of(std::string_view text);  // texts_.size() before the call when it is new
  void grow();

  std::vector<std::uint32_t> codes_;
  std::vector<std::string_view> texts_;
  std::vector<Slot> slots_;  // a power of two of them, at least twice as many as texts
  std::uint32_t column_ = 1;
  std::string_view last_;
  std::uint32_t last_code_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> runs_;  // code, length
  std::string bytes_;
};

// What one row has: a derivation, or a text (when derivation is none).
struct ColumnText {
  Derivation derivation = Derivation::none;
  std::string_view text;
};

// Reads a column of `count` texts; GUIDs and hexadecimal texts are written out into the arena.
void read_text_column(ByteReader& columns, ByteReader& packed, std::size_t count, RowArena& arena,
                      std::vector<ColumnText>& out);

// Numbers; all equal ones cost a few bytes whatever their count.
void write_number_column(std::string& columns, const std::vector<std::int64_t>& numbers);
void read_number_column(ByteReader& columns, std::size_t count, std::vector<std::int64_t>& out);

}  // namespace candor
