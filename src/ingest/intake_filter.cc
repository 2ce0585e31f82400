#include "ingest/intake_filter.h"

#include <algorithm>
#include <utility>

#include "activity/json_text.h"
#include "activity/operation_name.h"
#include "base/fold.h"

namespace candor {
IntakeFilter::IntakeFilter(std::shared_ptr<const IntakeRules> rules, PlaceOfAccount place)
    : rules_(std::move(rules)), place_(std::move(place)), parties_(rules_->parties) {}

const IntakeFilter::RuleNumbers& IntakeFilter::rules_of(const Activity& activity) {
  auto& known = by_operation_[static_cast<std::size_t>(activity.source)];
  const std::string_view feed = activity.feed();
  // Of a feed with its name, since two of them may call operations alike.
  const std::string of_feed = feed.empty() ? std::string() : std::string(feed) + ':' + std::string(activity.operation);
  const std::string_view key = feed.empty() ? activity.operation : std::string_view(of_feed);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  if (known.size() >= kMostOperations) known.clear();
  RuleNumbers numbers;
  const std::string operation = ascii_lowered(normalised_operation(activity.operation));
  for (std::uint32_t i = 0; i < rules_->rules.size(); ++i) {
    const IntakeRule& rule = rules_->rules[i];
    if (rule.asks_source(activity.source, feed) && (rule.operations.empty() || rule.operations.contains(operation)))
      numbers.push_back(i);
  }
  return known.emplace(key, std::move(numbers)).first->second;
}

bool IntakeFilter::fits_place(const IntakeRule& rule, const Activity& activity) {
  if (!place_) return true;  // nothing is known: the strictest
  const AccountPlace place = place_(activity.account, day_of(activity.time));
  if (!rule.countries.empty() && place.country && !rule.countries.contains(*place.country)) return false;
  if (rule.groups.empty() || !place.groups) return true;
  return std::ranges::any_of(*place.groups, [&](const std::string& group) { return rule.groups.contains(group); });
}

bool IntakeFilter::read(const Activity& activity) {
  if (!tree_is_read_) tree_is_read_ = tree_.parse(activity.raw);
  return tree_is_read_;
}

bool IntakeFilter::fits_fields(const IntakeRule& rule) const {
  return std::ranges::all_of(rule.fields, [&](const FieldCondition& condition) {
    const std::vector<std::string> values = values_at(tree_, condition.path);
    return std::ranges::any_of(values, [&](const std::string& value) {
      const std::string lower = ascii_lowered(value);
      return std::ranges::any_of(condition.texts, [&](const auto& text) { return text.fits(lower); });
    });
  });
}

bool IntakeFilter::applies(const IntakeRule& rule, const Activity& activity) {
  if (!rule.people.empty() && !rule.people.contains(activity.account)) return false;
  if (rule.asks_place() && !fits_place(rule, activity)) return false;
  return rule.fields.empty() || fits_fields(rule);
}

IntakeFilter::Verdict IntakeFilter::judge(const Activity& activity) {
  by_.clear();
  removals_.clear();
  removing_.clear();
  tree_is_read_ = false;
  if (!rules_->parties.empty()) {
    const PartySearch::Answer answer = parties_.find(activity.raw);
    if (!answer.readable) return Verdict::unreadable;
    if (answer.party) {
      by_.emplace_back(rules_->parties[*answer.party].name);
      return Verdict::drop;
    }
  }
  for (const std::uint32_t number : rules_of(activity)) {
    const IntakeRule& rule = rules_->rules[number];
    if ((!rule.fields.empty() || !rule.whole_record) && !read(activity)) return Verdict::unreadable;
    if (!applies(rule, activity)) continue;
    if (rule.whole_record) {
      by_.assign(1, rule.name);
      return Verdict::drop;
    }
    for (const FieldRemoval* removal : {&rule.drop, &rule.mask}) {
      if (removal->paths.empty()) continue;
      removals_.push_back(removal);
      removing_.push_back(&rule);
    }
  }
  if (removals_.empty()) return Verdict::keep;
  auto changed = remove_fields(tree_, removals_, did_);
  if (!changed) return Verdict::keep;
  for (std::size_t i = 0; i < did_.size(); ++i) {
    if (did_[i] && (by_.empty() || by_.back() != removing_[i]->name)) by_.emplace_back(removing_[i]->name);
  }
  changed_ = std::move(*changed);
  return Verdict::change;
}

}  // namespace candor
