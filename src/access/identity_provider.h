#pragma once

#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "access/discovery.h"
#include "access/provider_settings.h"
#include "access/web_keys.h"
#include "base/result.h"
#include "base/time.h"

namespace candor {

// One question to the identity provider.
struct ProviderRequest {
  std::string address;        // as is_provider_address() wants it
  std::string form;           // "": GET, else posted as a form
  std::string authorization;  // of the header; "" none
};

struct ProviderAnswer {
  int status = 0;
  std::string body;
};

// Asks, follows no redirect, and takes no more than a bounded answer in a bounded time. From any thread, several at a
// time. Fails with `access.provider_unreachable`; the message holds neither address nor secrets.
using ProviderFetch = std::function<Result<ProviderAnswer>(const ProviderRequest&)>;

// The provider of the settings: what it says of itself and its keys, kept for a while, and what is asked of it.
// Thread safety: any member from any thread; whoever asks while another fetches waits for that.
class IdentityProvider {
 public:
  // `clock` must outlive this object.
  IdentityProvider(ProviderSettings settings, ProviderFetch fetch, const Clock& clock)
      : settings_(std::move(settings)), fetch_(std::move(fetch)), clock_(clock) {}

  const ProviderSettings& settings() const { return settings_; }

  // Fetched again after an hour; when that fails what is there holds for a day. Fails with
  // `access.provider_unreachable`, `access.provider_bad_discovery`; for five seconds at once, without asking.
  Result<ProviderPlaces> places();
  // What is known of the last day without asking, else places(): for what must not wait for a provider that is down.
  Result<ProviderPlaces> known_places();
  // As places(); also `access.provider_bad_keys`.
  Result<WebKeys> keys();
  // Fetched now, because a token names a key that is not there: the provider may have changed them. No more than five
  // times a minute; then, and when it fails, as keys().
  Result<WebKeys> newer_keys();

  struct Tokens {
    std::string id_token;
    std::string access_token;  // "" where none came
  };
  // Redeems an authorization code. `access.provider_unreachable`; `access.provider_refused_code` with what the provider
  // calls it ("invalid_grant"), where that is a plain word.
  Result<Tokens> redeem(const std::string& code, const std::string& verifier);
  // The same two errors.
  Result<nlohmann::json> user_info(const std::string& access_token);

 private:
  template <typename T>
  struct Kept {
    std::optional<T> value = {};
    TimePoint fetched = 0;
    std::optional<Error> failure = {};  // of the last attempt
    TimePoint failed = 0;
  };
  Result<ProviderPlaces> places_locked();
  Result<WebKeys> keys_locked(bool anyhow);
  template <typename T, typename Fetch>
  Result<T> kept_or(Kept<T>& kept, bool anyhow, const Fetch& fetch);
  bool may_look_again();
  Result<std::string> get(const std::string& address) const;

  const ProviderSettings settings_;
  const ProviderFetch fetch_;
  const Clock& clock_;
  std::mutex mutex_;
  Kept<ProviderPlaces> places_;  // guarded by mutex_, as the rest
  Kept<WebKeys> keys_;
  std::vector<TimePoint> looked_again_;  // within the last minute
};

}  // namespace candor
