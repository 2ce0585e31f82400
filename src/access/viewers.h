#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/permission.h"
#include "access/provider_settings.h"
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

// Why somebody was not let in. Wrong user, wrong password and wrong code are not told apart.
struct SignInRefusal {
  Error error;                  // access.wrong_credentials, access.code_needed, access.too_many_attempts, or store.*
  int retry_after_seconds = 0;  // > 0 with access.too_many_attempts
};

struct ViewerInfo {
  std::string user;
  std::string role;
  bool must_change_password = false;
  std::optional<TimePoint> last_sign_in = {};
  bool is_known_person = false;  // OwnPeople are not empty
  bool has_second_factor = false;
  bool is_of_provider = false;
  std::vector<std::string> units = {};    // ids of those they are limited to, ascending; empty: to none
  std::vector<std::string> reviews = {};  // ids of the priority groups they review, ascending
};

struct SessionInfo {
  std::string id;  // not the token: safe to show
  std::string user;
  TimePoint started = 0;
  TimePoint last_seen = 0;   // to within a minute
  std::string address = {};  // where it was begun: an IPv4 address or the /64 of an IPv6 one; "" when not known
  std::string program = {};  // program_name() of what began it
};

// Where an attempt to sign in comes from; each "" when that is not known.
struct SignInOrigin {
  std::string address = {};
  std::string program = {};  // of program_name()
};

// A new second factor that counts for nothing before a code of it was given. To be shown once.
struct NewSecondFactor {
  std::string secret;   // base 32, to be typed
  std::string address;  // "otpauth://...", for a QR code
};

struct SecondFactorInfo {
  std::optional<TimePoint> since = {};  // when it was set up; nullopt: there is none
  bool is_required = false;             // by the role
  std::int64_t recovery_codes_left = 0;
};

// After a change of the second factor: a new session in place of all others.
struct ChangedFactor {
  Session session;
  std::vector<std::string> recovery_codes;  // ten, to be shown once; none where the factor was removed
};

// A token with which a program of a viewer's asks in their name.
struct ViewerToken {
  std::string id;    // tells nothing about the token: safe to show
  std::string name;  // of 1 to 40 letters, digits, dots, dashes and underscores
  Permissions permissions;
  TimePoint created = 0;
  TimePoint expires = 0;
  std::optional<TimePoint> last_used = {};  // to within an hour
  std::optional<TimePoint> revoked = {};
};

struct NewViewerToken {
  ViewerToken token;
  std::string text;  // the token itself, to be shown once
};

// Who of ours may sign in, and who is signed in. Every sign-in, failure, end and change of a password, factor or token
// is in the audit log; no password, code, secret or token is. Passwords are kept as argon2id, tokens and recovery codes
// as hashes, secrets of second factors sealed.
// Thread safety: any member from any thread. Whatever takes a password, and add(), takes some tenths of a second and
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

  // A new viewer with a one-time password, which is returned. `actor` is for the audit log. `role`: "" for none, which
  // lets do nothing until ViewerChanges gives one. Fails with `access.bad_user`, `access.unknown_role`,
  // `access.user_taken`.
  Result<std::string> add(const std::string& actor, std::string_view user, std::string_view role);
  // Says that an account, known or not yet, is the viewer's own, besides the one the user name names: from the next
  // request on nothing about its owners is there for the viewer. `access.unknown_user`, `access.bad_account`.
  Result<void> link(const std::string& actor, std::string_view user, std::string_view account);
  // Takes link() back; what the user name names stays. `access.not_linked`. The log's lines do not say which account:
  // who reads it must not learn who is whom.
  Result<void> unlink(const std::string& actor, std::string_view user, std::string_view account);
  // A new one-time password; ends the viewer's sessions and revokes their tokens. `access.unknown_user`,
  // `access.provider_account`.
  Result<std::string> reset_password(const std::string& actor, std::string_view user);
  Result<std::vector<ViewerInfo>> list() const;
  // What a viewer's role allows now, as the caller's reading sees it. `access.unknown_user`.
  Result<Permissions> permissions_of(Reading& reading, std::string_view user) const;

  const Roles& roles() const;

  // Whether a password may be tried now: a cheap question before the dear check, which asks it again.
  std::expected<void, SignInRefusal> may_try(std::string_view user, std::string_view address) const;
  // `code`: of the second factor, or a recovery code; not looked at where none is set up. Where somebody has set one
  // up, whoever is not let in without a code is asked for one (`access.code_needed`), also with a wrong password or as
  // nobody: that asking tells nothing, and it counts as a failure until the sign-in succeeds. Failures are counted by
  // user and address together, and by address; a wrong code as a wrong password.
  std::expected<Session, SignInRefusal> sign_in(std::string_view user, std::string_view password,
                                                const SignInOrigin& origin = {}, std::string_view code = "");
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

  // The viewer's own sessions, the newest first.
  Result<std::vector<SessionInfo>> sessions_of(const Viewer& viewer) const;
  // Ends one of them, the viewer's present one too. `access.unknown_session` where it is none of theirs.
  Result<void> end_own_session(const Viewer& viewer, std::string_view session_id);
  // All but the present one; how many.
  Result<std::int64_t> end_other_sessions(const Viewer& viewer);

  // Which accounts of Candor's own may sign in, and whose sessions and tokens open something, from now on. Not thread
  // safe: before anybody asks.
  void limit_local_accounts(LocalAccounts which);

  // Accounts of the identity provider: viewers_provider.cc. They have no password, no second factor and no tokens here:
  // what needs one of these fails with `access.provider_account`.
  //
  // Whom the provider vouches for, as checked tokens say.
  struct Vouched {
    std::string issuer;
    std::string subject;       // with the issuer what the account is known by, whatever it is called
    std::string user;          // the name wanted; an account that has it already keeps it, and a number is added
    std::string display_name;  // "" where nothing is told
    std::string role;          // "": none of the groups has one
    bool tells_groups = true;  // false: it said nothing of groups, which is as good as none
    bool used_second_factor = false;
    std::vector<std::string> accounts = {};  // under which the records may know them: nothing about these is shown
    std::string session = {};                // the provider's, `sid`; "" where it names none
    std::string id_token = {};               // kept sealed, to sign out there too; "" none
  };
  // Signs in, and makes the viewer at the first time. Gives the role, or takes it: whoever has none any more loses
  // sessions and tokens. `access.provider_no_role`, `access.provider_no_groups`, `access.provider_second_factor`; these
  // are in the log already.
  std::expected<Session, SignInRefusal> sign_in_vouched(const Vouched& vouched, const SignInOrigin& origin);
  // Whether somebody from there may try now, as may_try(); failures are counted by address.
  std::expected<void, SignInRefusal> may_try_provider(std::string_view address) const;
  // Why somebody was not let in: an error id, and a word more ("nonce"), of closed lists.
  Result<void> note_provider_failure(std::string_view reason, std::string_view fault, std::string_view address);
  // The id token a session was begun with; "" where none is kept or it is no session of the provider's.
  Result<std::string> id_token_of(const Viewer& viewer) const;
  // As a checked logout token says: all sessions of the subject, or those of one session of the provider's, or, where
  // both are given, what fits both. How many. `access.provider_token_replayed`: the id was used before.
  struct ProviderLogout {
    std::string issuer;
    std::string subject;
    std::string session;
    std::string token_id;
    TimePoint until = 0;  // how long the id has to be remembered
  };
  Result<std::int64_t> end_provider_sessions(const ProviderLogout& logout);

  // Second factors: second_factor.cc. Those that take a token are for sessions; failures there are counted by session.
  Result<SecondFactorInfo> second_factor(const Viewer& viewer) const;
  // Begins setting one up; what was begun before is void. `access.second_factor_present`, where there is one already;
  // `access.password_change_required`.
  Result<NewSecondFactor> begin_second_factor(const Viewer& viewer);
  // It counts from now on. Ends all sessions of the viewer and gives a new one. `access.wrong_credentials`,
  // `access.too_many_attempts`, `access.no_second_factor` (none was begun), `access.no_session`.
  std::expected<ChangedFactor, SignInRefusal> confirm_second_factor(std::string_view token, std::string_view password,
                                                                    std::string_view code);
  // Ten new codes in place of the old ones. `code` may be one of these. As above otherwise.
  std::expected<ChangedFactor, SignInRefusal> renew_recovery_codes(std::string_view token, std::string_view password,
                                                                   std::string_view code);
  std::expected<ChangedFactor, SignInRefusal> remove_second_factor(std::string_view token, std::string_view password,
                                                                   std::string_view code);
  // For an administrator, of somebody who has neither the app nor a recovery code any more: ends the viewer's sessions
  // and revokes their tokens. `access.unknown_user`, `access.no_second_factor`.
  Result<void> reset_second_factor(const std::string& actor, std::string_view user);

  // Tokens of viewers: viewer_tokens.cc.
  struct TokenWish {
    std::string name;
    std::optional<Permissions> permissions = {};  // nullopt: reading_permissions() that the viewer has
    int days = 0;                                 // until it expires: 1 to 365
  };
  // `code` is needed where a second factor is set up. `access.bad_token_name`, `access.bad_scope` (empty, or more than
  // the viewer may), `access.bad_expiry`, `access.too_many_tokens` (20 that open something), and as above.
  std::expected<NewViewerToken, SignInRefusal> create_token(std::string_view token, std::string_view password,
                                                            std::string_view code, const TokenWish& wish);
  // All of the viewer's, revoked and expired ones too, the newest first.
  Result<std::vector<ViewerToken>> tokens_of(const Viewer& viewer) const;
  // At once and for good, with what was lifted with it. `access.unknown_token` where it is none of theirs.
  Result<void> revoke_token(const Viewer& viewer, std::string_view token_id);
  // All of one viewer; how many that opened something. `access.unknown_user`.
  Result<std::int64_t> revoke_tokens(const std::string& actor, std::string_view user);
  // Whether a text has the form of a viewer's token.
  static bool is_token_text(std::string_view text);
  // In whose name that token asks, with at most the viewer's permissions of this moment; `expires_at` is the token's.
  // `access.bad_token` for whatever is none, expired or revoked: which of these is not told.
  Result<Session> session_of_token(std::string_view token);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace candor
