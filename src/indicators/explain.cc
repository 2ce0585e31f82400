#include "indicators/explain.h"

#include <utility>

#include "indicators/activity_values.h"
#include "indicators/catalogue_scope.h"
#include "indicators/compile.h"

namespace candor {
namespace {

// The rule, and that no exclusion holds: those that do.
sigma::Explained with_exclusions(sigma::Explained rule, std::vector<sigma::Explained> excluded) {
  if (excluded.empty()) return rule;
  rule.name = rule.name == "all of these" || rule.name.empty() ? "the rule" : "the rule: " + rule.name;
  sigma::Explained none{.name = "not", .holds = false, .why = "", .parts = std::move(excluded)};
  sigma::Explained both{.name = "all of these", .holds = false, .why = "", .parts = {}};
  both.parts.push_back(std::move(rule));
  both.parts.push_back(std::move(none));
  return both;
}

}  // namespace

sigma::Explained explain(const IndicatorSet& set, IndicatorIndex index, const Activity& activity) {
  const FieldCatalogue& catalogue = activity.catalogue();
  const CatalogueScope scope(catalogue);
  ActivityValues values(catalogue, catalogue.find("event.action").value_or(static_cast<FieldId>(catalogue.size())));
  values.start(activity);
  std::vector<sigma::Explained> excluded;
  for (const std::uint32_t number : set.exclusions_of(index)) {
    const Exclusion& exclusion = set.exclusions()[number];
    if (!exclusion.holds(values)) continue;
    excluded.push_back({.name = "the exclusion `" + exclusion.name + "`: " + exclusion.reason,
                        .holds = true,
                        .why = exclusion.why(values),
                        .parts = {}});
  }
  return with_exclusions(sigma::explain(set.expression(index), scope, values), std::move(excluded));
}

}  // namespace candor
