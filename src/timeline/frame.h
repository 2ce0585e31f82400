#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sources/raw_record.h"

// A frame of the raw log: up to about a mebibyte of raw records of one kind, with the checkpoints noted behind them.
// On disk: head (56 bytes, with a hash of itself and of what follows) | sealed(zstd(records and notes)).
namespace candor {

struct FrameHead {
  static constexpr std::size_t kSize = 56;
  std::uint32_t segment = 0;
  std::uint32_t frame = 0;        // in the segment
  std::uint32_t sealed_size = 0;  // of what follows the head
  std::uint32_t plain_size = 0;   // before compression
  std::uint32_t records = 0;
  std::uint64_t offset = 0;  // of this head in its segment
  std::uint64_t synced = 0;  // bytes of the segment that were on disk for certain when this frame was written
  std::uint64_t hash = 0;    // of the sealed bytes
};

std::string write_frame_head(const FrameHead& head);
// False when the bytes are no frame head, or a damaged one. Takes the first FrameHead::kSize bytes.
bool read_frame_head(std::string_view bytes, FrameHead& head);

// What a frame holds, before compression.
struct FrameContent {
  SourceKind kind = SourceKind::m365_audit;
  std::string text;                                        // the raw records one after the other
  std::vector<std::uint32_t> sizes;                        // of each
  std::vector<std::pair<std::string, std::string>> notes;  // feed, checkpoint: cover all records up to here
};

// Records and notes as one text.
std::string join_frame(const FrameContent& content);
// Fails with `timeline.corrupt` on anything join_frame() does not write.
Result<FrameContent> split_frame(std::string_view plain);

// The head and the sealed bytes of one frame. `level` is zstd's.
std::string encode_frame(const FrameContent& content, FrameHead& head, const std::array<std::uint8_t, 32>& key,
                         int level);
// `sealed` are the bytes behind the head.
Result<FrameContent> decode_frame(const FrameHead& head, std::string_view sealed,
                                  const std::array<std::uint8_t, 32>& key);
std::uint64_t frame_hash(std::string_view sealed);

}  // namespace candor
