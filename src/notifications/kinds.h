#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "access/permission.h"

// What viewers may be told by mail. Docs: docs/reference/notifications.md.
namespace candor {

enum class NotificationKind : std::uint8_t {
  high_alert,             // an alert of high severity waits for review, new or raised
  first_alert_of_policy,  // a policy that never had one has an alert
  case_assigned,          // the viewer was given a case, or added to it
  case_due,               // a task of the viewer's is due tomorrow at the latest
  source_silent,          // a source fell silent beyond its habit, or speaks again
  mass_event,             // alerts of many people are held as one
  request_waiting,        // a request waits for a second person
  weekly_summary,         // on Mondays, in numbers
};
inline constexpr std::size_t kNotificationKinds = 8;

enum class NotificationChoice : std::uint8_t { off, at_once, digest };
std::string_view to_text(NotificationChoice choice);
std::optional<NotificationChoice> notification_choice(std::string_view text);

// One choice for each kind.
using NotificationChoices = std::array<NotificationChoice, kNotificationKinds>;

struct NotificationKindInfo {
  NotificationKind kind;
  std::string_view name;     // as interfaces, tables and content have it
  NotificationChoice usual;  // of who named an address and chose nothing
  bool may_be_in_digest;
  // One of these lets a viewer read what it is about; none: everybody who signs in may.
  std::array<std::optional<Permission>, 4> readers;

  bool may_read(const Permissions& permissions) const;
};

// All of them, in the order of the enumeration.
const std::array<NotificationKindInfo, kNotificationKinds>& notification_kinds();
const NotificationKindInfo& info_of(NotificationKind kind);
std::optional<NotificationKind> notification_kind(std::string_view name);

}  // namespace candor
