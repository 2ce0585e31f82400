#include "access/source_tokens.h"

#include <utility>

#include "access/token_text.h"
#include "access/viewers_state.h"
#include "sources/source_name.h"

namespace candor {
namespace {

std::unexpected<Error> bad_token() {
  return fail("access.bad_token",
              "the token is unknown, has expired or was revoked: make one with `candor token create --source NAME` and "
              "send it as `Authorization: Bearer TOKEN`");
}

SourceToken token_of(const Row& row) {
  return {.id = row.text(0),
          .source = row.text(1),
          .created_by = row.text(2),
          .created = row.integer(3),
          .expires = row.optional_integer(4),
          .last_used = row.optional_integer(5),
          .revoked = row.optional_integer(6)};
}

#define CANDOR_TOKEN_COLUMNS "token_id, source, created_by, created, expires, last_used, revoked"

AuditEntry entry_of(const std::string& actor, const char* action, std::string_view id, std::string_view source) {
  AuditEntry entry;
  entry.viewer = actor;
  entry.action = action;
  entry.object_kind = "token";
  entry.object_id = std::string(id);
  entry.details = source.empty() ? R"({"for":"metrics"})" : R"({"source":")" + std::string(source) + R"("})";
  return entry;
}

}  // namespace

SourceTokens::SourceTokens(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit)
    : store_(&store), clock_(&clock), audit_(&audit), key_(keys.derive("source token")) {}

Result<std::string> SourceTokens::create(const std::string& actor, std::string_view source,
                                         std::optional<TimePoint> expires) {
  if (!source.empty()) CANDOR_TRY_VOID(source_name(source));
  const TimePoint now = clock_->now();
  if (expires && *expires <= now) {
    return fail("access.bad_expiry", "the token would have expired already: give a time in the future");
  }
  NewToken token = new_token(kSourceTokenPrefix);
  const std::string hash = keyed_hash(key_, token.text);
  auto written = store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(
        work.execute("insert into source_tokens (token_id, source, token_hash, created_by, created, expires) "
                     "values (?1, ?2, ?3, ?4, ?5, ?6)",
                     {token.id, source, Blob{hash}, actor, now, expires}));
    CANDOR_TRY_VOID(audit_->append(work, entry_of(actor, "token.created", token.id, source)));
    return {};
  });
  if (!written) return std::unexpected(std::move(written).error());
  return std::move(token.text);
}

Result<std::vector<SourceToken>> SourceTokens::list() const {
  CANDOR_TRY(Reading reading, store_->read());
  CANDOR_TRY(const auto rows, reading.rows("select " CANDOR_TOKEN_COLUMNS " from source_tokens order by source, "
                                           "created, token_id"));
  std::vector<SourceToken> tokens;
  tokens.reserve(rows.size());
  for (const Row& row : rows) tokens.push_back(token_of(row));
  return tokens;
}

Result<void> SourceTokens::revoke(const std::string& actor, std::string_view id) {
  return store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row, work.row("select source, revoked from source_tokens where token_id = ?1", {id}));
    if (!row) {
      return fail("access.unknown_token", "there is no token with that id: `candor token list` shows all of them");
    }
    if (!row->is_null(1)) return {};
    CANDOR_TRY_VOID(work.execute("update source_tokens set revoked = ?2 where token_id = ?1", {id, clock_->now()}));
    CANDOR_TRY_VOID(audit_->append(work, entry_of(actor, "token.revoked", id, row->text(0))));
    return {};
  });
}

Result<SourceToken> SourceTokens::check(std::string_view token) {
  const std::string_view id = token_id_of(kSourceTokenPrefix, token);
  if (id.empty()) return bad_token();
  const TimePoint now = clock_->now();
  SourceToken found;
  {
    CANDOR_TRY(Reading reading, store_->read());
    CANDOR_TRY(const auto row, reading.row("select " CANDOR_TOKEN_COLUMNS ", token_hash from source_tokens where "
                                           "token_id = ?1",
                                           {id}));
    if (!row) return bad_token();
    found = token_of(*row);
    if (!is_token(key_, token, row->text(7))) return bad_token();
  }
  if (found.revoked || (found.expires && *found.expires <= now)) return bad_token();
  if (!found.last_used || now - *found.last_used >= kTokenUseIsNotedMicros) {
    auto written = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("update source_tokens set last_used = ?2 where token_id = ?1", {id, now}));
      return {};
    });
    if (!written) return std::unexpected(std::move(written).error());
  }
  return found;
}

}  // namespace candor
