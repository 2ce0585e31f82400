#include "access/provider_sign_in.h"

#include <algorithm>
#include <utility>

#include "access/provider_claims.h"
#include "access/strict_json.h"
#include "access/viewers_state.h"

namespace candor {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestReturn = 1000;
constexpr std::size_t kBrowserDigits = 64;
constexpr std::size_t kLongestCodeOfProvider = 8192;
constexpr std::size_t kLongestLogoutAddress = 6000;
constexpr TimePoint kNoteOutageEvery = 60 * kMicrosPerSecond;

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Of RFC 6749 and OpenID Connect; anything else is not repeated.
std::string plain_word(const std::string& text) {
  const bool plain =
      !text.empty() && text.size() <= 40 && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
  return plain ? text : "other";
}

Error sign_in_over() {
  return {"access.provider_sign_in_over",
          "this sign-in was begun in another browser, more than ten minutes ago, or finished already: begin again"};
}

Error unproven() { return {"access.provider_bad_token", "what the identity provider sent does not prove who you are"}; }

std::string scopes_of(const ProviderSettings& settings) {
  std::string scopes;
  for (const std::string& scope : settings.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
  return scopes;
}

std::string joined_values(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : " ") + value;
  return text;
}

}  // namespace

bool is_return_address(std::string_view text) {
  if (text.size() > kLongestReturn || !text.starts_with('/') || text.starts_with("//")) return false;
  // Browsers read a backslash as a slash, and skip blanks they find in front.
  if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c >= '\x7f' || c == '\\'; })) return false;
  return !text.starts_with("/api/") && text != "/api" && !text.starts_with("/metrics");
}

ProviderSignIn::ProviderSignIn(ProviderSettings settings, ProviderFetch fetch, const Keys& keys, const Clock& clock,
                               Viewers& viewers)
    : provider_(std::move(settings), std::move(fetch), clock),
      clock_(clock),
      viewers_(viewers),
      key_(keys.derive("sign-ins that are begun")) {}

void ProviderSignIn::keep(const std::string& state, Pending pending) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  std::erase_if(pending_, [&](const auto& one) { return now - one.second.begun >= kPendingMicros; });
  // Who begins many loses their own first ones; only a flood from everywhere costs others theirs.
  const auto oldest_of = [&](const std::string* address) {
    auto oldest = pending_.end();
    for (auto at = pending_.begin(); at != pending_.end(); ++at) {
      if (address != nullptr && at->second.address != *address) continue;
      if (oldest == pending_.end() || at->second.number < oldest->second.number) oldest = at;
    }
    return oldest;
  };
  const auto of_address = static_cast<std::size_t>(
      std::ranges::count_if(pending_, [&](const auto& one) { return one.second.address == pending.address; }));
  if (of_address >= kMostPendingOfOne) pending_.erase(oldest_of(&pending.address));
  if (pending_.size() >= kMostPending) pending_.erase(oldest_of(nullptr));
  pending.number = ++begun_;
  pending.begun = now;
  pending_.emplace(keyed_hash(key_, state), std::move(pending));
}

std::expected<ProviderSignIn::Pending, ProviderSignIn::Failure> ProviderSignIn::take(const std::string& state,
                                                                                     std::string_view browser) {
  const std::lock_guard lock(mutex_);
  auto found = pending_.extract(keyed_hash(key_, state));
  if (found.empty()) return std::unexpected(Failure{sign_in_over(), "state"});
  Pending pending = std::move(found.mapped());
  if (clock_.now() - pending.begun >= kPendingMicros) return std::unexpected(Failure{sign_in_over(), "late"});
  if (!same_secret(pending.browser, keyed_hash(key_, browser))) {
    return std::unexpected(Failure{sign_in_over(), "browser"});
  }
  return pending;
}

SignInRefusal ProviderSignIn::refused(const Failure& failure, const std::string& address) {
  // An outage is nobody's guessing: it must not keep those of Candor's own accounts out.
  const bool outage = failure.error.id == "access.provider_unreachable" ||
                      failure.error.id == "access.provider_bad_discovery" ||
                      failure.error.id == "access.provider_bad_keys";
  const auto noted =
      viewers_.note_provider_failure(failure.error.id, failure.fault, outage ? std::string_view() : address);
  return refusal(noted ? failure.error : noted.error());
}

std::expected<ProviderSignIn::Begun, SignInRefusal> ProviderSignIn::begin(const Wish& wish) {
  if (const auto may = viewers_.may_try_provider(wish.address); !may) return std::unexpected(may.error());
  const auto places = provider_.places();
  if (!places) {
    {
      const std::lock_guard lock(mutex_);
      const TimePoint now = clock_.now();
      if (now - noted_ < kNoteOutageEvery) return std::unexpected(refusal(places.error()));
      noted_ = now;
    }
    return std::unexpected(refused({places.error(), "begin"}, ""));
  }
  const ProviderSettings& settings = provider_.settings();
  const std::string state = random_hex(32);
  const std::string browser = is_hex(wish.browser, kBrowserDigits) ? wish.browser : random_hex(kBrowserDigits / 2);
  Pending pending{.browser = keyed_hash(key_, browser),
                  .nonce = random_hex(32),
                  .verifier = random_hex(32),
                  .return_to = is_return_address(wish.return_to) ? wish.return_to : "/",
                  .present = wish.present,
                  .address = wish.address};
  std::vector<std::pair<std::string_view, std::string>> fields = {
      {"response_type", "code"},
      {"client_id", settings.client_id},
      {"redirect_uri", settings.callback_address()},
      {"scope", scopes_of(settings)},
      {"state", state},
      {"nonce", pending.nonce},
      {"code_challenge", to_base64url(sha256(pending.verifier))},
      {"code_challenge_method", "S256"}};
  if (!settings.second_factor_acr.empty()) fields.emplace_back("acr_values", joined_values(settings.second_factor_acr));
  keep(state, std::move(pending));
  return Begun{.address = with_query(places->authorization, fields), .browser = browser};
}

template <typename Claims, typename Check>
std::expected<Claims, ProviderSignIn::Failure> ProviderSignIn::with_keys(const char* id, const Check& check) {
  auto keys = provider_.keys();
  if (!keys) return std::unexpected(Failure{keys.error(), "keys"});
  auto claims = check(*keys);
  if (!claims && claims.error() == TokenFault::unknown_key) {
    keys = provider_.newer_keys();
    if (!keys) return std::unexpected(Failure{keys.error(), "keys"});
    claims = check(*keys);
  }
  if (!claims) {
    Error error = unproven();
    error.id = id;
    return std::unexpected(Failure{std::move(error), std::string(to_text(claims.error()))});
  }
  return *std::move(claims);
}

std::expected<Json, ProviderSignIn::Failure> ProviderSignIn::checked_claims(const IdentityProvider::Tokens& tokens,
                                                                            const std::string& nonce) {
  const ProviderSettings& settings = provider_.settings();
  return with_keys<Json>("access.provider_bad_token", [&](const WebKeys& keys) {
    const TokenRules rules{.issuer = settings.issuer, .client_id = settings.client_id, .now = clock_.now()};
    return check_id_token(tokens.id_token, keys, rules, nonce, tokens.access_token);
  });
}

std::expected<Viewers::Vouched, ProviderSignIn::Failure> ProviderSignIn::vouched(const Answer& answer,
                                                                                 const Pending& pending) {
  const ProviderSettings& settings = provider_.settings();
  const auto places = provider_.places();
  if (!places) return std::unexpected(Failure{places.error(), "answer"});
  // Before anything is sent anywhere: an answer of another provider's must not get this one's code (RFC 9207).
  if ((places->announces_issuer || !answer.issuer.empty()) && answer.issuer != settings.issuer) {
    return std::unexpected(Failure{unproven(), "answer_issuer"});
  }
  if (!answer.error.empty()) {
    return std::unexpected(
        Failure{{"access.provider_denied", "the identity provider did not let you in"}, plain_word(answer.error)});
  }
  if (answer.code.empty() || answer.code.size() > kLongestCodeOfProvider) {
    return std::unexpected(Failure{unproven(), "code"});
  }
  const auto tokens = provider_.redeem(answer.code, pending.verifier);
  if (!tokens) return std::unexpected(Failure{tokens.error(), "code"});
  const auto proved = checked_claims(*tokens, pending.nonce);
  if (!proved) return std::unexpected(proved.error());
  const std::string subject = text_member(*proved, "sub");

  Json claims = *proved;
  ToldGroups groups = told_groups(claims, settings.groups_claim);
  if (groups.state == ToldGroups::State::not_told || told_text(claims, settings.user_claim).empty()) {
    auto more = provider_.user_info(tokens->access_token);
    if (!more) return std::unexpected(Failure{more.error(), "user_info"});
    if (!more->empty() && text_member(*more, "sub") != subject) {
      return std::unexpected(Failure{unproven(), "user_info"});
    }
    more->update(*proved);  // what the signed token says counts
    claims = *std::move(more);
    if (groups.state == ToldGroups::State::not_told) groups = told_groups(claims, settings.groups_claim);
  }
  if (groups.state == ToldGroups::State::elsewhere) {
    return std::unexpected(Failure{{"access.provider_groups_overage",
                                    "you are in more groups than the identity provider puts into a token: whoever "
                                    "administers it has to have only the assigned groups, or app roles, in tokens"},
                                   {}});
  }
  const std::string user = told_text(claims, settings.user_claim);
  const bool tells_groups = groups.state == ToldGroups::State::told;
  // Whoever has no role needs no name to lose it.
  if (user.empty() && tells_groups) {
    return std::unexpected(
        Failure{{"access.provider_bad_user", "the identity provider did not say by what name you are known"}, {}});
  }
  return Viewers::Vouched{.issuer = settings.issuer,
                          .subject = subject,
                          .user = user,
                          .display_name = told_text(claims, settings.name_claim),
                          .role = role_of_groups(settings.roles, groups.groups),
                          .tells_groups = tells_groups,
                          .used_second_factor = used_second_factor(*proved, settings),
                          .accounts = told_accounts(claims, settings),
                          .session = text_member(*proved, "sid"),
                          .id_token = tokens->id_token};
}

std::expected<ProviderSignIn::Finished, SignInRefusal> ProviderSignIn::finish(const Answer& answer,
                                                                              std::string_view browser,
                                                                              const SignInOrigin& origin) {
  if (const auto may = viewers_.may_try_provider(origin.address); !may) return std::unexpected(may.error());
  auto pending = take(answer.state, browser);
  if (!pending) return std::unexpected(refused(pending.error(), origin.address));
  const auto who = vouched(answer, *pending);
  if (!who) return std::unexpected(refused(who.error(), origin.address));
  auto session = viewers_.sign_in_vouched(*who, origin);
  if (!session) return std::unexpected(session.error());
  // Its cookie is overwritten: nobody could end it any more.
  if (!pending->present.empty()) {
    if (const auto ended = viewers_.sign_out(pending->present); !ended) return std::unexpected(refusal(ended.error()));
  }
  return Finished{.session = *std::move(session), .return_to = std::move(pending->return_to)};
}

std::string ProviderSignIn::sign_out_address(const std::string& id_token) {
  const auto places = provider_.known_places();
  if (!places || places->end_session.empty()) return {};
  std::vector<std::pair<std::string_view, std::string>> fields = {
      {"client_id", provider_.settings().client_id},
      {"post_logout_redirect_uri", provider_.settings().signed_out_address()}};
  if (!id_token.empty()) fields.emplace_back("id_token_hint", id_token);
  std::string address = with_query(places->end_session, fields);
  if (address.size() > kLongestLogoutAddress) {
    fields.pop_back();
    address = with_query(places->end_session, fields);
  }
  return address;
}

std::expected<std::int64_t, SignInRefusal> ProviderSignIn::sign_out_from_there(std::string_view logout_token,
                                                                               const std::string& address) {
  if (const auto may = viewers_.may_try_provider(address); !may) return std::unexpected(may.error());
  const ProviderSettings& settings = provider_.settings();
  const auto claims = with_keys<LogoutClaims>("access.provider_logout_refused", [&](const WebKeys& keys) {
    const TokenRules rules{.issuer = settings.issuer, .client_id = settings.client_id, .now = clock_.now()};
    return check_logout_token(logout_token, keys, rules);
  });
  if (!claims) {
    Failure failure = claims.error();
    if (failure.error.id == "access.provider_logout_refused")
      failure.error.message = "this is no logout token for Candor";
    return std::unexpected(refused(failure, address));
  }
  const auto ended = viewers_.end_provider_sessions({.issuer = settings.issuer,
                                                     .subject = claims->subject,
                                                     .session = claims->session,
                                                     .token_id = claims->id,
                                                     .until = claims->until});
  if (!ended) return std::unexpected(refused({ended.error(), {}}, address));
  return *ended;
}

}  // namespace candor
