#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "access/web_keys.h"
#include "base/time.h"

// Tokens an identity provider signs, checked. Pure: any thread, no clock.
namespace candor {

// What was wrong with a token; the text is what the audit log says of it.
enum class TokenFault : std::uint8_t {
  form,           // no signed token, too long, or something in it is not of its type
  algorithm,      // `none`, symmetric, or another than ours
  extension,      // `crit`: it demands what we do not know
  unknown_key,    // signed by a key that is not among the provider's
  signature,      //
  issuer,         // another provider's
  audience,       // for another client, or for several without naming ours as `azp`
  expired,        //
  not_yet_valid,  // `nbf` or `iat` lie in the future
  nonce,          // of another sign-in
  access_token,   // `at_hash` is not of the access token that came with it
  subject,        // says not who
  event,          // a logout token that is none
};
std::string_view to_text(TokenFault fault);

inline constexpr std::size_t kLongestToken = std::size_t{64} << 10;  // bytes
// How far the provider's clock and ours may differ.
inline constexpr TimePoint kTokenLeeway = 120 * kMicrosPerSecond;

// What tokens are checked against. Views must live until the call returns.
struct TokenRules {
  std::string_view issuer;
  std::string_view client_id;
  TimePoint now = 0;
};

// The claims of an id token (OpenID Connect Core 3.1.3.7); `sub` is there, a text of 1 to 255 bytes.
// `access_token`: what came with it, for `at_hash`; "" when nothing did.
std::expected<nlohmann::json, TokenFault> check_id_token(std::string_view token, const WebKeys& keys,
                                                         const TokenRules& rules, std::string_view nonce,
                                                         std::string_view access_token);

// What a logout token (OpenID Connect Back-Channel Logout 1.0) says: at least one of subject and session is there.
struct LogoutClaims {
  std::string subject;
  std::string session;  // the provider's, `sid`
  std::string id;       // `jti`; never empty
  TimePoint until = 0;  // may be shown again until then: remember the id as long
};
std::expected<LogoutClaims, TokenFault> check_logout_token(std::string_view token, const WebKeys& keys,
                                                           const TokenRules& rules);

// Whether two secrets are the same, in a time that tells nothing but their lengths.
bool same_secret(std::string_view one, std::string_view other);

}  // namespace candor
