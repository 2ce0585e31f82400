#pragma once

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "access/identity_provider.h"
#include "access/web_keys.h"
#include "base/time.h"

// An identity provider's keys and tokens, made for tests: with the same library that checks them, but by its other
// half. For tests only.
namespace candor {

class SigningKey {
 public:
  static SigningKey rsa(const std::string& id, unsigned bits = 2048) { return {id, EVP_RSA_gen(bits)}; }
  static SigningKey p256(const std::string& id) { return {id, EVP_EC_gen("P-256")}; }

  nlohmann::json jwk() const {
    nlohmann::json jwk = {{"kid", id_}, {"use", "sig"}};
    if (EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA) {
      jwk["kty"] = "RSA";
      jwk["n"] = to_base64url(number(OSSL_PKEY_PARAM_RSA_N, 0));
      jwk["e"] = to_base64url(number(OSSL_PKEY_PARAM_RSA_E, 0));
    } else {
      jwk["kty"] = "EC";
      jwk["crv"] = "P-256";
      jwk["x"] = to_base64url(number(OSSL_PKEY_PARAM_EC_PUB_X, 32));
      jwk["y"] = to_base64url(number(OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    }
    return jwk;
  }

  // "header.claims.signature"; the header says what is given, whatever signs.
  std::string token(const nlohmann::json& claims, const std::string& kind = "RS256") const {
    return token_with({{"alg", kind}, {"kid", id_}, {"typ", "JWT"}}, claims.dump(), kind);
  }
  std::string token_with(const nlohmann::json& header, const std::string& claims, const std::string& kind) const {
    const std::string bytes = to_base64url(header.dump()) + "." + to_base64url(claims);
    return bytes + "." + to_base64url(signature(bytes, kind));
  }
  std::string signature(const std::string& bytes, const std::string& kind) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* settings = nullptr;
    EVP_DigestSignInit(context.get(), &settings, EVP_sha256(), nullptr, key_.get());
    if (kind == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
    }
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, bytes.size());
    signature.resize(size);
    return kind == "ES256" ? plain_of(signature) : signature;
  }

 private:
  SigningKey(std::string id, EVP_PKEY* key) : id_(std::move(id)), key_(key, &EVP_PKEY_free) {}

  std::string number(const char* name, std::size_t bytes) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &value);
    std::string text(bytes == 0 ? static_cast<std::size_t>(BN_num_bytes(value)) : bytes, '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(text.size()));
    BN_free(value);
    return text;
  }
  static std::string plain_of(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* both = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string text(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(text.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(both), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), out + 32, 32);
    ECDSA_SIG_free(both);
    return text;
  }

  std::string id_;
  std::shared_ptr<EVP_PKEY> key_;
};

inline std::string jwks_of(const std::vector<SigningKey>& keys) {
  nlohmann::json set = {{"keys", nlohmann::json::array()}};
  for (const SigningKey& key : keys) set["keys"].push_back(key.jwk());
  return set.dump();
}

// What a query or form holds under that name, decoded as form_of() encodes; "" when it is not there.
inline std::string field_of(const std::string& text, const std::string& name) {
  std::string rest = text.substr(text.find('?') == std::string::npos ? 0 : text.find('?') + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string pair = rest.substr(0, end);
    rest.erase(0, end + 1);
    if (!pair.starts_with(name + "=")) continue;
    std::string value;
    for (std::size_t i = name.size() + 1; i < pair.size(); ++i) {
      if (pair[i] != '%') {
        value += pair[i];
        continue;
      }
      value += static_cast<char>(std::stoi(pair.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
    return value;
  }
  return {};
}

// The other side of a sign-in, in one place: what discovery, keys, token and user info answer. It checks PKCE, the
// client and that a code is used once, and lets a test change what it says.
class ProviderStandIn {
 public:
  static constexpr const char* kIssuer = "https://login.example.com/staff";

  explicit ProviderStandIn(const Clock& clock) : clock_(clock) {}
  // Made once: an RSA key takes a while.
  static const SigningKey& first_key() {
    static const SigningKey kKey = SigningKey::rsa("key-1");
    return kKey;
  }

  static ProviderSettings settings() {
    ProviderSettings settings;
    settings.issuer = kIssuer;
    settings.name = "Example";
    settings.client_id = "candor";
    settings.client_secret = "s&cret";
    settings.public_address = "https://candor.example.com";
    settings.roles = {{.group = "irm-admins", .role = "admin"}, {.group = "irm-analysts", .role = "analyst"}};
    return settings;
  }

  ProviderFetch fetch() {
    return [this](const ProviderRequest& request) -> Result<ProviderAnswer> {
      asked.push_back(request.address);
      if (down) return fail("access.provider_unreachable", "the identity provider cannot be reached: down");
      const std::string path = request.address.substr(std::string(kIssuer).size());
      if (path == "/.well-known/openid-configuration") return ProviderAnswer{200, discovery.dump()};
      if (path == "/keys") return ProviderAnswer{200, jwks_of(keys)};
      if (path == "/token") return redeem(request);
      if (path == "/me") return ProviderAnswer{user_info.is_null() ? 401 : 200, user_info.dump()};
      return ProviderAnswer{404, ""};
    };
  }

  // The person signs in there: the code the browser brings back from that address.
  std::string code_for(const std::string& address) {
    const std::string code = "code-" + std::to_string(++codes_);
    begun_[code] = {field_of(address, "nonce"), field_of(address, "code_challenge")};
    return code;
  }

  int times_asked(const std::string& path) const {
    return static_cast<int>(std::ranges::count(asked, std::string(kIssuer) + path));
  }
  // Signed by the newest key.
  std::string sign(const nlohmann::json& token_claims) const { return keys.back().token(token_claims); }
  nlohmann::json claims_now() const {
    const std::int64_t now = clock_.now() / kMicrosPerSecond;
    return {{"iss", kIssuer}, {"aud", "candor"}, {"iat", now}, {"exp", now + 300}};
  }

  bool down = false;
  std::vector<SigningKey> keys = {first_key()};
  nlohmann::json discovery = {{"issuer", kIssuer},
                              {"authorization_endpoint", std::string(kIssuer) + "/auth"},
                              {"token_endpoint", std::string(kIssuer) + "/token"},
                              {"jwks_uri", std::string(kIssuer) + "/keys"},
                              {"userinfo_endpoint", std::string(kIssuer) + "/me"},
                              {"end_session_endpoint", std::string(kIssuer) + "/logout"}};
  nlohmann::json person = {{"sub", "s-1"},
                           {"sid", "there-1"},
                           {"preferred_username", "Ann.Bee@example.com"},
                           {"name", "Ann Bee"},
                           {"groups", {"everybody", "irm-analysts"}}};
  nlohmann::json user_info = nullptr;
  std::function<void(nlohmann::json& claims)> change = [](nlohmann::json&) {};
  std::vector<std::string> asked;

 private:
  struct Begun {
    std::string nonce;
    std::string challenge;
  };

  Result<ProviderAnswer> redeem(const ProviderRequest& request) {
    const auto begun = begun_.extract(field_of(request.form, "code"));
    // "candor:s%26cret"
    if (request.authorization != "Basic Y2FuZG9yOnMlMjZjcmV0")
      return ProviderAnswer{401, R"({"error":"invalid_client"})"};
    if (begun.empty() || to_base64url(sha256(field_of(request.form, "code_verifier"))) != begun.mapped().challenge ||
        field_of(request.form, "redirect_uri") != "https://candor.example.com/api/v1/session/provider/callback") {
      return ProviderAnswer{400, R"({"error":"invalid_grant"})"};
    }
    nlohmann::json claims = claims_now();
    claims.update(person);
    claims["nonce"] = begun.mapped().nonce;
    change(claims);
    return ProviderAnswer{200, nlohmann::json{{"id_token", sign(claims)}, {"access_token", "at-1"}}.dump()};
  }

  const Clock& clock_;
  int codes_ = 0;
  std::map<std::string, Begun> begun_;
};

}  // namespace candor
