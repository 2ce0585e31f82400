#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candor {

// Base64url without padding, as tokens have it (RFC 7515). nullopt for anything else, also where bits are left over.
std::optional<std::string> from_base64url(std::string_view text);
std::string to_base64url(std::string_view bytes);
// 32 bytes.
std::string sha256(std::string_view bytes);

// How a token may be signed. There is no `none` and nothing symmetric: with these whoever can read a public key, or
// nothing at all, makes tokens.
enum class SignatureKind : std::uint8_t { rs256, ps256, es256 };
std::string_view to_text(SignatureKind kind);
std::optional<SignatureKind> signature_kind(std::string_view text);
inline constexpr std::array kSignatureKinds = {SignatureKind::rs256, SignatureKind::ps256, SignatureKind::es256};

// The public keys of an identity provider (RFC 7517). Thread safety: immutable; copies share.
class WebKeys {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{256} << 10;
  static constexpr std::size_t kMostKeys = 100;

  // No keys.
  WebKeys() = default;
  // Takes RSA keys of 2048 to 8192 bits and those on P-256 that are for signatures; others are left out. Fails with
  // `access.provider_bad_keys` when it is no key set or none in it can be used.
  static Result<WebKeys> parse(std::string_view json);

  enum class Verdict : std::uint8_t { right, wrong, unknown_key };
  // `kid` as the token names its key; "" where it names none: then it has to be the only one that fits.
  Verdict verify(SignatureKind kind, std::string_view kid, std::string_view bytes, std::string_view signature) const;

  std::size_t size() const { return keys_.size(); }
  // Whether some key makes such signatures.
  bool has(SignatureKind kind) const;

 private:
  struct Key;
  std::vector<std::shared_ptr<const Key>> keys_;
};

}  // namespace candor
