#include "access/viewer.h"

namespace candor {

Result<void> Viewer::require(Permission permission) const {
  if (must_change_password_) {
    return fail("access.password_change_required", "change the one-time password first");
  }
  if (!allows(permissions_, permission)) {
    return fail("access.not_allowed",
                "the role " + role_ + " lacks the permission " + std::string(to_text(permission)));
  }
  return {};
}

}  // namespace candor
