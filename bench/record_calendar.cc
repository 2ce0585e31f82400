#include "record_calendar.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "random.h"

namespace candor {
namespace {

constexpr std::int64_t kStart = 1772323200;  // 2026-03-01T00:00:00Z, a Sunday
constexpr std::int64_t kDay = 86'400;

// Office hours with a few at any time; weekends are quiet. A few users do most.
class Calendar {
 public:
  explicit Calendar(const RecordOptions& options) : options_(options), random_(mix(options.seed)) {}

  std::vector<RecordEvent> events() {
    weigh_users();
    events_.reserve(options_.records);
    const std::uint64_t planted = std::min<std::uint64_t>(std::uint64_t{options_.planted} * 12, options_.records / 10);
    while (events_.size() < options_.records - planted) add_noise();
    for (std::uint64_t k = 0; events_.size() < options_.records; ++k) add_chain(k);
    return in_time_order();
  }

 private:
  void weigh_users() {
    double total = 0;
    for (std::uint32_t i = 0; i < options_.users; ++i) {
      double normal = 0;
      for (int k = 0; k < 12; ++k) normal += random_.unit();
      total += std::exp(0.9 * (normal - 6));
      cumulative_.push_back(total);
    }
  }

  void add_noise() {
    const std::uint32_t day = random_.below(options_.days);
    const bool weekend = day % 7 == 0 || day % 7 == 6;
    if (weekend && random_.chance(0.85)) return;
    const double at = random_.unit() * cumulative_.back();
    const auto found = std::ranges::lower_bound(cumulative_, at) - cumulative_.begin();
    const std::uint32_t user = std::min(static_cast<std::uint32_t>(found), options_.users - 1);
    double hour = 0;
    for (int k = 0; k < 4; ++k) hour += random_.unit();
    hour = 13 + (hour - 2) * 4.5;
    if (random_.chance(0.03)) hour = random_.unit() * 24;
    const auto operation = static_cast<Operation>(random_.pick(kOperationWeights));
    const std::int64_t time = kStart + std::int64_t{day} * kDay + static_cast<std::int64_t>(hour * 3600);
    events_.push_back({.time = time, .user = user, .operation = operation, .seed = random_.next()});
  }

  void add_chain(std::uint64_t number) {
    using enum Operation;
    const auto user = static_cast<std::uint32_t>(mix(options_.seed * 7919 + number) % options_.users);
    const std::uint32_t day = options_.days * 2 / 3 + random_.below(std::max(1u, options_.days / 3));
    std::int64_t time = kStart + std::int64_t{day} * kDay + std::int64_t{3600} * 9 + random_.below(7200);
    const Operation hide = random_.below(2) != 0 ? archive_created : device_renamed;
    const Operation take = random_.below(2) != 0 ? removable_media : cloud_upload;
    const Operation chain[] = {downloaded,      downloaded,     downloaded,      sync_downloaded,
                               downloaded,      hide,           archive_created, take,
                               removable_media, device_deleted, device_deleted,  hard_deleted};
    for (const Operation operation : chain) {
      if (events_.size() >= options_.records) return;
      events_.push_back({.time = time, .user = user, .operation = operation, .seed = random_.next()});
      time += 120 + random_.below(900);
    }
  }

  // Of equal times, the one planned first.
  std::vector<RecordEvent> in_time_order() const {
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    order.reserve(events_.size());
    for (const RecordEvent& event : events_) order.emplace_back(event.time, order.size());
    std::ranges::sort(order);
    std::vector<RecordEvent> sorted;
    sorted.reserve(events_.size());
    for (const auto& [time, place] : order) sorted.push_back(events_[place]);
    return sorted;
  }

  const RecordOptions& options_;
  Random random_;
  std::vector<double> cumulative_;
  std::vector<RecordEvent> events_;
};

}  // namespace

std::vector<RecordEvent> plan_events(const RecordOptions& options) { return Calendar(options).events(); }

}  // namespace candor
