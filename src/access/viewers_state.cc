#include "access/viewers_state.h"

#include <sodium.h>

#include <algorithm>

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
Error wrong_credentials() {
  return {"access.wrong_credentials", "the user, the password or, where one is asked for, the code is wrong"};
}
Error unknown_user() { return {"access.unknown_user", "there is no viewer of that name"}; }
Error no_session() { return {"access.no_session", "sign in first"}; }
Error provider_account() {
  return {"access.provider_account",
          "this account is of the identity provider: its password, second factor and role are there, and it has no "
          "tokens"};
}

std::string normalise_user(std::string_view user) {
  std::string normal(user);
  for (char& c : normal) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return normal;
}

FailureCount at_user(const std::string& user, std::string_view address) {
  return {.who = "user\n" + user + "\n" + std::string(address),
          .free = 5,
          .first_wait = 30 * kMicrosPerSecond,
          .longest_wait = 900 * kMicrosPerSecond};
}

FailureCount at_address(std::string_view address) {
  return {.who = "address\n" + std::string(address),
          .free = 20,
          .first_wait = kMicrosPerSecond,
          .longest_wait = 60 * kMicrosPerSecond};
}

FailureCount in_session(std::string_view token_hash) {
  return {.who = "session\n" + std::string(token_hash),
          .free = 5,
          .first_wait = 30 * kMicrosPerSecond,
          .longest_wait = 900 * kMicrosPerSecond};
}

FailureCount without_code(const std::string& user, std::string_view address) {
  return {.who = "without code\n" + user + "\n" + std::string(address)};
}

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

Result<void> Viewers::State::note_failure(const Proof& proof, bool known, bool only_code_missing) {
  std::vector<FailureCount> counts(proof.counts.begin(), proof.counts.end());
  if (only_code_missing && proof.without_code) counts.push_back(*proof.without_code);
  const char* action =
      only_code_missing && proof.code_missing_action != nullptr ? proof.code_missing_action : proof.failure_action;
  return store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(
        work.execute("delete from sign_in_failures where last_failure < ?1", {clock.now() - kMicrosPerDay}));
    for (const FailureCount& count : counts) CANDOR_TRY_VOID(count_failure(work, count));
    // What was typed as the name of an unknown user may be a password.
    return audit_line(work, "", action, known ? proof.user : "", known ? "" : R"({"user":"unknown"})");
  });
}

Result<void> Viewers::State::count_failure(Transaction& work, const FailureCount& count) const {
  const std::string who = keyed_hash(failure_key, count.who);
  CANDOR_TRY_VOID(
      work.execute("insert into sign_in_failures (who, failures, last_failure) values (?1, 1, ?2) on conflict "
                   "(who) do update set failures = sign_in_failures.failures + 1, last_failure = "
                   "excluded.last_failure",
                   {Blob{who}, clock.now()}));
  return {};
}

Result<void> Viewers::State::take_back(Transaction& work, const std::string& user, std::string_view address) const {
  const std::string asked = keyed_hash(failure_key, without_code(user, address).who);
  CANDOR_TRY(const auto row, work.row("select failures from sign_in_failures where who = ?1", {Blob{asked}}));
  if (!row) return {};
  const std::string whole = keyed_hash(failure_key, at_address(address).who);
  CANDOR_TRY_VOID(
      work.execute("delete from sign_in_failures where who = ?1 and failures <= ?2", {Blob{whole}, row->integer(0)}));
  CANDOR_TRY_VOID(work.execute("update sign_in_failures set failures = failures - ?2 where who = ?1 and failures > ?2",
                               {Blob{whole}, row->integer(0)}));
  return forget_failures(work, without_code(user, address));
}

Result<void> Viewers::State::forget_failures(Transaction& work, const FailureCount& count) const {
  const std::string who = keyed_hash(failure_key, count.who);
  CANDOR_TRY_VOID(work.execute("delete from sign_in_failures where who = ?1", {Blob{who}}));
  return {};
}

std::expected<Proven, SignInRefusal> Viewers::State::check(const Proof& proof) {
  const std::lock_guard lock(hashing);
  std::optional<Row> row;
  std::optional<KeptFactor> factor;
  std::optional<CodeUse> use;
  {
    auto reading = store.read();
    if (!reading) return std::unexpected(refusal(reading.error()));
    // Again, also where the caller has asked: others may have failed since, and tried on at the same time.
    const auto wait = wait_seconds(*reading, proof.counts);
    if (!wait) return std::unexpected(refusal(wait.error()));
    if (*wait > 0) return std::unexpected(too_many_attempts(*wait));
    auto found = reading->row("select password from viewers where user_name = ?1", {proof.user});
    if (!found) return std::unexpected(refusal(found.error()));
    row = std::move(*found);
    auto asked = factor_asked(*reading, proof);
    if (!asked) return std::unexpected(refusal(asked.error()));
    factor = std::move(*asked);
    // Before the password, and whatever that is: how long the answer takes must not tell which of them was wrong.
    if (factor) {
      auto right = code_use(*reading, proof.user, *factor, proof.code);
      if (!right) return std::unexpected(refusal(right.error()));
      use = std::move(*right);
    }
  }
  // Accounts of the identity provider have no password: a check of it takes as long all the same.
  const bool has_one = row && !row->text(0).empty();
  if (!has_one && nobody_password.empty()) nobody_password = hash_password(random_password());
  const std::string hash = has_one ? row->text(0) : nobody_password;
  const bool right = verify(hash, proof.password) && has_one;
  if (right && (!factor || use)) return Proven{.password_hash = hash, .code = std::move(use)};
  if (auto noted = note_failure(proof, row.has_value(), right && proof.code.empty()); !noted) {
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

Result<std::string> Viewers::State::new_one_time_password(Transaction& work, const std::string& user) const {
  std::string password = random_password();
  const std::string hash = hash_password(password);
  if (hash.empty()) return fail("access.out_of_memory", "there is not enough memory to hash a password");
  CANDOR_TRY_VOID(work.execute("update viewers set password = ?1, one_time = 1 where user_name = ?2", {hash, user}));
  CANDOR_TRY_VOID(end_all(work, user));
  return password;
}

}  // namespace candor
