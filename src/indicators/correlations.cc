#include "indicators/correlations.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "base/fold.h"
#include "sigma/correlation_windows.h"

namespace candor {
namespace {

// What a set of one correlation over rules needs at least; chains of them are not looked through.
bool is_single(const sigma::RuleSet& set) {
  return set.correlations.size() == 1 &&
         std::ranges::all_of(set.correlations[0].rules, [&](std::uint32_t rule) { return rule < set.rules.size(); });
}

// Smallest whole number that meets all the bounds; an activity counts once, or not at all.
double least_of(const sigma::Correlation& correlation) {
  double least = 1;
  if (correlation.type != sigma::CorrelationType::event_count) return least;
  for (const sigma::Criterion& each : correlation.criteria) {
    if (each.negated) continue;
    if (each.comparison == sigma::Comparison::greater_equal) least = std::max(least, std::ceil(each.value));
    if (each.comparison == sigma::Comparison::greater) least = std::max(least, std::floor(each.value) + 1);
  }
  return least;
}

}  // namespace

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
  if (is_single(*one.set)) {
    const sigma::Correlation& only = one.set->correlations[0];
    one.least = least_of(only);
    one.each = only.criteria.empty() &&
               (only.type == sigma::CorrelationType::temporal || only.type == sigma::CorrelationType::temporal_ordered);
  }
  all_.push_back(std::move(one));
}

bool Correlations::One::may_match(const Counts& counts) const {
  double matches = 0;  // each activity once or more often: never too few
  for (const IndicatorKey part : parts) {
    const auto found = counts.find(part);
    if (found == counts.end() && each) return false;
    if (found != counts.end()) matches += static_cast<double>(found->second);
  }
  return matches >= least;
}

bool Correlations::may_match(const Counts& counts) const {
  return std::ranges::any_of(all_, [&](const One& one) { return one.may_match(counts); });
}

std::vector<Correlations::Match> Correlations::taken_part(std::span<const CorrelatedActivity> activities) const {
  std::vector<Match> matches;
  std::vector<std::uint32_t> matched;
  Counts counts;
  for (const CorrelatedActivity& activity : activities) {
    for (const IndicatorKey key : activity.matches) ++counts[key];
  }
  for (const One& one : all_) {
    if (!one.may_match(counts)) continue;
    sigma::CorrelationWindows windows(*one.set, [this](std::string_view name) -> std::optional<sigma::FieldIndex> {
      const auto found = fields_.find(name);
      return found == fields_.end() ? std::nullopt : std::optional<sigma::FieldIndex>(found->second);
    });
    for (std::size_t i = 0; i < activities.size(); ++i) {
      const CorrelatedActivity& activity = activities[i];
      matched.clear();
      for (std::uint32_t part = 0; part < one.parts.size(); ++part) {
        if (std::ranges::find(activity.matches, one.parts[part]) != activity.matches.end()) matched.push_back(part);
      }
      if (matched.empty()) continue;
      windows.add({.event = i, .time = activity.time, .values = activity.values}, matched);
    }
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
