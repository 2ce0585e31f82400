#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/container/node_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

// Tables by text that are asked with a std::string_view: where Abseil has a string_view of its own (Debian 12), its
// default hash does not take the standard one.
namespace candor {

// For tables in memory only: short texts in a few instructions. `seed` keeps a hostile feed from preparing collisions.
inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  constexpr std::uint64_t kFirst = 0x9E3779B97F4A7C15U;
  constexpr std::uint64_t kSecond = 0xD6E8FEB86659FD93U;
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const auto word = [](const char* at) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t state = seed ^ (left * kFirst);
  for (; left > 16; left -= 16, at += 16) state = mix(word(at) ^ kFirst ^ state, word(at + 8) ^ kSecond);
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (left >= 8) {
    low = word(at);
    high = word(at + left - 8);
  } else if (left >= 4) {
    std::uint32_t head = 0;
    std::uint32_t tail = 0;
    std::memcpy(&head, at, 4);
    std::memcpy(&tail, at + left - 4, 4);
    low = head;
    high = tail;
  } else if (left > 0) {
    low = static_cast<unsigned char>(at[0]) |
          static_cast<std::uint64_t>(static_cast<unsigned char>(at[left / 2])) << 8 |
          static_cast<std::uint64_t>(static_cast<unsigned char>(at[left - 1])) << 16;
  }
  return mix(low ^ kSecond ^ state, high ^ kFirst);
}

// A seed of this process: where its memory lies.
inline std::uint64_t process_seed() {
  static const char place = 0;
  return reinterpret_cast<std::uintptr_t>(&place);
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return hash_text(text, process_seed()); }
};

using TextSet = absl::flat_hash_set<std::string, TextHash, std::equal_to<>>;
template <typename Value>
using TextMap = absl::flat_hash_map<std::string, Value, TextHash, std::equal_to<>>;
// Values stay where they are when the map grows.
template <typename Value>
using StableTextMap = absl::node_hash_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace candor
