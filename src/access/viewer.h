#pragma once

#include <string>
#include <utility>

#include "access/own_people.h"
#include "access/permission.h"
#include "base/result.h"

namespace candor {

// The person of ours who looks. Made only by sign-in and session check, so that holding one means having signed in.
class Viewer {
 public:
  // Normalised user name: lower case, unique, never given to anybody else.
  const std::string& user() const { return user_; }
  const std::string& role() const { return role_; }
  const Permissions& permissions() const { return permissions_; }
  // Nothing but changing the password is allowed until then.
  bool must_change_password() const { return must_change_password_; }

  // Who they are among the people watched over: nothing about these may be shown to this viewer or done by them.
  const OwnPeople& own_people() const { return own_people_; }

  // Id of the session, not its token.
  const std::string& session() const { return session_; }

  bool may(Permission permission) const { return !must_change_password_ && allows(permissions_, permission); }
  // `access.password_change_required` or `access.not_allowed`, naming the permission.
  Result<void> require(Permission permission) const;

 private:
  friend class Viewers;
  Viewer(std::string user, std::string role, Permissions permissions, bool must_change_password, std::string session,
         OwnPeople own_people)
      : user_(std::move(user)),
        role_(std::move(role)),
        permissions_(permissions),
        must_change_password_(must_change_password),
        session_(std::move(session)),
        own_people_(std::move(own_people)) {}

  std::string user_;
  std::string role_;
  Permissions permissions_;
  bool must_change_password_ = false;
  std::string session_;
  OwnPeople own_people_;
};

}  // namespace candor
