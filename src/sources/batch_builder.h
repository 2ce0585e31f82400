#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "sources/raw_record.h"

namespace candor {

// Puts records together into a batch, piece by piece, so that a record is copied once and never held twice.
class BatchBuilder {
 public:
  BatchBuilder(std::size_t batch_bytes, std::size_t record_bytes)
      : batch_bytes_(batch_bytes), record_bytes_(record_bytes) {}

  // Starts a record; what was begun and not ended is dropped.
  void begin(std::uint64_t row) {
    drop();
    row_ = row;
    too_large_ = false;
  }
  void append(std::string_view piece) {
    if (too_large_) return;
    if (batch_.text.size() - start_ + piece.size() > record_bytes_) {
      too_large_ = true;
      batch_.text.resize(start_);
      return;
    }
    batch_.text += piece;
  }
  // Ends the record: blanks around it go, an empty one is no record, and `null` is an `empty_record`, however the feed
  // is written. Returns false when there was nothing in it.
  bool end();
  void reject(std::uint64_t row, std::string reason) {
    drop();
    batch_.rejected.push_back({row, std::move(reason)});
  }
  // Forgets the record under way.
  void drop() { batch_.text.resize(start_); }

  std::string_view under_way() const { return std::string_view(batch_.text).substr(start_); }

  // By what is whole: a record under way is never cut.
  bool is_full() const { return start_ >= batch_bytes_ || batch_.rejected.size() >= kMostRejected; }
  bool is_empty() const { return batch_.records.empty() && batch_.rejected.empty(); }

  // The batch so far, padded; starts the next one, to which a record under way goes over.
  RawBatch take();

 private:
  static constexpr std::size_t kMostRejected = 10'000;

  std::size_t batch_bytes_;
  std::size_t record_bytes_;
  RawBatch batch_;
  std::size_t start_ = 0;  // of the record under way
  std::uint64_t row_ = 0;
  bool too_large_ = false;
};

}  // namespace candor
