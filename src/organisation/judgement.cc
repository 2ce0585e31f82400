#include "organisation/judgement.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace candor {
namespace {

using Kind = OrganisationFactKind;

// Thresholds for these count only activities that some facts single out.
constexpr std::array kDimensionNeeds = {std::pair{Dimension::priority, Kind::site},
                                        std::pair{Dimension::unallowed, Kind::cloud}};

}  // namespace

std::vector<Judgement> judge(const std::vector<IndicatorInfo>& indicators, const Organisation& organisation, Day day) {
  std::vector<Judgement> found;
  for (const IndicatorInfo& indicator : indicators) {
    for (const std::string& need : indicator.needs) {
      const auto kind = need_named(need);
      if (!kind) continue;  // collecting has refused it
      const FactState state = organisation.state(*kind, day);
      if (state == FactState::known) continue;
      found.push_back({.indicator = &indicator, .kind = *kind, .state = state, .dimension = {}});
    }
    for (const auto& [dimension, kind] : kDimensionNeeds) {
      if (!indicator.has_levels[static_cast<int>(dimension)]) continue;
      const FactState state = organisation.state(kind, day);
      if (state == FactState::known) continue;
      found.push_back({.indicator = &indicator, .kind = kind, .state = state, .dimension = to_text(dimension)});
    }
  }
  std::ranges::sort(found, {},
                    [](const Judgement& each) { return std::tuple(each.indicator->name, each.dimension, each.kind); });
  return found;
}

std::string_view assumption_of(OrganisationFactKind kind) {
  switch (kind) {
    case Kind::personal_mail_domain:
      return "the list of providers that ships with Candor stands in";
    case Kind::label:
      return "the order of labels that ships with Candor stands in: labels with other names have no place in it";
    default:
      return "";
  }
}

}  // namespace candor
