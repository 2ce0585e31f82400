#include "sources/byte_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace candor {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

class Descriptor final : public ByteStream {
 public:
  struct Traits {
    bool owned = true;     // closed with the stream
    bool is_file = false;  // never makes its reader wait
  };
  Descriptor(int descriptor, std::string name, Traits traits)
      : descriptor_(descriptor), name_(std::move(name)), traits_(traits) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() override {
    if (traits_.owned) ::close(descriptor_);
  }

  Result<std::size_t> read(std::span<char> out) override {
    for (;;) {
      if (!traits_.is_file && !has_something()) return fail("sources.idle", name_ + " has nothing for now");
      const ssize_t count = ::read(descriptor_, out.data(), out.size());
      if (count >= 0) {
        position_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      // Somebody else may have set a pipe to non-blocking, or read what poll() saw.
      if (errno == EAGAIN) return fail("sources.idle", name_ + " has nothing for now");
      if (errno != EINTR) return fail("sources.unreadable", name_ + ": " + std::strerror(errno));
    }
  }
  std::uint64_t stored_position() const override { return position_; }

 private:
  // A read that waits in the kernel goes on after a signal: only waiting here can be left.
  bool has_something() const {
    pollfd state{.fd = descriptor_, .events = POLLIN, .revents = 0};
    return ::poll(&state, 1, kIdleMilliseconds) > 0;
  }

  int descriptor_;
  std::string name_;
  Traits traits_;
  std::uint64_t position_ = 0;
};

class Memory final : public ByteStream {
 public:
  explicit Memory(std::span<const char> bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t count = std::min(out.size(), bytes_.size() - position_);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), count, out.begin());
    position_ += count;
    return count;
  }
  std::uint64_t stored_position() const override { return position_; }

 private:
  std::span<const char> bytes_;
  std::size_t position_ = 0;
};

// Looks at the first bytes without taking them.
class Peeked final : public ByteStream {
 public:
  explicit Peeked(std::unique_ptr<ByteStream> inner) : inner_(std::move(inner)) {}

  // Fewer at the end, or where the input is damaged: the error comes again behind them. What an idle pipe gave so far
  // is kept for the next call.
  Result<std::string_view> peek(std::size_t count) {
    std::vector<char> piece(count);
    while (head_.size() < count) {
      auto more = inner_->read(std::span(piece).first(count - head_.size()));
      if (!more && (head_.empty() || more.error().id == "sources.idle")) return std::unexpected(more.error());
      if (!more || *more == 0) break;
      head_.insert(head_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*more));
    }
    return std::string_view(head_.data(), head_.size());
  }
  void drop(std::size_t count) { used_ = count; }

  Result<std::size_t> read(std::span<char> out) override {
    if (used_ == head_.size()) return inner_->read(out);
    const std::size_t count = std::min(out.size(), head_.size() - used_);
    std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(used_), count, out.begin());
    used_ += count;
    return count;
  }
  std::uint64_t stored_position() const override { return inner_->stored_position() - (head_.size() - used_); }

 private:
  std::unique_ptr<ByteStream> inner_;
  std::vector<char> head_;
  std::size_t used_ = 0;
};

// Common to the decoders: a block of stored bytes, refilled when empty.
class Decoder : public ByteStream {
 public:
  Decoder(std::unique_ptr<ByteStream> stored, std::string name) : stored_(std::move(stored)), name_(std::move(name)) {}
  std::uint64_t stored_position() const override { return stored_->stored_position() - left(); }

 protected:
  std::size_t left() const { return filled_ - used_; }
  // False at the end of the stored bytes.
  Result<bool> refill() {
    if (used_ < filled_) return true;
    CANDOR_TRY(filled_, stored_->read(block_));
    used_ = 0;
    return filled_ > 0;
  }
  std::unexpected<Error> damaged(const std::string& what) const {
    return fail("sources.damaged_input", name_ + ": " + what + " at byte " + std::to_string(stored_position()) +
                                             " of the file; everything before it was taken. Fetch the file again.");
  }

  std::unique_ptr<ByteStream> stored_;
  std::string name_;
  std::vector<char> block_ = std::vector<char>(kBlock);
  std::size_t used_ = 0;
  std::size_t filled_ = 0;
};

// gzip, also several members one after the other.
class Gzip final : public Decoder {
 public:
  Gzip(std::unique_ptr<ByteStream> stored, std::string name) : Decoder(std::move(stored), std::move(name)) {
    constexpr int kGzipOnly = 15 + 16;
    ready_ = inflateInit2(&inflate_, kGzipOnly) == Z_OK;
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip() override { inflateEnd(&inflate_); }

  Result<std::size_t> read(std::span<char> out) override {
    if (!ready_) return damaged("zlib could not start");
    for (;;) {
      if (broken_) return damaged("the gzip data is damaged");
      CANDOR_TRY(const bool more, refill());
      if (!more) {
        if (inside_) return damaged("the gzip data ends too early,");
        return 0;
      }
      // Tapes and some servers fill the last block with zeros; gzip overlooks them too.
      if (!inside_ && has_member_) {
        while (left() > 0 && block_[used_] == 0) ++used_;
        if (left() == 0) continue;
      }
      CANDOR_TRY(const std::size_t count, step(out));
      if (count > 0) return count;
    }
  }

 private:
  Result<std::size_t> step(std::span<char> out) {
    inside_ = true;
    inflate_.next_in = reinterpret_cast<Bytef*>(block_.data() + used_);
    inflate_.avail_in = static_cast<uInt>(left());
    inflate_.next_out = reinterpret_cast<Bytef*>(out.data());
    inflate_.avail_out = static_cast<uInt>(out.size());
    const int outcome = inflate(&inflate_, Z_NO_FLUSH);
    used_ = filled_ - inflate_.avail_in;
    const std::size_t made = out.size() - inflate_.avail_out;
    if (outcome == Z_STREAM_END) {
      inside_ = false;
      has_member_ = true;
      inflateReset(&inflate_);
      return made;
    }
    if (outcome == Z_OK || (outcome == Z_BUF_ERROR && left() == 0)) return made;
    broken_ = true;
    if (made > 0) return made;
    return damaged("the gzip data is damaged");
  }

  z_stream inflate_{};
  bool ready_ = false;
  bool inside_ = false;      // of a member
  bool has_member_ = false;  // a whole one came before
  bool broken_ = false;
};

// zstd, also several frames one after the other.
class Zstd final : public Decoder {
 public:
  Zstd(std::unique_ptr<ByteStream> stored, std::string name) : Decoder(std::move(stored), std::move(name)) {
    constexpr int kLargestWindow = 27;  // 128 MiB, what the command line tool takes without being asked
    ready_ =
        context_ != nullptr && ZSTD_isError(ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kLargestWindow)) == 0;
  }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;
  ~Zstd() override { ZSTD_freeDCtx(context_); }

  Result<std::size_t> read(std::span<char> out) override {
    if (!ready_) return damaged("zstd could not start");
    for (;;) {
      if (broken_) return damaged("the zstd data is damaged");
      // What the decoder still holds comes out without new input.
      if (!held_back_) {
        CANDOR_TRY(const bool more, refill());
        if (!more) {
          if (inside_) return damaged("the zstd data ends too early,");
          return 0;
        }
      }
      ZSTD_inBuffer in{block_.data() + used_, left(), 0};
      ZSTD_outBuffer to{out.data(), out.size(), 0};
      const std::size_t outcome = ZSTD_decompressStream(context_, &to, &in);
      used_ += in.pos;
      if (ZSTD_isError(outcome) != 0) {
        broken_ = true;
        if (to.pos > 0) return to.pos;
        return damaged("the zstd data is damaged");
      }
      // Asked once more behind the last frame, the decoder wants the next one's head: that is no frame begun.
      if (in.pos > 0 || to.pos > 0) inside_ = outcome != 0;
      held_back_ = to.pos == to.size;
      if (to.pos > 0) return to.pos;
    }
  }

 private:
  ZSTD_DCtx* context_ = ZSTD_createDCtx();
  bool ready_ = false;
  bool inside_ = false;
  bool held_back_ = false;
  bool broken_ = false;
};

void append_utf8(std::uint32_t code, std::vector<char>& out) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
}

// UTF-16 with its byte order mark taken, as Windows PowerShell exports it. Half a surrogate pair becomes U+FFFD.
class Utf16 final : public Decoder {
 public:
  Utf16(std::unique_ptr<ByteStream> stored, std::string name, bool big_endian)
      : Decoder(std::move(stored), std::move(name)), big_endian_(big_endian) {}

  Result<std::size_t> read(std::span<char> out) override {
    while (taken_ == text_.size()) {
      text_.clear();
      taken_ = 0;
      CANDOR_TRY(const bool more, refill());
      if (!more) {
        if (!finish()) return 0;
        continue;
      }
      while (left() > 0) take_byte(static_cast<unsigned char>(block_[used_++]));
    }
    const std::size_t count = std::min(out.size(), text_.size() - taken_);
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(taken_), count, out.begin());
    taken_ += count;
    return count;
  }

 private:
  // A last odd byte or half pair; false when there is none.
  bool finish() {
    const bool left_over = has_byte_ || high_ != 0;
    has_byte_ = false;
    high_ = 0;
    if (left_over) append_utf8(0xFFFD, text_);
    return left_over;
  }
  void take_byte(unsigned char byte) {
    if (!has_byte_) {
      byte_ = byte;
      has_byte_ = true;
      return;
    }
    has_byte_ = false;
    const auto first = static_cast<std::uint32_t>(byte_);
    take_unit(big_endian_ ? first << 8 | byte : std::uint32_t{byte} << 8 | first);
  }
  void take_unit(std::uint32_t unit) {
    const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (high_ != 0) {
      append_utf8(low ? 0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00) : 0xFFFD, text_);
      high_ = 0;
      if (low) return;
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      high_ = unit;
    } else {
      append_utf8(low ? 0xFFFD : unit, text_);
    }
  }

  bool big_endian_;
  bool has_byte_ = false;
  unsigned char byte_ = 0;
  std::uint32_t high_ = 0;
  std::vector<char> text_;
  std::size_t taken_ = 0;
};

}  // namespace

Result<OpenedFile> open_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    return fail("sources.unreadable", path.string() + ": " + std::strerror(reason));
  }
  const bool is_file = S_ISREG(status.st_mode);
  auto stream =
      std::make_unique<Descriptor>(descriptor, path.string(), Descriptor::Traits{.owned = true, .is_file = is_file});
  if (S_ISDIR(status.st_mode)) return fail("sources.unreadable", path.string() + " is a folder");
  if (!is_file) return OpenedFile{std::move(stream), std::nullopt};
  return OpenedFile{std::move(stream), static_cast<std::uint64_t>(status.st_size)};
}

std::unique_ptr<ByteStream> descriptor_stream(int descriptor, const std::string& name) {
  return std::make_unique<Descriptor>(descriptor, name, Descriptor::Traits{.owned = false, .is_file = false});
}

std::unique_ptr<ByteStream> memory_stream(std::span<const char> bytes) { return std::make_unique<Memory>(bytes); }

namespace {

// The frame of a zstd file, or one that decoders skip, as pzstd writes it first.
bool is_zstd(std::string_view head) {
  constexpr std::string_view kSkippable = "\x2A\x4D\x18";
  return head == "\x28\xB5\x2F\xFD" ||
         (head.size() == 4 && (static_cast<unsigned char>(head[0]) & 0xF0U) == 0x50U && head.substr(1) == kSkippable);
}

// Finds out what the input is when it is first read, so that an idle pipe can be left and asked again.
class Decoded final : public ByteStream {
 public:
  Decoded(std::unique_ptr<ByteStream> stored, std::string name)
      : peeked_(std::make_unique<Peeked>(std::move(stored))), name_(std::move(name)) {}

  Result<std::size_t> read(std::span<char> out) override {
    while (decoded_ == nullptr) CANDOR_TRY_VOID(look());
    return decoded_->read(out);
  }
  std::uint64_t stored_position() const override {
    return decoded_ != nullptr ? decoded_->stored_position() : peeked_->stored_position();
  }

 private:
  Result<void> look() {
    constexpr std::size_t kMarks = 4;
    CANDOR_TRY(const std::string_view head, peeked_->peek(kMarks));
    // Once: a compressed file may hold UTF-16, and nothing else that wants decoding.
    if (!unpacked_ && (head.starts_with("\x1F\x8B") || is_zstd(head))) {
      unpacked_ = true;
      std::unique_ptr<ByteStream> inner;
      if (head.starts_with("\x1F\x8B")) {
        inner = std::make_unique<Gzip>(std::move(peeked_), name_);
      } else {
        inner = std::make_unique<Zstd>(std::move(peeked_), name_);
      }
      peeked_ = std::make_unique<Peeked>(std::move(inner));
      return {};
    }
    const bool little = head.starts_with("\xFF\xFE");
    if (little || head.starts_with("\xFE\xFF")) {
      peeked_->drop(2);
      decoded_ = std::make_unique<Utf16>(std::move(peeked_), name_, !little);
      return {};
    }
    if (head.starts_with(kUtf8Mark)) peeked_->drop(kUtf8Mark.size());
    decoded_ = std::move(peeked_);
    return {};
  }

  std::unique_ptr<Peeked> peeked_;  // until it is clear what lies inside
  std::unique_ptr<ByteStream> decoded_;
  std::string name_;
  bool unpacked_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> decoded_stream(std::unique_ptr<ByteStream> stored, const std::string& name) {
  return std::make_unique<Decoded>(std::move(stored), name);
}

}  // namespace candor
