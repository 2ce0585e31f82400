#include "app/notification_sending.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "access/lifting.h"
#include "access/present.h"
#include "app/complaint.h"
#include "app/mail_setup.h"
#include "app/policies_health.h"
#include "notifications/notifications.h"

namespace candor {
namespace {

constexpr std::chrono::seconds kBetweenNotificationLooks{5};

Result<std::int64_t> count_policy_warnings(Installation& installation, const HiddenPeople& without) {
  CANDOR_TRY(const auto policies, policies_health(installation, without));
  return std::ranges::count_if(policies, [](const PolicyWithHealth& one) {
    return std::ranges::any_of(one.messages, [](const HealthMessage& it) { return it.level == HealthLevel::warning; });
  });
}

NotificationParts notification_parts(Installation& installation, const Viewers& viewers, const CaseBook& cases) {
  const Settings& settings = installation.content().settings;
  const bool has_provider = !settings.oidc.issuer.empty();
  return {.store = installation.store(),
          .keys = installation.keys(),
          .clock = installation.clock(),
          .viewers = viewers,
          .alerts = installation.alerts(),
          .cases = cases,
          .requests = installation.requests(),
          .facts = installation.facts(),
          .sources = installation.sources(),
          .texts = installation.content().notifications,
          .rules = {.domains = viewer_domains(settings.mail),
                    .local_accounts = has_provider ? settings.oidc.local_accounts : LocalAccounts::all},
          .site = settings.oidc.public_address,
          .policies_with_warnings = [&installation](const HiddenPeople& without) {
            return count_policy_warnings(installation, without);
          }};
}

// Once a minute; the line of the audit log is Candor's own, the history names who wanted it.
class Reminders {
 public:
  Reminders(Installation& installation, const CaseBook& cases)
      : installation_(installation),
        cases_(cases),
        audit_(installation.store(), installation.keys(), installation.clock()),
        lifting_(installation.store(), installation.keys(), installation.clock(), audit_),
        presenter_(installation.store(), installation.keys(), installation.clock(), audit_, lifting_,
                   installation.people(), installation.facts()) {}

  Result<void> step() {
    constexpr TimePoint kBetween = 60 * kMicrosPerSecond;
    const TimePoint now = installation_.clock().now();
    if (now - looked_ < kBetween) return {};
    looked_ = now;
    CANDOR_TRY_VOID(cases_.send_reminders([&](Transaction& work, const CaseBook::Reminded& one) -> Result<void> {
      CANDOR_TRY_VOID(audit_.append(work, {.action = "case.notice_reminded",
                                           .object_kind = "case",
                                           .object_id = one.case_id,
                                           .pseudonym = presenter_.pseudonym(one.person),
                                           .details = R"({"number":)" + std::to_string(one.number) + "}"}));
      return {};
    }));
    return {};
  }

 private:
  Installation& installation_;
  const CaseBook& cases_;
  const AuditLog audit_;
  const Lifting lifting_;
  const Presenter presenter_;
  TimePoint looked_ = 0;
};

void notify_viewers(Installation& installation, const Viewers& viewers, const CaseBook& cases, const Io& io,
                    const std::stop_token& stop) {
  Notifications notifications(notification_parts(installation, viewers, cases));
  Complaint complaint(io, "notifications");
  Reminders reminders(installation, cases);
  Complaint about_reminders(io, "reminders of notices");
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto step = notifications.step([&] { return stop.stop_requested(); });
    if (stop.stop_requested()) return;
    if (!step) complaint.say(step.error().message + "; it is tried again [" + step.error().id + "]");
    if (step) complaint.over("viewers are told again");
    const auto reminded = reminders.step();
    if (!reminded) about_reminders.say(reminded.error().message + "; it is tried again [" + reminded.error().id + "]");
    if (reminded) about_reminders.over("notices are reminded again");
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, kBetweenNotificationLooks, [] { return false; });
  }
}

}  // namespace

NotificationSending::NotificationSending(Installation& installation, const Viewers& viewers, const CaseBook& cases,
                                         const Io& io)
    : thread_([&installation, &viewers, &cases, &io](const std::stop_token& stop) {
        notify_viewers(installation, viewers, cases, io, stop);
      }) {}

}  // namespace candor
