#include "assessment/without_private_life.h"

#include <algorithm>

namespace candor {
namespace {

bool is_about_performance(FactKind kind) {
  return kind == FactKind::performance_review || kind == FactKind::improvement_plan ||
         kind == FactKind::job_level_change;
}

}  // namespace

std::shared_ptr<const Policy> without_private_life(const Policy& policy, const std::set<IndicatorKey>& private_life) {
  auto out = std::make_shared<Policy>(policy);
  std::set<IndicatorKey> left_out = private_life;
  for (const Sequence& sequence : policy.sequences) {
    const bool blind = std::ranges::any_of(sequence.steps, [&](const std::vector<IndicatorKey>& step) {
      return std::ranges::all_of(step, [&](IndicatorKey key) { return private_life.contains(key); });
    });
    if (blind) left_out.insert(sequence.key);
  }
  const auto is_left_out = [&](IndicatorKey key) { return left_out.contains(key); };
  std::erase_if(out->indicators, [&](const PolicyIndicator& one) { return is_left_out(one.key); });
  std::erase_if(out->sequences, [&](const Sequence& one) { return is_left_out(one.key); });
  for (Sequence& sequence : out->sequences) {
    for (auto& step : sequence.steps) std::erase_if(step, is_left_out);
  }
  for (Cumulative& rule : out->cumulative) std::erase_if(rule.indicators, is_left_out);
  for (Trigger& trigger : out->triggers) {
    std::erase_if(trigger.watched, [&](const Trigger::Watched& one) { return is_left_out(one.key); });
  }
  std::erase_if(out->triggers, [](const Trigger& one) {
    if (one.fact) return is_about_performance(*one.fact);
    return !one.directory_end && one.watched.empty() && !one.sum;
  });
  std::erase_if(out->exculpatory, [](const Exculpatory& one) { return is_about_performance(one.fact); });
  return out;
}

}  // namespace candor
