#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "notifications/kinds.h"
#include "store/store.h"

// Internal to notifications: the table of what waits to be told, and of what is no news any more.
namespace candor {

// A thing one viewer, or every viewer of that kind, is to be told of. Holds ids and names only: what is told of it is
// looked up when it is told.
struct NotificationNews {
  NotificationKind kind = NotificationKind::high_alert;
  std::string thing;        // id of an alert or case, number of a request or mass event, name of a source
  std::string about;        // who gave the case, the day it is due, since when the source is silent; "" nothing
  std::string text;         // which of notification_texts() tells it
  std::string viewer = {};  // only this one; "": all who want the kind
};

struct WaitingNews {
  NotificationNews news;
  TimePoint added = 0;
};

// What waits longer than this is old, and goes untold.
inline constexpr TimePoint kMostNewsWaiting = 30 * kMicrosPerDay;
// Things of one viewer looked at in one step.
inline constexpr std::int64_t kMostNewsAtOnce = 20'000;

Result<void> add_waiting(Transaction& work, const std::string& user, const NotificationNews& news, TimePoint now);
// Oldest first, at most kMostNewsAtOnce. Rows of kinds this version does not know are left out.
Result<std::vector<WaitingNews>> waiting_of(Reading& reading, const std::string& user);
Result<void> drop_waiting(Transaction& work, const std::string& user, const NotificationNews& news);
// Drops what is old, of whomever.
Result<void> forget_waiting(Transaction& work, TimePoint now);
Result<bool> is_anything_old(Reading& reading, TimePoint now);

// Whether something of that kind was news already; thing "": whether its first look is over.
Result<bool> is_seen(Reading& reading, NotificationKind kind, std::string_view thing);
Result<void> note_seen(Transaction& work, NotificationKind kind, std::string_view thing, TimePoint now);

// Mails of the last hour.
struct RecentMails {
  std::int64_t mails = 0;
  bool summary = false;  // one of them told of what was too much
};
Result<RecentMails> recent_mails(Reading& reading, const std::string& user, TimePoint now);
Result<void> note_mails(Transaction& work, const std::string& user, const RecentMails& sent, TimePoint now);

// The Monday whose summary the viewer had last; nullopt: none yet.
Result<std::optional<Day>> week_of(Reading& reading, const std::string& user);
Result<void> note_week(Transaction& work, const std::string& user, Day monday);

}  // namespace candor
