#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "indicators/indicator_info.h"
#include "store/store.h"
#include "timeline/timeline.h"

// What each indicator has seen in what is stored: enough to say whether it works here, and no window on anybody. Days
// are told only where ten people or more did it on that very day: the last day of a group is else one person's.
namespace candor {

inline constexpr std::size_t kLeastReached = 10;  // people, as analytics
inline constexpr Day kReachDays = 30;

struct IndicatorReach {
  std::string indicator;
  bool matched = false;         // anything that is stored, by whomever
  bool many = false;            // ten people or more in the days counted
  std::int64_t hit_days = 0;    // those of these days on which ten people or more did it
  std::optional<Day> last_hit;  // the last of them, UTC

  bool operator==(const IndicatorReach&) const = default;
};

// Whose an account is now; nullopt: nobody's.
using PersonOfAccount = std::function<Result<std::optional<PersonId>>(const AccountId& account)>;

// Counts the kReachDays days before `today`, which is not over. In the order of `indicators`, one for each. Reads the
// insights of every account; keeps of each indicator no more than ten people, and as many of each day.
Result<std::vector<IndicatorReach>> fold_reach(const Timeline& timeline, const std::vector<IndicatorInfo>& indicators,
                                               const PersonOfAccount& person_of, Day today);

// The last count that was made. Thread safety: any member from any thread.
class ReachBook {
 public:
  explicit ReachBook(Store& store) : store_(store) {}

  Result<void> save(const std::vector<IndicatorReach>& reach, TimePoint now);
  struct Count {
    std::optional<TimePoint> at;        // nullopt: never yet
    std::vector<IndicatorReach> reach;  // by indicator
  };
  Result<Count> last() const;

 private:
  Store& store_;
};

}  // namespace candor
