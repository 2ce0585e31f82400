#include "indicators/indicator_set.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "base/keys.h"
#include "indicators/collect.h"
#include "indicators/compile.h"
#include "indicators/public_rules.h"
#include "indicators/read.h"
#include "indicators/variants.h"

namespace candor {

namespace {

// What collect() warns of in a variant it has warned of in the original.
void drop_repeated_warnings(const std::vector<Variant>& variants, std::vector<Diagnostic>& diagnostics) {
  std::erase_if(diagnostics, [&](const Diagnostic& each) {
    const auto is_of = [&](const Variant& variant) { return variant.rule.document.file == each.file; };
    return each.severity == Severity::warning && std::ranges::any_of(variants, is_of);
  });
}

std::uint64_t with_exclusions(std::uint64_t rules, const std::vector<Exclusion>& exclusions) {
  if (exclusions.empty()) return rules;
  std::string bytes = std::to_string(rules);
  for (const Exclusion& each : exclusions) bytes += '\n' + std::to_string(each.fingerprint());
  return content_hash(bytes);
}

}  // namespace

IndicatorSet::Loaded IndicatorSet::build(std::vector<RuleFile> files, std::shared_ptr<const FieldCatalogue> catalogue,
                                         const RestrictionTexts& restrictions, std::vector<Diagnostic> diagnostics) {
  auto set = std::make_shared<IndicatorSet>();
  const auto fields = std::make_shared<const ItemFields>(*catalogue);
  set->groups_ = read_detection_groups(restrictions, fields, diagnostics);
  const std::vector<Variant> variants = read_variants(restrictions, files, set->groups_, diagnostics);
  for (const Variant& variant : variants) files.push_back(variant.rule);
  std::vector<CheckedRule> rules = collect(files, *catalogue, diagnostics);
  drop_repeated_warnings(variants, diagnostics);
  keep_at_most(std::numeric_limits<IndicatorIndex>::max(), rules, diagnostics);
  narrow(rules, variants, set->groups_);
  std::vector<std::string> names;
  names.reserve(rules.size());
  for (const CheckedRule& rule : rules) names.push_back(rule.info.name);
  set->exclusions_ = read_exclusions(restrictions, fields, set->groups_, names, diagnostics);
  // An exclusion about an indicator also keeps its activities out of the correlations that count it.
  const auto excluded = [&set](const std::string& name, const std::string& counted) {
    std::vector<std::uint32_t>& by = set->excluded_by_.emplace_back();
    for (std::size_t i = 0; i < set->exclusions_.size(); ++i) {
      const std::vector<std::string>& about = set->exclusions_[i].indicators;
      const auto is_about = [&about](const std::string& one) { return std::ranges::find(about, one) != about.end(); };
      if (about.empty() || is_about(name) || is_about(counted)) by.push_back(static_cast<std::uint32_t>(i));
    }
  };
  for (const CheckedRule& rule : rules) {
    excluded(rule.info.name, "");
    set->keys_.push_back(rule.info.key);
  }
  for (const CheckedRule& rule : rules) {
    if (!rule.correlation) continue;
    for (const CorrelatedRule& each : rule.correlation->rules) {
      excluded(rule.info.name, each.indicator);
      set->keys_.push_back(each.key);
    }
    set->correlations_->add(rule.info.key, *rule.correlation, *catalogue);
  }
  set->fingerprint_ = with_exclusions(fingerprint_of(rules, *catalogue), set->exclusions_);
  set->rules_ = compile(rules, std::move(catalogue));
  for (CheckedRule& rule : rules) {
    set->indicators_.push_back(std::move(rule.info));
    set->expressions_.push_back(std::move(rule.expression));
  }
  return {.set = std::move(set), .diagnostics = std::move(diagnostics)};
}

IndicatorSet::Loaded IndicatorSet::load(const std::vector<std::filesystem::path>& folders,
                                        std::shared_ptr<const FieldCatalogue> catalogue,
                                        const RestrictionTexts& restrictions) {
  std::vector<Diagnostic> diagnostics;
  std::vector<RuleFile> files = read_rules(folders, diagnostics);
  for (const std::filesystem::path& folder : folders) {
    const auto mappings = folder.parent_path() / "mappings" / "sigma";
    std::ranges::move(read_public_rules(folder, mappings, *catalogue, diagnostics), std::back_inserter(files));
  }
  return build(std::move(files), std::move(catalogue), restrictions, std::move(diagnostics));
}

IndicatorSet::Loaded IndicatorSet::parse(const std::vector<RuleText>& texts,
                                         std::shared_ptr<const FieldCatalogue> catalogue,
                                         const RestrictionTexts& restrictions) {
  std::vector<Diagnostic> diagnostics;
  std::vector<RuleFile> files;
  for (const RuleText& text : texts) {
    if (auto file = read_rule(text.file, text.text, diagnostics)) files.push_back(std::move(*file));
  }
  return build(std::move(files), std::move(catalogue), restrictions, std::move(diagnostics));
}

IndicatorIndex IndicatorSet::owner(IndicatorIndex position) const { return rules_->owners[position]; }

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
