#include <sodium.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/lifting.h"
#include "access/viewers_state.h"
#include "access/visible_people.h"

namespace candor {
namespace {

// Noting each request would make each a write; a session may end this much early.
constexpr TimePoint kNoteUseEvery = 60 * kMicrosPerSecond;

std::string origin_context(const std::string& user) { return "origin of " + user; }

}  // namespace

Result<void> Viewers::State::end(Transaction& work, const std::string& session, const std::string& user) const {
  CANDOR_TRY_VOID(work.execute("delete from provider_sessions where session_id = ?1", {session}));
  CANDOR_TRY_VOID(work.execute("delete from sessions where id = ?1", {session}));
  return end_lifts_of_session(work, keys, audit, clock.now(), user, session);
}

Result<std::int64_t> Viewers::State::end_all(Transaction& work, const std::string& user) const {
  CANDOR_TRY(const auto rows, work.rows("select id from sessions where user_name = ?1 order by started, id", {user}));
  for (const Row& row : rows) CANDOR_TRY_VOID(end(work, row.text(0), user));
  return static_cast<std::int64_t>(rows.size());
}

Result<void> Viewers::State::purge(Transaction& work) const {
  const TimePoint now = clock.now();
  CANDOR_TRY(const auto ended,
             work.rows("select id, user_name from sessions where started <= ?1 or last_seen <= ?2 order by started, id",
                       {now - limits.absolute, now - limits.idle}));
  for (const Row& row : ended) {
    CANDOR_TRY_VOID(audit_line(work, row.text(1), "session.expired", row.text(1)));
    CANDOR_TRY_VOID(end(work, row.text(0), row.text(1)));
  }
  return {};
}

Result<Viewers::State::Started> Viewers::State::start(Transaction& work, const std::string& user,
                                                      const SignInOrigin& origin) const {
  std::string token = random_hex(32);
  std::string id = random_hex(16);
  const std::string hash = keyed_hash(token_key, token);
  const std::string address = origin.address.empty() ? "" : seal(origin_key, origin.address, origin_context(user));
  const std::optional<Blob> kept = address.empty() ? std::nullopt : std::optional(Blob{address});
  const TimePoint now = clock.now();
  CANDOR_TRY_VOID(
      work.execute("insert into sessions (token_hash, id, user_name, started, last_seen, address, program) "
                   "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   {Blob{hash}, id, user, now, now, kept, origin.program}));
  return Started{.token = std::move(token), .id = std::move(id), .expires_at = ends(now, now)};
}

Result<SignInOrigin> Viewers::State::origin_of(const std::string& user, const std::string& address,
                                               const std::string& program) const {
  SignInOrigin origin{.address = {}, .program = program};
  if (!address.empty()) {
    CANDOR_TRY(origin.address, unseal(origin_key, address, origin_context(user)));
  }
  return origin;
}

Result<Viewer> Viewers::State::viewer_of(Reading& reading, const std::string& user, std::string session) const {
  CANDOR_TRY(const auto row,
             reading.row("select v.role, v.one_time, (select count(*) from second_factors f where f.user_name = "
                         "v.user_name and f.confirmed is not null) from viewers v where v.user_name = ?1",
                         {user}));
  if (!row) return std::unexpected(unknown_user());
  CANDOR_TRY(const auto provider,
             reading.row("select p.display_name, (select s.second_factor from provider_sessions s where "
                         "s.session_id = ?2) from provider_accounts p where p.user_name = ?1",
                         {user, session}));
  const std::string& role = row->text(0);
  const bool required = roles.second_factor_required(role);
  std::string display_name;
  if (provider) {
    // Neither can be mended in the session: whoever has no role any more, or not the second factor the role requires
    // since, has to sign in again.
    if (role.empty() || (required && provider->optional_integer(1).value_or(0) == 0)) {
      return std::unexpected(no_session());
    }
    CANDOR_TRY(display_name, unseal(provider_key, provider->text(0), "display name of " + user));
  } else if (!is_allowed_locally(role)) {
    return std::unexpected(no_session());
  }
  CANDOR_TRY(OwnPeople own, OwnPeople::of(reading, keys, user));
  CANDOR_TRY(HiddenPeople hidden, hidden_from(reading, own, user));
  return Viewer({.user = user,
                 .role = role,
                 .permissions = roles.permissions(role),
                 .must_change_password = row->integer(1) != 0,
                 .must_set_up_second_factor = required && !provider && row->integer(2) == 0,
                 .session = std::move(session),
                 .token = {},
                 .own_people = std::move(own),
                 .hidden_people = std::move(hidden),
                 .is_of_provider = provider.has_value(),
                 .display_name = std::move(display_name)});
}

Result<Session> Viewers::State::renew(Transaction& work, const std::string& user, const std::string& present) const {
  CANDOR_TRY(const auto row, work.row("select address, program from sessions where id = ?1", {present}));
  SignInOrigin origin;
  if (row) {
    CANDOR_TRY(origin, origin_of(user, row->text(0), row->text(1)));
  }
  CANDOR_TRY_VOID(end_all(work, user));
  CANDOR_TRY(auto started, start(work, user, origin));
  CANDOR_TRY(Viewer viewer, viewer_of(work, user, std::move(started.id)));
  return Session{std::move(started.token), std::move(viewer), started.expires_at};
}

Result<Session> Viewers::session(std::string_view token, Renewal renewal) {
  if (token.size() != 64) return std::unexpected(no_session());
  const std::string hash = keyed_hash(state_->token_key, token);
  std::optional<Row> row;
  std::optional<Viewer> viewer;
  {
    CANDOR_TRY(auto reading, state_->store.read());
    CANDOR_TRY(row, reading.row("select token_hash, started, last_seen, user_name, id from sessions where "
                                "token_hash = ?1",
                                {Blob{hash}}));
    if (row) {
      CANDOR_TRY(viewer, state_->viewer_of(reading, row->text(3), row->text(4)));
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
  return Session{"", *std::move(viewer), state_->ends(started, seen)};
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

Result<std::vector<SessionInfo>> Viewers::sessions() const {
  CANDOR_TRY(auto reading, state_->store.read());
  CANDOR_TRY(const auto rows, reading.rows("select id, user_name, started, last_seen, address, program from sessions "
                                           "order by started, id"));
  std::vector<SessionInfo> found;
  for (const Row& row : rows) {
    if (state_->clock.now() >= state_->ends(row.integer(2), row.integer(3))) continue;
    CANDOR_TRY(SignInOrigin origin, state_->origin_of(row.text(1), row.text(4), row.text(5)));
    found.push_back({.id = row.text(0),
                     .user = row.text(1),
                     .started = row.integer(2),
                     .last_seen = row.integer(3),
                     .address = std::move(origin.address),
                     .program = std::move(origin.program)});
  }
  return found;
}

Result<std::vector<SessionInfo>> Viewers::sessions_of(const Viewer& viewer) const {
  CANDOR_TRY(auto all, sessions());
  std::erase_if(all, [&](const SessionInfo& one) { return one.user != viewer.user(); });
  std::ranges::reverse(all);
  return all;
}

Result<void> Viewers::end_session(const std::string& actor, const std::string& session_id) {
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row, work.row("select user_name from sessions where id = ?1", {session_id}));
    if (!row) return std::unexpected(no_session());
    CANDOR_TRY_VOID(state_->audit_line(work, actor, "session.ended", row->text(0)));
    return state_->end(work, session_id, row->text(0));
  });
}

Result<void> Viewers::end_own_session(const Viewer& viewer, std::string_view session_id) {
  const std::string id(session_id);
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row,
               work.row("select 1 from sessions where id = ?1 and user_name = ?2", {id, viewer.user()}));
    if (!row) return fail("access.unknown_session", "you have no such session, or it has ended");
    CANDOR_TRY_VOID(state_->audit_line(work, viewer.user(), "session.ended", viewer.user()));
    return state_->end(work, id, viewer.user());
  });
}

Result<std::int64_t> Viewers::end_other_sessions(const Viewer& viewer) {
  return state_->store.transact([&](Transaction& work) -> Result<std::int64_t> {
    CANDOR_TRY_VOID(state_->purge(work));
    CANDOR_TRY(const auto rows, work.rows("select id from sessions where user_name = ?1 and id <> ?2 order by id",
                                          {viewer.user(), viewer.session()}));
    for (const Row& row : rows) CANDOR_TRY_VOID(state_->end(work, row.text(0), viewer.user()));
    const auto ended = static_cast<std::int64_t>(rows.size());
    CANDOR_TRY_VOID(state_->audit_line(work, viewer.user(), "viewer.sessions_ended", viewer.user(),
                                       nlohmann::json{{"sessions", ended}, {"kept", "the present one"}}.dump()));
    return ended;
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

}  // namespace candor
