#include "indicators/indicator_set.h"

#include <algorithm>

#include "indicators/collect.h"
#include "indicators/compile.h"
#include "indicators/read.h"

namespace candor {

IndicatorSet::Loaded IndicatorSet::build(const std::vector<RuleFile>& files,
                                         std::shared_ptr<const FieldCatalogue> catalogue,
                                         std::vector<Diagnostic> diagnostics) {
  std::vector<CheckedRule> rules = collect(files, *catalogue, diagnostics);
  auto set = std::make_shared<IndicatorSet>();
  set->fingerprint_ = fingerprint_of(rules, *catalogue);
  set->rules_ = compile(rules, std::move(catalogue));
  for (CheckedRule& rule : rules) {
    set->indicators_.push_back(std::move(rule.info));
    set->expressions_.push_back(std::move(rule.expression));
  }
  return {.set = std::move(set), .diagnostics = std::move(diagnostics)};
}

IndicatorSet::Loaded IndicatorSet::load(const std::vector<std::filesystem::path>& folders,
                                        std::shared_ptr<const FieldCatalogue> catalogue) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<RuleFile> files = read_rules(folders, diagnostics);
  return build(files, std::move(catalogue), std::move(diagnostics));
}

IndicatorSet::Loaded IndicatorSet::parse(const std::vector<RuleText>& texts,
                                         std::shared_ptr<const FieldCatalogue> catalogue) {
  std::vector<Diagnostic> diagnostics;
  std::vector<RuleFile> files;
  for (const RuleText& text : texts) {
    if (auto file = read_rule(text.file, text.text, diagnostics)) files.push_back(std::move(*file));
  }
  return build(files, std::move(catalogue), std::move(diagnostics));
}

std::optional<IndicatorIndex> IndicatorSet::find(IndicatorKey key) const {
  const auto found = std::ranges::find(indicators_, key, &IndicatorInfo::key);
  if (found == indicators_.end()) return std::nullopt;
  return static_cast<IndicatorIndex>(found - indicators_.begin());
}

std::optional<IndicatorIndex> IndicatorSet::find_name(std::string_view name) const {
  const auto found = std::ranges::find(indicators_, name, &IndicatorInfo::name);
  if (found == indicators_.end()) return std::nullopt;
  return static_cast<IndicatorIndex>(found - indicators_.begin());
}

}  // namespace candor
