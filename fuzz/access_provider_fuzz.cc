// What an identity provider, or somebody in its place, sends: discovery document, keys, tokens, claims. The first byte
// says which. Nothing is accepted that was not signed by the one key there is, and what is accepted keeps its promises.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "access/discovery.h"
#include "access/provider_claims.h"
#include "access/provider_sign_in.h"
#include "access/provider_tokens.h"
#include "access/strict_json.h"

namespace {

// Of RFC 7515, A.3. No mutation of bytes signs with it.
constexpr const char* kKeys = R"({"keys":[{"kty":"EC","crv":"P-256","use":"sig","kid":"1",
"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

void use_keys(std::string_view bytes) {
  const auto keys = candor::WebKeys::parse(bytes);
  if (!keys) return;
  if (keys->size() == 0 || keys->size() > candor::WebKeys::kMostKeys) __builtin_trap();
  for (const auto kind : candor::kSignatureKinds) {
    if (keys->verify(kind, "", "nobody signed this", std::string(256, 'x')) == candor::WebKeys::Verdict::right) {
      __builtin_trap();
    }
  }
}

void use_tokens(std::string_view bytes) {
  static const candor::WebKeys kOurs = *candor::WebKeys::parse(kKeys);
  const candor::TokenRules rules{.issuer = "https://a.example", .client_id = "c", .now = 1'795'000'000'000'000};
  if (candor::check_id_token(bytes, kOurs, rules, "n", "a") || candor::check_logout_token(bytes, kOurs, rules)) {
    __builtin_trap();
  }
}

void use_discovery(std::string_view bytes) {
  const auto places = candor::parse_discovery(bytes, "https://a.example");
  if (!places) return;
  for (const std::string& one : {places->authorization, places->token, places->keys}) {
    if (!candor::is_provider_address(one)) __builtin_trap();
  }
  for (const std::string& one : {places->user_info, places->end_session}) {
    if (!one.empty() && !candor::is_provider_address(one)) __builtin_trap();
  }
}

void use_claims(std::string_view bytes) {
  const auto claims = candor::strict_object(bytes, candor::kLongestToken);
  if (!claims) return;
  for (const char* claim : {"groups", "realm_access.roles", "a..b", "."}) {
    const auto told = candor::told_groups(*claims, claim);
    if (told.groups.size() > candor::kMostToldGroups) __builtin_trap();
    if (told.state != candor::ToldGroups::State::told && !told.groups.empty()) __builtin_trap();
    if (candor::told_text(*claims, claim).size() > 256) __builtin_trap();
  }
  static const candor::ProviderSettings kSettings;
  candor::told_accounts(*claims, kSettings);
  if (candor::used_second_factor(*claims, kSettings)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      use_keys(bytes);
      break;
    case 1:
      use_tokens(bytes);
      break;
    case 2:
      use_discovery(bytes);
      break;
    case 3:
      use_claims(bytes);
      break;
    default:
      // Whatever browsers make of it, it names no other host.
      if (candor::is_return_address(bytes) && (bytes.starts_with("//") || bytes.find('\\') != bytes.npos)) {
        __builtin_trap();
      }
  }
  return 0;
}
