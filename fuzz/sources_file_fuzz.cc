#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sources/byte_stream.h"
#include "sources/splitter.h"

// Decoding, format detection and splitting of whatever a file holds: no crash, bounds kept, and the same records
// whatever the sizes of the pieces.
namespace {

using namespace candor;

std::string decode(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMost = std::size_t{1} << 20;  // of a decompression bomb
  const auto stream = decoded_stream(memory_stream({reinterpret_cast<const char*>(data), size}), "fuzz");
  std::string text;
  std::vector<char> block(777);
  while (text.size() < kMost) {
    const auto count = stream->read(block);
    if (!count || *count == 0) break;
    text.append(block.data(), *count);
  }
  return text;
}

std::vector<std::pair<std::uint64_t, std::string>> split(const std::string& text, const Format& format,
                                                         std::size_t piece) {
  BatchBuilder builder(64, 4096);
  const auto splitter = make_splitter(format, format.first_row);
  std::vector<std::pair<std::uint64_t, std::string>> found;  // by row: a batch tells records and rejected rows apart
  const auto take = [&] {
    const RawBatch batch = builder.take();
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      CANDOR_CHECK(batch.records[i].offset + batch.records[i].length + RawBatch::kPadding < batch.text.size());
      CANDOR_CHECK(batch.records[i].length > 0);
      found.emplace_back(batch.records[i].row, '+' + std::string(batch.record(i)));
    }
    for (const RejectedRow& row : batch.rejected) found.emplace_back(row.row, '-' + row.reason);
  };
  for (std::size_t at = format.skip; at < text.size();) {
    const std::size_t taken = splitter->feed(std::string_view(text).substr(at, piece), builder);
    CANDOR_CHECK(taken > 0 || builder.is_full());
    at += taken;
    if (!builder.is_empty()) take();
  }
  splitter->finish(builder);
  take();
  std::ranges::sort(found);
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = decode(data, size);
  const FeedForm enveloped{.name = "fuzz", .envelopes = {"Records", "a"}};
  for (const std::optional<FeedForm>& feed : {std::optional<FeedForm>(), std::optional(enveloped)}) {
    const auto format = candor::detect_format(text, true, "fuzz", feed);
    if (!format || !*format) continue;
    const auto found = split(text, **format, 1);
    CANDOR_CHECK(split(text, **format, 13) == found);
    CANDOR_CHECK(split(text, **format, text.size()) == found);
  }
  return 0;
}
