#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

// The secrets of one installation and what is computed with them.
namespace candor {

// Key material of one data folder. All keys derive from one random 32-byte master key (base/master_key.h), each under
// its own context, so that none tells anything about another.
// Thread safety: immutable after open(); share by const reference.
class Keys {
 public:
  // Reads the master key of a data folder, sealed or not, with the key from outside that the environment names; makes
  // one (and the folder, mode 0700) when the folder holds nothing yet.
  // Fails with `base.key_missing` when there are records or activities but no key: a new one would open none of them.
  // Errors besides: those of base/master_key.h and base/outer_key.h.
  static Result<Keys> open(const std::filesystem::path& data_folder);
  // Keys from a given master key, for tests and benchmarks.
  static Keys from_master(const std::array<std::uint8_t, 32>& master);

  // SipHash-2-4-128 of the normalised account name.
  AccountId account(std::string_view normalised_name) const;
  // SipHash-2-4-128 over the length-prefixed parts of an activity's identity.
  ActivityId activity(std::uint8_t source_kind, std::string_view record_id, std::string_view operation,
                      std::string_view account_name, std::int32_t utc_day) const;
  // A 32-byte key for one purpose ("pseudonym", "raw segment 7", ...).
  std::array<std::uint8_t, 32> derive(std::string_view purpose) const;

 private:
  std::array<std::uint8_t, 32> master_{};
  std::array<std::uint8_t, 16> account_key_{};
  std::array<std::uint8_t, 16> activity_key_{};
};

// XChaCha20-Poly1305 with a random nonce in front: for identities, raw records and activity blocks at rest.
// `context` is authenticated, not stored: open() needs the same one, so that sealed bytes cannot be moved elsewhere.
std::string seal(const std::array<std::uint8_t, 32>& key, std::string_view plain, std::string_view context);
// Fails with `base.seal_broken` when key, context or bytes are not those of seal().
Result<std::string> unseal(const std::array<std::uint8_t, 32>& key, std::string_view sealed, std::string_view context);

// 64-bit hash of a record's bytes as delivered (XXH3). Not keyed: it breaks ties between corrections, and the same
// input must give the same alerts in every data folder (decision 0003).
std::uint64_t content_hash(std::string_view bytes);

// 128-bit BLAKE2b of an account's normalised name, the same in every data folder: how canonical exports name an account
// without printing its name (decision 0003).
std::string account_digest(std::string_view normalised_name);

}  // namespace candor
