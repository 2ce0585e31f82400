#include "app/notification_sending.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

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

void notify_viewers(Installation& installation, const Viewers& viewers, const CaseBook& cases, const Io& io,
                    const std::stop_token& stop) {
  Notifications notifications(notification_parts(installation, viewers, cases));
  Complaint complaint(io, "notifications");
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto step = notifications.step([&] { return stop.stop_requested(); });
    if (stop.stop_requested()) return;
    if (!step) complaint.say(step.error().message + "; it is tried again [" + step.error().id + "]");
    if (step) complaint.over("viewers are told again");
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
