#include "indicators/variants.h"

#include <algorithm>
#include <map>
#include <utility>

#include "indicators/list_reader.h"
#include "sigma/detection.h"

namespace candor {
namespace {

using sigma::Expression;

// A variant as it is written, on its way to a rule.
class VariantReader {
 public:
  VariantReader(const RuleText& text, const RestrictionTexts& texts, std::vector<Diagnostic>& diagnostics)
      : file_(text.file), text_(text.text), reader_(text.file, texts, diagnostics) {}

  // False after a fault.
  bool read(const DetectionGroups& groups) {
    auto root = reader_.document(text_);
    if (!root) return false;
    map_ = std::move(*root);
    reader_.only(map_, {"name", "id", "title", "description", "status", "author", "date", "variant_of", "only",
                        "except", "thresholds"});
    made_.name = reader_.name(map_);
    for (const char* key : {"id", "title", "variant_of"}) {
      if (map_.find(key) == nullptr) {
        reader_.error(map_.place, "indicators.missing_key", "`" + std::string(key) + "` is missing");
      }
    }
    if (const auto of = reader_.text(map_, "variant_of")) {
      made_.variant_of = of->text;
      of_place_ = of->place;
    }
    Variant::Narrowing narrowing{.only = names(groups, "only"), .except = names(groups, "except")};
    if (map_.find("only") == nullptr && map_.find("except") == nullptr) {
      reader_.error(map_.place, "indicators.missing_key", "a variant names groups under `only` or `except`",
                    "groups are in detection_groups.yml");
    }
    for (const auto& [key, named] : {std::pair("only", &narrowing.only), std::pair("except", &narrowing.except)}) {
      const auto* row = map_.find(key);
      if (row == nullptr || !named->empty() || reader_.failed()) continue;
      reader_.error(row->place, "indicators.bad_value",
                    "`" + std::string(key) + "` names no group, so the variant would be its original",
                    "name one of detection_groups.yml, or leave the key out");
    }
    made_.narrowings.push_back(std::move(narrowing));
    thresholds();
    return !reader_.failed();
  }

  const std::string& name() const { return made_.name; }
  const std::string& variant_of() const { return made_.variant_of; }

  Variant made_of(const RuleFile& original, const std::vector<Variant::Narrowing>& before) {
    Variant made = std::move(made_);
    made.narrowings.insert(made.narrowings.begin(), before.begin(), before.end());
    made.rule = original;
    sigma::Document& document = made.rule.document;
    document.file = file_;
    document.place = map_.place;
    made.rule.candor.place = map_.place;
    made.rule.candor.name = reader_.text(map_, "name");
    document.id = reader_.text(map_, "id");
    document.title = reader_.text(map_, "title");
    if (auto description = reader_.text(map_, "description")) document.description = std::move(description);
    if (auto status = reader_.text(map_, "status")) document.status = std::move(status);
    if (map_.find("thresholds") != nullptr) made.rule.candor.thresholds = std::move(thresholds_);
    return made;
  }

  void leads_nowhere(const std::vector<std::string>& known, bool is_variant) {
    reader_.error(of_place_, "indicators.not_found",
                  is_variant ? "`variant_of` comes back to this variant, or to one with a fault"
                             : "there is no sound indicator `" + sigma::shortened(made_.variant_of) + "`",
                  sigma::did_you_mean(made_.variant_of, known));
  }

 private:
  std::vector<std::string> names(const DetectionGroups& groups, const char* key) {
    std::vector<std::string> names;
    for (const sigma::Scalar& name : reader_.words(map_, key)) {
      if (groups.contains(name.text)) {
        names.push_back(name.text);
        continue;
      }
      std::vector<std::string> known;
      for (const auto& [group, lists] : groups) known.push_back(group);
      reader_.error(name.place, "indicators.unknown_group",
                    "there is no detection group `" + sigma::shortened(name.text) + "`",
                    sigma::did_you_mean(name.text, known));
    }
    return names;
  }

  // As in a rule; what they must be like is collect()'s to say.
  void thresholds() {
    const YamlNode* const node = map_.find("thresholds");
    if (node == nullptr) return;
    if (!node->is_map()) return reader_.error(node->place, "indicators.bad_value", "`thresholds` must be a map");
    for (const YamlEntry& row : node->entries) {
      if (!row.value.is_map()) {
        reader_.error(row.value.place, "indicators.bad_value",
                      "a threshold is a map with low, medium, high and reason");
        continue;
      }
      reader_.only(row.value, {"low", "medium", "high", "reason"});
      ThresholdLine line;
      line.dimension = row.key.text;
      line.place = row.key.place;
      line.low = reader_.text(row.value, "low");
      line.medium = reader_.text(row.value, "medium");
      line.high = reader_.text(row.value, "high");
      line.reason = reader_.text(row.value, "reason");
      thresholds_.push_back(std::move(line));
    }
  }

  const std::string file_;
  const std::string& text_;
  ListReader reader_;
  YamlNode map_;
  Place of_place_;
  std::vector<ThresholdLine> thresholds_;
  Variant made_;
};

Expression asked(const DetectionGroups& groups, const std::string& name, Extent extent) {
  return Expression::of(std::make_shared<GroupQuestion>(groups.find(name)->second, extent));
}

void narrow(Expression& expression, const Variant& variant, const DetectionGroups& groups) {
  expression.origin = "the rule";
  std::vector<Expression> parts;
  parts.push_back(std::move(expression));
  for (const Variant::Narrowing& narrowing : variant.narrowings) {
    std::vector<Expression> some;
    for (const std::string& name : narrowing.only) some.push_back(asked(groups, name, Extent::some));
    if (!some.empty()) parts.push_back(Expression::any_of(std::move(some)));
    for (const std::string& name : narrowing.except) {
      parts.push_back(Expression::negation(asked(groups, name, Extent::every)));
    }
  }
  expression = Expression::all_of(std::move(parts));
}

}  // namespace

std::vector<Variant> read_variants(const RestrictionTexts& texts, const std::vector<RuleFile>& rules,
                                   const DetectionGroups& groups, std::vector<Diagnostic>& diagnostics) {
  struct Original {
    RuleFile rule;
    std::vector<Variant::Narrowing> narrowings;
  };
  std::vector<std::unique_ptr<VariantReader>> waiting;
  for (const RuleText& text : texts.variants) {
    auto reader = std::make_unique<VariantReader>(text, texts, diagnostics);
    if (reader->read(groups)) waiting.push_back(std::move(reader));
  }
  std::vector<Variant> made;
  if (waiting.empty()) return made;
  std::map<std::string, Original, std::less<>> originals;
  std::vector<std::string> known;
  for (const RuleFile& rule : rules) {
    if (!rule.candor.name) continue;
    known.push_back(rule.candor.name->text);
    originals.try_emplace(known.back(), Original{.rule = rule, .narrowings = {}});
  }
  // A variant of a variant waits for it.
  for (bool progress = true; progress && !waiting.empty();) {
    progress = false;
    std::vector<std::unique_ptr<VariantReader>> still;
    for (std::unique_ptr<VariantReader>& reader : waiting) {
      const auto original = originals.find(reader->variant_of());
      if (original == originals.end()) {
        still.push_back(std::move(reader));
        continue;
      }
      progress = true;
      made.push_back(reader->made_of(original->second.rule, original->second.narrowings));
      originals.try_emplace(made.back().name, Original{.rule = made.back().rule, .narrowings = made.back().narrowings});
    }
    waiting = std::move(still);
  }
  for (const std::unique_ptr<VariantReader>& reader : waiting) {
    const bool is_variant = std::ranges::any_of(
        waiting, [&](const std::unique_ptr<VariantReader>& other) { return other->name() == reader->variant_of(); });
    reader->leads_nowhere(known, is_variant);
  }
  return made;
}

void narrow(std::vector<CheckedRule>& rules, const std::vector<Variant>& variants, const DetectionGroups& groups) {
  for (const Variant& variant : variants) {
    const auto rule = std::ranges::find_if(rules, [&](const CheckedRule& each) {
      return each.info.name == variant.name && each.info.file == variant.rule.document.file;
    });
    if (rule == rules.end()) continue;  // collect() has said why
    rule->info.variant_of = variant.variant_of;
    rule->info.only = variant.narrowings.back().only;
    rule->info.except = variant.narrowings.back().except;
    // With its original it would count the same activities twice in every policy that takes whole categories.
    rule->info.experimental = true;
    narrow(rule->expression, variant, groups);
    if (!rule->correlation) continue;
    for (CorrelatedRule& each : rule->correlation->rules) narrow(each.expression, variant, groups);
  }
}

}  // namespace candor
