#include "access/web_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/provider_fixture.h"

namespace candor {
namespace {

using Json = nlohmann::json;
using Verdict = WebKeys::Verdict;

const SigningKey& rsa_signer() {
  static const SigningKey kKey = SigningKey::rsa("rsa-1");
  return kKey;
}
const SigningKey& ec_signer() {
  static const SigningKey kKey = SigningKey::p256("ec-1");
  return kKey;
}

WebKeys keys_of(const Json& keys) {
  const auto parsed = WebKeys::parse(Json{{"keys", keys}}.dump());
  EXPECT_TRUE(parsed.has_value());
  return parsed.value_or(WebKeys());
}

std::string fault_of(const std::string& text) {
  const auto parsed = WebKeys::parse(text);
  return parsed ? "" : parsed.error().id;
}

TEST(Base64Url, IsStrict) {
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(from_base64url("-_8"), "\xfb\xff");
  EXPECT_EQ(from_base64url(""), "");
  for (const char* bad : {"-_8=", "+/8", "-_9", "-", "-_ 8", "-_8\n", "a"})
    EXPECT_EQ(from_base64url(bad), std::nullopt) << bad;
}

TEST(WebKeys, EachKindOfSignature) {
  const WebKeys keys = keys_of(Json::array({rsa_signer().jwk(), ec_signer().jwk()}));
  EXPECT_EQ(keys.size(), 2U);
  const std::string bytes = "what is signed";
  const std::string rs = rsa_signer().signature(bytes, "RS256");
  const std::string ps = rsa_signer().signature(bytes, "PS256");
  const std::string es = ec_signer().signature(bytes, "ES256");
  EXPECT_EQ(keys.verify(SignatureKind::rs256, "rsa-1", bytes, rs), Verdict::right);
  EXPECT_EQ(keys.verify(SignatureKind::ps256, "rsa-1", bytes, ps), Verdict::right);
  EXPECT_EQ(keys.verify(SignatureKind::es256, "ec-1", bytes, es), Verdict::right);
  // One kind's signature is none of another.
  EXPECT_EQ(keys.verify(SignatureKind::ps256, "rsa-1", bytes, rs), Verdict::wrong);
  EXPECT_EQ(keys.verify(SignatureKind::rs256, "rsa-1", bytes, ps), Verdict::wrong);
  EXPECT_EQ(keys.verify(SignatureKind::rs256, "ec-1", bytes, es), Verdict::unknown_key);
  EXPECT_EQ(keys.verify(SignatureKind::es256, "rsa-1", bytes, rs), Verdict::unknown_key);
  EXPECT_EQ(keys.verify(SignatureKind::rs256, "rsa-1", "what was not", rs), Verdict::wrong);
  EXPECT_EQ(keys.verify(SignatureKind::rs256, "rsa-2", bytes, rs), Verdict::unknown_key);
  EXPECT_EQ(keys.verify(SignatureKind::rs256, "rsa-1", bytes, ""), Verdict::wrong);
  EXPECT_EQ(keys.verify(SignatureKind::es256, "ec-1", bytes, es.substr(1)), Verdict::wrong);
  EXPECT_EQ(keys.verify(SignatureKind::es256, "ec-1", bytes, std::string(64, '\0')), Verdict::wrong) << "r = s = 0";
}

TEST(WebKeys, WithoutAnIdTheOnlyOneThatFits) {
  const std::string bytes = "what is signed";
  const std::string rs = rsa_signer().signature(bytes, "RS256");
  EXPECT_EQ(keys_of(Json::array({rsa_signer().jwk(), ec_signer().jwk()})).verify(SignatureKind::rs256, "", bytes, rs),
            Verdict::right);
  const WebKeys two = keys_of(Json::array({rsa_signer().jwk(), SigningKey::rsa("rsa-2").jwk()}));
  EXPECT_EQ(two.verify(SignatureKind::rs256, "", bytes, rs), Verdict::unknown_key);
}

TEST(WebKeys, AKeyThatSaysItsKindMakesNoOther) {
  Json jwk = rsa_signer().jwk();
  jwk["alg"] = "RS256";
  const WebKeys keys = keys_of(Json::array({jwk}));
  EXPECT_TRUE(keys.has(SignatureKind::rs256));
  EXPECT_FALSE(keys.has(SignatureKind::ps256));
  const std::string ps = rsa_signer().signature("x", "PS256");
  EXPECT_EQ(keys.verify(SignatureKind::ps256, "rsa-1", "x", ps), Verdict::unknown_key);
}

TEST(WebKeys, WhatIsLeftOut) {
  const auto with = [](Json jwk, const char* name, const Json& value) {
    jwk[name] = value;
    return jwk;
  };
  const Json rsa = rsa_signer().jwk();
  const Json ec = ec_signer().jwk();
  const std::vector<std::pair<const char*, Json>> left_out = {
      {"for encryption", with(rsa, "use", "enc")},
      {"operations without verify", with(rsa, "key_ops", Json::array({"encrypt"}))},
      {"another algorithm", with(rsa, "alg", "RS512")},
      {"symmetric", Json{{"kty", "oct"}, {"kid", "rsa-1"}, {"k", "AAAA"}}},
      {"an unknown type", with(rsa, "kty", "OKP")},
      {"too short", SigningKey::rsa("short", 1024).jwk()},
      {"exponent 1", with(rsa, "e", "AQ")},
      {"exponent 1 with zeros before", with(rsa, "e", "AAAB")},
      {"an even exponent", with(rsa, "e", "Ag")},
      {"no exponent", with(rsa, "e", "")},
      {"exponent as a number", with(rsa, "e", 65537)},
      {"not base64url", with(rsa, "n", "a+b=")},
      {"another curve", with(ec, "crv", "P-384")},
      {"not on the curve", with(ec, "x", ec.at("y"))},
      {"a short coordinate", with(ec, "x", "AAAA")},
      {"a long id", with(rsa, "kid", std::string(501, 'k'))},
      {"no object", Json("key")},
  };
  for (const auto& [name, jwk] : left_out) {
    EXPECT_EQ(fault_of(Json{{"keys", Json::array({jwk, jwk})}}.dump()), "access.provider_bad_keys") << name;
    EXPECT_EQ(keys_of(Json::array({jwk, ec_signer().jwk()})).size(), 1U)
        << name << ": the others are there all the same";
  }
}

TEST(WebKeys, WhatIsNoSetOfKeys) {
  for (const char* text :
       {"", "null", "[]", "{}", R"({"keys":{}})", R"({"keys":[]})", R"({"keys":[],"keys":[]})", "{\"keys\":[\xff]}"}) {
    EXPECT_EQ(fault_of(text), "access.provider_bad_keys") << text;
  }
  Json many = Json::array();
  for (std::size_t i = 0; i <= WebKeys::kMostKeys; ++i) many.push_back(ec_signer().jwk());
  EXPECT_EQ(fault_of(Json{{"keys", many}}.dump()), "access.provider_bad_keys");
  const std::string deep = R"({"keys":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(fault_of(deep), "access.provider_bad_keys");
}

}  // namespace
}  // namespace candor
