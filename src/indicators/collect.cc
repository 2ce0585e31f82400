#include "indicators/collect.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "activity/activity.h"
#include "activity/organisation_fact.h"
#include "base/keys.h"
#include "indicators/condition.h"
#include "indicators/modifiers.h"

namespace candor {
namespace {

constexpr std::size_t kMaxSuggestible = 64;  // bytes; longer words are not compared with all names
constexpr std::string_view kOperationField = "event.action";

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  const std::string near = word.size() > kMaxSuggestible ? "" : nearest(word, names);
  return near.empty() ? "" : "did you mean `" + near + "`?";
}

std::string shortened(std::string_view text) { return std::string(text.substr(0, kMaxSuggestible)); }

// Which activities a log source of Sigma means.
struct LogSource {
  std::string_view product;
  std::string_view service;  // "" for all
  SourceKind kind;
};
constexpr std::array kLogSources = {
    LogSource{"m365", "", SourceKind::m365_audit},
    LogSource{"candor", "badge", SourceKind::badge},
};

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

bool is_name(std::string_view text) {
  const bool sound =
      std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  return sound && !text.empty() && text.size() <= 64 && text[0] >= 'a';
}

// One rule on its way to a checked one.
class Checker {
 public:
  Checker(const RuleFile& rule, const FieldCatalogue& catalogue, std::vector<Diagnostic>& diagnostics)
      : rule_(rule), catalogue_(catalogue), diagnostics_(diagnostics) {}

  std::optional<CheckedRule> check() {
    texts();
    log_source();
    candor_block();
    thresholds();
    detection();
    needs();
    if (failed_) return std::nullopt;
    return std::move(checked_);
  }

 private:
  void report(Severity severity, Place place, const char* id, std::string message, std::string hint = "") {
    failed_ = failed_ || severity == Severity::error;
    diagnostics_.push_back({.file = rule_.file,
                            .line = place.line,
                            .column = place.column,
                            .severity = severity,
                            .id = id,
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }
  void error(Place place, const char* id, std::string message, std::string hint = "") {
    report(Severity::error, place, id, std::move(message), std::move(hint));
  }

  // The text of a key that must be there, or "" after a diagnostic.
  std::string needed(const std::optional<Scalar>& value, const char* key, Place owner) {
    if (value && !value->null && !value->text.empty()) return value->text;
    error(value ? value->place : owner, "indicators.missing_key", std::string("`") + key + "` is missing or empty");
    return "";
  }

  void one_of(const std::optional<Scalar>& value, const char* key, const std::vector<std::string>& words) {
    if (!value || std::ranges::find(words, value->text) != words.end()) return;
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    error(value->place, "indicators.bad_value", std::string("`") + key + "` is none of " + all);
  }

  void texts() {
    IndicatorInfo& info = checked_.info;
    info.file = rule_.file;
    info.title = needed(rule_.title, "title", rule_.place);
    info.description = needed(rule_.description, "description", rule_.place);
    info.id = needed(rule_.id, "id", rule_.place);
    if (!info.id.empty() && !is_uuid(info.id)) {
      error(rule_.id->place, "indicators.bad_value", "`id` is not a UUID in lower case", "make one with `uuidgen`");
    }
    // Four bytes of a hash that is the same everywhere: the key is stored with every match.
    info.key = static_cast<IndicatorKey>(content_hash(info.id));
    if (rule_.false_positives.empty()) {
      error(rule_.place, "indicators.missing_key", "`falsepositives` is missing",
            "say what harmless work looks the same");
    }
    one_of(rule_.status, "status", {"stable", "test", "experimental", "deprecated", "unsupported"});
    one_of(rule_.level, "level", {"informational", "low", "medium", "high", "critical"});
  }

  void log_source() {
    const std::string product = rule_.product ? rule_.product->text : "";
    const std::string service = rule_.service ? rule_.service->text : "";
    if (product.empty()) {
      error(rule_.place, "indicators.missing_key", "`logsource` with `product` is missing", "write `product: m365`");
      return;
    }
    for (const LogSource& source : kLogSources) {
      if (source.product == product && (source.service.empty() || source.service == service)) {
        checked_.sources |= 1u << static_cast<unsigned>(source.kind);
      }
    }
    if (checked_.sources == 0) {
      error(rule_.product->place, "indicators.unknown_logsource",
            "no source delivers `" + shortened(product) + "` `" + shortened(service) + "`",
            "known are product m365, and product candor with service badge");
    }
  }

  void candor_block() {
    const CandorBlock& block = rule_.candor;
    IndicatorInfo& info = checked_.info;
    const Place place = block.place.line > 0 ? block.place : rule_.place;
    info.name = needed(block.name, "candor.name", place);
    if (!info.name.empty() && !is_name(info.name)) {
      error(block.name->place, "indicators.bad_value", "`candor.name` must be lower_case_words of at most 64 letters");
    }
    info.workload = needed(block.workload, "candor.workload", place);
    const std::string category = needed(block.category, "candor.category", place);
    bool known = category.empty();
    std::vector<std::string> names;
    for (const Category candidate : all_categories()) {
      names.emplace_back(to_text(candidate));
      if (category != to_text(candidate)) continue;
      info.category = candidate;
      known = true;
    }
    if (!known) one_of(block.category, "candor.category", names);
    if (const auto intrusion = whole(block.intrusion)) {
      if (*intrusion < 1 || *intrusion > 4) {
        error(block.intrusion->place, "indicators.bad_value", "`candor.intrusion` must be 1 to 4",
              "1 file metadata, 2 communication metadata, 3 content, 4 private life");
      } else {
        info.intrusion = static_cast<int>(*intrusion);
      }
    } else if (!block.intrusion) {
      needed(block.intrusion, "candor.intrusion", place);
    }
    if (block.exfiltration_trigger) {
      one_of(block.exfiltration_trigger, "candor.exfiltration_trigger", {"true", "false"});
      info.exfiltration_trigger = block.exfiltration_trigger->text == "true";
    }
  }

  void needs() {
    std::vector<std::string>& needs = checked_.info.needs;
    for (const Scalar& need : rule_.candor.needs) {
      needs.push_back(need.text);
      if (need_named(need.text)) continue;
      error(need.place, "indicators.unknown_need", "`candor.needs` names facts about the organisation",
            did_you_mean(need.text, need_names()));
    }
    // Who reads the list of what is missing must not be told less than the rule asks.
    for (const auto& [need, line] : asked_) {
      if (std::ranges::find(needs, need) != needs.end()) continue;
      needs.push_back(need);
      report(Severity::warning, line->place, "indicators.undeclared_need",
             "`candor.needs` lacks what `" + shortened(line->key) + "` is derived from", "add `" + need + "` to it");
    }
  }

  // A whole number; nullopt when absent or, after a diagnostic, when it is none.
  std::optional<std::int64_t> whole(const std::optional<Scalar>& value) {
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    const char* end = value->text.data() + value->text.size();
    const auto [stop, fault] = std::from_chars(value->text.data(), end, number);
    if (fault == std::errc() && stop == end && !value->text.empty()) return number;
    error(value->place, "indicators.bad_value", "`" + shortened(value->text) + "` is not a whole number");
    return std::nullopt;
  }

  void thresholds() {
    std::optional<Levels> levels[kDimensions];
    for (const ThresholdLine& line : rule_.candor.thresholds) {
      int dimension = 0;
      while (dimension < kDimensions && to_text(static_cast<Dimension>(dimension)) != line.dimension) ++dimension;
      if (dimension == kDimensions) {
        error(line.place, "indicators.bad_threshold", "`" + shortened(line.dimension) + "` is not a dimension",
              "known are all, sensitive, priority, unallowed");
        continue;
      }
      levels[dimension] = levels_of(line);
    }
    const auto all = static_cast<std::size_t>(Dimension::all);
    if (rule_.candor.thresholds.empty() || !levels[all]) {
      if (!failed_ || rule_.candor.thresholds.empty()) {
        error(rule_.candor.place, "indicators.bad_threshold", "`candor.thresholds.all` is missing");
      }
      return;
    }
    // A dimension without a row of its own counts against the row of all.
    for (int i = 0; i < kDimensions; ++i) {
      checked_.info.levels[i] = levels[i].value_or(*levels[all]);
      checked_.info.has_levels[i] = levels[i].has_value();
    }
  }

  std::optional<Levels> levels_of(const ThresholdLine& line) {
    needed(line.reason, "reason", line.place);
    if (!line.low || !line.medium || !line.high) {
      error(line.place, "indicators.bad_threshold", "a threshold needs low, medium and high");
      return std::nullopt;
    }
    const auto low = whole(line.low);
    const auto medium = whole(line.medium);
    const auto high = whole(line.high);
    if (!low || !medium || !high) return std::nullopt;
    if (*low < 1 || *medium < *low || *high < *medium) {
      error(line.place, "indicators.bad_threshold", "thresholds must be 0 < low <= medium <= high");
      return std::nullopt;
    }
    return Levels{.low = *low, .medium = *medium, .high = *high};
  }

  void detection() {
    std::map<std::string, Expression> selections;
    for (const Selection& selection : rule_.selections) {
      std::vector<Expression> maps;
      maps.reserve(selection.maps.size());
      for (const FieldMap& map : selection.maps) maps.push_back(field_map(map));
      selections[selection.name] = Expression::any_of(std::move(maps));
    }
    if (selections.empty() || rule_.conditions.empty()) {
      error(rule_.place, "indicators.missing_key", "`detection` needs a selection and a `condition`");
      return;
    }
    std::set<std::string> used;
    std::vector<Expression> conditions;
    for (const Scalar& condition : rule_.conditions) {
      auto parsed = parse_condition(condition.text, selections, used);
      if (parsed) {
        conditions.push_back(std::move(*parsed));
        continue;
      }
      Place place = condition.place;
      if (place.column > 0) place.column += static_cast<int>(parsed.error().offset) + (condition.quoted ? 1 : 0);
      error(place, parsed.error().id.c_str(), parsed.error().message, parsed.error().hint);
      return;
    }
    for (const Selection& selection : rule_.selections) {
      if (!used.contains(selection.name)) {
        report(Severity::warning, selection.place, "indicators.unused_selection",
               "selection `" + shortened(selection.name) + "` is not in the condition");
      }
    }
    checked_.expression = Expression::any_of(std::move(conditions));
  }

  Expression field_map(const FieldMap& map) {
    std::vector<Expression> lines;
    for (const FieldLine& line : map) {
      if (auto expression = field_line(line)) lines.push_back(std::move(*expression));
    }
    return Expression::all_of(std::move(lines));
  }

  // What the modifiers behind a field add up to.
  struct Shape {
    const Modifier* comparison = &plain_comparison();
    bool cased = false;
    bool all = false;
    bool negated = false;
    bool reference = false;
    std::string regex_flags;
  };

  std::optional<Expression> field_line(const FieldLine& line) {
    const std::string_view key = line.key;
    const std::size_t bar = key.find('|');
    const std::string name(key.substr(0, bar));
    const std::optional<FieldId> field = catalogue_.find(name);
    if (!field) {
      error(line.place, "indicators.unknown_field", "field `" + shortened(name) + "` is not part of an activity",
            did_you_mean(name, catalogue_.names()));
    }
    if (field && !catalogue_[*field].needs.empty()) asked_.emplace(catalogue_[*field].needs, &line);
    Shape shape;
    const bool sound = bar == std::string_view::npos || modifiers_of(line, bar, field, shape);
    if (!field || !sound || !fits(line, shape)) return std::nullopt;
    std::vector<Expression> values;
    for (const Scalar& value : line.values) {
      if (auto expression = test_of(*field, name, shape, value)) values.push_back(std::move(*expression));
    }
    Expression result = shape.all ? Expression::all_of(std::move(values)) : Expression::any_of(std::move(values));
    return shape.negated ? Expression::negation(std::move(result)) : std::move(result);
  }

  bool modifiers_of(const FieldLine& line, std::size_t bar, std::optional<FieldId> field, Shape& shape) {
    const std::string_view key = line.key;
    bool sound = true;
    std::set<std::string> seen;
    while (bar != std::string_view::npos) {
      const std::size_t next = key.find('|', bar + 1);
      const std::string name(key.substr(bar + 1, next == std::string_view::npos ? next : next - bar - 1));
      Place place = line.place;
      place.column += static_cast<int>(bar) + 1;
      bar = next;
      const Modifier* modifier = find_modifier(name);
      if (modifier == nullptr) {
        std::vector<std::string> names;
        for (const Modifier& known : modifiers()) names.emplace_back(known.name);
        const std::string hint = did_you_mean(name, names);
        error(place, "indicators.unknown_modifier", "modifier `" + shortened(name) + "` is not known",
              hint.empty() ? "see the modifier table in docs/guides/add-an-indicator.md" : hint);
        sound = false;
      } else if (!seen.insert(name).second) {
        error(place, "indicators.bad_modifier", "modifier `" + name + "` appears twice");
        sound = false;
      } else {
        sound = take_modifier(*modifier, place, field, shape) && sound;
      }
    }
    return sound;
  }

  bool take_modifier(const Modifier& modifier, Place place, std::optional<FieldId> field, Shape& shape) {
    const std::string name(modifier.name);
    if (field && (modifier.types & type_bit(catalogue_[*field].type)) == 0) {
      error(place, "indicators.bad_modifier", "`" + name + "` does not fit the type of this field");
      return false;
    }
    switch (modifier.role) {
      case ModifierRole::comparison:
        if (shape.comparison != &plain_comparison()) {
          error(place, "indicators.bad_modifier",
                "`" + std::string(shape.comparison->name) + "` and `" + name + "` cannot stand together",
                "use two lines, or two selections");
          return false;
        }
        shape.comparison = &modifier;
        return true;
      case ModifierRole::regex_flag:
        if (shape.comparison->name != "re") {
          error(place, "indicators.bad_modifier", "`" + name + "` only follows `re`");
          return false;
        }
        shape.regex_flags += name;
        return true;
      case ModifierRole::reference:
        shape.reference = true;
        return true;
      case ModifierRole::cased:
        shape.cased = true;
        return true;
      case ModifierRole::all:
        shape.all = true;
        return true;
      case ModifierRole::negated:
        shape.negated = true;
        return true;
    }
    return false;
  }

  // Combinations that no single modifier can judge.
  bool fits(const FieldLine& line, const Shape& shape) {
    const std::string comparison(shape.comparison->name);
    const auto refuse = [&](std::string message, std::string hint = "") {
      error(line.place, "indicators.bad_modifier", std::move(message), std::move(hint));
      return false;
    };
    if (shape.cased && !shape.comparison->texts) return refuse("`cased` does not go with `" + comparison + "`");
    if (shape.reference && shape.comparison->referenced == Comparison::present) {
      return refuse("`fieldref` does not go with `" + comparison + "`");
    }
    if (line.values.size() > 1 && !shape.comparison->lists) {
      return refuse("`" + comparison + "` takes one value, not a list");
    }
    if (shape.all && line.values.size() < 2) return refuse("`all` needs a list of at least two values");
    const bool has_null = std::ranges::any_of(line.values, &Scalar::null);
    if (has_null && line.values.size() > 1) {
      return refuse("null cannot be one of several values", "make it a selection of its own");
    }
    return true;
  }

  std::optional<Expression> test_of(FieldId field, const std::string& name, const Shape& shape, const Scalar& value) {
    if (shape.reference) return reference(field, shape, value);
    const ValueContext context{.catalogue = catalogue_,
                               .field = field,
                               .type = catalogue_[field].type,
                               .cased = shape.cased,
                               .is_operation = name == kOperationField,
                               .regex_flags = shape.regex_flags};
    ValueResult result = shape.comparison->value(context, value);
    if (result) return std::move(*result);
    error(value.place, result.error().id.c_str(), result.error().message, result.error().hint);
    return std::nullopt;
  }

  std::optional<Expression> reference(FieldId field, const Shape& shape, const Scalar& value) {
    const std::optional<FieldId> other = catalogue_.find(value.text);
    if (!other) {
      error(value.place, "indicators.unknown_field", "field `" + shortened(value.text) + "` is not part of an activity",
            did_you_mean(value.text, catalogue_.names()));
      return std::nullopt;
    }
    const FieldType type = catalogue_[*other].type;
    if (type == FieldType::integer || type == FieldType::boolean) {
      error(value.place, "indicators.bad_modifier", "`fieldref` compares texts only");
      return std::nullopt;
    }
    return Expression::of({.field = field,
                           .comparison = shape.comparison->referenced,
                           .cased = shape.cased,
                           .text = {},
                           .number = 0,
                           .other = *other});
  }

  const RuleFile& rule_;
  const FieldCatalogue& catalogue_;
  std::vector<Diagnostic>& diagnostics_;
  CheckedRule checked_;
  std::map<std::string, const FieldLine*> asked_;  // by need: the first line whose field is derived from it
  bool failed_ = false;
};

// Drops rules whose id, name or key an earlier one has.
class Unique {
 public:
  explicit Unique(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {}

  bool take(const IndicatorInfo& info) {
    return unique(ids_, info.id, "id", info) && unique(names_, info.name, "name", info) &&
           unique(keys_, std::to_string(info.key), "key", info);
  }

 private:
  bool unique(std::map<std::string, std::string>& seen, const std::string& value, const char* what,
              const IndicatorInfo& info) {
    const auto [it, fresh] = seen.emplace(value, info.file);
    if (!fresh) {
      diagnostics_.push_back(
          {.file = info.file,
           .line = 0,
           .column = 0,
           .severity = Severity::error,
           .id = std::string("indicators.duplicate_") + what,
           .message = std::string("the ") + what + " is the same as that of " + it->second,
           .hint = "give the rule another `id`" + std::string(what[0] == 'n' ? " and `candor.name`" : "")});
    }
    return fresh;
  }

  std::vector<Diagnostic>& diagnostics_;
  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> names_;
  std::map<std::string, std::string> keys_;
};

}  // namespace

std::vector<CheckedRule> collect(const std::vector<RuleFile>& rules, const FieldCatalogue& catalogue,
                                 std::vector<Diagnostic>& diagnostics) {
  std::vector<CheckedRule> result;
  Unique unique(diagnostics);
  for (const RuleFile& rule : rules) {
    auto checked = Checker(rule, catalogue, diagnostics).check();
    if (checked && unique.take(checked->info)) result.push_back(std::move(*checked));
  }
  std::ranges::sort(result, {}, [](const CheckedRule& rule) { return rule.info.name; });
  return result;
}

}  // namespace candor
