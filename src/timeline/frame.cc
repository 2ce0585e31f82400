#include "timeline/frame.h"

#include <xxhash.h>
#include <zstd.h>

#include <memory>

#include "base/keys.h"
#include "timeline/byte_stream.h"

namespace candor {
namespace {

constexpr std::uint32_t kFrameMagic = 0x31465243;  // "CRF1"
constexpr std::uint32_t kMostPlain = 1u << 30;
constexpr std::size_t kMostKept = 4u << 20;  // of a frame's room, for the next frame

struct FreeWriter {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

Error corrupt_frame(const std::string& why) {
  return {"timeline.corrupt", "a frame of the raw log is damaged: " + why};
}

std::string context_of(const FrameHead& head) {
  std::string context("frame");
  put_word(context, head.segment);
  put_word(context, head.frame);
  put_word(context, head.plain_size);
  put_word(context, head.records);
  return context;
}

}  // namespace

std::string write_frame_head(const FrameHead& head) {
  std::string out;
  out.reserve(FrameHead::kSize);
  put_word(out, kFrameMagic);
  put_word(out, head.segment);
  put_word(out, head.frame);
  put_word(out, head.sealed_size);
  put_word(out, head.plain_size);
  put_word(out, head.records);
  put_word(out, head.offset);
  put_word(out, head.synced);
  put_word(out, head.hash);
  put_word(out, static_cast<std::uint64_t>(XXH3_64bits(out.data(), out.size())));
  return out;
}

bool read_frame_head(std::string_view bytes, FrameHead& head) {
  if (bytes.size() < FrameHead::kSize) return false;
  ByteReader reader(bytes.substr(0, FrameHead::kSize));
  const auto magic = reader.word<std::uint32_t>();
  head.segment = reader.word<std::uint32_t>();
  head.frame = reader.word<std::uint32_t>();
  head.sealed_size = reader.word<std::uint32_t>();
  head.plain_size = reader.word<std::uint32_t>();
  head.records = reader.word<std::uint32_t>();
  head.offset = reader.word<std::uint64_t>();
  head.synced = reader.word<std::uint64_t>();
  head.hash = reader.word<std::uint64_t>();
  const auto own = reader.word<std::uint64_t>();
  return magic == kFrameMagic && own == XXH3_64bits(bytes.data(), FrameHead::kSize - sizeof own);
}

namespace {

void join_frame_into(const FrameContent& content, std::string& plain) {
  plain.clear();
  plain.reserve(content.text.size() + content.sizes.size() * 2 + 64);
  plain.push_back(static_cast<char>(content.kind));
  put_varint(plain, content.notes.size());
  for (const auto& [feed, checkpoint] : content.notes) {
    put_text(plain, feed);
    put_text(plain, checkpoint);
  }
  put_varint(plain, content.sizes.size());
  for (const std::uint32_t size : content.sizes) put_varint(plain, size);
  plain.append(content.text);
}

// What a thread that writes frames keeps from one to the next: to be given a mebibyte anew each time costs as much as
// filling it.
struct FrameWriter {
  std::unique_ptr<ZSTD_CCtx, FreeWriter> context{ZSTD_createCCtx()};
  std::string plain;
  std::string compressed;
};

}  // namespace

std::string join_frame(const FrameContent& content) {
  std::string plain;
  join_frame_into(content, plain);
  return plain;
}

Result<FrameContent> split_frame(std::string_view plain) {
  ByteReader reader(plain);
  FrameContent content;
  content.kind = static_cast<SourceKind>(reader.byte());
  const std::size_t notes = reader.count(2);
  for (std::size_t i = 0; i < notes && reader.ok(); ++i) {
    const std::string_view feed = reader.text();
    content.notes.emplace_back(feed, reader.text());
  }
  content.sizes.resize(reader.count());
  std::uint64_t total = 0;
  for (std::uint32_t& size : content.sizes) {
    const std::uint64_t wide = reader.varint();
    size = static_cast<std::uint32_t>(wide);
    total += wide;
    if (wide > plain.size() || total > plain.size()) reader.fail();
    if (!reader.ok()) break;
  }
  if (!reader.ok() || total != reader.left()) return std::unexpected(corrupt_frame("its records cannot be told apart"));
  content.text = reader.bytes(total);
  return content;
}

std::uint64_t frame_hash(std::string_view sealed) { return XXH3_64bits(sealed.data(), sealed.size()); }

std::string encode_frame(const FrameContent& content, FrameHead& head, const std::array<std::uint8_t, 32>& key,
                         int level) {
  thread_local FrameWriter writer;
  CANDOR_CHECK(writer.context != nullptr);
  const std::string& plain = writer.plain;
  join_frame_into(content, writer.plain);
  // The room stays as large as it once was; only what zstd wrote is looked at.
  std::string& room = writer.compressed;
  if (const std::size_t bound = ZSTD_compressBound(plain.size()); room.size() < bound) room.resize(bound);
  const std::size_t size =
      ZSTD_compressCCtx(writer.context.get(), room.data(), room.size(), plain.data(), plain.size(), level);
  CANDOR_CHECK(ZSTD_isError(size) == 0);
  head.plain_size = static_cast<std::uint32_t>(plain.size());
  head.records = static_cast<std::uint32_t>(content.sizes.size());
  std::string sealed = seal(key, std::string_view(room).substr(0, size), context_of(head));
  head.sealed_size = static_cast<std::uint32_t>(sealed.size());
  head.hash = frame_hash(sealed);
  if (plain.size() > kMostKept) {
    writer.plain = {};
    writer.compressed = {};
  }
  return sealed;
}

Result<FrameContent> decode_frame(const FrameHead& head, std::string_view sealed,
                                  const std::array<std::uint8_t, 32>& key) {
  if (head.plain_size > kMostPlain) return std::unexpected(corrupt_frame("its size is impossible"));
  auto compressed = unseal(key, sealed, context_of(head));
  if (!compressed) return std::unexpected(corrupt_frame(compressed.error().message));
  std::string plain(head.plain_size, '\0');
  const std::size_t size = ZSTD_decompress(plain.data(), plain.size(), compressed->data(), compressed->size());
  if (ZSTD_isError(size) != 0 || size != plain.size()) return std::unexpected(corrupt_frame("it does not decompress"));
  return split_frame(plain);
}

}  // namespace candor
