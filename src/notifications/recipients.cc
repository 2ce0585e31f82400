#include "notifications/recipients.h"

#include "access/viewer_mail.h"

namespace candor {
namespace {

bool could_look(const ViewerInfo& info, const Roles& roles, LocalAccounts local_accounts) {
  if (info.role.empty() || info.must_change_password) return false;
  if (info.is_of_provider) return true;
  const bool may_sign_in =
      local_accounts == LocalAccounts::all || allows(roles.permissions(info.role), Permission::viewers_write);
  return may_sign_in && (info.has_second_factor || !roles.second_factor_required(info.role));
}

}  // namespace

Result<std::vector<NotifiedViewer>> notified_viewers(Store& store, const Keys& keys, const Viewers& viewers,
                                                     const RecipientRules& rules) {
  CANDOR_TRY(const auto all, viewers.list());
  CANDOR_TRY(auto reading, store.read());
  std::vector<NotifiedViewer> out;
  for (const ViewerInfo& info : all) {
    if (!could_look(info, viewers.roles(), rules.local_accounts)) continue;
    CANDOR_TRY(std::string address, mail_of_viewer(reading, keys, info.user));
    if (address.empty() || !is_of_domains(address, rules.domains)) continue;
    NotifiedViewer viewer{.user = info.user,
                          .permissions = viewers.roles().permissions(info.role),
                          .address = std::move(address),
                          .settings = {}};
    CANDOR_TRY(viewer.settings, notification_settings(reading, info.user));
    out.push_back(std::move(viewer));
  }
  return out;
}

}  // namespace candor
