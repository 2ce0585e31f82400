#include "app/webhook_sending.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "app/complaint.h"
#include "app/webhook_body.h"
#include "cases/decision_feed.h"
#include "outbox/delivery.h"

namespace candor {
namespace {

constexpr std::chrono::seconds kBetweenWebhookLooks{2};
constexpr std::int64_t kWebhooksPerHour = 5'000;

class WebhookWork {
 public:
  WebhookWork(Installation& installation, const std::vector<OpenWebhook>& webhooks, const std::string& site,
              const std::stop_token& stop)
      : webhooks_(webhooks),
        site_(site),
        stop_(stop),
        clock_(installation.clock()),
        outbox_(installation.store(), installation.keys(), installation.clock()),
        feed_(installation.store(), installation.keys(), installation.clock()),
        delivery_(outbox_, installation.clock(), Channel::webhook, {.per_hour = kWebhooksPerHour},
                  [this](const MessageInHand& message) { return post(message); }) {}

  // What one cannot be told of keeps nothing from the others; the first fault.
  Result<void> gather() {
    Result<void> first;
    for (const OpenWebhook& webhook : webhooks_) {
      if (auto told = gather(webhook.settings); !told && first) first = std::move(told);
    }
    return first;
  }
  Result<OutboxDelivery::Step> deliver() {
    return delivery_.step([this] { return stop_.stop_requested(); });
  }

 private:
  Result<void> gather(const WebhookSettings& settings) {
    const auto told =
        feed_.step(settings.name, settings.events, [&](Transaction& work, const DecisionNews& news) -> Result<void> {
          CANDOR_TRY_VOID(outbox_.add(work, {.kind = news.event,
                                             .channel = Channel::webhook,
                                             .to = settings.name,
                                             .to_name = {},
                                             .subject = {},
                                             .text = webhook_body(news, settings, site_),
                                             .html = {}}));
          return {};
        });
    if (!told) return std::unexpected(told.error());
    return {};
  }

  DeliveryOutcome post(const MessageInHand& message) const {
    const auto found = std::ranges::find(
        webhooks_, message.message.to, [](const OpenWebhook& one) -> const std::string& { return one.settings.name; });
    if (found == webhooks_.end()) {
      return {.kind = DeliveryOutcome::Kind::refused, .said = "the settings name no such webhook any more"};
    }
    return post_webhook(found->target, message.id, message.message.text, clock_.now(),
                        [this] { return stop_.stop_requested(); });
  }

  const std::vector<OpenWebhook>& webhooks_;
  const std::string& site_;
  const std::stop_token& stop_;
  const Clock& clock_;
  const Outbox outbox_;
  const DecisionFeed feed_;
  OutboxDelivery delivery_;
};

void tell_webhooks(Installation& installation, const std::vector<OpenWebhook>& webhooks, const std::string& site,
                   const Io& io, const std::stop_token& stop) {
  WebhookWork work(installation, webhooks, site, stop);
  Complaint complaint(io, "webhooks");
  Complaint untold(io, "webhooks: what is to be told");
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto gathered = work.gather();
    const auto step = work.deliver();
    if (stop.stop_requested()) return;
    if (!gathered) untold.say(gathered.error().message + "; it is tried again [" + gathered.error().id + "]");
    if (gathered) untold.over("it is told again");
    hear_step(complaint, step, "the receiver");
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, kBetweenWebhookLooks, [] { return false; });
  }
}

}  // namespace

Result<std::vector<OpenWebhook>> open_webhooks(const Content& content) {
  std::vector<Diagnostic> told_already;  // load_content() has them
  std::vector<OpenWebhook> out;
  for (WebhookSettings& settings : load_webhooks(content.folder / "settings.yml", told_already)) {
    CANDOR_TRY(WebhookTarget target, webhook_target(settings, content.folder));
    out.push_back({.settings = std::move(settings), .target = std::move(target)});
  }
  return out;
}

WebhookSending::WebhookSending(Installation& installation, std::vector<OpenWebhook> webhooks, std::string site,
                               const Io& io)
    : thread_([&installation, webhooks = std::move(webhooks), site = std::move(site),
               &io](const std::stop_token& stop) { tell_webhooks(installation, webhooks, site, io, stop); }) {}

}  // namespace candor
