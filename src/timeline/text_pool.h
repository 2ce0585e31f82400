#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "timeline/row.h"

namespace candor {

// Texts that many rows of one buffer share (sites, user agents, operations), each kept once. Which fields are worth it
// is found out: one whose texts seldom come back is left alone from then on, for the life of the pool.
// Texts stay where they are while the pool lives. Thread safety: number_of() by one thread; text() by any, for numbers
// that were handed to it by that one (in a row, under a mutex).
class TextPool {
 public:
  static constexpr std::size_t kShortest = 8;  // shorter texts cost less than their number
  static constexpr std::size_t kLongest = 512;

  // At most so many bytes of texts are kept. Room for them is taken as they come.
  explicit TextPool(std::size_t most_bytes) : most_bytes_(most_bytes) {
    pages_.reserve(most_bytes / kEach / kPage + 1);
  }

  // What number_of() will look for; 0: nothing, the text is written out. To be asked some time before, so that memory
  // can be fetched meanwhile: prefetch() the text's place, prefetch_view() what lies there, prefetch_text() the text.
  std::uint64_t hash_of(FieldId field, std::string_view text) const {
    if (text.size() < kShortest || text.size() > kLongest) return 0;
    if (field < fields_.size() && fields_[field].left_alone) return 0;
    return hash(text);
  }
  void prefetch(std::uint64_t hash) const {
    if (hash != 0 && !slots_.empty()) __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  void prefetch_view(std::uint64_t hash) const {
    if (const std::uint32_t number = likely(hash); number != 0)
      __builtin_prefetch(&pages_[(number - 1) / kPage][(number - 1) % kPage]);
  }
  void prefetch_text(std::uint64_t hash) const {
    if (const std::uint32_t number = likely(hash); number != 0) __builtin_prefetch(text(number - 1).data());
  }

  // The number `text` has, as one of the texts of `field`; it gets one if there is room. None: write it out. `hash` is
  // what hash_of() said of them.
  std::optional<std::uint32_t> number_of(FieldId field, std::string_view text, std::uint64_t hash) {
    if (hash == 0 || (field < fields_.size() && fields_[field].left_alone)) return std::nullopt;
    return find(field, text, hash);
  }
  std::optional<std::uint32_t> number_of(FieldId field, std::string_view text) {
    return number_of(field, text, hash_of(field, text));
  }
  // `number` must be one that number_of() gave.
  std::string_view text(std::uint32_t number) const { return pages_[number / kPage][number % kPage]; }
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

  static constexpr std::size_t kEach = sizeof(std::string_view) + 4 * sizeof(Slot);  // bytes of a text besides its own
  static constexpr std::uint32_t kPage = 1024;                                       // texts

  // Never 0.
  static std::uint64_t hash(std::string_view text);
  // The number + 1 of the first text that may be the one, 0: none.
  std::uint32_t likely(std::uint64_t hash) const {
    if (hash == 0 || slots_.empty()) return 0;
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    return slot.hash == static_cast<std::uint32_t>(hash >> 32) ? slot.number : 0;
  }
  std::optional<std::uint32_t> find(FieldId field, std::string_view text, std::uint64_t hash);
  void grow();
  Field& ask(FieldId field);

  const std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  RowArena arena_;
  // Texts by number. There is room for all pages from the beginning: what is read is never moved.
  std::vector<std::unique_ptr<std::string_view[]>> pages_;
  std::uint32_t count_ = 0;    // of texts
  std::vector<Slot> slots_;    // open addressing; a power of two, at least twice as many as texts
  std::vector<Field> fields_;  // by FieldId
};

}  // namespace candor
