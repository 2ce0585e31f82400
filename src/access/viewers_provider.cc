#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/viewers_state.h"
#include "profile/people.h"

namespace candor {
namespace {

using Details = nlohmann::ordered_json;

// Longer ones are not handed back to the provider: browsers and servers take no address of any length.
constexpr std::size_t kLongestKeptIdToken = 3000;
constexpr int kMostNamesakes = 1000;
constexpr std::size_t kLongestPlainName = 58;  // room for "-1000"

std::string known_by(const std::array<std::uint8_t, 32>& key, const char* what, const std::string& issuer,
                     const std::string& text) {
  return keyed_hash(key, std::string(what) + "\n" + std::to_string(issuer.size()) + ":" + issuer + text);
}

std::string display_context(const std::string& user) { return "display name of " + user; }
std::string id_token_context(const std::string& session) { return "id token of " + session; }

// As user names are written here; what they do not have becomes a dash.
std::string plain_user(std::string_view wanted) {
  std::string name = normalise_user(wanted.substr(0, kLongestPlainName));
  for (char& c : name) {
    if (!kUserSymbols.contains(c)) c = '-';
  }
  return name.find_first_not_of("-.") == std::string::npos ? "viewer" : name;
}

Result<std::string> free_user(Transaction& work, std::string_view wanted) {
  const std::string plain = plain_user(wanted);
  for (int number = 1; number <= kMostNamesakes; ++number) {
    std::string name = number == 1 ? plain : plain + "-" + std::to_string(number);
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return name;
  }
  return fail("access.provider_bad_user", "too many accounts have the name the identity provider tells");
}

std::string failure_details(std::string_view reason, std::string_view fault) {
  Details details{{"way", "provider"}, {"reason", std::string(reason)}};
  if (!fault.empty()) details["fault"] = std::string(fault);
  return details.dump();
}

Error no_role() {
  return {"access.provider_no_role", "none of your groups may use Candor: ask whoever administers it for one that may"};
}

Error no_groups() {
  return {
      "access.provider_no_groups",
      "the identity provider did not say which groups you are in: whoever administers it has to add the claim to the "
      "tokens for Candor"};
}

Error second_factor_missing() {
  return {"access.provider_second_factor",
          "your role requires a second factor, and the identity provider did not say that one was used"};
}

}  // namespace

Result<bool> Viewers::State::is_of_provider(Reading& reading, const std::string& user) const {
  CANDOR_TRY(const auto row, reading.row("select 1 from provider_accounts where user_name = ?1", {user}));
  return row.has_value();
}

std::expected<void, SignInRefusal> Viewers::State::allowed_locally(const Proof& proof) {
  auto role = [&]() -> Result<std::string> {
    CANDOR_TRY(auto reading, store.read());
    CANDOR_TRY(const auto row, reading.row("select role from viewers where user_name = ?1", {proof.user}));
    return row ? row->text(0) : std::string();
  }();
  if (!role) return std::unexpected(refusal(role.error()));
  if (is_allowed_locally(*role)) return {};
  const auto noted = store.transact([&](Transaction& work) -> Result<void> {
    for (const FailureCount& count : proof.counts) CANDOR_TRY_VOID(count_failure(work, count));
    return audit_line(work, "", proof.failure_action, proof.user, R"({"reason":"access.local_not_allowed"})");
  });
  return std::unexpected(refusal(noted ? wrong_credentials() : noted.error()));
}

std::expected<void, SignInRefusal> Viewers::may_try_provider(std::string_view address) const {
  if (address.empty()) return {};
  auto reading = state_->store.read();
  if (!reading) return std::unexpected(refusal(reading.error()));
  const std::vector<FailureCount> counts = {at_address(address)};
  const auto wait = state_->wait_seconds(*reading, counts);
  if (!wait) return std::unexpected(refusal(wait.error()));
  if (*wait > 0) return std::unexpected(too_many_attempts(*wait));
  return {};
}

Result<void> Viewers::note_provider_failure(std::string_view reason, std::string_view fault, std::string_view address) {
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    if (!address.empty()) CANDOR_TRY_VOID(state_->count_failure(work, at_address(address)));
    return state_->audit_line(work, "", "session.failed", "", failure_details(reason, fault));
  });
}

Result<std::string> Viewers::State::adopt(Transaction& work, const Vouched& vouched) const {
  const std::string subject = known_by(provider_key, "subject", vouched.issuer, vouched.subject);
  CANDOR_TRY(const auto row, work.row("select p.user_name, v.role from provider_accounts p join viewers v on "
                                      "v.user_name = p.user_name where p.subject = ?1",
                                      {Blob{subject}}));
  if (!row && vouched.role.empty()) return std::string();
  std::string user = row ? row->text(0) : std::string();
  if (!row) {
    CANDOR_TRY(user, free_user(work, vouched.user));
    CANDOR_TRY_VOID(work.execute("insert into viewers (user_name, role, password, one_time) values (?1, ?2, '', 0)",
                                 {user, vouched.role}));
    CANDOR_TRY_VOID(
        audit_line(work, user, "viewer.added", user, Details{{"role", vouched.role}, {"way", "provider"}}.dump()));
  } else if (row->text(1) != vouched.role) {
    CANDOR_TRY_VOID(work.execute("update viewers set role = ?1 where user_name = ?2", {vouched.role, user}));
    CANDOR_TRY_VOID(audit_line(work, user, "viewer.role_changed", user,
                               Details{{"from", row->text(1)}, {"to", vouched.role}, {"way", "provider"}}.dump()));
  }
  const std::string display = seal(provider_key, vouched.display_name, display_context(user));
  CANDOR_TRY_VOID(
      work.execute("insert into provider_accounts (user_name, subject, issuer, display_name, first_sign_in) values "
                   "(?1, ?2, ?3, ?4, ?5) on conflict (user_name) do update set display_name = excluded.display_name",
                   {user, Blob{subject}, vouched.issuer, Blob{display}, clock.now()}));
  return user;
}

Result<void> Viewers::State::link_own(Transaction& work, const std::string& user, const Vouched& vouched) const {
  for (const std::string& one : vouched.accounts) {
    const std::string account = normalise_account_name(one);
    // What the user name names is theirs anyhow.
    if (account.empty() || account == normalise_account_name(user)) continue;
    const AccountId id = keys.account(account);
    CANDOR_TRY(const auto made, work.execute("insert into viewer_accounts (user_name, account_id, linked_by, "
                                             "linked_at) values (?1, ?2, 'provider', ?3) on conflict (user_name, "
                                             "account_id) do nothing",
                                             {user, id, clock.now()}));
    if (made > 0) CANDOR_TRY_VOID(audit_line(work, user, "viewer.linked", user, R"({"way":"provider"})"));
  }
  return {};
}

std::expected<Session, SignInRefusal> Viewers::sign_in_vouched(const Vouched& vouched, const SignInOrigin& origin) {
  std::optional<Error> refused;  // what was written with it stays
  auto started = state_->store.transact([&](Transaction& work) -> Result<std::optional<Session>> {
    CANDOR_TRY_VOID(state_->purge(work));
    CANDOR_TRY(const std::string user, state_->adopt(work, vouched));
    if (vouched.role.empty()) {
      refused = vouched.tells_groups ? no_role() : no_groups();
    } else if (state_->roles.second_factor_required(vouched.role) && !vouched.used_second_factor) {
      refused = second_factor_missing();
    }
    if (refused) {
      if (vouched.role.empty() && !user.empty()) {
        CANDOR_TRY_VOID(state_->revoke_all_tokens(work, user));
        CANDOR_TRY_VOID(state_->end_all(work, user));
      }
      if (!origin.address.empty()) CANDOR_TRY_VOID(state_->count_failure(work, at_address(origin.address)));
      CANDOR_TRY_VOID(
          state_->audit_line(work, user, "session.failed", user, failure_details(refused->id, std::string_view())));
      return std::nullopt;
    }
    CANDOR_TRY_VOID(state_->link_own(work, user, vouched));
    CANDOR_TRY_VOID(
        work.execute("update viewers set last_sign_in = ?1 where user_name = ?2", {state_->clock.now(), user}));
    CANDOR_TRY_VOID(state_->audit_line(work, user, "session.started", user, R"({"way":"provider"})"));
    CANDOR_TRY(auto session, state_->start(work, user, origin));
    const std::string sid = known_by(state_->provider_key, "session", vouched.issuer, vouched.session);
    const std::string sealed = seal(state_->provider_key, vouched.id_token, id_token_context(session.id));
    const bool keeps = !vouched.id_token.empty() && vouched.id_token.size() <= kLongestKeptIdToken;
    CANDOR_TRY_VOID(
        work.execute("insert into provider_sessions (session_id, user_name, sid, id_token, second_factor) values (?1, "
                     "?2, ?3, ?4, ?5)",
                     {session.id, user, vouched.session.empty() ? std::nullopt : std::optional(Blob{sid}),
                      keeps ? std::optional(Blob{sealed}) : std::nullopt, vouched.used_second_factor ? 1 : 0}));
    CANDOR_TRY(Viewer viewer, state_->viewer_of(work, user, std::move(session.id)));
    return Session{std::move(session.token), std::move(viewer), session.expires_at};
  });
  if (!started) return std::unexpected(refusal(started.error()));
  if (!*started) return std::unexpected(refusal(*refused));
  return **std::move(started);
}

Result<std::string> Viewers::id_token_of(const Viewer& viewer) const {
  CANDOR_TRY(auto reading, state_->store.read());
  CANDOR_TRY(const auto row, reading.row("select id_token from provider_sessions where session_id = ?1 and id_token is "
                                         "not null",
                                         {viewer.session()}));
  if (!row) return std::string();
  return unseal(state_->provider_key, row->text(0), id_token_context(viewer.session()));
}

Result<std::int64_t> Viewers::end_provider_sessions(const ProviderLogout& logout) {
  const auto known = [&](const char* what, const std::string& text) {
    return known_by(state_->provider_key, what, logout.issuer, text);
  };
  return state_->store.transact([&](Transaction& work) -> Result<std::int64_t> {
    CANDOR_TRY_VOID(work.execute("delete from provider_logouts where until < ?1", {state_->clock.now()}));
    const std::string token_id = known("logout", logout.token_id);
    CANDOR_TRY(const auto first, work.execute("insert into provider_logouts (token_id, until) values (?1, ?2) on "
                                              "conflict (token_id) do nothing",
                                              {Blob{token_id}, logout.until}));
    if (first == 0) return fail("access.provider_token_replayed", "this logout token was used before");
    CANDOR_TRY_VOID(state_->purge(work));
    const std::string subject = known("subject", logout.subject);
    const std::string sid = known("session", logout.session);
    // Texts that are not given hash to something nobody has: the flags say which of them count.
    CANDOR_TRY(const auto rows,
               work.rows("select s.session_id, s.user_name from provider_sessions s join provider_accounts p on "
                         "p.user_name = s.user_name where (?1 = 0 or p.subject = ?2) and (?3 = 0 or s.sid = ?4) order "
                         "by s.session_id",
                         {logout.subject.empty() ? 0 : 1, Blob{subject}, logout.session.empty() ? 0 : 1, Blob{sid}}));
    if (logout.subject.empty() && logout.session.empty()) return 0;
    for (const Row& row : rows) {
      CANDOR_TRY_VOID(state_->audit_line(work, "", "session.ended", row.text(1), R"({"way":"provider"})"));
      CANDOR_TRY_VOID(state_->end(work, row.text(0), row.text(1)));
    }
    return static_cast<std::int64_t>(rows.size());
  });
}

}  // namespace candor
