#include "access/provider_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "access/provider_fixture.h"

namespace candor {
namespace {

using Json = nlohmann::json;

constexpr TimePoint kNowInTokens = 1'795'000'000 * kMicrosPerSecond;
constexpr std::int64_t kSecond = 1'795'000'000;
constexpr const char* kIssuer = "https://login.example.com/staff";
constexpr const char* kClient = "candor";
constexpr const char* kNonce = "the nonce of this sign-in";

class ProviderTokens : public testing::Test {
 protected:
  static Json good() {
    return {{"iss", kIssuer}, {"sub", "s-1"},         {"aud", kClient},
            {"iat", kSecond}, {"exp", kSecond + 300}, {"nonce", kNonce}};
  }
  static Json good_logout() {
    return {
        {"iss", kIssuer},       {"sub", "s-1"},
        {"aud", kClient},       {"iat", kSecond},
        {"exp", kSecond + 120}, {"jti", "logout-1"},
        {"sid", "session-1"},   {"events", {{"http://schemas.openid.net/event/backchannel-logout", Json::object()}}}};
  }
  std::string fault_of(const std::string& token, TimePoint now = kNowInTokens, const std::string& access_token = "") {
    const auto claims =
        check_id_token(token, keys_, {.issuer = kIssuer, .client_id = kClient, .now = now}, kNonce, access_token);
    return claims ? "" : std::string(to_text(claims.error()));
  }
  std::string logout_fault_of(const std::string& token, TimePoint now = kNowInTokens) {
    const auto claims = check_logout_token(token, keys_, {.issuer = kIssuer, .client_id = kClient, .now = now});
    return claims ? "" : std::string(to_text(claims.error()));
  }
  std::string fault_with(const std::function<void(Json&)>& change) {
    Json claims = good();
    change(claims);
    return fault_of(key_.token(claims));
  }
  std::string logout_fault_with(const std::function<void(Json&)>& change) {
    Json claims = good_logout();
    change(claims);
    return logout_fault_of(key_.token(claims));
  }

  static const SigningKey key_;
  static const SigningKey ec_;
  static const SigningKey stranger_;
  static const WebKeys keys_;
};
const SigningKey ProviderTokens::key_ = SigningKey::rsa("k1");
const SigningKey ProviderTokens::ec_ = SigningKey::p256("k2");
const SigningKey ProviderTokens::stranger_ = SigningKey::rsa("k1");
const WebKeys ProviderTokens::keys_ = *WebKeys::parse(jwks_of({key_, ec_}));

TEST_F(ProviderTokens, GoodOnesOfEachKind) {
  EXPECT_EQ(fault_of(key_.token(good(), "RS256")), "");
  EXPECT_EQ(fault_of(key_.token(good(), "PS256")), "");
  EXPECT_EQ(fault_of(ec_.token(good(), "ES256")), "");
  const auto claims = check_id_token(key_.token(good()), keys_,
                                     {.issuer = kIssuer, .client_id = kClient, .now = kNowInTokens}, kNonce, "");
  ASSERT_TRUE(claims);
  EXPECT_EQ(*claims, good());
}

// What somebody makes who has no key of the provider's.
TEST_F(ProviderTokens, Forged) {
  const std::string token = key_.token(good());
  const std::string head = token.substr(0, token.find('.'));
  const std::string body = token.substr(head.size() + 1, token.rfind('.') - head.size() - 1);
  const std::string signature = token.substr(token.rfind('.') + 1);
  Json other = good();
  other["sub"] = "s-2";
  const std::string claims = good().dump();
  const auto headed = [&](const Json& header) { return key_.token_with(header, claims, "RS256"); };
  const struct {
    const char* name;
    std::string token;
    const char* fault;
  } rows[] = {
      {"another's key under the same id", stranger_.token(good()), "signature"},
      {"claims changed", head + "." + to_base64url(other.dump()) + "." + signature, "signature"},
      {"no signature", head + "." + body + ".", "signature"},
      {"alg none", to_base64url(R"({"alg":"none"})") + "." + body + ".", "algorithm"},
      {"alg None", to_base64url(R"({"alg":"None"})") + "." + body + "." + signature, "algorithm"},
      {"symmetric, by the public key", headed({{"alg", "HS256"}, {"kid", "k1"}}), "algorithm"},
      {"RS512", headed({{"alg", "RS512"}, {"kid", "k1"}}), "algorithm"},
      {"no alg", headed({{"kid", "k1"}}), "algorithm"},
      {"alg is a list", headed({{"alg", Json::array({"RS256"})}, {"kid", "k1"}}), "algorithm"},
      {"a key it brings along", headed({{"alg", "RS256"}, {"kid", "new"}, {"jwk", stranger_.jwk()}}), "unknown_key"},
      {"an empty key id", headed({{"alg", "RS256"}, {"kid", ""}}), "form"},
      {"a key id that is a number", headed({{"alg", "RS256"}, {"kid", 1}}), "form"},
      {"a key of another kind", headed({{"alg", "RS256"}, {"kid", "k2"}}), "unknown_key"},
      {"crit", headed({{"alg", "RS256"}, {"kid", "k1"}, {"crit", {"x"}}}), "extension"},
      {"unencoded", headed({{"alg", "RS256"}, {"kid", "k1"}, {"b64", false}}), "extension"},
      {"nothing", "", "form"},
      {"two parts", head + "." + body, "form"},
      {"four parts", token + "." + signature, "form"},
      {"five parts, as encrypted ones have", token + ".a.b", "form"},
      {"padded", head + "." + body + "." + signature + "==", "form"},
      {"a blank", head + ". " + body + "." + signature, "form"},
      {"header no JSON", to_base64url("{") + "." + body + "." + signature, "form"},
      {"alg twice", to_base64url(R"({"alg":"RS256","alg":"none","kid":"k1"})") + "." + body + "." + signature, "form"},
      {"too long", std::string(kLongestToken + 1, 'a'), "form"},
      {"claims no object", key_.token_with({{"alg", "RS256"}, {"kid", "k1"}}, "[]", "RS256"), "form"},
      {"sub twice", key_.token_with({{"alg", "RS256"}, {"kid", "k1"}}, R"({"sub":"a","sub":"b"})", "RS256"), "form"},
  };
  for (const auto& row : rows) EXPECT_EQ(fault_of(row.token), row.fault) << row.name;
}

TEST_F(ProviderTokens, MeantForOthers) {
  const struct {
    const char* name;
    std::function<void(Json&)> change;
    const char* fault;
  } rows[] = {
      {"another issuer", [](Json& c) { c["iss"] = "https://login.example.com/other"; }, "issuer"},
      {"a slash more", [](Json& c) { c["iss"] = std::string(kIssuer) + "/"; }, "issuer"},
      {"no issuer", [](Json& c) { c.erase("iss"); }, "issuer"},
      {"issuer a list", [](Json& c) { c["iss"] = Json::array({kIssuer}); }, "issuer"},
      {"another client", [](Json& c) { c["aud"] = "mail"; }, "audience"},
      {"no audience", [](Json& c) { c.erase("aud"); }, "audience"},
      {"audience an object", [](Json& c) { c["aud"] = {{"candor", true}}; }, "audience"},
      {"several without azp", [](Json& c) { c["aud"] = {kClient, "mail"}; }, "audience"},
      {"several, one no text", [](Json& c) { c["aud"] = Json::array({kClient, 1}); }, "audience"},
      {"several, azp another",
       [](Json& c) {
         c["aud"] = {kClient, "mail"};
         c["azp"] = "mail";
       },
       "audience"},
      {"several, azp ours",
       [](Json& c) {
         c["aud"] = {kClient, "mail"};
         c["azp"] = kClient;
       },
       ""},
      {"one in a list", [](Json& c) { c["aud"] = Json::array({kClient}); }, ""},
      {"one, azp another", [](Json& c) { c["azp"] = "mail"; }, "audience"},
      {"another sign-in", [](Json& c) { c["nonce"] = "another"; }, "nonce"},
      {"no nonce", [](Json& c) { c.erase("nonce"); }, "nonce"},
      {"nonce a number", [](Json& c) { c["nonce"] = 1; }, "nonce"},
      {"no subject", [](Json& c) { c.erase("sub"); }, "subject"},
      {"empty subject", [](Json& c) { c["sub"] = ""; }, "subject"},
      {"subject a number", [](Json& c) { c["sub"] = 7; }, "subject"},
      {"subject too long", [](Json& c) { c["sub"] = std::string(256, 's'); }, "subject"},
      {"a logout token", [](Json& c) { c["events"] = Json::object(); }, "form"},
  };
  for (const auto& row : rows) EXPECT_EQ(fault_with(row.change), row.fault) << row.name;
}

TEST_F(ProviderTokens, TheirTime) {
  constexpr std::int64_t kLeewaySeconds = kTokenLeeway / kMicrosPerSecond;
  const struct {
    const char* name;
    std::function<void(Json&)> change;
    const char* fault;
  } rows[] = {
      {"ended, within the leeway", [](Json& c) { c["exp"] = kSecond - kLeewaySeconds + 1; }, ""},
      {"ended", [](Json& c) { c["exp"] = kSecond - kLeewaySeconds; }, "expired"},
      {"no end", [](Json& c) { c.erase("exp"); }, "form"},
      {"end a text", [](Json& c) { c["exp"] = "tomorrow"; }, "form"},
      {"end with a fraction", [](Json& c) { c["exp"] = kSecond + 0.5; }, ""},
      {"end beyond all numbers", [](Json& c) { c["exp"] = 1e300; }, "form"},
      {"end before all time", [](Json& c) { c["exp"] = -1; }, "form"},
      {"no beginning", [](Json& c) { c.erase("iat"); }, "form"},
      {"issued ahead, within the leeway", [](Json& c) { c["iat"] = kSecond + kLeewaySeconds; }, ""},
      {"issued ahead", [](Json& c) { c["iat"] = kSecond + kLeewaySeconds + 1; }, "not_yet_valid"},
      {"not before, within the leeway", [](Json& c) { c["nbf"] = kSecond + kLeewaySeconds; }, ""},
      {"not before", [](Json& c) { c["nbf"] = kSecond + kLeewaySeconds + 1; }, "not_yet_valid"},
      {"not before, a text", [](Json& c) { c["nbf"] = "x"; }, "form"},
  };
  for (const auto& row : rows) EXPECT_EQ(fault_with(row.change), row.fault) << row.name;
}

TEST_F(ProviderTokens, TheAccessTokenItCameWith) {
  Json claims = good();
  claims["at_hash"] = to_base64url(sha256("the access token").substr(0, 16));
  const std::string token = key_.token(claims);
  EXPECT_EQ(fault_of(token, kNowInTokens, "the access token"), "");
  EXPECT_EQ(fault_of(token, kNowInTokens, "another one"), "access_token");
  EXPECT_EQ(fault_of(token, kNowInTokens, ""), "access_token");
  EXPECT_EQ(fault_of(key_.token(good()), kNowInTokens, "any"), "") << "it need not say";
}

TEST_F(ProviderTokens, Logout) {
  const auto claims = check_logout_token(key_.token(good_logout()), keys_,
                                         {.issuer = kIssuer, .client_id = kClient, .now = kNowInTokens});
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "s-1");
  EXPECT_EQ(claims->session, "session-1");
  EXPECT_EQ(claims->id, "logout-1");
  EXPECT_EQ(claims->until, (kSecond + 120) * kMicrosPerSecond + kTokenLeeway);
  const struct {
    const char* name;
    std::function<void(Json&)> change;
    const char* fault;
  } rows[] = {
      {"no events", [](Json& c) { c.erase("events"); }, "event"},
      {"another event", [](Json& c) { c["events"] = {{"http://example.com/other", Json::object()}}; }, "event"},
      {"event a text", [](Json& c) { c["events"] = "http://schemas.openid.net/event/backchannel-logout"; }, "event"},
      {"its value no object",
       [](Json& c) { c["events"] = {{"http://schemas.openid.net/event/backchannel-logout", true}}; }, "event"},
      {"with a nonce", [](Json& c) { c["nonce"] = kNonce; }, "event"},
      {"about nobody",
       [](Json& c) {
         c.erase("sub");
         c.erase("sid");
       },
       "subject"},
      {"session only", [](Json& c) { c.erase("sub"); }, ""},
      {"subject only", [](Json& c) { c.erase("sid"); }, ""},
      {"no id", [](Json& c) { c.erase("jti"); }, "form"},
      {"another client", [](Json& c) { c["aud"] = "mail"; }, "audience"},
      {"another issuer", [](Json& c) { c["iss"] = "https://x.example"; }, "issuer"},
      {"ended", [](Json& c) { c["exp"] = kSecond - 600; }, "expired"},
      {"no end", [](Json& c) { c.erase("exp"); }, ""},
      {"no end, old",
       [](Json& c) {
         c.erase("exp");
         c["iat"] = kSecond - 800;
       },
       "expired"},
  };
  for (const auto& row : rows) EXPECT_EQ(logout_fault_with(row.change), row.fault) << row.name;
  EXPECT_EQ(logout_fault_of(stranger_.token(good_logout())), "signature");
  EXPECT_EQ(logout_fault_of(key_.token(good())), "event") << "an id token is none";
}

TEST(TokenFaults, HaveTextsOfTheirOwn) {
  std::set<std::string_view> texts;
  for (int i = 0; i <= static_cast<int>(TokenFault::event); ++i) texts.insert(to_text(static_cast<TokenFault>(i)));
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(TokenFault::event) + 1);
}

TEST(Secrets, Same) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "abcd"));
  EXPECT_TRUE(same_secret("", ""));
}

}  // namespace
}  // namespace candor
