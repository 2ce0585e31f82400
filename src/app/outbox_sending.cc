#include "app/outbox_sending.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "app/complaint.h"
#include "app/mail_setup.h"
#include "outbox/delivery.h"

namespace candor {
namespace {

constexpr std::chrono::seconds kBetweenMailLooks{1};

DeliveryOutcome hand_over_mail(const MailServer& server, const Settings::Mail& settings, const MessageInHand& message,
                               const std::function<bool()>& cancelled) {
  const auto text = compose(mail_of(message, settings));
  if (!text) return {.kind = DeliveryOutcome::Kind::refused, .said = text.error().message};
  return server.send(message.message.to, *text, cancelled);
}

void send_mail(Installation& installation, const Settings::Mail& settings, const MailServerOptions& options,
               const Io& io, const std::stop_token& stop) {
  const auto cancelled = [&] { return stop.stop_requested(); };
  const MailServer server(options);
  const Outbox outbox(installation.store(), installation.keys(), installation.clock());
  OutboxDelivery delivery(
      outbox, installation.clock(), Channel::mail, {.per_hour = settings.per_hour},
      [&](const MessageInHand& message) { return hand_over_mail(server, settings, message, cancelled); });
  Complaint complaint(io, "mail");
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto step = delivery.step(cancelled);
    if (stop.stop_requested()) return;
    hear_step(complaint, step, "the server");
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, kBetweenMailLooks, [] { return false; });
  }
}

}  // namespace

OutboxSending::OutboxSending(Installation& installation, const Settings::Mail& settings, MailServerOptions server,
                             const Io& io)
    : thread_([&installation, settings, server = std::move(server), &io](const std::stop_token& stop) {
        send_mail(installation, settings, server, io, stop);
      }) {}

}  // namespace candor
