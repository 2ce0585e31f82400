#pragma once

#include <array>
#include <mutex>
#include <span>
#include <utility>

#include "access/viewers.h"

// Internal to access: what Viewers is made of. Passwords and failures in viewers_state.cc, the rest in viewers.cc.
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
  std::mutex hashing;           // one at a time: each takes a lot of memory
  std::string nobody_password;  // checked for unknown users, so that they take as long; guarded by hashing

  std::string hash_password(std::string_view password) const;
  bool verify(const std::string& hash, std::string_view password) const;

  // Seconds until the next attempt; 0: now.
  Result<int> wait_seconds(Reading& reading, std::span<const FailureCount> counts) const;
  Result<void> note_failure(const std::string& user, bool known, const char* action,
                            std::span<const FailureCount> counts);
  Result<void> forget_failures(Transaction& work, const FailureCount& count) const;
  // Whether the password is right; the stored hash it was checked against.
  std::expected<std::string, SignInRefusal> check(const std::string& user, std::string_view password,
                                                  const char* failure_action, std::span<const FailureCount> counts);
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
  Result<Started> start(Transaction& work, const std::string& user) const;
  Result<std::string> new_one_time_password(Transaction& work, const std::string& user) const;
};

}  // namespace candor
