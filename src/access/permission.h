#pragma once

#include <bitset>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"

namespace candor {

// What a viewer may do. Everything is refused that the viewer's role does not name.
enum class Permission : std::uint8_t {
  alerts_read,
  alerts_decide,
  alerts_comment,
  activities_export,
  raw_read,
  people_read,
  people_lift,
  people_decide,
  policies_read,
  policies_write,
  policies_approve,
  audit_read,
  viewers_write,
  cases_view,
  cases_work,
  cases_close,
  cases_manage,
  requests_read,
  requests_write,
  requests_approve,
  reports_read,
  settings_read,
  settings_write,
  notices_send,
};
inline constexpr std::size_t kPermissions = 24;
// "alerts.read", ...
std::string_view to_text(Permission permission);
std::optional<Permission> permission(std::string_view text);
std::vector<Permission> all_permissions();

using Permissions = std::bitset<kPermissions>;  // by Permission
// What only looks, and at nothing raw: what a viewer's token may do when nobody says more.
Permissions reading_permissions();
inline bool allows(const Permissions& permissions, Permission permission) {
  return permissions.test(static_cast<std::size_t>(permission));
}

// Which role may do what, from content/roles.yml. Thread safety: immutable.
class Roles {
 public:
  // Fails with `access.bad_roles`, naming line and remedy, when the file cannot be used: an unknown permission in it
  // must not silently mean less, or more, than its author thinks.
  static Result<Roles> load(const std::filesystem::path& file);
  static Result<Roles> parse(const std::string& yaml, const std::string& file);

  bool has(std::string_view role) const { return roles_.contains(role); }
  // None for a role that is not there.
  Permissions permissions(std::string_view role) const;
  std::vector<std::string> names() const;
  // Whether whoever has the role may do nothing before a second factor is set up.
  bool second_factor_required(std::string_view role) const { return second_factor_required_.contains(role); }

 private:
  std::map<std::string, Permissions, std::less<>> roles_;
  std::set<std::string, std::less<>> second_factor_required_;
};

}  // namespace candor
