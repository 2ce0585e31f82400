#include "simulator/delivery.h"

#include <algorithm>
#include <tuple>

#include "simulator/random.h"

namespace candor {
namespace {

constexpr TimePoint kMinute = 60 * kMicrosPerSecond;
constexpr TimePoint kHour = 60 * kMinute;

TimePoint minutes(Random& random, int low, int high) { return kMinute * random.between(low, high); }

TimePoint first_delay(Random& random) {
  const std::uint32_t part = random.below(1000);
  if (part < 40) return minutes(random, 8, 30);
  if (part < 900) return minutes(random, 55, 95);
  if (part < 970) return minutes(random, 95, 600);
  if (part < 995) return minutes(random, 600, 1800);
  return minutes(random, 1800, 7200);
}

TimePoint again_delay(Random& random) {
  const std::uint32_t part = random.below(1000);
  if (part < 600) return minutes(random, 0, 90);
  if (part < 960) return minutes(random, 90, 1440);
  return minutes(random, 1440, 7200);
}

// Records arrive in bundles; within one there is no order.
TimePoint bundle(TimePoint time) { return time - time % (10 * kMinute) + 10 * kMinute; }

}  // namespace

void Delivery::put(DeliveredRow row) {
  row.at = bundle(row.at);
  hours_[row.at / kHour].push_back(row);
}

void Delivery::add(const Act& act) {
  Random random{act.seed, 40};
  DeliveredRow row;
  row.act = act;
  row.at = act.time + first_delay(random);
  row.order = random.next();
  put(row);
  while (static_cast<int>(random.below(100)) < repeat_percent_) {
    DeliveredRow again = row;
    again.at += again_delay(random);
    // In the bundle of the first one it must come after it, else it would be the first.
    again.order = row.order | random.next();
    again.repeat = true;
    put(again);
  }
  if (random.below(1500) == 0) {
    row.at += minutes(random, 60, 2880);
    row.corrected = true;
    put(row);
  }
}

Result<void> Delivery::release(TimePoint until, const std::function<Result<void>(const DeliveredRow&)>& hand_over) {
  while (!hours_.empty() && (hours_.begin()->first + 1) * kHour <= until) {
    std::vector<DeliveredRow> rows = std::move(hours_.begin()->second);
    hours_.erase(hours_.begin());
    std::sort(rows.begin(), rows.end(), [](const DeliveredRow& a, const DeliveredRow& b) {
      return std::tie(a.at, a.order, a.act.seed, a.repeat, a.corrected) <
             std::tie(b.at, b.order, b.act.seed, b.repeat, b.corrected);
    });
    for (const DeliveredRow& row : rows) CANDOR_TRY_VOID(hand_over(row));
  }
  return {};
}

}  // namespace candor
