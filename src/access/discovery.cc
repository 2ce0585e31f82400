#include "access/discovery.h"

#include <algorithm>
#include <utility>

#include "access/strict_json.h"
#include "access/web_keys.h"

namespace candor {
namespace {

std::unexpected<Error> bad_discovery(const std::string& why) {
  return fail("access.provider_bad_discovery", "the identity provider's discovery document " + why);
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '#' && c != '\\' && c != '"'; });
}

// "host:port" -> "host", "[::1]:80" -> "[::1]"; "" when it is of neither form.
std::string_view host_of(std::string_view authority) {
  const std::size_t bracket = authority.find(']');
  const bool in_brackets = authority.starts_with('[') && bracket != std::string_view::npos;
  const std::size_t end = in_brackets ? bracket + 1 : std::min(authority.find(':'), authority.size());
  const std::string_view port = authority.substr(end);
  const bool is_port = port.empty() || (port.front() == ':' && port.size() <= 6 &&
                                        port.find_first_not_of("0123456789", 1) == std::string_view::npos);
  return is_port ? authority.substr(0, end) : std::string_view();
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  // 127.0.0.1, and not 127.example.com.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// What is there but no address is a fault, what is not there is one only where it is needed.
Result<std::string> place_member(const nlohmann::json& document, const char* name, bool needed) {
  std::string address = text_member(document, name);
  if (!document.contains(name) && !needed) return address;
  if (!is_provider_address(address)) {
    return bad_discovery(std::string("has no usable `") + name + "`: an https address is needed");
  }
  return address;
}

// A list the document may leave out.
bool lacks(const nlohmann::json& document, const char* name, std::string_view wanted) {
  return document.contains(name) && !holds(texts_member(document, name), wanted);
}

}  // namespace

bool is_provider_address(std::string_view text) {
  constexpr std::string_view kSecure = "https://";
  constexpr std::string_view kPlain = "http://";
  if (text.size() > kLongestProviderAddress || !is_plain(text)) return false;
  const bool secure = text.starts_with(kSecure);
  if (!secure && !text.starts_with(kPlain)) return false;
  text.remove_prefix(secure ? kSecure.size() : kPlain.size());
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  if (authority.contains('@')) return false;
  const std::string_view host = host_of(authority);
  return !host.empty() && (secure || is_loopback(host));
}

bool is_issuer(std::string_view text) { return is_provider_address(text) && !text.contains('?'); }

std::string discovery_address(const std::string& issuer) {
  return issuer + (issuer.ends_with('/') ? "" : "/") + ".well-known/openid-configuration";
}

Result<ProviderPlaces> parse_discovery(std::string_view json, const std::string& issuer) {
  const auto document = strict_object(json, kLongestDiscovery);
  if (!document) return bad_discovery("is none: no JSON object, or too large a one");
  ProviderPlaces places;
  places.issuer = text_member(*document, "issuer");
  if (places.issuer != issuer) {
    const bool shown = is_issuer(places.issuer) && places.issuer.size() <= 200;
    return bad_discovery("names another issuer than the settings" +
                         (shown ? ": write `issuer: " + places.issuer + "` if that is the one meant" : std::string()));
  }
  CANDOR_TRY(places.authorization, place_member(*document, "authorization_endpoint", true));
  CANDOR_TRY(places.token, place_member(*document, "token_endpoint", true));
  CANDOR_TRY(places.keys, place_member(*document, "jwks_uri", true));
  CANDOR_TRY(places.user_info, place_member(*document, "userinfo_endpoint", false));
  CANDOR_TRY(places.end_session, place_member(*document, "end_session_endpoint", false));
  if (lacks(*document, "response_types_supported", "code")) return bad_discovery("offers no authorization code");
  if (lacks(*document, "code_challenge_methods_supported", "S256")) return bad_discovery("offers no PKCE with S256");
  if (std::ranges::all_of(kSignatureKinds, [&](SignatureKind kind) {
        return lacks(*document, "id_token_signing_alg_values_supported", to_text(kind));
      })) {
    return bad_discovery("offers no signature Candor takes: RS256, PS256 or ES256");
  }
  const auto announces = document->find("authorization_response_iss_parameter_supported");
  places.announces_issuer = announces != document->end() && announces->is_boolean() && announces->get<bool>();
  places.takes_basic = !lacks(*document, "token_endpoint_auth_methods_supported", "client_secret_basic");
  places.groups_scope = holds(texts_member(*document, "scopes_supported"), "groups");
  return places;
}

std::string form_encoded(std::string_view text) {
  static constexpr std::string_view kPlainSymbols =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (kPlainSymbols.contains(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return encoded;
}

std::string form_of(const std::vector<std::pair<std::string_view, std::string>>& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    form += form_encoded(name);
    form += '=';
    form += form_encoded(value);
  }
  return form;
}

std::string with_query(const std::string& address,
                       const std::vector<std::pair<std::string_view, std::string>>& fields) {
  return address + (address.contains('?') ? "&" : "?") + form_of(fields);
}

}  // namespace candor
