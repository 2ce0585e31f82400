#pragma once

#include <string>
#include <vector>

#include "access/permission.h"
#include "access/provider_settings.h"
#include "access/viewers.h"
#include "base/keys.h"
#include "base/result.h"
#include "notifications/settings.h"
#include "store/store.h"

namespace candor {

// A viewer who may be told things now, and where.
struct NotifiedViewer {
  std::string user;
  Permissions permissions;
  std::string address;
  NotificationSettings settings;

  // Wants that kind and may read what it is about.
  bool hears(NotificationKind kind) const {
    return settings.choice(kind) != NotificationChoice::off && info_of(kind).may_read(permissions);
  }
};

struct RecipientRules {
  std::vector<std::string> domains;                   // in small letters: no mail goes elsewhere
  LocalAccounts local_accounts = LocalAccounts::all;  // of which accounts of Candor's own may sign in
};

// Those who could sign in and look, and have an address: not whoever has lost their role, has a one-time password
// still, or lacks the second factor their role requires.
Result<std::vector<NotifiedViewer>> notified_viewers(Store& store, const Keys& keys, const Viewers& viewers,
                                                     const RecipientRules& rules);

}  // namespace candor
