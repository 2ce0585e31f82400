#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// What kind of source a raw record came from: part of an activity's identity, so numbers are never reused. `feed`: an
// application that content maps; the record names it (sources/feed.h).
enum class SourceKind : std::uint8_t { m365_audit = 1, badge = 2, feed = 3 };

// Where one raw record lies in its batch's text. `row` counts from 1 in the input it came from: the line for NDJSON,
// the element for a JSON array, the line the record starts on for CSV.
struct RawSlice {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint64_t row = 0;
};

// A row that never became a raw record: counted and reported, the stream goes on.
struct RejectedRow {
  std::uint64_t row = 0;
  std::string
      reason;  // stable id without spaces: "empty_record", "too_large", "bad_csv", "invalid_json", "not_an_object"
};

// Some hundred raw records handed on together, with the checkpoint that covers them. Owns its bytes; movable.
struct RawBatch {
  // Zero bytes behind the last record, so that vector code may read past it (simdjson needs 64).
  static constexpr std::size_t kPadding = 64;

  SourceKind kind = SourceKind::m365_audit;
  std::string origin;             // name of the file or feed, for messages
  std::string text;               // JSON documents, each followed by '\n', then kPadding zero bytes
  std::vector<RawSlice> records;  // in order of arrival; bounds of the documents in `text`, without the '\n'
  std::vector<RejectedRow> rejected;
  std::uint64_t bytes_consumed =
      0;                         // of the input as stored (before decompression), since the batch before; for progress
  std::string checkpoint;        // opaque to all but the source; moves only when all above is on disk
  bool is_last_for_now = false;  // the feed gives nothing more at present: what came is worth acting upon

  std::string_view record(std::size_t index) const {
    return std::string_view(text).substr(records[index].offset, records[index].length);
  }
  // All documents with their line ends, without the padding.
  std::string_view documents() const {
    return std::string_view(text).substr(0, text.size() < kPadding ? 0 : text.size() - kPadding);
  }
};

}  // namespace candor
