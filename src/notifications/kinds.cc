#include "notifications/kinds.h"

#include <algorithm>

namespace candor {
namespace {

constexpr std::array<std::string_view, 3> kChoices = {"off", "at_once", "digest"};

constexpr std::array<NotificationKindInfo, kNotificationKinds> table_of_kinds() {
  using enum NotificationKind;
  using enum NotificationChoice;
  return {{
      {high_alert, "high_alert", at_once, true, {Permission::alerts_read}},
      {first_alert_of_policy, "first_alert_of_policy", digest, true, {Permission::alerts_read}},
      {case_assigned, "case_assigned", at_once, true, {Permission::cases_view}},
      {case_due, "case_due", at_once, true, {Permission::cases_view}},
      {source_silent, "source_silent", digest, true, {}},
      {mass_event, "mass_event", at_once, true, {Permission::alerts_read}},
      {request_waiting, "request_waiting", at_once, true, {Permission::requests_approve}},
      {weekly_summary,
       "weekly_summary",
       at_once,
       false,
       {Permission::alerts_read, Permission::cases_view, Permission::requests_approve, Permission::policies_read}},
  }};
}
constexpr std::array kKinds = table_of_kinds();

}  // namespace

std::string_view to_text(NotificationChoice choice) { return kChoices.at(static_cast<std::size_t>(choice)); }

std::optional<NotificationChoice> notification_choice(std::string_view text) {
  const auto* found = std::ranges::find(kChoices, text);
  return found == kChoices.end() ? std::nullopt
                                 : std::optional(static_cast<NotificationChoice>(found - kChoices.begin()));
}

bool NotificationKindInfo::may_read(const Permissions& permissions) const {
  if (!readers.front()) return true;
  return std::ranges::any_of(readers, [&](const auto& one) { return one && allows(permissions, *one); });
}

const std::array<NotificationKindInfo, kNotificationKinds>& notification_kinds() { return kKinds; }

const NotificationKindInfo& info_of(NotificationKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

std::optional<NotificationKind> notification_kind(std::string_view name) {
  const auto* found = std::ranges::find(kKinds, name, &NotificationKindInfo::name);
  return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

}  // namespace candor
