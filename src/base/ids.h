#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

// Opaque identifiers as distinct types, so that one cannot be handed over for another.
namespace candor {

// 16 opaque bytes, ordered bytewise. `Tag` only tells the kinds apart.
template <typename Tag>
struct Id128 {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Id128&) const = default;
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  static Id128 from(std::string_view raw) {
    Id128 id;
    std::memcpy(id.bytes.data(), raw.data(), raw.size() < 16 ? raw.size() : 16);
    return id;
  }
  template <typename H>
  friend H AbslHashValue(H state, const Id128& id) {
    return H::combine(std::move(state), id.bytes);
  }
};

// Who acted, as the record itself names them: a keyed hash of the normalised name (base/keys.h). Not a person.
using AccountId = Id128<struct AccountTag>;
// A person: random, given once, means nothing outside this installation.
using PersonId = Id128<struct PersonTag>;
// What makes two deliveries the same activity: keyed hash of (source kind, record id, operation, account, UTC day).
using ActivityId = Id128<struct ActivityTag>;

// Lower-case hexadecimal, two digits a byte.
std::string to_hex(std::string_view bytes);
// nullopt unless `hex` is an even number of hexadecimal digits.
std::optional<std::string> from_hex(std::string_view hex);

template <typename Tag>
std::string to_hex(const Id128<Tag>& id) {
  return to_hex(id.view());
}

}  // namespace candor
