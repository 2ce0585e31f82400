#include "app/silence_telling.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/complaint.h"

namespace candor {
namespace {

constexpr std::chrono::seconds kBetweenLooks{5};

void run(Installation& installation, WebhookOptions options, const Io& io, const std::stop_token& stop) {
  const Webhook webhook(std::move(options));
  SilenceWatch watch(installation.sources(), installation.store(), installation.clock(), [&](const SilenceNews& news) {
    return webhook.post(to_json(news), [&] { return stop.stop_requested(); });
  });
  Complaint complaint(io, "silence of sources");
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto step = watch.step();
    if (stop.stop_requested()) return;
    if (!step) complaint.say(step.error().message + "; it is tried again [" + step.error().id + "]");
    if (step && *step > 0) complaint.over("told again");
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, kBetweenLooks, [] { return false; });
  }
}

}  // namespace

std::string to_json(const SilenceNews& news) {
  nlohmann::ordered_json json = {{"event", to_text(news.kind)},
                                 {"source", news.source},
                                 {"silent_since", format_time(news.silent_since)},
                                 {"last_record", format_time(news.last_record)},
                                 {"limit_seconds", news.limit / kMicrosPerSecond},
                                 {"at", format_time(news.at)}};
  return json.dump();
}

SilenceTelling::SilenceTelling(Installation& installation, WebhookOptions webhook, const Io& io)
    : thread_([&installation, webhook = std::move(webhook), &io](const std::stop_token& stop) {
        run(installation, webhook, io, stop);
      }) {}

}  // namespace candor
