#include "notifications/settings.h"

#include <gmock/gmock.h>

#include "notifications/notification_fixture.h"

namespace candor {
namespace {

using testing::HasSubstr;
using testing::Not;

class SettingsOfNotifications : public NotificationTest {};

TEST_F(SettingsOfNotifications, NothingIsOnUntilAnAddressIsNamed) {
  for (const NotificationKindInfo& info : notification_kinds()) {
    EXPECT_EQ(settings_of(ada_).choice(info.kind), NotificationChoice::off) << info.name;
    // A user name that is an address was given for signing in, not for this.
    EXPECT_EQ(settings_of(own_).choice(info.kind), NotificationChoice::off) << info.name;
  }
  name_mail(ada_, "ada@example.com");
  EXPECT_EQ(settings_of(ada_).choice(NotificationKind::high_alert), NotificationChoice::at_once);
  EXPECT_EQ(settings_of(ada_).choice(NotificationKind::source_silent), NotificationChoice::digest);
}

TEST_F(SettingsOfNotifications, AreKeptAsTheyWereSavedAndLogged) {
  NotificationSettings wanted;
  wanted.language = "de";
  wanted.zone = "Europe/Berlin";
  wanted.digest_hour = 17;
  wanted.quiet = QuietHours{.from = 1'320, .to = 420};
  wanted.choices.at(static_cast<std::size_t>(NotificationKind::case_due)) = NotificationChoice::digest;
  choose(ada_, wanted);
  name_mail(ada_, "ada@example.com");
  const NotificationSettings kept = settings_of(ada_);
  EXPECT_EQ(kept.language, "de");
  EXPECT_EQ(kept.zone, "Europe/Berlin");
  EXPECT_EQ(kept.digest_hour, 17);
  EXPECT_EQ(kept.quiet, wanted.quiet);
  EXPECT_EQ(kept.choices, wanted.choices);
  EXPECT_EQ(settings_of(ben_).language, "en");
  const auto page = audit_.lines(
      {.from = {}, .to = {}, .actions = {"viewer.notifications_set"}, .viewer = {}, .alert = {}, .limit = 10});
  ASSERT_EQ(page->lines.size(), 1u);
  EXPECT_EQ(page->lines[0].viewer, "ada");
  EXPECT_THAT(page->lines[0].details, HasSubstr(R"("case_due":"digest")"));
  EXPECT_THAT(page->lines[0].details, Not(HasSubstr("@")));
}

TEST_F(SettingsOfNotifications, WhatMakesNoSenseIsRefused) {
  const auto refusal = [&](auto change) {
    NotificationSettings settings;
    change(settings);
    const auto done = set_notification_settings(*store_, audit_, clock_.now(), ada_, settings);
    return done ? "" : done.error().id;
  };
  EXPECT_EQ(refusal([](auto& it) { it.zone = "Mars/Base"; }), "notifications.bad");
  EXPECT_EQ(refusal([](auto& it) { it.digest_hour = 24; }), "notifications.bad");
  EXPECT_EQ(refusal([](auto& it) { it.quiet = QuietHours{.from = 60, .to = 60}; }), "notifications.bad");
  EXPECT_EQ(refusal([](auto& it) {
              it.choices.at(static_cast<std::size_t>(NotificationKind::weekly_summary)) = NotificationChoice::digest;
            }),
            "notifications.bad");
  EXPECT_EQ(refusal([](auto&) {}), "");
}

}  // namespace
}  // namespace candor
