#include "access/provider_tokens.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "access/strict_json.h"

namespace candor {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestTokenHeader = 4096;
constexpr std::size_t kLongestSubject = 255;
constexpr std::size_t kLongestTokenId = 500;
// A logout token without an end may be shown for so long.
constexpr TimePoint kLogoutTokenLife = 600 * kMicrosPerSecond;
constexpr const char* kLogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

std::unexpected<TokenFault> fault(TokenFault what) { return std::unexpected(what); }

// Seconds since 1970, possibly with a fraction; nullopt where it is there and none.
std::optional<TimePoint> time_member(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  // What follows is arithmetic in 64 bits.
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e11) return std::nullopt;
  return static_cast<TimePoint>(seconds) * kMicrosPerSecond;
}

// The claims of a token whose signature is right.
std::expected<Json, TokenFault> signed_claims(std::string_view token, const WebKeys& keys) {
  if (token.size() > kLongestToken) return fault(TokenFault::form);
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return fault(TokenFault::form);
  }
  const auto header_bytes = from_base64url(token.substr(0, first));
  const auto claim_bytes = from_base64url(token.substr(first + 1, second - first - 1));
  const auto signature = from_base64url(token.substr(second + 1));
  if (!header_bytes || !claim_bytes || !signature) return fault(TokenFault::form);
  const auto header = strict_object(*header_bytes, kLongestTokenHeader);
  if (!header) return fault(TokenFault::form);
  if (header->contains("crit") || header->contains("b64")) return fault(TokenFault::extension);
  const auto kind = signature_kind(text_member(*header, "alg"));
  if (!kind) return fault(TokenFault::algorithm);
  if (header->contains("kid") && text_member(*header, "kid").empty()) return fault(TokenFault::form);
  switch (keys.verify(*kind, text_member(*header, "kid"), token.substr(0, second), *signature)) {
    case WebKeys::Verdict::right:
      break;
    case WebKeys::Verdict::wrong:
      return fault(TokenFault::signature);
    case WebKeys::Verdict::unknown_key:
      return fault(TokenFault::unknown_key);
  }
  auto claims = strict_object(*claim_bytes, kLongestToken);
  if (!claims) return fault(TokenFault::form);
  return *std::move(claims);
}

std::optional<TokenFault> audience_fault(const Json& claims, std::string_view client_id) {
  const auto audience = claims.find("aud");
  const std::vector<std::string> named = texts_member(claims, "aud");
  if (!holds(named, client_id)) return TokenFault::audience;
  // Something in the list that is no text would not have been counted.
  const bool several = audience->is_array() && audience->size() > 1;
  if ((several || claims.contains("azp")) && text_member(claims, "azp") != client_id) return TokenFault::audience;
  return std::nullopt;
}

// What all tokens have in common. `needs_end`: whether `exp` must be there.
std::optional<TokenFault> common_fault(const Json& claims, const TokenRules& rules, bool needs_end) {
  if (text_member(claims, "iss") != rules.issuer) return TokenFault::issuer;
  if (const auto wrong = audience_fault(claims, rules.client_id)) return wrong;
  const auto end = time_member(claims, "exp");
  if (!end && (needs_end || claims.contains("exp"))) return TokenFault::form;
  if (end && rules.now >= *end + kTokenLeeway) return TokenFault::expired;
  const auto issued = time_member(claims, "iat");
  if (!issued) return TokenFault::form;
  if (*issued > rules.now + kTokenLeeway) return TokenFault::not_yet_valid;
  if (claims.contains("nbf")) {
    const auto begin = time_member(claims, "nbf");
    if (!begin) return TokenFault::form;
    if (*begin > rules.now + kTokenLeeway) return TokenFault::not_yet_valid;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(TokenFault fault) {
  constexpr std::array<std::string_view, 13> kTexts = {
      "form",    "algorithm",     "extension", "unknown_key",  "signature", "issuer", "audience",
      "expired", "not_yet_valid", "nonce",     "access_token", "subject",   "event"};
  return kTexts[static_cast<std::size_t>(fault)];
}

bool same_secret(std::string_view one, std::string_view other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::expected<Json, TokenFault> check_id_token(std::string_view token, const WebKeys& keys, const TokenRules& rules,
                                               std::string_view nonce, std::string_view access_token) {
  auto claims = signed_claims(token, keys);
  if (!claims) return claims;
  if (const auto wrong = common_fault(*claims, rules, true)) return fault(*wrong);
  // A logout token is for the same client, signed by the same key.
  if (claims->contains("events")) return fault(TokenFault::form);
  if (nonce.empty() || !same_secret(text_member(*claims, "nonce"), nonce)) return fault(TokenFault::nonce);
  if (claims->contains("at_hash")) {
    const std::string expected = to_base64url(sha256(access_token).substr(0, 16));
    if (access_token.empty() || !same_secret(text_member(*claims, "at_hash"), expected)) {
      return fault(TokenFault::access_token);
    }
  }
  const std::string subject = text_member(*claims, "sub");
  if (subject.empty() || subject.size() > kLongestSubject) return fault(TokenFault::subject);
  return claims;
}

std::expected<LogoutClaims, TokenFault> check_logout_token(std::string_view token, const WebKeys& keys,
                                                           const TokenRules& rules) {
  const auto claims = signed_claims(token, keys);
  if (!claims) return fault(claims.error());
  if (const auto wrong = common_fault(*claims, rules, false)) return fault(*wrong);
  const auto events = claims->find("events");
  // With a nonce it would be an id token.
  if (events == claims->end() || !events->is_object() || !events->contains(kLogoutEvent) ||
      !events->at(kLogoutEvent).is_object() || claims->contains("nonce")) {
    return fault(TokenFault::event);
  }
  LogoutClaims logout{.subject = text_member(*claims, "sub"),
                      .session = text_member(*claims, "sid"),
                      .id = text_member(*claims, "jti")};
  if (logout.id.empty() || logout.id.size() > kLongestTokenId) return fault(TokenFault::form);
  if (logout.subject.empty() && logout.session.empty()) return fault(TokenFault::subject);
  const auto end = time_member(*claims, "exp");
  const TimePoint issued = *time_member(*claims, "iat");
  if (!end && rules.now >= issued + kLogoutTokenLife + kTokenLeeway) return fault(TokenFault::expired);
  logout.until = (end ? *end : issued + kLogoutTokenLife) + kTokenLeeway;
  return logout;
}

}  // namespace candor
