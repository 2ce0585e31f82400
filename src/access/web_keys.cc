#include "access/web_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include <algorithm>

#include "access/strict_json.h"

namespace candor {
namespace {

template <auto free>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};
using PublicKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

constexpr std::size_t kShortestModulus = 256;  // bytes
constexpr std::size_t kLongestModulus = 1024;
constexpr std::size_t kLongestExponent = 8;
constexpr std::size_t kCoordinate = 32;  // of P-256
constexpr std::size_t kLongestKeyId = 500;

const unsigned char* key_bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

BigNumber big_number(std::string_view bytes) {
  return BigNumber(BN_bin2bn(key_bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// Null when OpenSSL finds fault with it, as with a point that is not on the curve.
PublicKey make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  PublicKey key(made);
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
  return key;
}

std::string without_leading_zeros(std::string bytes) {
  bytes.erase(0, std::min(bytes.find_first_not_of('\0'), bytes.size()));
  return bytes;
}

PublicKey rsa_key(const nlohmann::json& jwk) {
  const auto modulus = from_base64url(text_member(jwk, "n"));
  const auto exponent = from_base64url(text_member(jwk, "e"));
  if (!modulus || !exponent) return nullptr;
  const std::string n = without_leading_zeros(*modulus);
  const std::string e = without_leading_zeros(*exponent);
  if (n.size() < kShortestModulus || n.size() > kLongestModulus || e.empty() || e.size() > kLongestExponent) {
    return nullptr;
  }
  // An even exponent is none, and with 1 every text is its own signature.
  if ((static_cast<unsigned char>(e.back()) & 1U) == 0 || e == "\1") return nullptr;
  const BigNumber n_number = big_number(n);
  const BigNumber e_number = big_number(e);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || !n_number || !e_number ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n_number.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e_number.get()) != 1) {
    return nullptr;
  }
  return make_key("RSA", builder.get());
}

PublicKey p256_key(const nlohmann::json& jwk) {
  const auto x = from_base64url(text_member(jwk, "x"));
  const auto y = from_base64url(text_member(jwk, "y"));
  if (text_member(jwk, "crv") != "P-256" || !x || !y || x->size() != kCoordinate || y->size() != kCoordinate) {
    return nullptr;
  }
  const std::string point = "\x04" + *x + *y;
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return nullptr;
  }
  return make_key("EC", builder.get());
}

bool makes(const std::vector<SignatureKind>& kinds, SignatureKind kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool is_for_signatures(const nlohmann::json& jwk) {
  if (jwk.contains("use") && text_member(jwk, "use") != "sig") return false;
  return !jwk.contains("key_ops") || holds(texts_member(jwk, "key_ops"), "verify");
}

// A token has both numbers one behind the other, OpenSSL wants them in DER. "" when they are not of that form.
std::string der_signature(std::string_view signature) {
  if (signature.size() != 2 * kCoordinate) return {};
  const EcSignature both(ECDSA_SIG_new());
  BigNumber r = big_number(signature.substr(0, kCoordinate));
  BigNumber s = big_number(signature.substr(kCoordinate));
  if (!both || !r || !s || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());  // owned by `both` now
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &der);
  if (size <= 0) return {};
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

bool is_signature(EVP_PKEY* key, SignatureKind kind, std::string_view bytes, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;  // owned by `context`
  if (!context || EVP_DigestVerifyInit(context.get(), &settings, EVP_sha256(), nullptr, key) != 1) return false;
  if (kind == SignatureKind::ps256 && (EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) != 1 ||
                                       EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), key_bytes(signature), signature.size(), key_bytes(bytes), bytes.size()) == 1;
}

}  // namespace

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                        &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::string to_base64url(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), key_bytes(bytes), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the zero behind it
  return text;
}

std::string sha256(std::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()), key_bytes(bytes), bytes.size());
  return hash;
}

std::string_view to_text(SignatureKind kind) {
  constexpr std::array<std::string_view, 3> kTexts = {"RS256", "PS256", "ES256"};
  return kTexts[static_cast<std::size_t>(kind)];
}

std::optional<SignatureKind> signature_kind(std::string_view text) {
  for (const SignatureKind kind : kSignatureKinds) {
    if (to_text(kind) == text) return kind;
  }
  return std::nullopt;
}

struct WebKeys::Key {
  std::string id;
  std::vector<SignatureKind> kinds;
  PublicKey key;
};

Result<WebKeys> WebKeys::parse(std::string_view json) {
  const auto root = strict_object(json, kMostBytes);
  if (!root || !root->contains("keys") || !root->at("keys").is_array() || root->at("keys").size() > kMostKeys) {
    return fail("access.provider_bad_keys", "what the identity provider gives as its keys is no set of keys");
  }
  WebKeys keys;
  for (const nlohmann::json& jwk : root->at("keys")) {
    if (!jwk.is_object() || !is_for_signatures(jwk)) continue;
    const std::string type = text_member(jwk, "kty");
    std::vector<SignatureKind> kinds;
    if (type == "RSA") kinds = {SignatureKind::rs256, SignatureKind::ps256};
    if (type == "EC") kinds = {SignatureKind::es256};
    if (const std::string only = text_member(jwk, "alg"); !only.empty()) {
      std::erase_if(kinds, [&](SignatureKind kind) { return to_text(kind) != only; });
    }
    std::string id = text_member(jwk, "kid");
    if (kinds.empty() || id.size() > kLongestKeyId) continue;
    PublicKey key = type == "RSA" ? rsa_key(jwk) : p256_key(jwk);
    if (!key) continue;
    keys.keys_.push_back(std::make_shared<const Key>(std::move(id), std::move(kinds), std::move(key)));
  }
  if (keys.keys_.empty()) {
    return fail("access.provider_bad_keys",
                "no key of the identity provider can be used: RSA of 2048 bits or more, or P-256, for signatures");
  }
  return keys;
}

bool WebKeys::has(SignatureKind kind) const {
  return std::ranges::any_of(keys_, [&](const auto& key) { return makes(key->kinds, kind); });
}

WebKeys::Verdict WebKeys::verify(SignatureKind kind, std::string_view kid, std::string_view bytes,
                                 std::string_view signature) const {
  std::vector<const Key*> fitting;
  for (const auto& key : keys_) {
    if ((kid.empty() || key->id == kid) && makes(key->kinds, kind)) fitting.push_back(key.get());
  }
  if (fitting.empty() || (kid.empty() && fitting.size() > 1)) return Verdict::unknown_key;
  const std::string der = kind == SignatureKind::es256 ? der_signature(signature) : std::string();
  const std::string_view given = kind == SignatureKind::es256 ? std::string_view(der) : signature;
  if (given.empty()) return Verdict::wrong;
  const bool right =
      std::ranges::any_of(fitting, [&](const Key* key) { return is_signature(key->key.get(), kind, bytes, given); });
  return right ? Verdict::right : Verdict::wrong;
}

}  // namespace candor
