#include "notifications/settings.h"

#include <nlohmann/json.hpp>

#include "access/viewer_mail.h"

namespace candor {
namespace {

std::unexpected<Error> bad_settings(std::string text) { return fail("notifications.bad", std::move(text)); }

Result<void> check_settings(const NotificationSettings& settings) {
  if (!is_time_zone(settings.zone)) {
    return bad_settings("the time zone is a name like Europe/Berlin that this machine knows, or UTC");
  }
  if (settings.digest_hour < 0 || settings.digest_hour > 23) return bad_settings("the hour of the digest is 0 to 23");
  if (settings.quiet && settings.quiet->from == settings.quiet->to) {
    return bad_settings("quiet hours end at another time than they begin");
  }
  for (const NotificationKindInfo& info : notification_kinds()) {
    if (!info.may_be_in_digest && settings.choice(info.kind) == NotificationChoice::digest) {
      return bad_settings(std::string(info.name) + " is a mail of its own, or off");
    }
  }
  return {};
}

std::string details_of(const NotificationSettings& settings) {
  nlohmann::ordered_json details = {{"digest_hour", settings.digest_hour}, {"quiet", settings.quiet.has_value()}};
  for (const NotificationKindInfo& info : notification_kinds()) {
    details[std::string(info.name)] = to_text(settings.choice(info.kind));
  }
  return details.dump();
}

Result<void> store_settings(Transaction& work, const std::string& user, const NotificationSettings& settings,
                            TimePoint now) {
  const auto quiet = [&](int QuietHours::* end) {
    return settings.quiet ? std::optional<std::int64_t>((*settings.quiet).*end) : std::nullopt;
  };
  CANDOR_TRY_VOID(work.execute("delete from notification_settings where user_name = ?1", {user}));
  CANDOR_TRY_VOID(work.execute("delete from notification_choices where user_name = ?1", {user}));
  CANDOR_TRY_VOID(
      work.execute("insert into notification_settings (user_name, language, zone, digest_hour, quiet_from, quiet_to, "
                   "changed) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   {user, settings.language, settings.zone, settings.digest_hour, quiet(&QuietHours::from),
                    quiet(&QuietHours::to), now}));
  for (const NotificationKindInfo& info : notification_kinds()) {
    CANDOR_TRY_VOID(work.execute("insert into notification_choices (user_name, kind, choice) values (?1, ?2, ?3)",
                                 {user, info.name, to_text(settings.choice(info.kind))}));
  }
  // Whoever had it off for long is not sent a summary in the middle of the week.
  if (settings.choice(NotificationKind::weekly_summary) == NotificationChoice::off) {
    CANDOR_TRY_VOID(work.execute("delete from notification_weeks where user_name = ?1", {user}));
  }
  return {};
}

}  // namespace

Result<NotificationSettings> notification_settings(Reading& reading, std::string_view user) {
  NotificationSettings settings;
  CANDOR_TRY(const bool named, has_named_mail(reading, user));
  if (named) {
    for (const NotificationKindInfo& info : notification_kinds()) {
      settings.choices.at(static_cast<std::size_t>(info.kind)) = info.usual;
    }
  }
  CANDOR_TRY(const auto row, reading.row("select language, zone, digest_hour, quiet_from, quiet_to from "
                                         "notification_settings where user_name = ?1",
                                         {user}));
  if (!row) return settings;
  settings.language = row->text(0);
  settings.zone = row->text(1);
  settings.digest_hour = static_cast<int>(row->integer(2));
  if (!row->is_null(3) && !row->is_null(4)) {
    settings.quiet = QuietHours{static_cast<int>(row->integer(3)), static_cast<int>(row->integer(4))};
  }
  CANDOR_TRY(const auto rows,
             reading.rows("select kind, choice from notification_choices where user_name = ?1", {user}));
  for (const Row& one : rows) {
    const auto kind = notification_kind(one.text(0));
    const auto choice = notification_choice(one.text(1));
    if (kind && choice) settings.choices.at(static_cast<std::size_t>(*kind)) = *choice;
  }
  return settings;
}

Result<void> set_notification_settings(Store& store, const AuditLog& audit, TimePoint now, const Viewer& viewer,
                                       const NotificationSettings& settings) {
  CANDOR_TRY_VOID(check_settings(settings));
  return store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(store_settings(work, viewer.user(), settings, now));
    CANDOR_TRY_VOID(audit.append(work, done_by(viewer, {.action = "viewer.notifications_set",
                                                        .object_kind = "viewer",
                                                        .object_id = viewer.user(),
                                                        .details = details_of(settings)})));
    return {};
  });
}

}  // namespace candor
