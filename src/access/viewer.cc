#include "access/viewer.h"

#include <nlohmann/json.hpp>

namespace candor {

Result<void> Viewer::is_ready() const {
  if (parts_.must_change_password) {
    return fail("access.password_change_required", "change the one-time password first");
  }
  if (parts_.must_set_up_second_factor) {
    return fail("access.second_factor_required",
                "the role " + parts_.role + " requires a second factor: set it up first, in Candor's pages");
  }
  return {};
}

Result<void> Viewer::require(Permission permission) const {
  CANDOR_TRY_VOID(is_ready());
  if (!allows(parts_.permissions, permission)) {
    return fail("access.not_allowed", (parts_.token.empty() ? "the role " + parts_.role : std::string("the token")) +
                                          " lacks the permission " + std::string(to_text(permission)));
  }
  return {};
}

AuditEntry done_by(const Viewer& viewer, AuditEntry entry) {
  entry.viewer = viewer.user();
  if (viewer.token().empty()) return entry;
  using Json = nlohmann::ordered_json;
  Json details = Json::parse(entry.details, nullptr, false);
  // Details are an object of ours, or nothing.
  if (!details.is_object()) details = Json::object();
  details["token"] = viewer.token();
  entry.details = details.dump(-1, ' ', false, Json::error_handler_t::replace);
  return entry;
}

}  // namespace candor
