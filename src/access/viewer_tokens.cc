#include <nlohmann/json.hpp>

#include "access/lifting.h"
#include "access/token_text.h"
#include "access/viewers_state.h"

namespace candor {
namespace {

constexpr int kLongestDays = 365;
constexpr std::int64_t kMostTokens = 20;
constexpr std::size_t kLongestTokenName = 40;

// Of letters that cannot name a person's file or mail: it stands in the audit log.
bool is_token_name(std::string_view name) {
  static constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= kLongestTokenName &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string text_of(const Permissions& permissions) {
  std::string text;
  for (const Permission one : all_permissions()) {
    if (allows(permissions, one)) text += (text.empty() ? "" : " ") + std::string(to_text(one));
  }
  return text;
}

// A name that a later version does not know allows nothing.
Permissions permissions_of_text(std::string_view text) {
  Permissions permissions;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const auto one = permission(text.substr(0, end))) permissions.set(static_cast<std::size_t>(*one));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return permissions;
}

constexpr Sql kTokenColumns =
    "select token_id, name, permissions, created, expires, last_used, revoked, user_name, token_hash from "
    "viewer_tokens ";

ViewerToken viewer_token_of(const Row& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .permissions = permissions_of_text(row.text(2)),
          .created = row.integer(3),
          .expires = row.integer(4),
          .last_used = row.optional_integer(5),
          .revoked = row.optional_integer(6)};
}

std::unexpected<Error> no_viewer_token() {
  return fail("access.bad_token",
              "the token is unknown, has expired or was revoked: make one on the page of your account and send it as "
              "`Authorization: Bearer TOKEN`");
}

Result<Permissions> wished_permissions(const Viewer& viewer, const std::optional<Permissions>& wish) {
  const Permissions wanted = wish ? *wish : reading_permissions() & viewer.permissions();
  if (wanted.none()) return fail("access.bad_scope", "a token needs at least one permission");
  if ((wanted & ~viewer.permissions()).any()) {
    return fail("access.bad_scope", "a token cannot have a permission that your role " + viewer.role() +
                                        " lacks: " + text_of(wanted & ~viewer.permissions()));
  }
  return wanted;
}

AuditEntry about_token(const std::string& actor, const char* action, const ViewerToken& token,
                       const std::string& user) {
  AuditEntry entry;
  entry.viewer = actor;
  entry.action = action;
  entry.object_kind = "token";
  entry.object_id = token.id;
  entry.details = nlohmann::ordered_json{{"name", token.name},
                                         {"of", user},
                                         {"permissions", text_of(token.permissions)},
                                         {"expires", format_time(token.expires)}}
                      .dump();
  return entry;
}

}  // namespace

std::expected<NewViewerToken, SignInRefusal> Viewers::create_token(std::string_view token, std::string_view password,
                                                                   std::string_view code, const TokenWish& wish) {
  const auto current = session(token);
  if (!current) return std::unexpected(refusal(current.error()));
  const Viewer& viewer = current->viewer;
  // The role of such a one is known at sign-in only, and a token lives for a year.
  if (viewer.is_of_provider()) return std::unexpected(refusal(provider_account()));
  if (const auto ready = viewer.is_ready(); !ready) return std::unexpected(refusal(ready.error()));
  if (!is_token_name(wish.name)) {
    return std::unexpected(refusal(
        {"access.bad_token_name", "the name of a token has 1 to 40 letters, digits, dots, dashes and underscores"}));
  }
  if (wish.days < 1 || wish.days > kLongestDays) {
    return std::unexpected(refusal({"access.bad_expiry", "a token expires after 1 to 365 days"}));
  }
  const auto permissions = wished_permissions(viewer, wish.permissions);
  if (!permissions) return std::unexpected(refusal(permissions.error()));
  const std::vector<FailureCount> counts = {in_session(keyed_hash(state_->token_key, token))};
  const auto proven = state_->check({.user = viewer.user(),
                                     .password = password,
                                     .code = code,
                                     .factor = Proof::Factor::if_confirmed,
                                     .failure_action = "token.create_failed",
                                     .counts = counts});
  if (!proven) return std::unexpected(proven.error());
  NewToken made = new_token(kViewerTokenPrefix);
  const TimePoint now = state_->clock.now();
  const ViewerToken kept{.id = made.id,
                         .name = wish.name,
                         .permissions = *permissions,
                         .created = now,
                         .expires = now + wish.days * kMicrosPerDay};
  const std::string hash = keyed_hash(state_->viewer_token_key, made.text);
  const auto written = state_->store.transact([&](Transaction& work) -> Result<void> {
    if (proven->code) {
      CANDOR_TRY(const bool used, state_->use(work, viewer.user(), *proven->code));
      if (!used) return std::unexpected(wrong_credentials());
    }
    CANDOR_TRY_VOID(state_->forget_failures(work, counts.front()));
    CANDOR_TRY(const auto open, work.row("select count(*) from viewer_tokens where user_name = ?1 and revoked is null "
                                         "and expires > ?2",
                                         {viewer.user(), now}));
    if (open->integer(0) >= kMostTokens) {
      return fail("access.too_many_tokens", "you have 20 tokens: revoke one that is no longer needed");
    }
    CANDOR_TRY_VOID(work.execute(
        "insert into viewer_tokens (token_id, user_name, name, permissions, token_hash, "
        "created, expires) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        {kept.id, viewer.user(), kept.name, text_of(kept.permissions), Blob{hash}, kept.created, kept.expires}));
    CANDOR_TRY_VOID(state_->audit.append(work, about_token(viewer.user(), "token.created", kept, viewer.user())));
    return {};
  });
  if (!written) return std::unexpected(refusal(written.error()));
  return NewViewerToken{.token = kept, .text = std::move(made.text)};
}

Result<std::vector<ViewerToken>> Viewers::tokens_of(const Viewer& viewer) const {
  CANDOR_TRY(auto reading, state_->store.read());
  static const SqlBuilder kOfViewer =
      SqlBuilder().add(kTokenColumns).add("where user_name = ?1 order by created desc, token_id");
  CANDOR_TRY(const auto rows, reading.rows(kOfViewer.sql(), {viewer.user()}));
  std::vector<ViewerToken> tokens;
  tokens.reserve(rows.size());
  for (const Row& row : rows) tokens.push_back(viewer_token_of(row));
  return tokens;
}

Result<void> Viewers::State::revoke(Transaction& work, const std::string& user, const std::string& token_id) const {
  CANDOR_TRY_VOID(work.execute("update viewer_tokens set revoked = ?2 where token_id = ?1", {token_id, clock.now()}));
  return end_lifts_of_session(work, keys, audit, clock.now(), user, token_id);
}

Result<std::int64_t> Viewers::State::revoke_all_tokens(Transaction& work, const std::string& user) const {
  CANDOR_TRY(const auto rows, work.rows("select token_id, expires from viewer_tokens where user_name = ?1 and revoked "
                                        "is null order by created, token_id",
                                        {user}));
  std::int64_t opened = 0;
  for (const Row& row : rows) {
    if (row.integer(1) > clock.now()) ++opened;
    CANDOR_TRY_VOID(revoke(work, user, row.text(0)));
  }
  return opened;
}

Result<void> Viewers::revoke_token(const Viewer& viewer, std::string_view token_id) {
  const std::string id(token_id);
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    static const SqlBuilder kOne = SqlBuilder().add(kTokenColumns).add("where token_id = ?1 and user_name = ?2");
    CANDOR_TRY(const auto row, work.row(kOne.sql(), {id, viewer.user()}));
    if (!row) return fail("access.unknown_token", "you have no token with that id");
    const ViewerToken token = viewer_token_of(*row);
    if (token.revoked) return {};
    CANDOR_TRY_VOID(state_->audit.append(work, about_token(viewer.user(), "token.revoked", token, viewer.user())));
    return state_->revoke(work, viewer.user(), id);
  });
}

Result<std::int64_t> Viewers::revoke_tokens(const std::string& actor, std::string_view user) {
  const std::string name = normalise_user(user);
  return state_->store.transact([&](Transaction& work) -> Result<std::int64_t> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return std::unexpected(unknown_user());
    CANDOR_TRY(const std::int64_t revoked, state_->revoke_all_tokens(work, name));
    CANDOR_TRY_VOID(
        state_->audit_line(work, actor, "viewer.tokens_revoked", name, nlohmann::json{{"tokens", revoked}}.dump()));
    return revoked;
  });
}

bool Viewers::is_token_text(std::string_view text) { return text.starts_with(kViewerTokenPrefix); }

Result<Session> Viewers::session_of_token(std::string_view token) {
  const std::string id(token_id_of(kViewerTokenPrefix, token));
  if (id.empty()) return no_viewer_token();
  const TimePoint now = state_->clock.now();
  ViewerToken found;
  std::optional<Viewer> owner;
  {
    CANDOR_TRY(auto reading, state_->store.read());
    static const SqlBuilder kById = SqlBuilder().add(kTokenColumns).add("where token_id = ?1");
    CANDOR_TRY(const auto row, reading.row(kById.sql(), {id}));
    if (!row || !is_token(state_->viewer_token_key, token, row->text(8))) return no_viewer_token();
    found = viewer_token_of(*row);
    if (found.revoked || found.expires <= now) return no_viewer_token();
    auto viewer = state_->viewer_of(reading, row->text(7), found.id);
    if (!viewer && viewer.error().id == no_session().id) return no_viewer_token();
    if (!viewer) return std::unexpected(viewer.error());
    owner = *std::move(viewer);
  }
  if (!found.last_used || now - *found.last_used >= kTokenUseIsNotedMicros) {
    const auto noted = state_->store.transact([&](Transaction& work) {
      return work.execute("update viewer_tokens set last_used = ?2 where token_id = ?1", {id, now});
    });
    static_cast<void>(noted);  // a full disk must not keep programs out that only read
  }
  Viewer::Parts parts = std::move(owner->parts_);
  parts.permissions &= found.permissions;
  parts.token = found.name + "/" + found.id;
  return Session{"", Viewer(std::move(parts)), found.expires};
}

}  // namespace candor
