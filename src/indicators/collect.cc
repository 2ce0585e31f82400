#include "indicators/collect.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "activity/activity.h"
#include "activity/organisation_fact.h"
#include "base/keys.h"
#include "indicators/candor_block.h"
#include "indicators/catalogue_scope.h"
#include "indicators/operations.h"
#include "indicators/rule_report.h"
#include "sigma/collect.h"
#include "sigma/detection.h"
#include "sources/feed.h"

namespace candor {
namespace {

// One rule on its way to a checked one.
class RuleChecker {
 public:
  RuleChecker(const RuleFile& rule, const RulesByName& all, const FieldCatalogue& catalogue,
              std::vector<Diagnostic>& diagnostics)
      : rule_(rule), all_(all), catalogue_(catalogue), report_(rule, diagnostics), diagnostics_(diagnostics) {}

  std::optional<CheckedRule> check() {
    texts();
    if (rule_.document.kind == sigma::Document::Kind::correlation) {
      correlation();
      check_candor_block(rule_, checked_.reads.sources, checked_.info, report_);
    } else {
      log_source();
      check_candor_block(rule_, checked_.reads.sources, checked_.info, report_);
      feeds();
      detection();
    }
    needs();
    if (report_.failed() || failed_) return std::nullopt;
    return std::move(checked_);
  }

 private:
  void error(Place place, const char* id, std::string message, std::string hint = "") {
    report_.error(place, id, std::move(message), std::move(hint));
  }

  void texts() {
    IndicatorInfo& info = checked_.info;
    info.file = rule_.document.file;
    info.title = report_.needed(rule_.document.title, "title", rule_.document.place);
    info.description = report_.needed(rule_.document.description, "description", rule_.document.place);
    info.id = report_.needed(rule_.document.id, "id", rule_.document.place);
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
    for (const Scalar& each : rule_.document.false_positives) info.false_positives.push_back(each.text);
    info.detection = rule_.detection;
    if (rule_.document.status) info.status = rule_.document.status->text;
    if (rule_.document.level) info.level = rule_.document.level->text;
    report_.one_of(rule_.document.status, "status", {"stable", "test", "experimental", "deprecated", "unsupported"});
    info.experimental = rule_.document.status && rule_.document.status->text == "experimental";
    report_.one_of(rule_.document.level, "level", {"informational", "low", "medium", "high", "critical"});
  }

  void log_source() {
    const std::string product = rule_.document.log_source.product ? rule_.document.log_source.product->text : "";
    const std::string service = rule_.document.log_source.service ? rule_.document.log_source.service->text : "";
    if (product.empty()) {
      error(rule_.document.place, "indicators.missing_key", "`logsource` with `product` is missing",
            "write `product: m365`");
      return;
    }
    checked_.reads = reads_of(rule_.document.log_source);
    if (checked_.reads.sources == 0) {
      error(rule_.document.log_source.product->place, "indicators.unknown_logsource",
            "no source delivers `" + sigma::shortened(product) + "` `" + sigma::shortened(service) + "`",
            "known are product m365, product aws with service cloudtrail, product azure with service activitylogs, and "
            "product candor with service badge or the name of a feed");
    }
  }

  void feeds() {
    if (checked_.reads.sources == 0) return;
    for (const Feed& feed : checked_.info.feeds) {
      if (kind_of_source(feed.source) == SourceKind::feed) checked_.reads.add_feed(feed.source);
    }
  }

  void correlation() {
    auto correlation = check_correlation(rule_, all_, catalogue_, checked_.info.id, report_, diagnostics_);
    if (!correlation) {
      failed_ = true;
      return;
    }
    std::vector<sigma::Expression> any;
    for (const CorrelatedRule& each : correlation->rules) {
      checked_.reads.sources |= each.reads.sources;
      for (const std::string& feed : each.reads.feeds) checked_.reads.add_feed(feed);
      checked_.info.operations.insert(checked_.info.operations.end(), each.operations.begin(), each.operations.end());
      any.push_back(each.expression);
      any.back().origin = each.name;
    }
    for (const auto& [need, place] : correlation->needs) asked_.emplace(need, Asked{.place = place, .what = "a rule"});
    checked_.expression = sigma::Expression::any_of(std::move(any));
    checked_.correlation = std::move(correlation);
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
    for (const auto& [need, asked] : asked_) {
      if (std::ranges::find(needs, need) != needs.end()) continue;
      needs.push_back(need);
      report_.add(Severity::warning, asked.place, "indicators.undeclared_need",
                  "`candor.needs` lacks what " + asked.what + " is derived from", "add `" + need + "` to it");
    }
  }

  void detection() {
    CatalogueScope scope(catalogue_);
    sigma::Faults faults(rule_.document.file, diagnostics_);
    const auto seen = [this](sigma::FieldIndex field, const sigma::FieldLine& line) {
      const std::string& needs = catalogue_[field].needs;
      if (needs.empty()) return;
      asked_.emplace(needs, Asked{.place = line.place, .what = "`" + sigma::shortened(line.key) + "`"});
    };
    const auto expressions = sigma::expressions_of(rule_.document.selections, scope, faults, seen);
    auto expression = sigma::expression_of(rule_.document.conditions, rule_.document.selections, expressions, faults);
    failed_ = failed_ || faults.failed();
    if (!expression) return;
    checked_.info.operations = operations_of(*expression, rule_.document.selections, catalogue_);
    checked_.expression = std::move(*expression);
  }

  struct Asked {
    Place place;
    std::string what;  // for the message
  };

  const RuleFile& rule_;
  const RulesByName& all_;
  const FieldCatalogue& catalogue_;
  RuleReport report_;
  std::vector<Diagnostic>& diagnostics_;
  CheckedRule checked_;
  std::map<std::string, Asked> asked_;  // by need: the first that is derived from it
  bool failed_ = false;                 // in the detection, which reports for itself
};

// Drops rules whose id, name or key an earlier one has.
class Unique {
 public:
  explicit Unique(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {}

  bool take(const CheckedRule& rule) {
    const IndicatorInfo& info = rule.info;
    bool fresh = unique(ids_, info.id, "id", info) && unique(names_, info.name, "name", info) &&
                 unique(keys_, std::to_string(info.key), "key", info);
    if (!rule.correlation) return fresh;
    for (const CorrelatedRule& each : rule.correlation->rules) {
      fresh = fresh && unique(keys_, std::to_string(each.key), "key", info);
    }
    return fresh;
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
  RulesByName by_name;
  for (const RuleFile& rule : rules) {
    if (rule.candor.name) by_name.try_emplace(rule.candor.name->text, &rule);
    if (rule.document.id) by_name.try_emplace(rule.document.id->text, &rule);
  }
  for (const RuleFile& rule : rules) {
    auto checked = RuleChecker(rule, by_name, catalogue, diagnostics).check();
    if (checked && unique.take(*checked)) result.push_back(std::move(*checked));
  }
  std::ranges::sort(result, {}, [](const CheckedRule& rule) { return rule.info.name; });
  return result;
}

void keep_at_most(std::size_t most, std::vector<CheckedRule>& rules, std::vector<Diagnostic>& diagnostics) {
  std::size_t held = 0;
  std::size_t count = 0;
  for (; count < rules.size(); ++count) {
    held += 1 + (rules[count].correlation ? rules[count].correlation->rules.size() : 0);
    if (held > most) break;
  }
  if (count == rules.size()) return;
  diagnostics.push_back({.file = rules[count].info.file,
                         .line = 0,
                         .column = 0,
                         .severity = Severity::error,
                         .id = "indicators.too_many",
                         .message = std::to_string(rules.size()) + " indicators are more than the " +
                                    std::to_string(most) + " rules a set may hold; from `" + rules[count].info.name +
                                    "` on, by name, none is evaluated",
                         .hint = "take out those that nobody needs"});
  rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(count), rules.end());
}

}  // namespace candor
