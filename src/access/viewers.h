#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/permission.h"
#include "access/viewer.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

struct SessionLimits {
  TimePoint idle = kMicrosPerDay / 48;     // 30 minutes
  TimePoint absolute = kMicrosPerDay / 2;  // 12 hours
};

// How much work a password costs to check; `moderate` in the product (about 0.3 s, 256 MiB), `least` in tests.
enum class PasswordCost : std::uint8_t { least, moderate };

// A session as its viewer has it.
struct Session {
  std::string token;  // 64 hex digits, the secret of the cookie; "" where an existing session is looked up
  Viewer viewer;
  TimePoint expires_at = 0;  // when it ends if nothing more is done
};

// Why somebody was not let in. Wrong user and wrong password are not told apart.
struct SignInRefusal {
  Error error;                  // access.wrong_credentials, access.too_many_attempts, or store.*
  int retry_after_seconds = 0;  // > 0 with access.too_many_attempts
};

struct ViewerInfo {
  std::string user;
  std::string role;
  bool must_change_password = false;
  std::optional<TimePoint> last_sign_in = {};
  bool is_known_person = false;  // OwnPeople are not empty
};

struct SessionInfo {
  std::string id;  // not the token: safe to show
  std::string user;
  TimePoint started = 0;
  TimePoint last_seen = 0;
};

// Who of ours may sign in, and who is signed in. Every sign-in, failure, end and change of a password is in the audit
// log. Passwords are kept as argon2id, tokens as hashes.
// Thread safety: any member from any thread. sign_in(), change_password() and add() take some tenths of a second and
// one of them runs at a time (that bounds memory): not for an event loop's thread.
class Viewers {
 public:
  // All must outlive this object.
  Viewers(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit, Roles roles,
          SessionLimits limits = {}, PasswordCost cost = PasswordCost::moderate);
  ~Viewers();

  struct FirstViewer {
    std::string user;
    std::string one_time_password;
  };
  // Makes the viewer `admin` when there is nobody yet, and again with a new one-time password as long as the first one
  // was never changed; nullopt once it was. To be shown once on the terminal, never logged.
  Result<std::optional<FirstViewer>> ensure_first();

  // A new viewer with a one-time password, which is returned. `actor` is for the audit log. Fails with
  // `access.bad_user`, `access.unknown_role`, `access.user_taken`.
  Result<std::string> add(const std::string& actor, std::string_view user, std::string_view role);
  // Says that an account, known or not yet, is the viewer's own, besides the one the user name names: from the next
  // request on nothing about its owners is there for the viewer. `access.unknown_user`, `access.bad_account`.
  Result<void> link(const std::string& actor, std::string_view user, std::string_view account);
  // Takes link() back; what the user name names stays. `access.not_linked`. The log's lines do not say which account:
  // who reads it must not learn who is whom.
  Result<void> unlink(const std::string& actor, std::string_view user, std::string_view account);
  // A new one-time password; ends the viewer's sessions. `access.unknown_user`.
  Result<std::string> reset_password(const std::string& actor, std::string_view user);
  Result<std::vector<ViewerInfo>> list() const;
  // What a viewer's role allows now, as the caller's reading sees it. `access.unknown_user`.
  Result<Permissions> permissions_of(Reading& reading, std::string_view user) const;

  // Changes what a viewer may do, from the next request on. `access.unknown_user`, `access.unknown_role`.
  Result<void> set_role(const std::string& actor, std::string_view user, std::string_view role);
  const Roles& roles() const;

  // Whether a password may be tried now: a cheap question before the dear check, which asks it again.
  std::expected<void, SignInRefusal> may_try(std::string_view user, std::string_view address) const;
  // `address`: where the attempt comes from, "" when that is not known. Failures are counted by user and address
  // together, and by address.
  std::expected<Session, SignInRefusal> sign_in(std::string_view user, std::string_view password,
                                                std::string_view address = "");
  // Whether a request shows that somebody is there: what a page asks by itself does not.
  enum class Renewal : std::uint8_t { yes, no };
  // The session of a token, and notes that it is in use. `access.no_session` when there is none or it has ended.
  Result<Session> session(std::string_view token, Renewal renewal = Renewal::yes);
  // Ends it, and what was lifted in it; succeeds when there is none.
  Result<void> sign_out(std::string_view token);
  // Ends all sessions of the viewer and gives a new one; failures are counted by session. `access.wrong_credentials`,
  // `access.bad_password` (shorter than 12 or longer than 256 bytes, the same as before, or the user name),
  // `access.too_many_attempts`, `access.no_session`.
  std::expected<Session, SignInRefusal> change_password(std::string_view token, std::string_view password,
                                                        std::string_view new_password);
  Result<std::vector<SessionInfo>> sessions() const;
  Result<void> end_session(const std::string& actor, const std::string& session_id);
  // All of one viewer; how many. `access.unknown_user`.
  Result<std::int64_t> end_sessions(const std::string& actor, std::string_view user);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace candor
