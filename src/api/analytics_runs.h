#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "assessment/analytics.h"
#include "indicators/indicator_set.h"

namespace candor::api {

// What the numbers are about. Equal orders give equal numbers, but for what comes in late.
struct AnalyticsOrder {
  FourWeeks period;
  bool filling = false;  // records are being read in right now: the numbers are kept until that ends, no longer
  std::vector<std::shared_ptr<const Policy>> policies;  // ascending by id
  std::set<std::string> in_force;                       // ids of those
};

struct AnalyticsLook {
  enum class State : std::uint8_t { running, done, failed };
  State state = State::running;
  std::size_t done = 0;  // people, of `total`
  std::size_t total = 0;
  std::shared_ptr<const AnalyticsOrder> order;
  std::shared_ptr<const Analytics> result;  // with State::done; points into `order` and the indicators
  std::optional<Error> error;               // with State::failed
};

// Analytics in the background: on one thread, reading only. The last result is kept for an hour.
// Thread safety: any member from any thread.
class AnalyticsRuns {
 public:
  static constexpr TimePoint kKept = 3600 * kMicrosPerSecond;

  // All must outlive this object.
  AnalyticsRuns(const AssessSources& sources, std::shared_ptr<const IndicatorSet> indicators, const Clock& clock)
      : sources_(sources), indicators_(std::move(indicators)), clock_(clock) {}
  // Cancels what runs, and waits for it.
  ~AnalyticsRuns();

  // What is known for that order; begins counting when there is nothing. While something else is counted, that goes on.
  AnalyticsLook look(AnalyticsOrder order);

 private:
  bool is_answered(const AnalyticsOrder& order) const;  // with mutex_ held
  void run(const std::stop_token& stop, const std::shared_ptr<const AnalyticsOrder>& order);

  const AssessSources sources_;
  const std::shared_ptr<const IndicatorSet> indicators_;
  const Clock& clock_;
  std::mutex mutex_;
  AnalyticsLook last_;      // guarded by mutex_
  TimePoint ended_at_ = 0;  // guarded by mutex_
  std::jthread worker_;     // guarded by mutex_ except in the destructor
};

}  // namespace candor::api
