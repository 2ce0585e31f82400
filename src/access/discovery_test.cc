#include "access/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

namespace candor {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kIssuerOfDocument = "https://login.example.com/realms/staff";

Json whole_document() {
  const std::string base = std::string(kIssuerOfDocument) + "/protocol/openid-connect";
  return {{"issuer", kIssuerOfDocument},
          {"authorization_endpoint", base + "/auth"},
          {"token_endpoint", base + "/token"},
          {"jwks_uri", base + "/certs"},
          {"userinfo_endpoint", base + "/userinfo"},
          {"end_session_endpoint", base + "/logout"},
          {"response_types_supported", {"code", "none"}},
          {"code_challenge_methods_supported", {"plain", "S256"}},
          {"id_token_signing_alg_values_supported", {"HS256", "PS256"}},
          {"token_endpoint_auth_methods_supported", {"client_secret_post", "client_secret_basic"}},
          {"scopes_supported", {"openid", "groups"}},
          {"authorization_response_iss_parameter_supported", true}};
}

Result<ProviderPlaces> parse_document(const std::function<void(Json&)>& change) {
  Json document = whole_document();
  change(document);
  return parse_discovery(document.dump(), kIssuerOfDocument);
}

TEST(ProviderAddress, HttpsOrThisMachine) {
  for (const char* good : {"https://login.example.com", "https://login.example.com:8443/a?b=c",
                           "http://localhost:3000/x", "http://127.0.0.1", "http://[::1]:3000/x"}) {
    EXPECT_TRUE(is_provider_address(good)) << good;
  }
  for (const char* bad :
       {"", "https://", "http://login.example.com", "http://127.example.com", "http://localhost.example.com",
        "ftp://localhost", "HTTPS://login.example.com", "https://user@login.example.com",
        "https://login.example.com/#x", "https://login.example.com/ x", "https://login.example.com/\n",
        "https://login.example.com\\x", "javascript:alert(1)", "http://user@localhost/", "https:///x",
        "//login.example.com", "http://[::1].example.com", "https://login.example.com:443x", "https://a:b:c"}) {
    EXPECT_FALSE(is_provider_address(bad)) << bad;
  }
  EXPECT_FALSE(is_provider_address("https://" + std::string(2000, 'a')));
  EXPECT_FALSE(is_issuer("https://login.example.com?tenant=1"));
  EXPECT_EQ(discovery_address("https://a.example"), "https://a.example/.well-known/openid-configuration");
  EXPECT_EQ(discovery_address("https://a.example/"), "https://a.example/.well-known/openid-configuration");
}

TEST(Discovery, AWholeOne) {
  const auto places = parse_document([](Json&) {});
  ASSERT_TRUE(places) << places.error().message;
  EXPECT_EQ(places->token, std::string(kIssuerOfDocument) + "/protocol/openid-connect/token");
  EXPECT_EQ(places->end_session, std::string(kIssuerOfDocument) + "/protocol/openid-connect/logout");
  EXPECT_TRUE(places->announces_issuer);
  EXPECT_TRUE(places->takes_basic);
  EXPECT_TRUE(places->groups_scope);
}

// As small as Entra ID's and others' may be.
TEST(Discovery, WhatMayBeMissing) {
  const auto places = parse_document([](Json& document) {
    for (const char* name :
         {"userinfo_endpoint", "end_session_endpoint", "code_challenge_methods_supported", "response_types_supported",
          "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported", "scopes_supported",
          "authorization_response_iss_parameter_supported"}) {
      document.erase(name);
    }
  });
  ASSERT_TRUE(places) << places.error().message;
  EXPECT_EQ(places->user_info, "");
  EXPECT_EQ(places->end_session, "");
  EXPECT_FALSE(places->announces_issuer);
  EXPECT_TRUE(places->takes_basic) << "what a document that says nothing means";
  const auto post = parse_document(
      [](Json& d) { d["token_endpoint_auth_methods_supported"] = {"client_secret_post", "private_key_jwt"}; });
  EXPECT_FALSE(post->takes_basic);
}

TEST(Discovery, WhatCannotBeUsed) {
  const struct {
    std::function<void(Json&)> change;
    const char* says;
  } rows[] = {
      {[](Json& d) { d["issuer"] = "https://evil.example.com"; },
       "another issuer than the settings: write `issuer: https://evil"},
      {[](Json& d) { d["issuer"] = "<script>"; }, "another issuer than the settings"},
      {[](Json& d) { d.erase("issuer"); }, "another issuer"},
      {[](Json& d) { d.erase("token_endpoint"); }, "`token_endpoint`"},
      {[](Json& d) { d["token_endpoint"] = "http://login.example.com/token"; }, "`token_endpoint`"},
      {[](Json& d) { d["authorization_endpoint"] = "javascript:alert(1)"; }, "`authorization_endpoint`"},
      {[](Json& d) { d["jwks_uri"] = 7; }, "`jwks_uri`"},
      {[](Json& d) { d["end_session_endpoint"] = "x"; }, "`end_session_endpoint`"},
      {[](Json& d) { d["response_types_supported"] = {"id_token", "token"}; }, "authorization code"},
      {[](Json& d) { d["code_challenge_methods_supported"] = Json::array({"plain"}); }, "PKCE"},
      {[](Json& d) { d["id_token_signing_alg_values_supported"] = {"HS256", "none"}; }, "RS256"},
  };
  for (const auto& row : rows) {
    const auto places = parse_document(row.change);
    ASSERT_FALSE(places) << row.says;
    EXPECT_EQ(places.error().id, "access.provider_bad_discovery");
    EXPECT_THAT(places.error().message, HasSubstr(row.says));
    EXPECT_THAT(places.error().message, Not(HasSubstr("<script>")));
  }
  for (const char* text : {"", "[]", "<html>", R"({"issuer":"a","issuer":"b"})"}) {
    EXPECT_EQ(parse_discovery(text, kIssuerOfDocument).error().id, "access.provider_bad_discovery") << text;
  }
}

TEST(Forms, AreEncoded) {
  EXPECT_EQ(form_of({{"a", "b c"}, {"d&", "ä=/+%\n"}}), "a=b%20c&d%26=%C3%A4%3D%2F%2B%25%0A");
  EXPECT_EQ(with_query("https://a.example/x", {{"b", "1"}}), "https://a.example/x?b=1");
  EXPECT_EQ(with_query("https://a.example/x?y=2", {{"b", "1"}}), "https://a.example/x?y=2&b=1");
}

}  // namespace
}  // namespace candor
