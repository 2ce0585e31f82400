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

// What each indicator has seen in what is stored: enough to say whether it works here, and no window on anybody. On how
// many days it hit, and when last, is told only where ten people or more did.
namespace candor {

inline constexpr std::size_t kLeastReached = 10;  // people, as analytics
inline constexpr Day kReachDays = 30;

struct IndicatorReach {
  std::string indicator;
  bool matched = false;         // anything that is stored, by whomever
  bool many = false;            // ten people or more in the days counted
  std::int64_t hit_days = 0;    // of those days; 0 unless many
  std::optional<Day> last_hit;  // UTC day; nullopt unless many

  bool operator==(const IndicatorReach&) const = default;
};

// Whose an account is now; nullopt: nobody's.
using PersonOfAccount = std::function<Result<std::optional<PersonId>>(const AccountId& account)>;

// Counts the kReachDays days before `today`, which is not over. In the order of `indicators`, one for each. Reads the
// insights of every account; keeps of each indicator no more than ten people.
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
