#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// How blocks, frames and rows are written down: varints (7 bits a byte, low first), zigzag for signed numbers, length
// before text, little-endian words.
namespace candor {

inline constexpr std::size_t kMostVarint = 10;

// Writes them into room that is known to be enough: the caller has added up kMostVarint for each number, the size and
// kMostVarint for each text.
class RoomWriter {
 public:
  explicit RoomWriter(char* at) : at_(at) {}
  char* at() const { return at_; }
  // Somebody else wrote up to here.
  void move_to(char* at) { at_ = at; }

  void byte(std::uint8_t value) { *at_++ = static_cast<char>(value); }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      *at_++ = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    *at_++ = static_cast<char>(value);
  }
  void zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void bytes(std::string_view value) {
    if (!value.empty()) std::memcpy(at_, value.data(), value.size());
    at_ += value.size();
  }
  void text(std::string_view value) {
    varint(value.size());
    bytes(value);
  }
  template <typename Word>
  void word(Word value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }

 private:
  char* at_;
};

inline void put_varint(std::string& out, std::uint64_t value) {
  if (value < 0x80) return out.push_back(static_cast<char>(value));
  char room[kMostVarint];
  RoomWriter writer(room);
  writer.varint(value);
  out.append(room, static_cast<std::size_t>(writer.at() - room));
}

inline void put_zigzag(std::string& out, std::int64_t value) {
  put_varint(out, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}

template <typename Word>
void put_word(std::string& out, Word word) {
  out.append(reinterpret_cast<const char*>(&word), sizeof word);
}

// Reads what the functions above wrote. Never reads past the end: the first bad read makes it fail for good, and all
// reads from then on give zero or "". Check ok() before using what was read.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  void fail() {
    ok_ = false;
    at_ = end_;
  }

  std::uint8_t byte() {
    if (at_ == end_) {
      fail();
      return 0;
    }
    return static_cast<std::uint8_t>(*at_++);
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if ((next & 0x80) == 0) return value;
    }
    fail();
    return 0;
  }

  // A varint that counts things of at least `size` bytes each that follow: refuses what cannot be there.
  std::size_t count(std::size_t size = 1) {
    const std::uint64_t value = varint();
    if (value > left() / size) {
      fail();
      return 0;
    }
    return static_cast<std::size_t>(value);
  }

  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
  }

  std::string_view bytes(std::uint64_t size) {
    if (size > left()) {
      fail();
      return {};
    }
    const std::string_view taken(at_, static_cast<std::size_t>(size));
    at_ += size;
    return taken;
  }

  std::string_view text() { return bytes(varint()); }

  template <typename Word>
  Word word() {
    Word value{};
    if (sizeof value > left()) {
      fail();
      return value;
    }
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

 private:
  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace candor
