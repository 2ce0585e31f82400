#include "access/permission.h"

#include <yaml-cpp/yaml.h>

#include <array>
#include <fstream>
#include <sstream>

namespace candor {
namespace {

struct PermissionName {
  Permission permission;
  std::string_view text;
};

constexpr std::array kNames = {
    PermissionName{Permission::alerts_read, "alerts.read"},
    PermissionName{Permission::alerts_decide, "alerts.decide"},
    PermissionName{Permission::alerts_comment, "alerts.comment"},
    PermissionName{Permission::activities_export, "activities.export"},
    PermissionName{Permission::raw_read, "raw.read"},
    PermissionName{Permission::people_read, "people.read"},
    PermissionName{Permission::people_lift, "people.lift"},
    PermissionName{Permission::people_decide, "people.decide"},
    PermissionName{Permission::policies_read, "policies.read"},
    PermissionName{Permission::policies_write, "policies.write"},
    PermissionName{Permission::policies_approve, "policies.approve"},
    PermissionName{Permission::audit_read, "audit.read"},
    PermissionName{Permission::viewers_write, "viewers.write"},
    PermissionName{Permission::cases_view, "cases.view"},
    PermissionName{Permission::cases_work, "cases.work"},
    PermissionName{Permission::cases_close, "cases.close"},
    PermissionName{Permission::cases_manage, "cases.manage"},
    PermissionName{Permission::requests_read, "requests.read"},
    PermissionName{Permission::requests_write, "requests.write"},
    PermissionName{Permission::requests_approve, "requests.approve"},
    PermissionName{Permission::reports_read, "reports.read"},
    PermissionName{Permission::settings_read, "settings.read"},
    PermissionName{Permission::settings_write, "settings.write"},
    PermissionName{Permission::notices_send, "notices.send"},
};
static_assert(kNames.size() == kPermissions);

// Duties that one role does not hold together: who checks what others do, or agrees to what they ask for, does not do
// it.
struct Separated {
  Permission checks;
  Permission acts;
};
constexpr std::array kSeparated = {
    Separated{Permission::audit_read, Permission::alerts_decide},
    Separated{Permission::audit_read, Permission::people_lift},
    Separated{Permission::audit_read, Permission::people_decide},
    Separated{Permission::audit_read, Permission::raw_read},
    Separated{Permission::audit_read, Permission::activities_export},
    Separated{Permission::audit_read, Permission::cases_work},
    Separated{Permission::audit_read, Permission::cases_close},
    Separated{Permission::audit_read, Permission::cases_manage},
    Separated{Permission::audit_read, Permission::requests_write},
    Separated{Permission::audit_read, Permission::policies_write},
    Separated{Permission::audit_read, Permission::settings_write},
    Separated{Permission::audit_read, Permission::viewers_write},
    Separated{Permission::audit_read, Permission::notices_send},
    Separated{Permission::policies_approve, Permission::policies_write},
    Separated{Permission::policies_approve, Permission::settings_write},
    Separated{Permission::requests_approve, Permission::requests_write},
};

std::unexpected<Error> bad_roles(const std::string& file, const YAML::Mark& mark, const std::string& why) {
  return fail("access.bad_roles",
              file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": " + why);
}

Result<Permissions> parse_permissions(const YAML::Node& list, const std::string& file) {
  if (!list.IsSequence()) return bad_roles(file, list.Mark(), "a role holds a list of permissions");
  Permissions permissions;
  for (const YAML::Node& item : list) {
    const std::string text = item.IsScalar() ? item.Scalar() : "";
    const auto found = permission(text);
    if (!found) {
      std::vector<std::string> names;
      for (const PermissionName& entry : kNames) names.emplace_back(entry.text);
      const std::string near = nearest(text, names);
      return bad_roles(file, item.Mark(),
                       "`" + text + "` is not a permission" + (near.empty() ? "" : "; did you mean `" + near + "`?"));
    }
    permissions.set(static_cast<std::size_t>(*found));
  }
  return permissions;
}

// The names under a key that lists roles.
Result<std::set<std::string, std::less<>>> parse_names(const YAML::Node& list, const char* key, const Roles& roles,
                                                       const std::string& file) {
  std::set<std::string, std::less<>> required;
  if (!list.IsSequence()) {
    return bad_roles(file, list.Mark(), "`" + std::string(key) + "` holds a list of roles");
  }
  for (const YAML::Node& item : list) {
    const std::string name = item.IsScalar() ? item.Scalar() : "";
    if (!roles.has(name)) {
      const std::string near = nearest(name, roles.names());
      return bad_roles(file, item.Mark(),
                       "`" + name + "` is none of the roles" + (near.empty() ? "" : "; did you mean `" + near + "`?"));
    }
    required.insert(name);
  }
  return required;
}

// One that is meant to is named under `combined_duties`, where a reviewer sees it.
Result<void> check_duties(const YAML::Node& roles, const Roles& read,
                          const std::set<std::string, std::less<>>& combined, const std::string& file) {
  for (const auto& entry : roles) {
    const std::string name = entry.first.Scalar();
    if (combined.contains(name)) continue;
    const Permissions held = read.permissions(name);
    for (const Separated& duties : kSeparated) {
      if (!allows(held, duties.checks) || !allows(held, duties.acts)) continue;
      return bad_roles(file, entry.first.Mark(),
                       "the role `" + name + "` holds `" + std::string(to_text(duties.checks)) + "` and `" +
                           std::string(to_text(duties.acts)) +
                           "`: who checks or agrees does not do it; make two roles of it, or, if it is meant, name it "
                           "under `combined_duties`");
    }
  }
  return {};
}

}  // namespace

Permissions reading_permissions() {
  Permissions reading;
  for (const Permission one :
       {Permission::alerts_read, Permission::people_read, Permission::policies_read, Permission::audit_read,
        Permission::cases_view, Permission::requests_read, Permission::reports_read, Permission::settings_read}) {
    reading.set(static_cast<std::size_t>(one));
  }
  return reading;
}

std::string_view to_text(Permission permission) {
  for (const PermissionName& entry : kNames) {
    if (entry.permission == permission) return entry.text;
  }
  return "";
}

std::optional<Permission> permission(std::string_view text) {
  for (const PermissionName& entry : kNames) {
    if (entry.text == text) return entry.permission;
  }
  return std::nullopt;
}

std::vector<Permission> all_permissions() {
  std::vector<Permission> all;
  for (const PermissionName& entry : kNames) all.push_back(entry.permission);
  return all;
}

Result<Roles> Roles::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return fail("access.bad_roles", file.string() + ": cannot be read");
  return parse(text.str(), file.string());
}

Result<Roles> Roles::parse(const std::string& yaml, const std::string& file) {
  Roles roles;
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (!root.IsMap() || !root["roles"] || !root["roles"].IsMap() || root["roles"].size() == 0) {
      return bad_roles(file, root.Mark(), "expected the key `roles` with a map from role to permissions");
    }
    const YAML::Node required = root["second_factor_required"];
    const YAML::Node combined = root["combined_duties"];
    if (root.size() != 1U + (required ? 1U : 0U) + (combined ? 1U : 0U)) {
      return bad_roles(file, root.Mark(),
                       "expected the keys `roles`, `second_factor_required` and `combined_duties`, and no other");
    }
    for (const auto& entry : root["roles"]) {
      const std::string name = entry.first.Scalar();
      CANDOR_TRY(const auto permissions, parse_permissions(entry.second, file));
      if (name.empty() || !roles.roles_.emplace(name, permissions).second) {
        return bad_roles(file, entry.first.Mark(), "a role needs a name of its own");
      }
    }
    if (required) {
      CANDOR_TRY(roles.second_factor_required_, parse_names(required, "second_factor_required", roles, file));
    }
    std::set<std::string, std::less<>> meant;
    if (combined) {
      CANDOR_TRY(meant, parse_names(combined, "combined_duties", roles, file));
    }
    CANDOR_TRY_VOID(check_duties(root["roles"], roles, meant, file));
  } catch (const YAML::Exception& error) {
    return bad_roles(file, error.mark, error.msg);
  }
  return roles;
}

Permissions Roles::permissions(std::string_view role) const {
  const auto found = roles_.find(role);
  return found == roles_.end() ? Permissions() : found->second;
}

std::vector<std::string> Roles::names() const {
  std::vector<std::string> names;
  for (const auto& [name, permissions] : roles_) names.push_back(name);
  return names;
}

}  // namespace candor
