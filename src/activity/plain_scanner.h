#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "activity/extracted.h"

namespace candor {

// The plain way into a record: one pass with simdjson's on-demand parser. Decides about every record that the shape
// scanner will not vouch for, and is its oracle in tests.
// Thread safety: one thread at a time.
class PlainScanner {
 public:
  enum class Outcome : std::uint8_t { found, not_an_object, invalid_utf8, invalid_json };

  // `tree` must outlive the scanner.
  explicit PlainScanner(const PathTree& tree);
  ~PlainScanner();

  // `record` must be followed by RawBatch::kPadding readable bytes. Fills `out` also when it fails half-way.
  Outcome scan(std::string_view record, Extracted& out);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candor
