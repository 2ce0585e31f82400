#include "access/beside_seal.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <span>

#include "base/ids.h"
#include "base/random_bytes.h"

namespace candor {
namespace {

constexpr std::size_t kMacHex = 64;
constexpr std::size_t kNonceHex = 32;
constexpr std::size_t kLongestClient = 64;
constexpr std::string_view kNoClient = "-";

const unsigned char* bytes_at(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// One field after the other, each behind its length: no two messages run together to the same bytes.
class KeyedHash {
 public:
  explicit KeyedHash(std::span<const std::uint8_t> key) {
    crypto_generichash_init(&state_, key.data(), key.size(), kMacHex / 2);
  }
  KeyedHash& add(std::string_view field) {
    const std::uint64_t size = field.size();
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(&size), sizeof size);
    crypto_generichash_update(&state_, bytes_at(field), field.size());
    return *this;
  }
  std::array<std::uint8_t, kMacHex / 2> done() {
    std::array<std::uint8_t, kMacHex / 2> hash{};
    crypto_generichash_final(&state_, hash.data(), hash.size());
    return hash;
  }

 private:
  crypto_generichash_state state_{};
};

std::string hex_of(std::span<const std::uint8_t> bytes) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

struct SealParts {
  std::string_view time;
  std::string_view nonce;
  std::string_view client;
  std::string_view mac;
  TimePoint at = 0;
};

bool is_hex_of(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// An IPv4 address has dots: the client stands between the first two and the last one.
std::optional<SealParts> parts_of(std::string_view seal) {
  const std::size_t first = seal.find('.');
  const std::size_t second = first == std::string_view::npos ? first : seal.find('.', first + 1);
  const std::size_t last = seal.rfind('.');
  if (second == std::string_view::npos || last <= second) return std::nullopt;
  SealParts parts{.time = seal.substr(0, first),
                  .nonce = seal.substr(first + 1, second - first - 1),
                  .client = seal.substr(second + 1, last - second - 1),
                  .mac = seal.substr(last + 1)};
  const auto [end, fault] = std::from_chars(parts.time.data(), parts.time.data() + parts.time.size(), parts.at);
  if (fault != std::errc() || end != parts.time.data() + parts.time.size()) return std::nullopt;
  if (!is_hex_of(parts.nonce, kNonceHex) || !is_hex_of(parts.mac, kMacHex)) return std::nullopt;
  if (parts.client.empty() || parts.client.size() > kLongestClient) return std::nullopt;
  if (parts.client != kNoClient && parts.client.find_first_not_of("0123456789abcdef.:/") != std::string_view::npos)
    return std::nullopt;
  return parts;
}

bool is_same(std::string_view one, std::string_view other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace

BesideSeal::BesideSeal(const Keys& keys, std::string_view token) {
  const auto derived = keys.derive("beside the holder of the timelines");
  key_ = KeyedHash(derived).add(token).done();
}

std::string BesideSeal::mac(std::string_view purpose, std::string_view time, std::string_view nonce,
                            const SentOn& sent) const {
  return hex_of(KeyedHash(key_)
                    .add(purpose)
                    .add(time)
                    .add(nonce)
                    .add(sent.method)
                    .add(sent.target)
                    .add(sent.client)
                    .add(sent.cookie)
                    .add(sent.authorization)
                    .add(sent.body)
                    .done());
}

std::string BesideSeal::seal(const SentOn& sent, TimePoint now) const {
  std::array<std::uint8_t, kNonceHex / 2> raw{};
  random_bytes(raw);
  const std::string time = std::to_string(now);
  const std::string nonce = hex_of(raw);
  SentOn sealed = sent;
  if (sealed.client.empty()) sealed.client = kNoClient;
  return time + "." + nonce + "." + std::string(sealed.client) + "." + mac("sent on", time, nonce, sealed);
}

std::string BesideSeal::proof(std::string_view seal) const {
  return hex_of(KeyedHash(key_).add("proof of the holder").add(seal).done());
}

bool BesideSeal::is_proof(std::string_view seal, std::string_view given) const { return is_same(proof(seal), given); }

Result<std::string> BesideGate::admit(std::string_view seal, SentOn sent, TimePoint now) {
  const auto parts = parts_of(seal);
  if (!parts) return fail("access.not_beside", "this is no seal of a process of this installation");
  sent.client = parts->client;
  if (!is_same(seal_.mac("sent on", parts->time, parts->nonce, sent), parts->mac)) {
    return fail("access.not_beside", "this is no seal of a process of this installation");
  }
  // From here on it is one of ours that asks: what is wrong may be told.
  if (parts->at > now + kFreshFor || parts->at < now - kFreshFor) {
    return fail("access.clocks_differ",
                "the clocks of the two processes are more than a minute apart: let both machines follow a time server");
  }
  const std::lock_guard lock(mutex_);
  if (now - swept_ >= kMicrosPerSecond) {
    std::erase_if(used_, [&](const auto& one) { return one.second < now - kFreshFor; });
    swept_ = now;
  }
  if (used_.size() >= kMostSeals || !used_.emplace(std::string(parts->nonce), parts->at).second) {
    return fail("access.seal_used", "this seal was used before");
  }
  return parts->client == kNoClient ? std::string() : std::string(parts->client);
}

}  // namespace candor
