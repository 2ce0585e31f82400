#include "indicators/trial.h"

#include <algorithm>
#include <utility>

namespace candor {

Trial::Trial(std::shared_ptr<const IndicatorSet> set)
    : set_(std::move(set)), matcher_(set_), all_(set_->size(), true) {}

void Trial::clear() {
  matched_.clear();
  activities_.clear();
}

void Trial::add(const Activity& activity) {
  matcher_.match(activity, all_, indices_);
  for (const ExcludedMatch& one : matcher_.left_out()) matched_.push_back(one.indicator);
  std::vector<IndicatorKey> parts;
  for (const IndicatorIndex index : indices_) {
    if (set_->is_indicator(index)) {
      matched_.push_back(index);
    } else {
      parts.push_back(set_->keys()[index]);
    }
  }
  if (!parts.empty()) activities_.push_back(correlated(activity, std::move(parts), set_->correlations()));
}

std::vector<std::string> Trial::matched() const {
  std::vector<std::string> names;
  for (const IndicatorIndex index : matched_) names.push_back((*set_)[index].name);
  std::vector<std::pair<TimePoint, std::size_t>> order;
  for (std::size_t i = 0; i < activities_.size(); ++i) order.emplace_back(activities_[i].time, i);
  std::ranges::sort(order);
  std::vector<CorrelatedActivity> activities;
  for (const auto& [time, i] : order) activities.push_back(activities_[i]);
  for (const Correlations::Match& match : set_->correlations().taken_part(activities)) {
    if (const auto index = set_->find(match.indicator)) names.push_back((*set_)[*index].name);
  }
  std::ranges::sort(names);
  const auto repeats = std::ranges::unique(names);
  names.erase(repeats.begin(), repeats.end());
  return names;
}

}  // namespace candor
