#include "timeline/digits.h"

#include <array>

namespace candor {
namespace {

constexpr std::size_t kGuid = 36;
constexpr std::size_t kLeastHex = 16;

// -1: none.
constexpr auto kDigitOf = [] {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  for (std::int8_t i = 0; i < 16; ++i) digits[static_cast<std::uint8_t>("0123456789abcdef"[i])] = i;
  return digits;
}();
int digit(char c) { return kDigitOf[static_cast<std::uint8_t>(c)]; }

bool dash_at(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

// Of text that form_of() called guid or hex.
char pair(const char* text) { return static_cast<char>(digit(text[0]) << 4 | digit(text[1])); }

}  // namespace

Form form_of(std::string_view text) {
  const bool guid = text.size() == kGuid;
  if (!guid && (text.size() < kLeastHex || text.size() % 2 != 0)) return Form::plain;
  bool all_hex = true;
  bool all_guid = guid;
  for (std::size_t i = 0; i < text.size() && (all_hex || all_guid); ++i) {
    const bool is_digit = digit(text[i]) >= 0;
    all_hex = all_hex && is_digit;
    all_guid = all_guid && (dash_at(i) ? text[i] == '-' : is_digit);
  }
  if (all_guid) return Form::guid;
  return all_hex ? Form::hex : Form::plain;
}

char* pack_digits(std::string_view text, char* out) {
  // Groups of a GUID have even lengths, so that a pair never has a dash in it.
  for (const char *at = text.data(), *end = at + text.size(); at < end; at += 2) {
    if (*at == '-') ++at;
    *out++ = pair(at);
  }
  return out;
}

void append_digits(std::string_view text, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + text.size() / 2);
  const char* const end = pack_digits(text, out.data() + before);
  out.resize(static_cast<std::size_t>(end - out.data()));
}

std::string_view unpack_digits(std::string_view bytes, bool guid, RowArena& arena) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const std::size_t size = guid ? kGuid : bytes.size() * 2;
  const std::span<char> room = arena.take(size);
  std::size_t at = 0;
  for (const char byte : bytes) {
    if (guid && dash_at(at)) room[at++] = '-';
    room[at++] = kDigits[static_cast<std::uint8_t>(byte) >> 4];
    room[at++] = kDigits[byte & 15];
  }
  return {room.data(), size};
}

}  // namespace candor
