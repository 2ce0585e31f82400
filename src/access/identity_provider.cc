#include "access/identity_provider.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "access/provider_tokens.h"
#include "access/strict_json.h"

namespace candor {
namespace {

constexpr TimePoint kFresh = 3600 * kMicrosPerSecond;
constexpr TimePoint kUsable = kMicrosPerDay;
constexpr TimePoint kRestAfterFailure = 5 * kMicrosPerSecond;
constexpr TimePoint kLookAgainSpan = 60 * kMicrosPerSecond;
constexpr std::size_t kLooksAgain = 5;
constexpr std::size_t kLongestTokenAnswer = std::size_t{256} << 10;
constexpr int kOk = 200;

std::unexpected<Error> refused_code(const std::string& why) {
  return fail("access.provider_refused_code", "the identity provider did not redeem the sign-in: " + why);
}

// What a provider calls an error: a word of RFC 6749, or nothing we repeat.
std::string error_word(std::string_view body) {
  const auto answer = strict_object(body, kLongestTokenAnswer);
  const std::string word = answer ? text_member(*answer, "error") : "";
  const bool plain =
      !word.empty() && word.size() <= 40 && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
  return plain ? word : "no reason that can be read";
}

std::string basic_authorization(const std::string& client_id, const std::string& secret) {
  const std::string both = form_encoded(client_id) + ":" + form_encoded(secret);
  std::string text(sodium_base64_encoded_len(both.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(both.data()), both.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the zero behind it
  return "Basic " + text;
}

}  // namespace

Result<std::string> IdentityProvider::get(const std::string& address) const {
  CANDOR_TRY(auto answer, fetch_({.address = address, .form = {}, .authorization = {}}));
  if (answer.status != kOk) {
    return fail("access.provider_unreachable",
                "the identity provider answered with status " + std::to_string(answer.status));
  }
  return std::move(answer.body);
}

template <typename T, typename Fetch>
Result<T> IdentityProvider::kept_or(Kept<T>& kept, bool anyhow, const Fetch& fetch) {
  const TimePoint now = clock_.now();
  const bool fresh = kept.value && now - kept.fetched < kFresh;
  if (fresh && !anyhow) return *kept.value;
  const bool rests = kept.failure && now - kept.failed < kRestAfterFailure;
  if (!rests) {
    Result<T> fetched = fetch();
    if (fetched) {
      kept = {.value = std::move(*fetched), .fetched = now};
      return *kept.value;
    }
    kept.failure = fetched.error();
    kept.failed = now;
  }
  if (kept.value && now - kept.fetched < kUsable) return *kept.value;
  return std::unexpected(*kept.failure);
}

Result<ProviderPlaces> IdentityProvider::places_locked() {
  return kept_or(places_, false, [&]() -> Result<ProviderPlaces> {
    CANDOR_TRY(const std::string document, get(discovery_address(settings_.issuer)));
    return parse_discovery(document, settings_.issuer);
  });
}

Result<WebKeys> IdentityProvider::keys_locked(bool anyhow) {
  CANDOR_TRY(const ProviderPlaces places, places_locked());
  return kept_or(keys_, anyhow, [&]() -> Result<WebKeys> {
    CANDOR_TRY(const std::string document, get(places.keys));
    return WebKeys::parse(document);
  });
}

bool IdentityProvider::may_look_again() {
  const TimePoint now = clock_.now();
  std::erase_if(looked_again_, [&](TimePoint at) { return now - at >= kLookAgainSpan; });
  if (looked_again_.size() >= kLooksAgain) return false;
  looked_again_.push_back(now);
  return true;
}

Result<ProviderPlaces> IdentityProvider::places() {
  const std::lock_guard lock(mutex_);
  return places_locked();
}

Result<ProviderPlaces> IdentityProvider::known_places() {
  const std::lock_guard lock(mutex_);
  if (places_.value && clock_.now() - places_.fetched < kUsable) return *places_.value;
  return places_locked();
}

Result<WebKeys> IdentityProvider::keys() {
  const std::lock_guard lock(mutex_);
  return keys_locked(false);
}

Result<WebKeys> IdentityProvider::newer_keys() {
  const std::lock_guard lock(mutex_);
  return keys_locked(may_look_again());
}

Result<IdentityProvider::Tokens> IdentityProvider::redeem(const std::string& code, const std::string& verifier) {
  CANDOR_TRY(const ProviderPlaces at, places());
  std::vector<std::pair<std::string_view, std::string>> fields = {{"grant_type", "authorization_code"},
                                                                  {"code", code},
                                                                  {"redirect_uri", settings_.callback_address()},
                                                                  {"code_verifier", verifier}};
  ProviderRequest request{.address = at.token, .form = {}, .authorization = {}};
  if (!settings_.client_secret.empty() && at.takes_basic) {
    request.authorization = basic_authorization(settings_.client_id, settings_.client_secret);
  } else {
    fields.emplace_back("client_id", settings_.client_id);
    if (!settings_.client_secret.empty()) fields.emplace_back("client_secret", settings_.client_secret);
  }
  request.form = form_of(fields);
  CANDOR_TRY(const ProviderAnswer answer, fetch_(request));
  if (answer.status >= 500) {
    return fail("access.provider_unreachable",
                "the identity provider answered with status " + std::to_string(answer.status));
  }
  if (answer.status != kOk) return refused_code(error_word(answer.body));
  const auto body = strict_object(answer.body, kLongestTokenAnswer);
  if (!body) return refused_code("its answer is no JSON object");
  Tokens tokens{.id_token = text_member(*body, "id_token"), .access_token = text_member(*body, "access_token")};
  if (tokens.id_token.empty()) return refused_code("its answer has no id token; is `openid` among the scopes?");
  return tokens;
}

Result<nlohmann::json> IdentityProvider::user_info(const std::string& access_token) {
  CANDOR_TRY(const ProviderPlaces at, places());
  if (at.user_info.empty() || access_token.empty()) return nlohmann::json::object();
  // It goes into a header.
  const bool plain = access_token.size() <= kLongestToken &&
                     std::ranges::all_of(access_token, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain) return refused_code("its access token is none");
  CANDOR_TRY(const ProviderAnswer answer,
             fetch_({.address = at.user_info, .form = {}, .authorization = "Bearer " + access_token}));
  auto body = strict_object(answer.body, kLongestTokenAnswer);
  if (answer.status != kOk || !body) return refused_code("it gave no user info");
  return *std::move(body);
}

}  // namespace candor
