#include "base/keys.h"

#include <sodium.h>
#include <sys/stat.h>
// In here, so that the compiler uses the instructions of the machine it builds for; the library is built for the
// oldest.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#include "base/master_key.h"
#include "base/random_bytes.h"

namespace candor {
namespace {

void require_sodium() { CANDOR_CHECK(sodium_init() >= 0); }

void append_part(std::string& out, std::string_view part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out.append(part);
}

template <typename Id>
Id siphash(std::string_view bytes, const std::array<std::uint8_t, 16>& key) {
  Id id;
  static_assert(crypto_shorthash_siphashx24_BYTES == 16);
  crypto_shorthash_siphashx24(id.bytes.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                              key.data());
  return id;
}

// Whether something was sealed here under a key: the record database, wherever it is, or the timeline.
bool holds_data(const std::filesystem::path& data_folder) {
  std::error_code ignored;
  const auto timeline = data_folder / "timeline";
  for (const char* records : {"records.db", "records.url"}) {
    if (std::filesystem::exists(data_folder / records, ignored)) return true;
  }
  return std::filesystem::is_directory(timeline, ignored) && !std::filesystem::is_empty(timeline, ignored);
}

}  // namespace

Result<Keys> Keys::open(const std::filesystem::path& data_folder) {
  require_sodium();
  const std::filesystem::path folder = data_folder / "keys";
  const std::filesystem::path path = folder / "master.key";
  std::error_code error;
  if (!std::filesystem::exists(data_folder, error)) {
    std::filesystem::create_directories(data_folder, error);
    if (!error) ::chmod(data_folder.c_str(), 0700);
  }
  if (!error) std::filesystem::create_directories(folder, error);
  if (error)
    return fail("base.key_unreadable", "the master key " + path.string() + " cannot be made: " + error.message());
  ::chmod(folder.c_str(), 0700);
  CANDOR_TRY(const auto outer, outer_key(kOuterKey));
  const MasterKeyState state = master_key_state(data_folder);
  if (state != MasterKeyState::none) {
    CANDOR_TRY(const KeyBytes master, read_master_key(data_folder, outer));
    return from_master(master);
  }
  if (holds_data(data_folder)) {
    return fail("base.key_missing", "the master key " + path.string() + " is gone, and nothing in " +
                                        data_folder.string() +
                                        " opens without it: put it back from your backup (mode 0600), or name an "
                                        "empty folder with --data DIR to start anew");
  }
  CANDOR_TRY(const KeyBytes made, make_master_key(data_folder, outer));
  return from_master(made);
}

Keys Keys::from_master(const std::array<std::uint8_t, 32>& master) {
  require_sodium();
  Keys keys;
  keys.master_ = master;
  const auto account = keys.derive("account");
  const auto activity = keys.derive("activity");
  std::memcpy(keys.account_key_.data(), account.data(), keys.account_key_.size());
  std::memcpy(keys.activity_key_.data(), activity.data(), keys.activity_key_.size());
  return keys;
}

AccountId Keys::account(std::string_view normalised_name) const {
  return siphash<AccountId>(normalised_name, account_key_);
}

ActivityId Keys::activity(std::uint8_t source_kind, std::string_view record_id, std::string_view operation,
                          std::string_view account_name, std::int32_t utc_day) const {
  thread_local std::string bytes;
  bytes.clear();
  bytes.push_back(static_cast<char>(source_kind));
  bytes.append(reinterpret_cast<const char*>(&utc_day), sizeof utc_day);
  append_part(bytes, record_id);
  append_part(bytes, operation);
  append_part(bytes, account_name);
  return siphash<ActivityId>(bytes, activity_key_);
}

std::array<std::uint8_t, 32> Keys::derive(std::string_view purpose) const {
  std::array<std::uint8_t, 32> key{};
  crypto_generichash(key.data(), key.size(), reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(),
                     master_.data(), master_.size());
  return key;
}

std::string seal(const std::array<std::uint8_t, 32>& key, std::string_view plain, std::string_view context) {
  constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  std::string out(kNonce + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  random_bytes({bytes, kNonce});
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      bytes + kNonce, &size, reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
      reinterpret_cast<const unsigned char*>(context.data()), context.size(), nullptr, bytes, key.data());
  return out;
}

Result<std::string> unseal(const std::array<std::uint8_t, 32>& key, std::string_view sealed, std::string_view context) {
  constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (sealed.size() < kNonce + kTag) return fail("base.seal_broken", "sealed bytes are too short");
  std::string plain(sealed.size() - kNonce - kTag, '\0');
  const auto* bytes = reinterpret_cast<const unsigned char*>(sealed.data());
  unsigned long long size = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plain.data()), &size, nullptr, bytes + kNonce, sealed.size() - kNonce,
          reinterpret_cast<const unsigned char*>(context.data()), context.size(), bytes, key.data()) != 0) {
    return fail("base.seal_broken", "sealed bytes do not open with this key: another data folder's, or damaged");
  }
  return plain;
}

std::uint64_t content_hash(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string account_digest(std::string_view normalised_name) {
  require_sodium();
  std::array<std::uint8_t, 16> digest{};
  static constexpr std::string_view kContext = "candor account digest 1";
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(normalised_name.data()),
                     normalised_name.size(), reinterpret_cast<const unsigned char*>(kContext.data()), kContext.size());
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace candor
