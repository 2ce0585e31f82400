#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/ownership.h"
#include "timeline/timeline.h"

namespace candor::api {

// Names one stored activity without telling anything about it, and places it in time order.
struct ActivityRef {
  TimePoint time = 0;
  ActivityId id;
  std::uint64_t content = 0;

  auto operator<=>(const ActivityRef&) const = default;
  static ActivityRef of(const StoredActivity& activity) { return {activity.time, activity.id, activity.content}; }
  std::string text() const;  // 64 hexadecimal digits
  static std::optional<ActivityRef> parse(std::string_view text);
};

// Which stretch of time, and which way through it.
struct Stretch {
  TimePoint from = 0;  // inclusive
  TimePoint to = 0;    // exclusive
  bool newest_first = true;
};

// Visits the effective activities of all accounts together, each on its days, each once, in the order of ActivityRef
// (or its reverse), until `visit` returns false. Memory does not grow with their number. Fails as the timeline does,
// and with `api.too_many_at_once` when one account did more than 50,000 things in one microsecond.
Result<void> walk_activities(const Timeline& timeline, std::span<const OwnedAccount> accounts, const Stretch& stretch,
                             const std::function<bool(const StoredActivity&)>& visit);

// The one activity, nullopt when these accounts have none like it.
Result<std::optional<StoredActivity>> find_activity(const Timeline& timeline, std::span<const OwnedAccount> accounts,
                                                    const ActivityRef& ref);

}  // namespace candor::api
