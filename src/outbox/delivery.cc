#include "outbox/delivery.h"

namespace candor {
namespace {

constexpr TimePoint kHour = 3'600 * kMicrosPerSecond;

void count(OutboxDelivery::Step& step, const DeliveryOutcome& outcome, const MessageInHand& message) {
  using Kind = DeliveryOutcome::Kind;
  if (outcome.kind == Kind::taken) {
    ++step.taken;
    return;
  }
  ++(outcome.kind == Kind::refused ? step.refused : step.later);
  step.said = without_addresses(outcome.said, message.message.to, message.message.to_name);
}

}  // namespace

Result<bool> OutboxDelivery::is_within_limit() const {
  CANDOR_TRY(const std::int64_t tried, outbox_.tried_since(channel_, clock_.now() - kHour));
  return tried < limits_.per_hour;
}

Result<void> OutboxDelivery::settle_last() {
  if (!unsettled_) return {};
  CANDOR_TRY_VOID(outbox_.settle(unsettled_->message, unsettled_->outcome));
  unsettled_.reset();
  return {};
}

Result<OutboxDelivery::Step> OutboxDelivery::step(const std::function<bool()>& cancelled) {
  if (!taken_back_) {
    CANDOR_TRY_VOID(outbox_.take_back(channel_));
    taken_back_ = true;
  }
  CANDOR_TRY_VOID(settle_last());
  Step step;
  const TimePoint begin = clock_.now();
  // A clock that was set back ends the step, too.
  const auto is_over = [&] { return clock_.now() < begin || clock_.now() - begin >= kLongestStep; };
  while (!cancelled() && !is_over()) {
    CANDOR_TRY(const bool may, is_within_limit());
    if (!may) break;
    CANDOR_TRY(const auto message, outbox_.take(channel_));
    if (!message) break;
    unsettled_ = {.message = *message, .outcome = hand_over_(*message)};
    count(step, unsettled_->outcome, *message);
    CANDOR_TRY_VOID(settle_last());
  }
  return step;
}

}  // namespace candor
