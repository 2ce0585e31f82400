#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <span>
#include <utility>

#include "access/viewers.h"

// Internal to access: what Viewers is made of. Passwords and failures in viewers_state.cc, sessions in
// viewers_sessions.cc, second factors in second_factor.cc, tokens in viewer_tokens.cc, accounts of the identity
// provider in viewers_provider.cc, the rest in viewers.cc.
namespace candor {

inline constexpr std::size_t kShortestPassword = 12;
inline constexpr std::size_t kLongestPassword = 256;
inline constexpr std::size_t kLongestUser = 64;

std::string random_hex(std::size_t bytes);
std::string random_password();  // 100 bits, easy to type: "k7m29-qxdh4-tb3w8-0zv5n"
std::string keyed_hash(const std::array<std::uint8_t, 32>& key, std::string_view text);
SignInRefusal refusal(Error error);
Error wrong_credentials();
SignInRefusal too_many_attempts(int seconds);

// What failures are counted by, and how long that has to wait for its next attempt.
struct FailureCount {
  std::string who;           // hashed before it is stored
  int free = 0;              // failures before waiting begins
  TimePoint first_wait = 0;  // doubles with each further failure
  TimePoint longest_wait = 0;
};

// Guessing at one user from one place is slowed soon. Nothing is counted by the user name alone: who knows a name could
// keep its owner out.
FailureCount at_user(const std::string& user, std::string_view address);
// Many people may share an address, so that it waits later and for less long.
FailureCount at_address(std::string_view address);
// Whoever has the session open may be another than its viewer.
FailureCount in_session(std::string_view token_hash);
// No reason to wait, but how often a right password came without the code it needs: what that added to the count of the
// address is taken back when the sign-in succeeds.
FailureCount without_code(const std::string& user, std::string_view address);

std::string normalise_user(std::string_view user);
inline constexpr std::string_view kUserSymbols = "abcdefghijklmnopqrstuvwxyz0123456789._@-";
Error unknown_user();
Error no_session();
Error no_second_factor();
Error provider_account();

// A second factor as it is kept.
struct KeptFactor {
  std::string secret;
  TimePoint begun = 0;
  std::optional<TimePoint> confirmed = {};
  std::int64_t last_step = 0;
};

// What a right code uses up: a step, or a recovery code.
struct CodeUse {
  std::int64_t step = -1;
  std::string recovery_hash = {};
  TimePoint begun = 0;  // of the factor it belongs to
};

// What somebody shows to prove who they are.
struct Proof {
  enum class Factor : std::uint8_t {
    not_asked,     // a password is enough
    if_confirmed,  // a code where a factor counts
    confirmed,     // a code of a factor that counts; `access.no_second_factor` where there is none
    begun,         // a code of one that does not count yet
  };
  const std::string& user;
  std::string_view password;
  std::string_view code;
  Factor factor = Factor::not_asked;
  const char* failure_action;
  std::span<const FailureCount> counts;
  // Noted, instead of `failure_action`, where only the code is missing, and counted by `without_code` besides.
  const char* code_missing_action = nullptr;
  std::optional<FailureCount> without_code = {};
};

struct Proven {
  std::string password_hash;  // the stored one it was checked against
  std::optional<CodeUse> code = {};
};

struct Viewers::State {
  Store& store;
  const Keys& keys;
  const Clock& clock;
  const AuditLog& audit;
  const Roles roles;
  const SessionLimits limits;
  const PasswordCost cost;
  const std::array<std::uint8_t, 32> token_key;
  const std::array<std::uint8_t, 32> failure_key;
  const std::array<std::uint8_t, 32> factor_key;
  const std::array<std::uint8_t, 32> recovery_key;
  const std::array<std::uint8_t, 32> origin_key;
  const std::array<std::uint8_t, 32> viewer_token_key;
  const std::array<std::uint8_t, 32> provider_key;  // of subjects and sessions of the provider, and what is sealed
  LocalAccounts local_accounts = LocalAccounts::all;
  std::mutex hashing;           // one at a time: each takes a lot of memory
  std::string nobody_password;  // checked for unknown users, so that they take as long; guarded by hashing

  std::string hash_password(std::string_view password) const;
  bool verify(const std::string& hash, std::string_view password) const;

  // Seconds until the next attempt; 0: now.
  Result<int> wait_seconds(Reading& reading, std::span<const FailureCount> counts) const;
  Result<void> note_failure(const Proof& proof, bool known, bool only_code_missing);
  Result<void> forget_failures(Transaction& work, const FailureCount& count) const;
  // Whether password and, where asked for, code are right; the code is not used up yet: use().
  std::expected<Proven, SignInRefusal> check(const Proof& proof);
  // The factor whose code that proof needs; nullopt where a password is enough.
  Result<std::optional<KeptFactor>> factor_asked(Reading& reading, const Proof& proof) const;
  // Where somebody has a second factor, everybody who is refused without a code is asked for one.
  SignInRefusal asking_for_code(const SignInRefusal& refused) const;
  // False where it was used meanwhile. In the transaction of what it is used for.
  Result<bool> use(Transaction& work, const std::string& user, const CodeUse& code) const;
  Result<std::optional<KeptFactor>> factor_of(Reading& reading, const std::string& user) const;
  Result<std::optional<CodeUse>> code_use(Reading& reading, const std::string& user, const KeptFactor& factor,
                                          std::string_view code) const;
  std::string recovery_hash(const std::string& user, std::string_view code) const;
  // Replaces those there are; as they are shown.
  Result<std::vector<std::string>> new_recovery_codes(Transaction& work, const std::string& user) const;
  // What changes a second factor: who asks proves it with password and code, and gets a new session for all others.
  struct FactorChange {
    Proof::Factor factor = Proof::Factor::confirmed;
    const char* action = "";                                                  // in the audit log
    std::function<Result<std::vector<std::string>>(Transaction& work)> make;  // new recovery codes
  };
  std::expected<ChangedFactor, SignInRefusal> change_factor(const Session& current, const std::string& session_hash,
                                                            std::string_view password, std::string_view code,
                                                            const FactorChange& change);
  Result<void> drop_factor(Transaction& work, const std::string& user) const;
  // What the failure counts of an address hold of sign-ins that were only asked for a code.
  Result<void> take_back(Transaction& work, const std::string& user, std::string_view address) const;

  // The viewer as they are now. `access.unknown_user`.
  Result<Viewer> viewer_of(Reading& reading, const std::string& user, std::string session) const;
  // Ends all of one viewer's sessions and begins one where the ended session `present` was begun.
  Result<Session> renew(Transaction& work, const std::string& user, const std::string& present) const;
  // How many that opened something.
  Result<std::int64_t> revoke_all_tokens(Transaction& work, const std::string& user) const;
  Result<void> revoke(Transaction& work, const std::string& user, const std::string& token_id) const;

  Result<void> audit_line(Transaction& work, const std::string& viewer, const char* action, const std::string& user,
                          const std::string& details = "") const;

  TimePoint ends(TimePoint started, TimePoint last_seen) const {
    return std::min(started + limits.absolute, last_seen + limits.idle);
  }
  // Removes a session and ends what was lifted in it.
  Result<void> end(Transaction& work, const std::string& session, const std::string& user) const;
  // Of one viewer; how many.
  Result<std::int64_t> end_all(Transaction& work, const std::string& user) const;
  Result<void> purge(Transaction& work) const;
  // Token and end of a new session, and its id.
  struct Started {
    std::string token;
    std::string id;
    TimePoint expires_at = 0;
  };
  Result<Started> start(Transaction& work, const std::string& user, const SignInOrigin& origin) const;
  // As kept in a row: the address is sealed.
  Result<SignInOrigin> origin_of(const std::string& user, const std::string& address, const std::string& program) const;
  // Whether an account of Candor's own with that role may sign in.
  bool is_allowed_locally(std::string_view role) const {
    return local_accounts == LocalAccounts::all || allows(roles.permissions(role), Permission::viewers_write);
  }
  // After a right password: `access.wrong_credentials`, counted and noted, where that account may not.
  std::expected<void, SignInRefusal> allowed_locally(const Proof& proof);
  Result<bool> is_of_provider(Reading& reading, const std::string& user) const;
  // Notes a failure of a way to sign in that was not the password's.
  Result<void> count_failure(Transaction& work, const FailureCount& count) const;
  // The account of that subject, made where there is none; gives it that role and name. "" where nothing was there and
  // there is no role to make it with.
  Result<std::string> adopt(Transaction& work, const Vouched& vouched) const;
  Result<void> link_own(Transaction& work, const std::string& user, const Vouched& vouched) const;
  Result<std::string> new_one_time_password(Transaction& work, const std::string& user) const;
};

}  // namespace candor
