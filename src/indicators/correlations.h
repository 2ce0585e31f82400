#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "activity/activity.h"
#include "base/time.h"
#include "indicators/correlation_check.h"
#include "indicators/indicator_info.h"
#include "sigma/rule_set.h"

// Indicators that are correlations, at work: which activities of one account they match.
namespace candor {

// What correlations may ask of one effective activity.
struct CorrelatedActivity {
  TimePoint time = 0;
  std::vector<IndicatorKey> matches;                   // others than keys of their rules are passed over
  std::map<FieldId, std::vector<std::string>> values;  // of asked(), folded; negative numbers are left out
};

// Thread safety: immutable.
class Correlations {
 public:
  struct Match {
    std::size_t activity = 0;  // position in what taken_part() was given
    IndicatorKey indicator = 0;
    auto operator<=>(const Match&) const = default;
  };

  Correlations() = default;

  void add(IndicatorKey indicator, const CheckedCorrelation& checked, const FieldCatalogue& catalogue);

  bool empty() const { return all_.empty(); }
  // Whether a stored match is of a rule that correlations count, and shown to nobody.
  bool is_part(IndicatorKey key) const { return parts_.contains(key); }
  // Whether any can match activities that match each of their rules so many times at most (absent: never). Cheap, and
  // false for nearly everybody: who asks first need not look up what the windows would ask of each activity.
  using Counts = absl::flat_hash_map<IndicatorKey, std::uint64_t>;
  bool may_match(const Counts& counts) const;
  // Days before a day whose activities may matter to it; 0 when there are none.
  Day look_back() const { return look_back_; }
  const std::set<FieldId>& asked() const { return asked_; }

  // The activities that were in a window that held, at an activity of the same UTC day: so what is known of a day
  // depends on that day and those before it only, and more activities never make it less. `activities`: all of one
  // account in canonical order, as far back as look_back() says. Ascending.
  std::vector<Match> taken_part(std::span<const CorrelatedActivity> activities) const;

 private:
  struct One {
    IndicatorKey indicator = 0;
    std::shared_ptr<const sigma::RuleSet> set;
    std::vector<IndicatorKey> parts;  // by position in set->rules
    double least = 1;                 // so many activities at least must match its rules, all of them together
    bool each = false;                // and every rule one

    bool may_match(const Counts& counts) const;
  };

  std::vector<One> all_;
  absl::flat_hash_set<IndicatorKey> parts_;
  std::set<FieldId> asked_;
  std::map<std::string, FieldId, std::less<>> fields_;
  Day look_back_ = 0;
};

// The same of an activity that is not stored; `matches`: keys.
CorrelatedActivity correlated(const Activity& activity, std::vector<IndicatorKey> matches, const Correlations& asking);

}  // namespace candor
