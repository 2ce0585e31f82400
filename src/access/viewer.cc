#include "access/viewer.h"

#include <nlohmann/json.hpp>
#include <utility>

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

Viewer Viewer::for_export(std::int64_t number) const {
  Parts parts = parts_;
  parts.permissions.reset(static_cast<std::size_t>(Permission::people_lift));
  parts.export_number = number;
  return Viewer(std::move(parts));
}

AuditEntry done_by(const Viewer& viewer, AuditEntry entry) {
  entry.viewer = viewer.user();
  if (viewer.token().empty() && viewer.parts_.export_number == 0) return entry;
  using Json = nlohmann::ordered_json;
  Json details = Json::parse(entry.details, nullptr, false);
  // Details are an object of ours, or nothing.
  if (!details.is_object()) details = Json::object();
  if (!viewer.token().empty()) details["token"] = viewer.token();
  if (viewer.parts_.export_number != 0) details["export"] = viewer.parts_.export_number;
  entry.details = details.dump(-1, ' ', false, Json::error_handler_t::replace);
  return entry;
}

}  // namespace candor
