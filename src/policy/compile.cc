#include <algorithm>
#include <set>
#include <span>

#include "policy/policy_text.h"

namespace candor {
namespace {

// Looks names up and notes those that are not there.
class Names {
 public:
  Names(std::span<const IndicatorInfo> indicators, const ScoringContent& scoring, YamlReader& reader)
      : scoring_(scoring), reader_(reader) {
    for (const IndicatorInfo& info : indicators) {
      by_name_.emplace(info.name, &info);
      names_.push_back(info.name);
    }
  }

  const SequenceContent* sequence(const Placed& name) {
    const auto found = std::ranges::find(scoring_.sequences, name.text, &SequenceContent::name);
    if (found != scoring_.sequences.end()) return &*found;
    std::vector<std::string> names;
    for (const SequenceContent& one : scoring_.sequences) names.push_back(one.name);
    const std::string near = nearest(name.text.substr(0, 100), names);
    reader_.fault(name.place, "unknown_sequence", "there is no sequence `" + name.text.substr(0, 80) + "`",
                  near.empty() ? "content/sequences has all" : "did you mean `" + near + "`?");
    return nullptr;
  }

  const IndicatorInfo* indicator(const Placed& name) {
    const auto found = by_name_.find(name.text);
    if (found != by_name_.end()) return found->second;
    const std::string near = name.text.size() > 100 ? "" : nearest(name.text, names_);
    reader_.fault(name.place, "unknown_indicator", "there is no indicator `" + name.text.substr(0, 80) + "`",
                  near.empty() ? "`candor indicators list` names all" : "did you mean `" + near + "`?");
    return nullptr;
  }

  std::optional<FactKind> fact(const Placed& word) {
    const auto kind = fact_kind(word.text);
    // What people decide needs no trigger: it says itself which policy it is about.
    if (kind && *kind != FactKind::scoring_start) return kind;
    reader_.fault(word.place, "unknown_fact", "there is no kind of fact `" + word.text + "`",
                  "known: resignation, job_level_change, performance_review, improvement_plan, employee_profile; as a "
                  "trigger also directory_end and after_last_working_day");
    return std::nullopt;
  }

 private:
  std::map<std::string, const IndicatorInfo*> by_name_;
  std::vector<std::string> names_;
  const ScoringContent& scoring_;
  YamlReader& reader_;
};

PolicyIndicator make_indicator(const IndicatorInfo& info, Share weight) {
  PolicyIndicator out{.key = info.key,
                      .name = info.name,
                      .title = info.title,
                      .category = info.category,
                      .weight = weight,
                      .is_sequence = false,
                      .levels = {}};
  std::ranges::copy(info.levels, out.levels.begin());
  return out;
}

void take_levels(PolicyIndicator& indicator, const LevelsByDimension& levels) {
  for (std::size_t d = 0; d < kDimensions; ++d) {
    if (levels[d]) indicator.levels[d] = *levels[d];
  }
}

// Entries by category first, then those by name: the nearer one wins. Levels: shipped, fitted, those of the entry.
void compile_indicators(const PolicyText& text, YamlReader& reader, Names& names,
                        std::span<const IndicatorInfo> indicators, const ScoringContent& scoring, Policy& policy) {
  std::map<IndicatorKey, PolicyIndicator> chosen;
  std::set<std::string> seen;
  for (const IndicatorEntry& entry : text.indicators) {
    const Placed& word = entry.category ? *entry.category : *entry.name;
    if (!seen.insert((entry.category ? "category " : "name ") + word.text).second) {
      reader.fault(word.place, "repeated_indicator", "`" + word.text.substr(0, 80) + "` is listed twice");
    }
    if (!entry.category) continue;
    const auto category = category_named(word, reader);
    if (!category) continue;
    for (const IndicatorInfo& info : indicators) {
      // What is switched off stays off; what is not tried yet must be named.
      if (info.category != *category || (info.experimental && !entry.off)) continue;
      if (entry.off) {
        chosen.erase(info.key);
      } else {
        chosen.insert_or_assign(info.key, make_indicator(info, entry.weight.value_or(scoring.weights.at(*category))));
      }
    }
  }
  for (const IndicatorEntry& entry : text.indicators) {
    if (!entry.name) continue;
    const IndicatorInfo* info = names.indicator(*entry.name);
    if (info == nullptr) continue;
    if (entry.off) {
      chosen.erase(info->key);
      continue;
    }
    auto& indicator =
        chosen.try_emplace(info->key, make_indicator(*info, scoring.weights.at(info->category))).first->second;
    if (entry.weight) indicator.weight = *entry.weight;
  }
  for (const FittedEntry& entry : text.fitted) {
    const IndicatorInfo* const info = names.indicator(entry.name);
    const auto found = info == nullptr ? chosen.end() : chosen.find(info->key);
    if (found != chosen.end()) take_levels(found->second, entry.levels);
  }
  for (const IndicatorEntry& entry : text.indicators) {
    const auto found = std::ranges::find_if(
        chosen, [&](const auto& one) { return entry.name && one.second.name == entry.name->text; });
    if (found != chosen.end()) take_levels(found->second, entry.levels);
  }
  for (auto& [key, indicator] : chosen) policy.indicators.push_back(std::move(indicator));
  if (policy.indicators.empty() && reader.clean()) {
    reader.fault({.line = 1, .column = 1}, "no_indicators", "the policy scores no indicator at all");
  }
}

// Indicators that are not tried yet take no part, but for those a step names. A step that nothing can do (its
// indicators are not there) leaves the sequence out.
std::optional<Sequence> make_sequence(const SequenceContent& content, std::span<const IndicatorInfo> indicators) {
  Sequence out{.key = 0, .name = content.name, .title = content.title, .steps = {}, .window_days = content.window_days};
  for (const SequenceContent::Step& step : content.steps) {
    std::set<IndicatorKey> keys;
    for (const IndicatorInfo& info : indicators) {
      const bool of_category =
          !info.experimental && std::ranges::find(step.categories, info.category) != step.categories.end();
      if (of_category || std::ranges::find(step.indicators, info.name) != step.indicators.end()) keys.insert(info.key);
    }
    if (keys.empty()) return std::nullopt;
    out.steps.emplace_back(keys.begin(), keys.end());
  }
  out.key = key_of(out);
  return out;
}

void compile_sequences(const PolicyText& text, YamlReader& reader, Names& names,
                       std::span<const IndicatorInfo> indicators, const ScoringContent& scoring, Policy& policy) {
  struct Chosen {
    Share weight = kWhole;
    std::array<Levels, kDimensions> levels;
  };
  std::map<const SequenceContent*, Chosen> chosen;
  for (const SequenceEntry& entry : text.sequences) {
    if (entry.name) continue;
    for (const SequenceContent& one : scoring.sequences) {
      if (!entry.off) chosen[&one] = {.weight = entry.weight.value_or(kWhole), .levels = one.levels};
    }
  }
  for (const SequenceEntry& entry : text.sequences) {
    const SequenceContent* const one = entry.name ? names.sequence(*entry.name) : nullptr;
    if (one == nullptr) continue;
    if (entry.off) {
      chosen.erase(one);
      continue;
    }
    Chosen& own = chosen.try_emplace(one, Chosen{.weight = kWhole, .levels = one->levels}).first->second;
    if (entry.weight) own.weight = *entry.weight;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      if (entry.levels[d]) own.levels[d] = *entry.levels[d];
    }
  }
  for (const auto& [content, own] : chosen) {
    auto sequence = make_sequence(*content, indicators);
    if (!sequence) continue;
    if (policy.find(sequence->key) != nullptr) {
      reader.fault({.line = 1, .column = 1}, "equal_keys",
                   "the sequence `" + content->name + "` has the key of another", "give it another name");
      continue;
    }
    const auto at = std::ranges::upper_bound(policy.indicators, sequence->key, {}, &PolicyIndicator::key);
    policy.indicators.insert(at, {.key = sequence->key,
                                  .name = sequence->name,
                                  .title = sequence->title,
                                  .category = Category::exfiltration,
                                  .weight = own.weight,
                                  .is_sequence = true,
                                  .levels = own.levels});
    policy.sequences.push_back(std::move(*sequence));
  }
  std::ranges::sort(policy.sequences, {}, &Sequence::key);
}

std::int64_t level_of(const Levels& levels, std::size_t level) {
  return level == 0 ? levels.low : level == 1 ? levels.medium : levels.high;
}

Trigger::Watched watch(const IndicatorInfo& info, const TriggerEntry& entry, const Policy& policy) {
  Trigger::Watched watched{.key = info.key, .name = info.name, .least = {}};
  const PolicyIndicator* chosen = policy.find(info.key);
  for (std::size_t d = 0; d < kDimensions; ++d) {
    const Levels& levels = chosen != nullptr ? chosen->levels[d] : info.levels[d];
    watched.least[d] = entry.any_least ? entry.least[d].value_or(0) : level_of(levels, entry.level);
  }
  return watched;
}

Trigger::Watched watch(const PolicyIndicator& sequence, const TriggerEntry& entry) {
  Trigger::Watched watched{.key = sequence.key, .name = sequence.name, .least = {}};
  for (std::size_t d = 0; d < kDimensions; ++d) {
    watched.least[d] = entry.any_least ? entry.least[d].value_or(0) : level_of(sequence.levels[d], entry.level);
  }
  return watched;
}

std::optional<Trigger::OfSum> sum_named(const Placed& id, std::size_t level, YamlReader& reader, const Policy& policy) {
  const auto found = std::ranges::find(policy.cumulative, id.text, &Cumulative::id);
  if (found != policy.cumulative.end()) {
    return Trigger::OfSum{.rule = static_cast<std::size_t>(found - policy.cumulative.begin()),
                          .least = level_of(found->levels, level)};
  }
  reader.fault(id.place, "unknown_cumulative", "there is no cumulative sum `" + id.text + "` in this policy");
  return std::nullopt;
}

void compile_triggers(const PolicyText& text, YamlReader& reader, Names& names,
                      std::span<const IndicatorInfo> indicators, Policy& policy) {
  std::set<std::string> seen;
  for (const TriggerEntry& entry : text.triggers) {
    if (!seen.insert(entry.id.text).second) {
      reader.fault(entry.id.place, "repeated_id", "two triggers are called `" + entry.id.text + "`");
    }
    Trigger trigger{.id = entry.id.text,
                    .title = entry.title,
                    .fact = std::nullopt,
                    .after_last_working_day = false,
                    .directory_end = false,
                    .watched = {},
                    .sum = std::nullopt};
    if (entry.fact && entry.fact->text == "directory_end") {
      trigger.directory_end = true;
    } else if (entry.fact && entry.fact->text == "after_last_working_day") {
      trigger.fact = FactKind::resignation;
      trigger.after_last_working_day = true;
    } else if (entry.fact) {
      trigger.fact = names.fact(*entry.fact);
    } else if (entry.cumulative) {
      trigger.sum = sum_named(*entry.cumulative, entry.level, reader, policy);
    } else if (entry.exfiltration_triggers) {
      for (const IndicatorInfo& info : indicators) {
        if (info.exfiltration_trigger && !info.experimental) trigger.watched.push_back(watch(info, entry, policy));
      }
    }
    for (const Placed& name : entry.indicators) {
      const IndicatorInfo* info = names.indicator(name);
      if (info != nullptr) trigger.watched.push_back(watch(*info, entry, policy));
    }
    for (const PolicyIndicator& one : policy.indicators) {
      const bool named = std::ranges::find(entry.sequences, one.name, &Placed::text) != entry.sequences.end();
      if (one.is_sequence && (entry.all_sequences || named)) trigger.watched.push_back(watch(one, entry));
    }
    for (const Placed& name : entry.sequences) {
      if (names.sequence(name) == nullptr) continue;
      if (std::ranges::find(policy.sequences, name.text, &Sequence::name) == policy.sequences.end()) {
        reader.fault(name.place, "unscored_sequence", "the policy does not score `" + name.text + "`",
                     "list it under `sequences`");
      }
    }
    std::ranges::sort(trigger.watched, {}, &Trigger::Watched::key);
    policy.triggers.push_back(std::move(trigger));
  }
  if (policy.triggers.empty() && reader.clean()) {
    reader.fault({.line = 1, .column = 1}, "no_trigger", "a policy without triggers never scores anybody");
  }
}

void compile_exculpatory(const PolicyText& text, YamlReader& reader, Names& names, Policy& policy) {
  std::set<std::string> seen;
  for (const ExculpatoryEntry& entry : text.exculpatory) {
    if (!seen.insert(entry.id.text).second) {
      reader.fault(entry.id.place, "repeated_id", "two exculpatory facts are called `" + entry.id.text + "`");
    }
    if (const auto kind = names.fact(entry.fact)) {
      policy.exculpatory.push_back(
          {.id = entry.id.text, .title = entry.title, .fact = *kind, .where = entry.where, .points = entry.points});
    }
  }
  std::ranges::sort(policy.exculpatory, {}, &Exculpatory::id);
}

// What a sum adds up: indicators that the policy scores, by name or by category.
std::vector<IndicatorKey> summed(const CumulativeEntry& entry, YamlReader& reader, Names& names, const Policy& policy) {
  std::vector<IndicatorKey> keys;
  for (const Placed& name : entry.indicators) {
    const IndicatorInfo* info = names.indicator(name);
    if (info == nullptr) continue;
    if (policy.find(info->key) == nullptr) {
      reader.fault(name.place, "unscored_indicator", "the policy does not score `" + name.text + "`");
    }
    keys.push_back(info->key);
  }
  std::vector<Category> categories;
  for (const Placed& word : entry.categories) {
    if (const auto category = category_named(word, reader)) categories.push_back(*category);
  }
  if (entry.categories.empty() && entry.indicators.empty()) categories = {Category::exfiltration};
  for (const PolicyIndicator& indicator : policy.indicators) {
    if (std::ranges::find(categories, indicator.category) != categories.end()) keys.push_back(indicator.key);
  }
  std::ranges::sort(keys);
  const auto repeats = std::ranges::unique(keys);
  keys.erase(repeats.begin(), repeats.end());
  return keys;
}

void compile_cumulative(const PolicyText& text, YamlReader& reader, Names& names, Policy& policy) {
  std::set<std::string> seen;
  for (const CumulativeEntry& entry : text.cumulative) {
    if (!seen.insert(entry.id.text).second) {
      reader.fault(entry.id.place, "repeated_id", "two cumulative sums are called `" + entry.id.text + "`");
    }
    Cumulative rule = entry.values;
    rule.id = entry.id.text;
    rule.indicators = summed(entry, reader, names, policy);
    policy.cumulative.push_back(std::move(rule));
  }
  std::ranges::sort(policy.cumulative, {}, &Cumulative::id);
}

}  // namespace

std::optional<Category> category_named(const Placed& word, YamlReader& reader) {
  std::vector<std::string> words;
  for (const Category category : all_categories()) {
    if (to_text(category) == word.text) return category;
    words.emplace_back(to_text(category));
  }
  const std::string near = nearest(word.text.substr(0, 100), words);
  reader.fault(word.place, "unknown_category", "there is no category `" + word.text.substr(0, 80) + "`",
               near.empty() ? "known: access, deletion, collection, exfiltration, infiltration, obfuscation, security"
                            : "did you mean `" + near + "`?");
  return std::nullopt;
}

Policy compile_policy(PolicyText text, YamlReader& reader, std::span<const IndicatorInfo> indicators,
                      const ScoringContent& scoring) {
  Policy policy = std::move(text.values);
  Names names(indicators, scoring, reader);
  compile_indicators(text, reader, names, indicators, scoring, policy);
  compile_cumulative(text, reader, names, policy);  // sums add up indicators, not what is made of them
  compile_sequences(text, reader, names, indicators, scoring, policy);
  if (policy.priority_only) {
    constexpr auto kPriority = static_cast<std::size_t>(Dimension::priority);
    for (PolicyIndicator& one : policy.indicators) {
      for (std::size_t d = 0; d < kDimensions; ++d) {
        if (d != kPriority) one.levels[d] = Levels{};
      }
    }
  }
  compile_triggers(text, reader, names, indicators, policy);
  compile_exculpatory(text, reader, names, policy);
  policy.bands = scoring.bands;
  policy.cut = scoring.cuts[static_cast<std::size_t>(policy.volume)];
  policy.logarithms = scoring.logarithms;
  return policy;
}

}  // namespace candor
