#include "notifications/notifications.h"

#include <gmock/gmock.h>

#include "notifications/notification_fixture.h"
#include "profile/directory_import.h"

namespace candor {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using enum NotificationKind;
using enum NotificationChoice;

const std::string kHighSubject = "Candor: an alert of high severity waits for review";

class Notifying : public NotificationTest {
 protected:
  // Ada alone has an address, and everything but high alerts off.
  void begin() {
    name_mail(ada_, "ada@example.com");
    NotificationSettings settings;
    settings.choices.at(static_cast<std::size_t>(high_alert)) = at_once;
    choose(ada_, settings);
    EXPECT_THAT(subjects(), IsEmpty());
  }
  // One high alert of each of so many people, who are nobody in particular.
  void flood(int count) {
    std::vector<PersonOutcome> people;
    for (int i = 0; i < count; ++i) {
      PersonOutcome one;
      one.person.bytes = {static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i), 1};
      AlertOutcome& outcome = one.alerts.emplace_back();
      outcome.assessment.policy = "leaks";
      outcome.assessment.policy_version = "0123456789abcdef";
      outcome.assessment.score = 80 * kOnePoint;
      outcome.assessment.severity = AlertSeverity::high;
      outcome.assessment.day = outcome.first_day = outcome.last_day = 20'000;
      outcome.evidence_until = start_of(20'001);
      people.push_back(std::move(one));
    }
    const auto stored = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(alerts_.record(work, people, 20'001));
      return {};
    });
    ASSERT_TRUE(stored.has_value()) << stored.error().message;
  }
  void only(const Viewer& viewer, NotificationKind kind, NotificationChoice choice = at_once) {
    name_mail(viewer, viewer.user().substr(0, viewer.user().find('@')) + "@example.com");
    NotificationSettings settings;
    settings.choices.at(static_cast<std::size_t>(kind)) = choice;
    choose(viewer, settings);
  }
};

TEST_F(Notifying, AHighAlertIsToldOnceAndWithoutANameInIt) {
  alert(bob_, "before");
  begin();
  const std::string leak = alert(mallory_, "Files of mallory@example.com");
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: " + kHighSubject));
  const OutgoingMessage& mail = last_.front();
  EXPECT_EQ(mail.kind, "notification");
  EXPECT_EQ(count_of("select count(*) from outbox_messages where behind = 1"), 1) << "notices go first";
  EXPECT_THAT(mail.text, HasSubstr(pseudonym(keys_, mallory_)));
  EXPECT_THAT(mail.text, HasSubstr("https://candor.example.com/alerts/" + leak));
  EXPECT_THAT(mail.html, HasSubstr("<a href=\"https://candor.example.com/alerts/" + leak));
  for (const std::string& part : {mail.subject, mail.text, mail.html}) {
    EXPECT_THAT(part, Not(HasSubstr("mallory"))) << part;
  }
  EXPECT_THAT(subjects(), IsEmpty());
  restart();
  alert(mallory_, "Files of mallory@example.com");
  EXPECT_THAT(subjects(), IsEmpty()) << "told already, by another process";
}

TEST_F(Notifying, NobodyIsToldOfThemselvesOrOfWhatTheyMayNotRead) {
  begin();
  only(own_, high_alert);
  signed_in("olga", "auditor");
  alert(mallory_, "leaks");
  EXPECT_THAT(subjects(), ElementsAre(StartsWith("ada@example.com")));
  alert(bob_, "leaks");
  EXPECT_THAT(subjects(), ElementsAre(StartsWith("ada@"), StartsWith("mallory@")));
  EXPECT_EQ(count_of("select count(*) from notification_waiting"), 0);
}

TEST_F(Notifying, WhatIsTrueWhenItIsSentDecides) {
  begin();
  NotificationSettings settings = settings_of(ada_);
  settings.quiet = QuietHours{.from = 11 * 60, .to = 12 * 60};  // it is 11:06
  choose(ada_, settings);
  const std::string leak = alert(mallory_, "leaks");
  const std::string theft = alert(bob_, "theft");
  EXPECT_THAT(subjects(), IsEmpty());
  ASSERT_TRUE(alerts_.confirm(theft, "looked at it", "ben"));
  pass(kHourOfTime);
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: " + kHighSubject)) << "the other one is decided";
  EXPECT_THAT(last_.front().text, HasSubstr(leak));

  settings.quiet = QuietHours{.from = 12 * 60, .to = 14 * 60};
  choose(ada_, settings);
  alert(mallory_, "more", 20'001);
  EXPECT_THAT(subjects(), IsEmpty());
  give_role("ada", "auditor");
  pass(2 * kHourOfTime);
  EXPECT_THAT(subjects(), IsEmpty());
  give_role("ada", "investigator");
  EXPECT_THAT(subjects(), IsEmpty()) << "it was dropped with the role";
}

TEST_F(Notifying, WhoLeadsSomebodyIsNotTold) {
  DirectoryImportOptions options;
  options.most_ended_percent = 100;
  const std::string users =
      "userPrincipalName,displayName,id,department,usageLocation,manager\n"
      "bob@example.com,Bob,b1,Sales,DE,mallory@example.com\nmallory@example.com,Mallory,m1,Sales,DE,\n";
  ASSERT_TRUE(import_directory(*store_, keys_, clock_, {{.name = "users.csv", .text = users}}, options));
  begin();
  only(own_, high_alert);
  alert(bob_, "leaks");
  EXPECT_THAT(subjects(), ElementsAre(StartsWith("ada@example.com")));
}

TEST_F(Notifying, AnAddressElsewhereAnOldPasswordOrALocalAccountGetNothing) {
  begin();
  name_mail(ben_, "ben@elsewhere.example");
  only(boss_, high_alert);
  ASSERT_TRUE(viewers_.reset_password("test", "boss"));
  alert(mallory_, "leaks");
  EXPECT_THAT(subjects(), ElementsAre(StartsWith("ada@example.com")));
  local_accounts_ = LocalAccounts::administrators;
  restart();
  alert(bob_, "leaks");
  EXPECT_THAT(subjects(), IsEmpty());
}

TEST_F(Notifying, AFloodIsOneMailAnHourThatSaysHowMany) {
  begin();
  for (int i = 0; i < 30; ++i) alert(person("p" + std::to_string(i) + "@example.com"), "leaks");
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: Candor: 30 things at once"));
  EXPECT_THAT(last_.front().text, HasSubstr("... and 10 more"));
  EXPECT_THAT(last_.front().text, Not(HasSubstr("@example.com")));
  for (int i = 0; i < 9; ++i) {
    alert(person("q" + std::to_string(i) + "@example.com"), "leaks");
  }
  EXPECT_THAT(subjects(), IsEmpty()) << "too many for mails of their own, and one summary went";
  pass(kHourOfTime);
  EXPECT_THAT(subjects(), SizeIs(9)) << "there is room again";
  EXPECT_THAT(subjects(), IsEmpty());
}

TEST_F(Notifying, AThousandAlertsAreOneMail) {
  begin();
  flood(1'000);
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: Candor: 1000 things at once"));
  EXPECT_THAT(last_.front().text, HasSubstr("... and 980 more"));
  EXPECT_EQ(count_of("select count(*) from notification_waiting"), 0);
}

TEST_F(Notifying, NoHourHasMoreMailsThanTheLimit) {
  begin();
  std::vector<TimePoint> sent;
  int alerts_made = 0;
  for (int minute = 0; minute < 130; ++minute) {
    for (int i = 0; i < minute % 3; ++i) {
      alert(person("r" + std::to_string(alerts_made++) + "@example.com"), "leaks");
    }
    for (const OutgoingMessage& mail : step()) {
      EXPECT_EQ(mail.to, "ada@example.com");
      sent.push_back(clock_.now());
    }
    pass(kMinuteOfTime);
  }
  EXPECT_GE(sent.size(), 20u);
  for (std::size_t i = kMostNotificationsAnHour; i < sent.size(); ++i) {
    EXPECT_GE(sent[i] - sent[i - kMostNotificationsAnHour], kHourOfTime) << i;
  }
}

TEST_F(Notifying, ADigestComesOnceADayWithWhatIsStillSo) {
  begin();
  NotificationSettings settings = settings_of(ada_);
  settings.choices.at(static_cast<std::size_t>(high_alert)) = digest;
  settings.language = "de";
  settings.digest_hour = 12;
  choose(ada_, settings);
  alert(mallory_, "leaks");
  alert(bob_, "theft");
  EXPECT_THAT(subjects(), IsEmpty());
  pass(kHourOfTime);
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: Candor: Ihre Zusammenfassung (2)"));
  EXPECT_EQ(last_.front().kind, "notification_digest");
  EXPECT_THAT(last_.front().text, HasSubstr("Hinweis, hoch: Anon-"));
  alert(mallory_, "more", 20'001);
  EXPECT_THAT(subjects(), IsEmpty());
  choose(ada_, high_alert, off);
  pass(kMicrosPerDay);
  EXPECT_THAT(subjects(), IsEmpty());
  EXPECT_EQ(count_of("select count(*) from notification_waiting"), 0);
}

TEST_F(Notifying, TheFirstAlertOfAPolicyIsToldOnce) {
  alert(bob_, "old");
  only(ada_, first_alert_of_policy);
  EXPECT_THAT(subjects(), IsEmpty());
  alert(mallory_, "old");
  EXPECT_THAT(subjects(), IsEmpty());
  alert(mallory_, "fresh");
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: Candor: a policy has its first alert"));
  alert(bob_, "fresh");
  EXPECT_THAT(subjects(), IsEmpty());
}

TEST_F(Notifying, WhoIsGivenACaseIsToldByWhom) {
  only(ben_, case_assigned);
  only(ann_, case_assigned);
  EXPECT_THAT(subjects(), IsEmpty());
  const std::string id = open(ada_, alert(mallory_, "leaks"), "About mallory@example.com");
  ASSERT_EQ(hand_over(ada_, id, "ben"), "");
  EXPECT_THAT(subjects(), ElementsAre("ben@example.com: Candor: case 1 was handed over to you"));
  EXPECT_THAT(last_.front().text, HasSubstr("ada handed case 1 over to you"));
  EXPECT_THAT(last_.front().text, Not(HasSubstr("mallory")));
  EXPECT_THAT(last_.front().text, Not(HasSubstr(kReason)));
  ASSERT_EQ(add_contributor(ben_, id, "ann"), "");
  EXPECT_THAT(subjects(), ElementsAre("ann@example.com: Candor: you were added to case 1"));
  ASSERT_EQ(remove_contributor(ben_, id, "ann"), "");
  ASSERT_EQ(add_contributor(ben_, id, "ann"), "");
  ASSERT_EQ(remove_contributor(ben_, id, "ann"), "");
  EXPECT_THAT(subjects(), IsEmpty()) << "by now she is out again";
}

TEST_F(Notifying, ATaskIsDueTheDayBefore) {
  only(ada_, case_due);
  only(ben_, case_due);
  const Day today = day_of(clock_.now());
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  ASSERT_EQ(add_task(ada_, id, "long known", "", today), "");
  EXPECT_THAT(subjects(), IsEmpty());
  ASSERT_EQ(add_contributor(ada_, id, "ben"), "");
  ASSERT_EQ(add_task(ada_, id, "ask mallory@example.com", "ben", today + 3), "");
  ASSERT_EQ(add_task(ada_, id, "nobody's", "", today + 1), "");
  EXPECT_THAT(subjects(), ElementsAre(HasSubstr("ada@example.com: Candor: a task in case 1 is due on 2026-11-19")));
  EXPECT_THAT(last_.front().text, Not(HasSubstr("nobody")));
  pass(2 * kMicrosPerDay);
  EXPECT_THAT(subjects(), ElementsAre(HasSubstr("ben@example.com: Candor: a task in case 1 is due on 2026-11-21")));
  EXPECT_THAT(subjects(), IsEmpty());
  pass(kMicrosPerDay);
  EXPECT_THAT(subjects(), IsEmpty());
}

TEST_F(Notifying, ARequestWaitsForASecondPersonAndNotForTheFirst) {
  only(boss_, request_waiting);
  only(own_, request_waiting);
  signed_in("pat", "privacy_officer");
  only(ada_, request_waiting);
  EXPECT_THAT(subjects(), IsEmpty());
  NewRequest wanted;
  wanted.person = bob_;
  wanted.to = day_of(clock_.now());
  wanted.from = wanted.to - 10;
  wanted.reason = "a partner says files were offered";
  wanted.milder = "no alert is about that time";
  const auto ask = [&](const std::string& user) {
    return store_->transact([&](Transaction& work) { return requests_.add(work, wanted, user); });
  };
  ASSERT_TRUE(ask("ada"));
  EXPECT_THAT(subjects(), ElementsAre(StartsWith("boss@example.com: Candor: request 1 waits"), StartsWith("mallory@")));
  wanted.person = mallory_;
  ASSERT_TRUE(ask("boss"));
  EXPECT_THAT(subjects(), IsEmpty()) << "one asked for it, the other it is about";
}

TEST_F(Notifying, AMassEventIsCountedWithoutTheViewer) {
  only(own_, mass_event);
  only(ada_, mass_event);
  EXPECT_THAT(subjects(), IsEmpty());
  alert(mallory_, "leaks");
  alert(bob_, "leaks");
  ASSERT_TRUE(store_->transact([](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("update alerts set mass_event = 1"));
    CANDOR_TRY_VOID(
        work.execute("insert into mass_events (number, cause, day, raised_at, most_before, decision, decided_by, "
                     "decided_at, reason, expectations) values (1, 'x', 20000, 0, 1, '', '', 0, '', '')"));
    return {};
  }));
  ASSERT_THAT(subjects(), SizeIs(2));
  std::ranges::sort(last_, {}, &OutgoingMessage::to);
  EXPECT_THAT(last_[0].text, HasSubstr("2 alerts of 2 people"));
  EXPECT_THAT(last_[1].text, HasSubstr("1 alerts of 1 people"));
}

TEST_F(Notifying, ASourceFallsSilentAndSpeaksAgain) {
  only(ada_, source_silent);
  const auto send = [&] {
    Arrivals arrivals;
    arrivals.feed = SourceFeed::folder;
    arrivals.first_received = arrivals.last_received = clock_.now();
    arrivals.counts = {{"records", 1}};
    ASSERT_TRUE(sources_->record("m365", arrivals));
    ASSERT_TRUE(sources_->flush());
  };
  for (int hour = 0; hour < 5 * 24; ++hour) {
    pass(kHourOfTime);
    send();
  }
  EXPECT_THAT(subjects(), IsEmpty());
  pass(2 * kHourOfTime);
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: Candor: a source is silent"));
  EXPECT_THAT(last_.front().text, HasSubstr("nothing came since 2026-11-23T11:06:"));
  EXPECT_THAT(subjects(), IsEmpty());
  send();
  EXPECT_THAT(subjects(), ElementsAre("ada@example.com: Candor: a source speaks again"));
}

TEST_F(Notifying, TheSummaryOfTheWeekComesOnMondaysAndCountsWhatTheViewerMayRead) {
  only(own_, weekly_summary);
  signed_in("rep", "employee_representative");
  alert(mallory_, "leaks");
  alert(bob_, "leaks");
  EXPECT_THAT(subjects(), IsEmpty());
  clock_.set(*parse_time("2026-11-23T07:59:00Z"));
  EXPECT_THAT(subjects(), IsEmpty());
  pass(kMinuteOfTime);
  EXPECT_THAT(subjects(), ElementsAre("mallory@example.com: Candor: the week of 2026-11-23"));
  const std::string& text = last_.front().text;
  EXPECT_THAT(text, HasSubstr("1 high, 0 medium, 0 low"));
  EXPECT_THAT(text, HasSubstr("Open cases: 0\nRequests that wait for a second person: 0\nPolicies with warnings: 4\n"
                              "Silent sources: 0"));
  EXPECT_THAT(subjects(), IsEmpty());
  choose(own_, weekly_summary, off);
  pass(10 * kMicrosPerDay);
  choose(own_, weekly_summary, at_once);
  EXPECT_THAT(subjects(), IsEmpty()) << "not in the middle of the week";
}

TEST_F(Notifying, WhatIsOldGoesUntold) {
  begin();
  choose(ada_, high_alert, digest);
  alert(mallory_, "leaks");
  ASSERT_TRUE(notifications_->step([] { return false; }));
  texts_ = std::make_shared<NotificationTexts>();
  restart();
  pass(kMostNewsWaiting + kMicrosPerSecond);
  const auto failed = notifications_->step([] { return false; });
  EXPECT_EQ(failed.error().id, "notifications.no_texts");
  EXPECT_EQ(count_of("select count(*) from notification_waiting"), 0);
}

}  // namespace
}  // namespace candor
