#pragma once

#include <functional>
#include <optional>
#include <string>

#include "outbox/outbox.h"

namespace candor {

// Takes what waits for one channel out of the outbox and hands it on, message by message. Thread safety: one thread.
class OutboxDelivery {
 public:
  struct Limits {
    std::int64_t per_hour = 200;  // messages tried within any hour
  };
  using HandOver = std::function<DeliveryOutcome(const MessageInHand& message)>;

  // `outbox` and `clock` must outlive this object.
  OutboxDelivery(const Outbox& outbox, const Clock& clock, Channel channel, Limits limits, HandOver hand_over)
      : outbox_(outbox), clock_(clock), channel_(channel), limits_(limits), hand_over_(std::move(hand_over)) {}

  static constexpr TimePoint kLongestStep = 10 * kMicrosPerSecond;
  struct Step {
    std::int64_t taken = 0;
    std::int64_t refused = 0;  // given up at once
    std::int64_t later = 0;    // or given up for want of attempts, or answers
    std::string said;          // of the last one that was not taken, without addresses
  };
  // Whatever may go now; stops behind the message in which kLongestStep is over, so that the caller gets to what else
  // it has to do, and early when `cancelled` says true. The first step of a process takes back what an earlier one had
  // in hand.
  Result<Step> step(const std::function<bool()>& cancelled);

 private:
  Result<bool> is_within_limit() const;
  Result<void> settle_last();

  const Outbox& outbox_;
  const Clock& clock_;
  const Channel channel_;
  const Limits limits_;
  const HandOver hand_over_;
  bool taken_back_ = false;
  // What was handed over, and could not be noted: that comes before anything else.
  struct Unsettled {
    MessageInHand message;
    DeliveryOutcome outcome;
  };
  std::optional<Unsettled> unsettled_;
};

}  // namespace candor
