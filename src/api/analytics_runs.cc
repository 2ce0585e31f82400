#include "api/analytics_runs.h"

#include <algorithm>

namespace candor::api {

AnalyticsRuns::~AnalyticsRuns() {
  // Not under the mutex: the run takes it to tell how far it is.
  worker_.request_stop();
  if (worker_.joinable()) worker_.join();
}

bool AnalyticsRuns::is_answered(const AnalyticsOrder& order) const {
  if (last_.order == nullptr) return false;
  if (last_.state == AnalyticsLook::State::running) return true;
  const auto version = [](const auto& policy) -> const std::string& { return policy->version; };
  return last_.state == AnalyticsLook::State::done && clock_.now() < ended_at_ + kKept &&
         last_.order->period == order.period && last_.order->filling == order.filling &&
         last_.order->in_force == order.in_force &&
         std::ranges::equal(last_.order->policies, order.policies, {}, version, version);
}

AnalyticsLook AnalyticsRuns::look(AnalyticsOrder order) {
  const std::lock_guard lock(mutex_);
  if (is_answered(order)) return last_;
  // A fault is told once, then the next look tries again.
  if (last_.state == AnalyticsLook::State::failed) {
    const AnalyticsLook failed = last_;
    last_ = {};
    return failed;
  }
  // Its last act was under the mutex, so this waits for nothing.
  if (worker_.joinable()) worker_.join();
  const auto shared = std::make_shared<const AnalyticsOrder>(std::move(order));
  last_ = {.state = AnalyticsLook::State::running, .order = shared, .result = {}, .error = {}};
  worker_ = std::jthread([this, shared](const std::stop_token& stop) { run(stop, shared); });
  return last_;
}

void AnalyticsRuns::run(const std::stop_token& stop, const std::shared_ptr<const AnalyticsOrder>& order) {
  AnalyticsOptions options;
  options.period = order->period;
  options.stop = stop;
  options.progress = [this](std::size_t done, std::size_t total) {
    const std::lock_guard lock(mutex_);
    last_.done = done;
    last_.total = total;
  };
  auto found = analyse(sources_, indicators_->indicators(), order->policies, options);
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  ended_at_ = now;
  if (found) {
    last_.state = AnalyticsLook::State::done;
    last_.result = std::make_shared<const Analytics>(std::move(*found));
  } else {
    last_.state = AnalyticsLook::State::failed;
    last_.error = found.error();
  }
}

}  // namespace candor::api
