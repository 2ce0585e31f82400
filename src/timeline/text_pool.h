#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "timeline/row.h"

namespace candor {

// Texts that many rows of one buffer share (sites, user agents, operations), each kept once. Which fields are worth it
// is found out: one whose texts seldom come back is left alone from then on, for the life of the pool.
// Texts stay where they are while the pool lives. Thread safety: none of its own; text() may be called by many threads
// while nobody calls number_of().
class TextPool {
 public:
  static constexpr std::size_t kShortest = 8;  // shorter texts cost less than their number
  static constexpr std::size_t kLongest = 512;

  // At most so many bytes of texts are kept. Room for them is taken as they come.
  explicit TextPool(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // The number `text` has, as one of the texts of `field`; it gets one if there is room. None: write it out.
  std::optional<std::uint32_t> number_of(FieldId field, std::string_view text) {
    if (text.size() < kShortest || text.size() > kLongest) return std::nullopt;
    if (field < fields_.size() && fields_[field].left_alone) return std::nullopt;
    return find(field, text);
  }
  // `number` must be one that number_of() gave.
  std::string_view text(std::uint32_t number) const { return texts_[number]; }
  // What the pool takes, for the buffer's budget.
  std::size_t bytes() const { return bytes_; }

 private:
  // Of so many texts of a field, so many must have been there before: half of the first ones, nearly all of later ones.
  // A field of many texts would push everything else out of the processor's caches.
  static constexpr std::uint32_t kTrial = 4096;
  static constexpr std::uint32_t kLeastFoundFirst = kTrial / 2;
  static constexpr std::uint32_t kLeastFound = kTrial - kTrial / 16;

  struct Field {
    std::uint32_t asked = 0;
    std::uint32_t found = 0;
    bool tried = false;  // a first time
    bool left_alone = false;
  };
  struct Slot {
    std::uint32_t number = 0;  // + 1; 0: free
    std::uint32_t hash = 0;
  };

  std::optional<std::uint32_t> find(FieldId field, std::string_view text);
  void grow();
  Field& ask(FieldId field);

  const std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  RowArena arena_;
  std::vector<std::string_view> texts_;  // by number
  std::vector<Slot> slots_;              // open addressing; a power of two, at least twice as many as texts
  std::vector<Field> fields_;            // by FieldId
};

}  // namespace candor
