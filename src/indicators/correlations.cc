#include "indicators/correlations.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/fold.h"
#include "sigma/correlation_windows.h"

namespace candor {

void Correlations::add(IndicatorKey indicator, const CheckedCorrelation& checked, const FieldCatalogue& catalogue) {
  One one{.indicator = indicator, .set = std::make_shared<const sigma::RuleSet>(checked.set), .parts = {}};
  for (const CorrelatedRule& rule : checked.rules) {
    one.parts.push_back(rule.key);
    parts_.insert(rule.key);
  }
  const auto ask = [&](const std::string& name) {
    const auto field = catalogue.find(name);
    if (!field) return;
    asked_.insert(*field);
    fields_.try_emplace(name, *field);
  };
  for (const sigma::Correlation& each : one.set->correlations) {
    for (const std::string& name : each.group_by) ask(name);
    for (const std::string& name : each.fields) ask(name);
    for (const auto& [alias, by_rule] : each.aliases) {
      for (const auto& [rule, name] : by_rule) ask(name);
    }
  }
  // (t - reach, t]: of a t at the beginning of its day, as many whole days.
  look_back_ = std::max(look_back_, static_cast<Day>((checked.reach + kMicrosPerDay - 1) / kMicrosPerDay));
  all_.push_back(std::move(one));
}

std::vector<Correlations::Match> Correlations::taken_part(std::span<const CorrelatedActivity> activities) const {
  std::vector<Match> matches;
  std::vector<std::uint32_t> matched;
  for (const One& one : all_) {
    sigma::CorrelationWindows windows(*one.set, [this](std::string_view name) -> std::optional<sigma::FieldIndex> {
      const auto found = fields_.find(name);
      return found == fields_.end() ? std::nullopt : std::optional<sigma::FieldIndex>(found->second);
    });
    bool any = false;
    for (std::size_t i = 0; i < activities.size(); ++i) {
      const CorrelatedActivity& activity = activities[i];
      matched.clear();
      for (std::uint32_t part = 0; part < one.parts.size(); ++part) {
        if (std::ranges::find(activity.matches, one.parts[part]) != activity.matches.end()) matched.push_back(part);
      }
      if (matched.empty()) continue;
      any = true;
      windows.add({.event = i, .time = activity.time, .values = activity.values}, matched);
    }
    if (!any) continue;
    for (const sigma::TakenPart& part : windows.taken_part()) {
      matches.push_back({.activity = part.event, .indicator = one.indicator});
    }
  }
  std::ranges::sort(matches);
  return matches;
}

CorrelatedActivity correlated(const Activity& activity, std::vector<IndicatorKey> matches, const Correlations& asking) {
  CorrelatedActivity made{.time = activity.time, .matches = std::move(matches), .values = {}};
  const FieldCatalogue& catalogue = activity.catalogue();
  for (const FieldId field : asking.asked()) {
    if (!activity.has(field)) continue;
    std::vector<std::string>& values = made.values[field];
    switch (catalogue[field].type) {
      case FieldType::integer:
      case FieldType::boolean:
        if (activity.number(field) >= 0) values.push_back(std::to_string(activity.number(field)));
        break;
      case FieldType::keywords:
        for (const std::string_view text : activity.list(field)) values.push_back(fold(text));
        break;
      default:
        values.push_back(fold(activity.text(field)));
    }
    if (values.empty()) made.values.erase(field);
  }
  return made;
}

}  // namespace candor
