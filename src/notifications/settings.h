#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/audit_log.h"
#include "access/viewer.h"
#include "base/result.h"
#include "notifications/kinds.h"
#include "notifications/schedule.h"
#include "store/store.h"

namespace candor {

// What one viewer wants to be told by mail, and when.
struct NotificationSettings {
  std::string language = "en";  // of content/notifications; another one is told in a language there is
  std::string zone = "UTC";
  int digest_hour = 8;  // 0 to 23, in that zone
  std::optional<QuietHours> quiet = {};
  NotificationChoices choices{};  // off

  NotificationChoice choice(NotificationKind kind) const { return choices.at(static_cast<std::size_t>(kind)); }
};

// As they were saved; of who saved none what is usual where they named a mail address, else nothing.
Result<NotificationSettings> notification_settings(Reading& reading, std::string_view user);
// From now on; what waits already goes by them too, or no more. Writes the audit line `viewer.notifications_set`. Fails
// with `notifications.bad`, saying what is wrong. That there is such a language is for the caller to check.
Result<void> set_notification_settings(Store& store, const AuditLog& audit, TimePoint now, const Viewer& viewer,
                                       const NotificationSettings& settings);

}  // namespace candor
