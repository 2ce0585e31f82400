#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity_provider.h"
#include "access/provider_tokens.h"
#include "access/viewers.h"
#include "base/keys.h"

namespace candor {

// Whether an address is a page of ours and nothing else: a path, of at most 1000 printable characters.
bool is_return_address(std::string_view text);

// Sign-in with an identity provider (OpenID Connect, authorization code with PKCE), from a browser's wish to its
// session, and sign-out from there. Every failure is in the audit log with its reason; no token, code or secret is.
// Which failures there are: docs/guides/sign-in.md; the pages have a text for each.
// Thread safety: any member from any thread. begin(), finish() and the sign-outs may wait for the provider, each some
// ten seconds at worst: not for an event loop's thread.
class ProviderSignIn {
 public:
  static constexpr std::size_t kMostPending = 1000;     // sign-ins that were begun and not finished
  static constexpr std::size_t kMostPendingOfOne = 20;  // from one address
  static constexpr TimePoint kPendingMicros = 600 * kMicrosPerSecond;

  // All must outlive this object.
  ProviderSignIn(ProviderSettings settings, ProviderFetch fetch, const Keys& keys, const Clock& clock,
                 Viewers& viewers);

  const std::string& name() const { return provider_.settings().name; }
  const ProviderSettings& settings() const { return provider_.settings(); }

  struct Wish {
    std::string return_to;  // where to after it; "/" where it is no is_return_address()
    std::string browser;    // what an earlier begin() gave this browser, "" nothing
    std::string present;    // token of the session the browser has, which ends then; "" none
    std::string address;    // as SignInOrigin::address
  };
  struct Begun {
    std::string address;  // where the browser goes
    std::string browser;  // 64 hex digits that bind the answer to this browser: a cookie of ten minutes
  };
  // `access.provider_unreachable`, `access.provider_bad_discovery`, `access.too_many_attempts`.
  std::expected<Begun, SignInRefusal> begin(const Wish& wish);

  // What the browser brings back. Each "" where it is not there.
  struct Answer {
    std::string state;
    std::string code;
    std::string issuer;  // `iss` (RFC 9207)
    std::string error;
  };
  struct Finished {
    Session session;
    std::string return_to;
  };
  // A state counts once, whatever comes of it.
  std::expected<Finished, SignInRefusal> finish(const Answer& answer, std::string_view browser,
                                                const SignInOrigin& origin);

  // Where the browser goes to be signed out at the provider, once the session here has ended; "" where the provider has
  // no such place or cannot be reached. `id_token`: Viewers::id_token_of() of that session.
  std::string sign_out_address(const std::string& id_token);

  // What the provider sends when somebody signs out there; how many sessions ended here.
  // `access.provider_logout_refused`, `access.provider_token_replayed`, `access.provider_unreachable`,
  // `access.too_many_attempts`.
  std::expected<std::int64_t, SignInRefusal> sign_out_from_there(std::string_view logout_token,
                                                                 const std::string& address);

 private:
  struct Pending {
    std::string browser;  // hashed
    std::string nonce;
    std::string verifier;
    std::string return_to;
    std::string present;
    std::string address;
    TimePoint begun = 0;
    std::uint64_t number = 0;  // in the order they were begun
  };
  // Why it failed: an id, and for the audit log a word more.
  struct Failure {
    Error error;
    std::string fault;
  };
  void keep(const std::string& state, Pending pending);
  std::expected<Pending, Failure> take(const std::string& state, std::string_view browser);
  std::expected<Viewers::Vouched, Failure> vouched(const Answer& answer, const Pending& pending);
  std::expected<nlohmann::json, Failure> checked_claims(const IdentityProvider::Tokens& tokens,
                                                        const std::string& nonce);
  // `check(keys)`, again with newer ones where the key is not known.
  template <typename Claims, typename Check>
  std::expected<Claims, Failure> with_keys(const char* id, const Check& check);
  SignInRefusal refused(const Failure& failure, const std::string& address);

  IdentityProvider provider_;
  const Clock& clock_;
  Viewers& viewers_;
  const std::array<std::uint8_t, 32> key_;
  std::mutex mutex_;
  std::map<std::string, Pending> pending_;  // by hashed state; guarded by mutex_, as the rest
  std::uint64_t begun_ = 0;
  TimePoint noted_ = 0;  // when a begin() that failed was noted last
};

}  // namespace candor
