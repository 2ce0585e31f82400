#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/sink.h"

namespace candor {

// One stream of a sink with a buffer before it.
class OutputStream {
 public:
  static Result<OutputStream> open(Sink& sink, std::string_view name) {
    CANDOR_TRY(const int stream, sink.open(name));
    return OutputStream(sink, stream);
  }
  // Append to this, then call flush_if_full().
  std::string& buffer() { return buffer_; }
  Result<void> flush_if_full() { return buffer_.size() < kBufferBytes ? Result<void>() : flush(); }
  std::uint64_t bytes() const { return bytes_ + buffer_.size(); }
  // Writes the rest and closes. The stream is of no use afterwards.
  Result<void> close() {
    CANDOR_TRY_VOID(flush());
    return sink_->close(stream_);
  }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 19;
  OutputStream(Sink& sink, int stream) : sink_(&sink), stream_(stream) {}
  Result<void> flush() {
    bytes_ += buffer_.size();
    Result<void> written = buffer_.empty() ? Result<void>() : sink_->write(stream_, buffer_);
    buffer_.clear();
    return written;
  }

  Sink* sink_;
  int stream_;
  std::string buffer_;
  std::uint64_t bytes_ = 0;
};

// Where all files go, and how much went there.
struct Output {
  Sink& sink;
  std::uint64_t bytes = 0;  // of closed streams

  Result<OutputStream> open(std::string_view name) const { return OutputStream::open(sink, name); }
  Result<void> close(OutputStream& stream) {
    bytes += stream.bytes();
    return stream.close();
  }
};

// Appends one row of a CSV file (RFC 4180), quoting what needs it.
void append_csv_row(std::string& out, std::initializer_list<std::string_view> values);

}  // namespace candor
