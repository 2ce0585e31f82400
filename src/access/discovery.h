#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candor {

// What an identity provider says of itself (OpenID Connect Discovery 1.0), as far as Candor uses it.
struct ProviderPlaces {
  std::string issuer;
  std::string authorization;
  std::string token;
  std::string keys;
  std::string user_info;          // "" where it has none
  std::string end_session;        // "" where it has none
  bool announces_issuer = false;  // the answer to a sign-in names the issuer (RFC 9207)
  bool takes_basic = true;        // client id and secret in a header; else in the body
  bool groups_scope = false;      // it has a scope `groups`
};

inline constexpr std::size_t kLongestProviderAddress = 2000;
inline constexpr std::size_t kLongestDiscovery = std::size_t{256} << 10;

// https, or http to this machine itself; printable ASCII without fragment or user name.
bool is_provider_address(std::string_view text);
// The same without a query, as an issuer has to be.
bool is_issuer(std::string_view text);
// Where an issuer's document lies.
std::string discovery_address(const std::string& issuer);

// Fails with `access.provider_bad_discovery`, saying what is wrong; texts of the provider are repeated only where they
// are short addresses.
Result<ProviderPlaces> parse_discovery(std::string_view json, const std::string& issuer);

// One part of a query or form, percent-encoded but for letters, digits, and `-._~`.
std::string form_encoded(std::string_view text);
// "a=1&b=2", both encoded.
std::string form_of(const std::vector<std::pair<std::string_view, std::string>>& fields);
// `address` with those parameters behind what query it has.
std::string with_query(const std::string& address, const std::vector<std::pair<std::string_view, std::string>>& fields);

}  // namespace candor
