#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "activity/extracted.h"

namespace candor {

// The fast way into a record: simdjson's structural indexes of a whole batch, then a learnt automaton over its keys.
// A state stands for "these keys so far, in this order"; its edges hold the keys that followed before. Records of one
// kind repeat their keys, so nearly always the first comparison (length, first and last 16 bytes) settles a key.
// Values nobody wants are stepped over, not checked; whatever looks odd is left to the plain scanner.
// Thread safety: one thread at a time.
class ShapeScanner {
 public:
  using Shape = std::uint32_t;

  // `tree` must outlive the scanner.
  explicit ShapeScanner(const PathTree& tree);
  ~ShapeScanner();

  // Indexes a text of records, which RawBatch::kPadding readable bytes follow. False when something in it (a bad quote,
  // a control character, bytes that are not UTF-8) makes the indexes of all of it doubtful: index the records one by
  // one instead.
  bool index(std::string_view text);

  // The record at `offset` of the indexed text; records must be asked for in ascending order. nullopt: let the plain
  // scanner decide (`out` is then to be cleared).
  std::optional<Shape> scan(std::size_t offset, std::size_t length, Extracted& out);

  // Every slot that a record of this shape may fill.
  const SlotSet& possible(Shape shape) const;
  // Grows when shapes are forgotten: whatever was kept by Shape is void then.
  std::uint64_t generation() const;
  // States learnt, for tests.
  std::size_t state_count() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candor
