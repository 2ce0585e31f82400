#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/viewer_mail.h"
#include "cases/case_fixture.h"
#include "notifications/notifications.h"

// The folder of CaseTest, with texts as they are shipped, mail at example.com, and what went into the outbox. For tests
// only.
namespace candor {

class NotificationTest : public CaseTest {
 protected:
  static constexpr TimePoint kMinuteOfTime = 60 * kMicrosPerSecond;
  static constexpr TimePoint kHourOfTime = 60 * kMinuteOfTime;

  NotificationTest() {
    std::vector<Diagnostic> faults;
    texts_ = std::make_shared<NotificationTexts>(
        NotificationTexts::load(CANDOR_SOURCE_DIR "/content/notifications", faults));
    EXPECT_TRUE(faults.empty());
    restart();
  }

  // What a new process has: the store and nothing else.
  void restart() {
    sources_ = std::make_unique<SourceHealth>(*store_, clock_);
    notifications_ = std::make_unique<Notifications>(
        NotificationParts{.store = *store_,
                          .keys = keys_,
                          .clock = clock_,
                          .viewers = viewers_,
                          .alerts = alerts_,
                          .cases = cases_,
                          .requests = requests_,
                          .facts = facts_,
                          .sources = *sources_,
                          .texts = texts_,
                          .rules = {.domains = {"example.com"}, .local_accounts = local_accounts_},
                          .site = "https://candor.example.com",
                          .policies_with_warnings = [](const HiddenPeople&) { return Result<std::int64_t>(4); }});
  }

  void give_role(const std::string& user, const std::string& role) {
    ASSERT_TRUE(store_->transact([&](Transaction& work) {
      return work.execute("update viewers set role = ?1 where user_name = ?2", {role, user});
    }));
  }
  void name_mail(const Viewer& viewer, const std::string& address) {
    ASSERT_TRUE(set_mail_of_viewer(*store_, keys_, audit_, clock_.now(), viewer, address));
  }
  NotificationSettings settings_of(const Viewer& viewer) {
    auto reading = store_->read();
    return *notification_settings(*reading, viewer.user());
  }
  void choose(const Viewer& viewer, const NotificationSettings& settings) {
    const auto done = set_notification_settings(*store_, audit_, clock_.now(), viewer, settings);
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  void choose(const Viewer& viewer, NotificationKind kind, NotificationChoice choice) {
    NotificationSettings settings = settings_of(viewer);
    settings.choices.at(static_cast<std::size_t>(kind)) = choice;
    choose(viewer, settings);
  }

  // One step, and the mails of it.
  std::vector<OutgoingMessage> step() {
    const auto done = notifications_->step([] { return false; });
    EXPECT_TRUE(done.has_value()) << done.error().message;
    const Outbox outbox(*store_, keys_, clock_);
    std::vector<OutgoingMessage> mails;
    while (true) {
      const auto taken = outbox.take(Channel::mail);
      EXPECT_TRUE(taken.has_value());
      if (!taken || !*taken) break;
      EXPECT_TRUE(outbox.settle(**taken, {.kind = DeliveryOutcome::Kind::taken, .said = {}}));
      mails.push_back((*taken)->message);
    }
    EXPECT_EQ(done.value_or(-1), static_cast<std::int64_t>(mails.size()));
    return mails;
  }
  // "to: subject" of each, in order.
  std::vector<std::string> subjects() {
    last_ = step();
    std::vector<std::string> out;
    for (const OutgoingMessage& mail : last_) out.push_back(mail.to + ": " + mail.subject);
    std::ranges::sort(out);
    return out;
  }
  void pass(TimePoint time) { clock_.set(clock_.now() + time); }

  std::int64_t count_of(Sql sql) {
    auto reading = store_->read();
    return (*reading->row(sql))->integer(0);
  }

  bool invented_ = false;
  LocalAccounts local_accounts_ = LocalAccounts::all;
  const RequestBook requests_{*store_, keys_, clock_, alerts_, [this] { return invented_; }};
  std::shared_ptr<NotificationTexts> texts_;
  std::unique_ptr<SourceHealth> sources_;
  std::unique_ptr<Notifications> notifications_;
  std::vector<OutgoingMessage> last_;
};

}  // namespace candor
