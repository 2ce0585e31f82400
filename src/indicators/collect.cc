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
#include "indicators/catalogue_scope.h"
#include "sigma/collect.h"
#include "sigma/detection.h"

namespace candor {
namespace {

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
    diagnostics_.push_back({.file = rule_.document.file,
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
    info.file = rule_.document.file;
    info.title = needed(rule_.document.title, "title", rule_.document.place);
    info.description = needed(rule_.document.description, "description", rule_.document.place);
    info.id = needed(rule_.document.id, "id", rule_.document.place);
    if (!info.id.empty() && !sigma::is_uuid(info.id)) {
      error(rule_.document.id->place, "indicators.bad_value", "`id` is not a UUID in lower case",
            "make one with `uuidgen`");
    }
    // Four bytes of a hash that is the same everywhere: the key is stored with every match.
    info.key = static_cast<IndicatorKey>(content_hash(info.id));
    if (rule_.document.false_positives.empty()) {
      error(rule_.document.place, "indicators.missing_key", "`falsepositives` is missing",
            "say what harmless work looks the same");
    }
    one_of(rule_.document.status, "status", {"stable", "test", "experimental", "deprecated", "unsupported"});
    one_of(rule_.document.level, "level", {"informational", "low", "medium", "high", "critical"});
  }

  void log_source() {
    const std::string product = rule_.document.log_source.product ? rule_.document.log_source.product->text : "";
    const std::string service = rule_.document.log_source.service ? rule_.document.log_source.service->text : "";
    if (product.empty()) {
      error(rule_.document.place, "indicators.missing_key", "`logsource` with `product` is missing",
            "write `product: m365`");
      return;
    }
    for (const LogSource& source : kLogSources) {
      if (source.product == product && (source.service.empty() || source.service == service)) {
        checked_.sources |= 1u << static_cast<unsigned>(source.kind);
      }
    }
    if (checked_.sources == 0) {
      error(rule_.document.log_source.product->place, "indicators.unknown_logsource",
            "no source delivers `" + sigma::shortened(product) + "` `" + sigma::shortened(service) + "`",
            "known are product m365, and product candor with service badge");
    }
  }

  void candor_block() {
    const CandorBlock& block = rule_.candor;
    IndicatorInfo& info = checked_.info;
    const Place place = block.place.line > 0 ? block.place : rule_.document.place;
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
            sigma::did_you_mean(need.text, need_names()));
    }
    // Who reads the list of what is missing must not be told less than the rule asks.
    for (const auto& [need, line] : asked_) {
      if (std::ranges::find(needs, need) != needs.end()) continue;
      needs.push_back(need);
      report(Severity::warning, line->place, "indicators.undeclared_need",
             "`candor.needs` lacks what `" + sigma::shortened(line->key) + "` is derived from",
             "add `" + need + "` to it");
    }
  }

  // A whole number; nullopt when absent or, after a diagnostic, when it is none.
  std::optional<std::int64_t> whole(const std::optional<Scalar>& value) {
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    const char* end = value->text.data() + value->text.size();
    const auto [stop, fault] = std::from_chars(value->text.data(), end, number);
    if (fault == std::errc() && stop == end && !value->text.empty()) return number;
    error(value->place, "indicators.bad_value", "`" + sigma::shortened(value->text) + "` is not a whole number");
    return std::nullopt;
  }

  void thresholds() {
    std::optional<Levels> levels[kDimensions];
    for (const ThresholdLine& line : rule_.candor.thresholds) {
      int dimension = 0;
      while (dimension < kDimensions && to_text(static_cast<Dimension>(dimension)) != line.dimension) ++dimension;
      if (dimension == kDimensions) {
        error(line.place, "indicators.bad_threshold", "`" + sigma::shortened(line.dimension) + "` is not a dimension",
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
    CatalogueScope scope(catalogue_);
    sigma::Faults faults(rule_.document.file, diagnostics_);
    const auto seen = [this](sigma::FieldIndex field, const sigma::FieldLine& line) {
      const std::string& needs = catalogue_[field].needs;
      if (!needs.empty()) asked_.emplace(needs, &line);
    };
    const auto expressions = sigma::expressions_of(rule_.document.selections, scope, faults, seen);
    auto expression = sigma::expression_of(rule_.document.conditions, rule_.document.selections, expressions, faults);
    failed_ = failed_ || faults.failed();
    if (expression) checked_.expression = std::move(*expression);
  }

  const RuleFile& rule_;
  const FieldCatalogue& catalogue_;
  std::vector<Diagnostic>& diagnostics_;
  CheckedRule checked_;
  std::map<std::string, const sigma::FieldLine*> asked_;  // by need: the first line whose field is derived from it
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
