#include "access/viewers.h"

#include <sodium.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/viewers_state.h"
#include "profile/people.h"

namespace candor {
namespace {

// Noting each request would make each a write; a session may end this much early.
constexpr TimePoint kNoteUseEvery = 60 * kMicrosPerSecond;

std::string normalise_user(std::string_view user) {
  std::string normal(user);
  for (char& c : normal) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return normal;
}

bool is_user(std::string_view user) {
  static constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._@-";
  return !user.empty() && user.size() <= kLongestUser && user.find_first_not_of(kAllowed) == std::string_view::npos;
}

// Guessing at one user from one place is slowed soon. Nothing is counted by the user name alone: who knows a name could
// keep its owner out.
FailureCount at_user(const std::string& user, std::string_view address) {
  return {.who = "user\n" + user + "\n" + std::string(address),
          .free = 5,
          .first_wait = 30 * kMicrosPerSecond,
          .longest_wait = 900 * kMicrosPerSecond};
}
// Many people may share an address, so that it waits later and for less long.
FailureCount at_address(std::string_view address) {
  return {.who = "address\n" + std::string(address),
          .free = 20,
          .first_wait = kMicrosPerSecond,
          .longest_wait = 60 * kMicrosPerSecond};
}
// Whoever has the session open may be another than its viewer.
FailureCount in_session(std::string_view token_hash) {
  return {.who = "session\n" + std::string(token_hash),
          .free = 5,
          .first_wait = 30 * kMicrosPerSecond,
          .longest_wait = 900 * kMicrosPerSecond};
}

std::vector<FailureCount> sign_in_counts(const std::string& user, std::string_view address) {
  std::vector<FailureCount> counts = {at_user(user, address)};
  if (!address.empty()) counts.push_back(at_address(address));
  return counts;
}

Error unknown_user() { return {"access.unknown_user", "there is no viewer of that name"}; }
Error unknown_role() {
  return {"access.unknown_role", "there is no such role: `candor viewer roles` lists those of content/roles.yml"};
}
Error no_session() { return {"access.no_session", "sign in first"}; }

}  // namespace

Viewers::Viewers(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit, Roles roles,
                 SessionLimits limits, PasswordCost cost)
    : state_(new State{.store = store,
                       .keys = keys,
                       .clock = clock,
                       .audit = audit,
                       .roles = std::move(roles),
                       .limits = limits,
                       .cost = cost,
                       .token_key = keys.derive("session tokens"),
                       .failure_key = keys.derive("sign-in failures"),
                       .hashing = {},
                       .nobody_password = {}}) {}

Viewers::~Viewers() = default;

Result<std::optional<Viewers::FirstViewer>> Viewers::ensure_first() {
  static const std::string kUser = "admin";
  const std::lock_guard lock(state_->hashing);
  return state_->store.transact([&](Transaction& work) -> Result<std::optional<FirstViewer>> {
    CANDOR_TRY(const auto count, work.row("select count(*) from viewers"));
    CANDOR_TRY(const auto first, work.row("select one_time from viewers where user_name = ?1", {kUser}));
    const bool nobody = count->integer(0) == 0;
    if (!nobody && !(count->integer(0) == 1 && first && first->integer(0) != 0)) return std::nullopt;
    if (nobody) {
      CANDOR_TRY_VOID(work.execute("insert into viewers (user_name, role, password, one_time) values (?1, ?2, '', 1)",
                                   {kUser, "admin"}));
      CANDOR_TRY_VOID(state_->audit_line(work, "", "viewer.added", kUser, R"({"role":"admin"})"));
    }
    CANDOR_TRY(auto password, state_->new_one_time_password(work, kUser));
    return FirstViewer{kUser, std::move(password)};
  });
}

Result<std::string> Viewers::add(const std::string& actor, std::string_view user, std::string_view role) {
  const std::string name = normalise_user(user);
  if (!is_user(name)) {
    return fail("access.bad_user", "a user name has 1 to 64 of the characters a-z, 0-9, dot, underscore, @ and dash");
  }
  if (!state_->roles.has(role)) return std::unexpected(unknown_role());
  const std::lock_guard lock(state_->hashing);
  return state_->store.transact([&](Transaction& work) -> Result<std::string> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (there) return fail("access.user_taken", "there is a viewer of that name already");
    CANDOR_TRY_VOID(
        work.execute("insert into viewers (user_name, role, password, one_time) values (?1, ?2, '', 1)", {name, role}));
    CANDOR_TRY_VOID(
        state_->audit_line(work, actor, "viewer.added", name, R"({"role":")" + std::string(role) + R"("})"));
    return state_->new_one_time_password(work, name);
  });
}

Result<std::string> Viewers::reset_password(const std::string& actor, std::string_view user) {
  const std::string name = normalise_user(user);
  const std::lock_guard lock(state_->hashing);
  return state_->store.transact([&](Transaction& work) -> Result<std::string> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return std::unexpected(unknown_user());
    CANDOR_TRY_VOID(state_->audit_line(work, actor, "viewer.password_reset", name));
    return state_->new_one_time_password(work, name);
  });
}

Result<void> Viewers::link(const std::string& actor, std::string_view user, std::string_view account) {
  const std::string name = normalise_user(user);
  const std::string address = normalise_account_name(account);
  if (address.empty()) return fail("access.bad_account", "name an account: an address, or a user name of the records");
  const AccountId id = state_->keys.account(address);
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return std::unexpected(unknown_user());
    CANDOR_TRY_VOID(work.execute(
        "insert into viewer_accounts (user_name, account_id, linked_by, linked_at) values (?1, ?2, ?3, ?4) "
        "on conflict (user_name, account_id) do nothing",
        {name, id, actor, state_->clock.now()}));
    return state_->audit_line(work, actor, "viewer.linked", name);
  });
}

Result<void> Viewers::unlink(const std::string& actor, std::string_view user, std::string_view account) {
  const std::string name = normalise_user(user);
  const AccountId id = state_->keys.account(normalise_account_name(account));
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto gone,
               work.execute("delete from viewer_accounts where user_name = ?1 and account_id = ?2", {name, id}));
    if (gone == 0) return fail("access.not_linked", "that account was not linked to that viewer");
    return state_->audit_line(work, actor, "viewer.unlinked", name);
  });
}

Result<std::vector<ViewerInfo>> Viewers::list() const {
  CANDOR_TRY(auto reading, state_->store.read());
  std::vector<ViewerInfo> viewers;
  CANDOR_TRY_VOID(reading.each(
      "select user_name, role, one_time, last_sign_in from viewers order by user_name", {}, [&](const Row& row) {
        viewers.push_back({row.text(0), row.text(1), row.integer(2) != 0, row.optional_integer(3), false});
        return true;
      }));
  for (ViewerInfo& viewer : viewers) {
    CANDOR_TRY(const OwnPeople own, OwnPeople::of(reading, state_->keys, viewer.user));
    viewer.is_known_person = !own.empty();
  }
  return viewers;
}

std::expected<void, SignInRefusal> Viewers::may_try(std::string_view user, std::string_view address) const {
  auto reading = state_->store.read();
  if (!reading) return std::unexpected(refusal(reading.error()));
  const auto wait =
      state_->wait_seconds(*reading, sign_in_counts(normalise_user(user.substr(0, kLongestUser + 1)), address));
  if (!wait) return std::unexpected(refusal(wait.error()));
  if (*wait > 0) return std::unexpected(too_many_attempts(*wait));
  return {};
}

std::expected<Session, SignInRefusal> Viewers::sign_in(std::string_view user, std::string_view password,
                                                       std::string_view address) {
  const std::string name = normalise_user(user.substr(0, kLongestUser + 1));
  const auto counts = sign_in_counts(name, address);
  auto hash = state_->check(name, password, "session.failed", counts);
  if (!hash) return std::unexpected(hash.error());
  auto started = state_->store.transact([&](Transaction& work) -> Result<Session> {
    // Between the check and now the password may have been changed.
    CANDOR_TRY(const auto row,
               work.row("select role, one_time from viewers where user_name = ?1 and password = ?2", {name, *hash}));
    if (!row) return std::unexpected(wrong_credentials());
    CANDOR_TRY_VOID(state_->purge(work));
    // Not those of the address: who has one account could go on guessing at others.
    CANDOR_TRY_VOID(state_->forget_failures(work, counts.front()));
    CANDOR_TRY_VOID(
        work.execute("update viewers set last_sign_in = ?1 where user_name = ?2", {state_->clock.now(), name}));
    CANDOR_TRY_VOID(state_->audit_line(work, name, "session.started", name));
    CANDOR_TRY(auto session, state_->start(work, name));
    CANDOR_TRY(auto own, OwnPeople::of(work, state_->keys, name));
    return Session{std::move(session.token),
                   Viewer(name, row->text(0), state_->roles.permissions(row->text(0)), row->integer(1) != 0,
                          std::move(session.id), std::move(own)),
                   session.expires_at};
  });
  if (!started) return std::unexpected(refusal(started.error()));
  return *std::move(started);
}

Result<Session> Viewers::session(std::string_view token, Renewal renewal) {
  if (token.size() != 64) return std::unexpected(no_session());
  const std::string hash = keyed_hash(state_->token_key, token);
  std::optional<Row> row;
  OwnPeople own;
  {
    CANDOR_TRY(auto reading, state_->store.read());
    CANDOR_TRY(row, reading.row("select s.token_hash, s.started, s.last_seen, v.user_name, v.role, v.one_time, s.id "
                                "from sessions s join viewers v on v.user_name = s.user_name where s.token_hash = ?1",
                                {Blob{hash}}));
    if (row) {
      CANDOR_TRY(own, OwnPeople::of(reading, state_->keys, row->text(3)));
    }
  }
  if (!row || row->text(0).size() != hash.size() || sodium_memcmp(row->text(0).data(), hash.data(), hash.size()) != 0) {
    return std::unexpected(no_session());
  }
  const TimePoint now = state_->clock.now();
  const TimePoint started = row->integer(1);
  TimePoint seen = row->integer(2);
  if (now >= state_->ends(started, seen)) return std::unexpected(no_session());
  if (renewal == Renewal::yes && now - seen >= std::min(kNoteUseEvery, state_->limits.idle / 4)) {
    const auto noted = state_->store.transact([&](Transaction& work) {
      return work.execute("update sessions set last_seen = ?1 where token_hash = ?2", {now, Blob{hash}});
    });
    if (noted) seen = now;  // a full disk must not sign everybody out
  }
  return Session{"",
                 Viewer(row->text(3), row->text(4), state_->roles.permissions(row->text(4)), row->integer(5) != 0,
                        row->text(6), std::move(own)),
                 state_->ends(started, seen)};
}

Result<void> Viewers::sign_out(std::string_view token) {
  const std::string hash = keyed_hash(state_->token_key, token);
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row, work.row("select user_name, id from sessions where token_hash = ?1", {Blob{hash}}));
    if (!row) return {};
    CANDOR_TRY_VOID(state_->audit_line(work, row->text(0), "session.ended", row->text(0)));
    return state_->end(work, row->text(1), row->text(0));
  });
}

std::expected<Session, SignInRefusal> Viewers::change_password(std::string_view token, std::string_view password,
                                                               std::string_view new_password) {
  const auto current = session(token);
  if (!current) return std::unexpected(refusal(current.error()));
  const std::string& name = current->viewer.user();
  const std::vector<FailureCount> counts = {in_session(keyed_hash(state_->token_key, token))};
  const auto old = state_->check(name, password, "viewer.password_change_failed", counts);
  if (!old) return std::unexpected(old.error());
  if (new_password.size() < kShortestPassword || new_password.size() > kLongestPassword || new_password == password ||
      normalise_user(new_password) == name) {
    return std::unexpected(refusal(
        {"access.bad_password", "a new password has 12 to 256 bytes, and is neither the old one nor the user name"}));
  }
  std::string hash;
  {
    const std::lock_guard lock(state_->hashing);
    hash = state_->hash_password(new_password);
  }
  if (hash.empty()) {
    return std::unexpected(refusal({"access.out_of_memory", "there is not enough memory to hash a password"}));
  }
  auto changed = state_->store.transact([&](Transaction& work) -> Result<Session> {
    CANDOR_TRY(const auto rows, work.execute("update viewers set password = ?1, one_time = 0 "
                                             "where user_name = ?2 and password = ?3",
                                             {hash, name, *old}));
    if (rows == 0) return std::unexpected(wrong_credentials());
    CANDOR_TRY_VOID(state_->audit_line(work, name, "viewer.password_changed", name));
    CANDOR_TRY_VOID(state_->end_all(work, name));
    CANDOR_TRY(auto started, state_->start(work, name));
    return Session{std::move(started.token),
                   Viewer(name, current->viewer.role(), current->viewer.permissions(), false, std::move(started.id),
                          current->viewer.own_people()),
                   started.expires_at};
  });
  if (!changed) return std::unexpected(refusal(changed.error()));
  return *std::move(changed);
}

Result<std::vector<SessionInfo>> Viewers::sessions() const {
  CANDOR_TRY(auto reading, state_->store.read());
  std::vector<SessionInfo> found;
  CANDOR_TRY_VOID(reading.each("select id, user_name, started, last_seen from sessions order by started, id", {},
                               [&](const Row& row) {
                                 if (state_->clock.now() < state_->ends(row.integer(2), row.integer(3))) {
                                   found.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3)});
                                 }
                                 return true;
                               }));
  return found;
}

Result<void> Viewers::end_session(const std::string& actor, const std::string& session_id) {
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row, work.row("select user_name from sessions where id = ?1", {session_id}));
    if (!row) return std::unexpected(no_session());
    CANDOR_TRY_VOID(state_->audit_line(work, actor, "session.ended", row->text(0)));
    return state_->end(work, session_id, row->text(0));
  });
}

Result<std::int64_t> Viewers::end_sessions(const std::string& actor, std::string_view user) {
  const std::string name = normalise_user(user);
  return state_->store.transact([&](Transaction& work) -> Result<std::int64_t> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return std::unexpected(unknown_user());
    CANDOR_TRY_VOID(state_->purge(work));
    CANDOR_TRY(const auto open, work.row("select count(*) from sessions where user_name = ?1", {name}));
    CANDOR_TRY_VOID(state_->audit_line(work, actor, "viewer.sessions_ended", name,
                                       nlohmann::json{{"sessions", open->integer(0)}}.dump()));
    return state_->end_all(work, name);
  });
}

Result<Permissions> Viewers::permissions_of(Reading& reading, std::string_view user) const {
  CANDOR_TRY(const auto row, reading.row("select role from viewers where user_name = ?1", {normalise_user(user)}));
  if (!row) return std::unexpected(unknown_user());
  return state_->roles.permissions(row->text(0));
}

Result<void> Viewers::set_role(const std::string& actor, std::string_view user, std::string_view role) {
  const std::string name = normalise_user(user);
  if (!state_->roles.has(role)) return std::unexpected(unknown_role());
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row, work.row("select role from viewers where user_name = ?1", {name}));
    if (!row) return std::unexpected(unknown_user());
    CANDOR_TRY_VOID(work.execute("update viewers set role = ?1 where user_name = ?2", {role, name}));
    return state_->audit_line(work, actor, "viewer.role_changed", name,
                              nlohmann::ordered_json{{"from", row->text(0)}, {"to", std::string(role)}}.dump());
  });
}

const Roles& Viewers::roles() const { return state_->roles; }

}  // namespace candor
