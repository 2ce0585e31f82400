#include "outbox/private_address.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace candor {
namespace {

struct Network {
  std::array<std::uint8_t, 16> prefix;
  int bits;
};

constexpr std::array kPrivate4 = {
    Network{{0}, 8},         Network{{10}, 8},       Network{{100, 64}, 10},      Network{{127}, 8},
    Network{{169, 254}, 16}, Network{{172, 16}, 12}, Network{{192, 0, 0}, 24},    Network{{192, 0, 2}, 24},
    Network{{192, 168}, 16}, Network{{198, 18}, 15}, Network{{198, 51, 100}, 24}, Network{{203, 0, 113}, 24},
    Network{{224}, 4},       Network{{240}, 4},
};
constexpr std::array kPrivate6 = {
    Network{{0}, 8},                        // unspecified, this machine, IPv4 in its oldest clothes
    Network{{0x01}, 8},                     // discarded
    Network{{0x20, 0x01, 0x0d, 0xb8}, 32},  // for documents
    Network{{0xfc}, 7},
    Network{{0xfe, 0x80}, 10},
    Network{{0xfe, 0xc0}, 10},
    Network{{0xff}, 8},
};
// Behind so many bytes lies an IPv4 address, which decides.
struct Carrier {
  Network network;
  std::size_t offset;
};
constexpr std::array kCarriers = {
    Carrier{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},  // ::ffff:a.b.c.d
    Carrier{{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                    // NAT64
    Carrier{{{0x20, 0x02}, 16}, 2},                                 // 6to4
};

bool is_in(std::span<const std::uint8_t> bytes, const Network& network) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((bytes[at] & mask) != (network.prefix.at(at) & mask)) return false;
  }
  return true;
}

bool is_private4(std::span<const std::uint8_t> bytes) {
  return std::ranges::any_of(kPrivate4, [&](const Network& one) { return is_in(bytes, one); });
}

bool is_private6(std::span<const std::uint8_t> bytes) {
  for (const Carrier& carrier : kCarriers) {
    if (is_in(bytes, carrier.network)) return is_private4(bytes.subspan(carrier.offset, 4));
  }
  return std::ranges::any_of(kPrivate6, [&](const Network& one) { return is_in(bytes, one); });
}

}  // namespace

bool is_private_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, bytes.size());
    return is_private4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, bytes.size());
    return is_private6(bytes);
  }
  return true;
}

}  // namespace candor
