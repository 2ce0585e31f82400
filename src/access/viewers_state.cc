#include "access/viewers_state.h"

#include <sodium.h>

#include <algorithm>

#include "access/lifting.h"

namespace candor {

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  randombytes_buf(raw.data(), raw.size());
  return to_hex(raw);
}

std::string random_password() {
  static constexpr std::string_view kSymbols = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string password;
  for (int i = 0; i < 20; ++i) {
    if (i > 0 && i % 5 == 0) password += '-';
    password += kSymbols[randombytes_uniform(32)];
  }
  return password;
}

std::string keyed_hash(const std::array<std::uint8_t, 32>& key, std::string_view text) {
  std::string hash(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data(), key.size());
  return hash;
}

SignInRefusal refusal(Error error) { return {.error = std::move(error), .retry_after_seconds = 0}; }
Error wrong_credentials() { return {"access.wrong_credentials", "the user or the password is wrong"}; }

std::string Viewers::State::hash_password(std::string_view password) const {
  const bool least = cost == PasswordCost::least;
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const int failed = crypto_pwhash_str(text.data(), password.data(), password.size(),
                                       least ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_MODERATE,
                                       least ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_MODERATE);
  return failed != 0 ? "" : text.data();
}

bool Viewers::State::verify(const std::string& hash, std::string_view password) const {
  return !hash.empty() && password.size() <= kLongestPassword &&
         crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

Result<int> Viewers::State::wait_seconds(Reading& reading, std::span<const FailureCount> counts) const {
  TimePoint longest = 0;
  for (const FailureCount& count : counts) {
    const std::string who = keyed_hash(failure_key, count.who);
    CANDOR_TRY(const auto row,
               reading.row("select failures, last_failure from sign_in_failures where who = ?1", {Blob{who}}));
    if (!row || row->integer(0) < count.free) continue;
    const std::int64_t doublings = std::min<std::int64_t>(row->integer(0) - count.free, 10);
    const TimePoint wait = std::min(count.first_wait << doublings, count.longest_wait);
    longest = std::max(longest, row->integer(1) + wait - clock.now());
  }
  return static_cast<int>((longest + kMicrosPerSecond - 1) / kMicrosPerSecond);
}

Result<void> Viewers::State::note_failure(const std::string& user, bool known, const char* action,
                                          std::span<const FailureCount> counts) {
  return store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(
        work.execute("delete from sign_in_failures where last_failure < ?1", {clock.now() - kMicrosPerDay}));
    for (const FailureCount& count : counts) {
      const std::string who = keyed_hash(failure_key, count.who);
      CANDOR_TRY_VOID(
          work.execute("insert into sign_in_failures (who, failures, last_failure) values (?1, 1, ?2) on conflict "
                       "(who) do update set failures = sign_in_failures.failures + 1, last_failure = "
                       "excluded.last_failure",
                       {Blob{who}, clock.now()}));
    }
    // What was typed as the name of an unknown user may be a password.
    return audit_line(work, "", action, known ? user : "", known ? "" : R"({"user":"unknown"})");
  });
}

Result<void> Viewers::State::forget_failures(Transaction& work, const FailureCount& count) const {
  const std::string who = keyed_hash(failure_key, count.who);
  CANDOR_TRY_VOID(work.execute("delete from sign_in_failures where who = ?1", {Blob{who}}));
  return {};
}

std::expected<std::string, SignInRefusal> Viewers::State::check(const std::string& user, std::string_view password,
                                                                const char* failure_action,
                                                                std::span<const FailureCount> counts) {
  const std::lock_guard lock(hashing);
  std::optional<Row> row;
  {
    auto reading = store.read();
    if (!reading) return std::unexpected(refusal(reading.error()));
    // Again, also where the caller has asked: others may have failed since, and tried on at the same time.
    const auto wait = wait_seconds(*reading, counts);
    if (!wait) return std::unexpected(refusal(wait.error()));
    if (*wait > 0) return std::unexpected(too_many_attempts(*wait));
    auto found = reading->row("select password from viewers where user_name = ?1", {user});
    if (!found) return std::unexpected(refusal(found.error()));
    row = std::move(*found);
  }
  if (!row && nobody_password.empty()) nobody_password = hash_password(random_password());
  const std::string& hash = row ? row->text(0) : nobody_password;
  const bool right = verify(hash, password) && row;
  if (right) return hash;
  if (auto noted = note_failure(user, row.has_value(), failure_action, counts); !noted) {
    return std::unexpected(refusal(noted.error()));
  }
  return std::unexpected(refusal(wrong_credentials()));
}

SignInRefusal too_many_attempts(int seconds) {
  return {.error = {"access.too_many_attempts", "too many failed attempts: try again later"},
          .retry_after_seconds = seconds};
}

Result<void> Viewers::State::audit_line(Transaction& work, const std::string& viewer, const char* action,
                                        const std::string& user, const std::string& details) const {
  AuditEntry entry;
  entry.viewer = viewer;
  entry.action = action;
  entry.object_kind = "viewer";
  entry.object_id = user;
  entry.details = details;
  CANDOR_TRY_VOID(audit.append(work, entry));
  return {};
}

Result<void> Viewers::State::end(Transaction& work, const std::string& session, const std::string& user) const {
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

Result<Viewers::State::Started> Viewers::State::start(Transaction& work, const std::string& user) const {
  std::string token = random_hex(32);
  std::string id = random_hex(16);
  const std::string hash = keyed_hash(token_key, token);
  const TimePoint now = clock.now();
  CANDOR_TRY_VOID(
      work.execute("insert into sessions (token_hash, id, user_name, started, last_seen) values (?1, ?2, ?3, ?4, ?5)",
                   {Blob{hash}, id, user, now, now}));
  return Started{.token = std::move(token), .id = std::move(id), .expires_at = ends(now, now)};
}

Result<std::string> Viewers::State::new_one_time_password(Transaction& work, const std::string& user) const {
  std::string password = random_password();
  const std::string hash = hash_password(password);
  if (hash.empty()) return fail("access.out_of_memory", "there is not enough memory to hash a password");
  CANDOR_TRY_VOID(work.execute("update viewers set password = ?1, one_time = 1 where user_name = ?2", {hash, user}));
  CANDOR_TRY_VOID(end_all(work, user));
  return password;
}

}  // namespace candor
