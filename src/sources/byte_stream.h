#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "base/result.h"

namespace candor {

// Bytes one after the other. Thread safety: one thread at a time.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fills part of `out`, which is not empty; 0 is the end. An error repeats, but for `sources.idle`: a pipe gave
  // nothing for kIdleMilliseconds; nothing is lost, and the same call goes on.
  virtual Result<std::size_t> read(std::span<char> out) = 0;
  // Bytes taken from the input as stored.
  virtual std::uint64_t stored_position() const = 0;
};

inline constexpr int kIdleMilliseconds = 100;

// A file; `size` is that of a regular one. Fails with `sources.unreadable`.
struct OpenedFile {
  std::unique_ptr<ByteStream> stream;
  std::optional<std::uint64_t> size;
};
Result<OpenedFile> open_file(const std::filesystem::path& path);
// What is open already; the caller keeps and closes it. `name` is for messages.
std::unique_ptr<ByteStream> descriptor_stream(int descriptor, const std::string& name);

// A text in memory, for tests.
std::unique_ptr<ByteStream> memory_stream(std::span<const char> bytes);

// What is inside: looks at the first bytes for the marks of gzip and zstd, then of UTF-16, and decodes on the fly. A
// UTF-8 byte order mark is dropped. `name` is for messages. Its reads may fail with `sources.damaged_input`.
std::unique_ptr<ByteStream> decoded_stream(std::unique_ptr<ByteStream> stored, const std::string& name);

}  // namespace candor
