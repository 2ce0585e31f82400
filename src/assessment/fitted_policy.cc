#include "assessment/fitted_policy.h"

#include <algorithm>

#include "policy/fitted_text.h"

namespace candor {
namespace {

FittedSection section_of(const Policy& policy, const Analytics& found) {
  FittedSection section{.from = found.period.from, .to = found.period.to, .people = found.people, .entries = {}};
  for (const IndicatorUse& use : found.used) {
    const bool any = std::ranges::any_of(use.fitted, [](const auto& one) { return one.has_value(); });
    if (any && policy.find(use.indicator->key) != nullptr) section.entries.push_back({use.indicator->name, use.fitted});
  }
  std::ranges::sort(section.entries, {}, &FittedSection::Entry::name);
  return section;
}

void add_changed(const PolicyIndicator& before, const PolicyIndicator& after, std::vector<FittedLevel>& out) {
  for (std::size_t d = 0; d < kDimensions; ++d) {
    if (before.levels[d] == after.levels[d]) continue;
    out.push_back({.indicator = after.name,
                   .title = after.title,
                   .dimension = static_cast<Dimension>(d),
                   .now = before.levels[d],
                   .fitted = after.levels[d]});
  }
}

}  // namespace

Result<FittedPolicy> fit_policy(const Policy& policy, const Analytics& found, std::span<const IndicatorInfo> indicators,
                                const ScoringContent& scoring) {
  FittedPolicy out;
  out.text = with_fitted(policy.text, section_of(policy, found));
  // Read again: what is told is what holds, and an entry's own thresholds hold before fitted ones.
  const LoadedPolicy fitted = load_policy(out.text, "fitted policy", indicators, scoring);
  if (!fitted.policy) return fail("policy.faulty", "the policy cannot take fitted levels");
  for (const PolicyIndicator& after : fitted.policy->indicators) {
    if (const PolicyIndicator* const before = policy.find(after.key)) add_changed(*before, after, out.changed);
  }
  return out;
}

}  // namespace candor
