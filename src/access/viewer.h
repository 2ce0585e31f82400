#pragma once

#include <string>
#include <utility>

#include "access/audit_log.h"
#include "access/own_people.h"
#include "access/permission.h"
#include "base/result.h"
#include "profile/hidden_people.h"

namespace candor {

// The person of ours who looks, by themselves or with a program that has a token of theirs. Made only by sign-in and
// the check of a session or token, so that holding one means that somebody signed in.
class Viewer {
 public:
  // Normalised user name: lower case, unique, never given to anybody else.
  const std::string& user() const { return parts_.user; }
  const std::string& role() const { return parts_.role; }
  // The role's; with a token, those of them that the token has too.
  const Permissions& permissions() const { return parts_.permissions; }
  // Nothing but changing the password is allowed until then.
  bool must_change_password() const { return parts_.must_change_password; }
  // Their role requires a second factor and they have none: nothing but setting it up (after a change of a one-time
  // password) is allowed until then.
  bool must_set_up_second_factor() const { return parts_.must_set_up_second_factor; }

  // Whom they may not see: nothing about these may be shown to this viewer or done by them. Their own people, and, if
  // they are limited to units, everybody outside of these, and who is in a priority group that they do not review.
  const HiddenPeople& hidden_people() const { return parts_.hidden_people; }
  // Who they are among the people watched over.
  const OwnPeople& own_people() const { return parts_.own_people; }

  // Id of the session, not its token; of the token where a program asks with one.
  const std::string& session() const { return parts_.session; }
  // "NAME/ID" of the token a program asks with; "" in a session.
  const std::string& token() const { return parts_.token; }
  // Signs in with the identity provider: has no password and no second factor here, and the role follows the groups.
  bool is_of_provider() const { return parts_.is_of_provider; }
  // As the provider calls them; "" where it says nothing, and for accounts of Candor's own.
  const std::string& display_name() const { return parts_.display_name; }

  bool may(Permission permission) const { return is_ready().has_value() && allows(parts_.permissions, permission); }
  // `access.password_change_required` or `access.second_factor_required`; a value when neither.
  Result<void> is_ready() const;
  // is_ready(), or `access.not_allowed`, naming the permission.
  Result<void> require(Permission permission) const;

 private:
  friend class Viewers;
  struct Parts {
    std::string user;
    std::string role;
    Permissions permissions;
    bool must_change_password = false;
    bool must_set_up_second_factor = false;
    std::string session;
    std::string token;
    OwnPeople own_people;
    HiddenPeople hidden_people;
    bool is_of_provider = false;
    std::string display_name;
  };
  explicit Viewer(Parts parts) : parts_(std::move(parts)) {}

  Parts parts_;
};

// The entry as done by that viewer: `viewer` is filled in and, where a program did it, `details` name the token.
AuditEntry done_by(const Viewer& viewer, AuditEntry entry);

}  // namespace candor
