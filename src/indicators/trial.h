#pragma once

#include <memory>
#include <string>
#include <vector>

#include "activity/activity.h"
#include "indicators/indicator_set.h"

namespace candor {

// Which indicators match some activities of one account together, as they would if they were stored, with everything
// switched on and whatever exclusions say: what examples are checked by. One thread.
class Trial {
 public:
  explicit Trial(std::shared_ptr<const IndicatorSet> set);
  // Begins again with no activities.
  void clear();
  void add(const Activity& activity);
  // The names, sorted, each once.
  std::vector<std::string> matched() const;

 private:
  const std::shared_ptr<const IndicatorSet> set_;
  Matcher matcher_;
  const IndicatorMask all_;
  std::vector<IndicatorIndex> indices_;
  std::vector<IndicatorIndex> matched_;  // indicators
  std::vector<CorrelatedActivity> activities_;
};

}  // namespace candor
