#include "sigma/collect.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace candor::sigma {
namespace {

constexpr std::int64_t kMostDays = 3650;
constexpr std::size_t kMostFilterTests = 1'000'000;  // that all filters together add to rules

std::string text_of(const std::optional<Scalar>& scalar) { return scalar ? scalar->text : ""; }

void one_of(const std::optional<Scalar>& value, const char* key, const std::vector<std::string>& words,
            Faults& faults) {
  if (!value || std::ranges::find(words, value->text) != words.end()) return;
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  faults.error(value->place, "sigma.bad_value", std::string("`") + key + "` is none of " + all,
               did_you_mean(value->text, words));
}

// What every document says of itself.
void head(const Document& document, Faults& faults) {
  if (!document.title || document.title->text.empty()) {
    faults.error(document.place, "sigma.missing_key", "`title` is missing or empty", "say what a match means");
  }
  if (document.id && !is_uuid(document.id->text)) {
    faults.warning(document.id->place, "sigma.bad_id", "`id` is not a UUID in lower case", "make one with `uuidgen`");
  }
  one_of(document.status, "status", {"stable", "test", "experimental", "deprecated", "unsupported"}, faults);
  one_of(document.level, "level", {"informational", "low", "medium", "high", "critical"}, faults);
}

LogSource source_of(const LogSourceText& text) {
  return {.product = text_of(text.product), .service = text_of(text.service), .category = text_of(text.category)};
}

// Whether a filter for `filter` concerns rules for `rule`: what the filter leaves open fits everything.
bool covers(const LogSource& filter, const LogSource& rule) {
  const auto fits = [](const std::string& wanted, const std::string& there) {
    return wanted.empty() || wanted == there;
  };
  return fits(filter.product, rule.product) && fits(filter.service, rule.service) &&
         fits(filter.category, rule.category);
}

std::optional<TimePoint> span_of(const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop + 1 != end || number <= 0) return std::nullopt;
  static constexpr std::array kUnits = {std::pair{'s', kMicrosPerSecond}, std::pair{'m', 60 * kMicrosPerSecond},
                                        std::pair{'h', 3600 * kMicrosPerSecond}, std::pair{'d', kMicrosPerDay}};
  for (const auto& [letter, unit] : kUnits) {
    if (letter == *stop && number <= kMostDays * kMicrosPerDay / unit) return number * unit;
  }
  return std::nullopt;
}

class Collector {
 public:
  Collector(const std::vector<Document>& documents, FieldScope& scope, std::vector<Diagnostic>& diagnostics)
      : documents_(documents), scope_(scope), diagnostics_(diagnostics) {}

  RuleSet collect() {
    for (const Document& document : documents_) {
      if (document.kind == Document::Kind::rule) rule(document);
    }
    for (const Document& document : documents_) {
      if (document.kind == Document::Kind::filter) filter(document);
    }
    correlations();
    return std::move(set_);
  }

 private:
  // Takes the id and the name of a document; false when one is taken.
  bool unique(const Document& document, Faults& faults) {
    for (const auto* const scalar : {&document.id, &document.name}) {
      if (!*scalar || (*scalar)->text.empty()) continue;
      const auto [it, fresh] = owners_.emplace((*scalar)->text, document.file);
      if (!fresh) {
        faults.error((*scalar)->place, scalar == &document.id ? "sigma.duplicate_id" : "sigma.duplicate_name",
                     "`" + shortened((*scalar)->text) + "` is already a rule in " + it->second,
                     "each rule needs its own");
      }
    }
    return !faults.failed();
  }

  void rule(const Document& document) {
    Faults faults(document.file, diagnostics_);
    head(document, faults);
    const LogSourceText& source = document.log_source;
    if (!source.product && !source.service && !source.category) {
      faults.error(document.place, "sigma.missing_key", "`logsource` names no product, service or category",
                   "say which logs the rule reads");
    }
    const auto expressions = expressions_of(document.selections, scope_, faults);
    auto expression = expression_of(document.conditions, document.selections, expressions, faults);
    if (!expression || !unique(document, faults)) return;
    const auto position = static_cast<std::uint32_t>(set_.rules.size());
    set_.rules.push_back({.id = text_of(document.id),
                          .name = text_of(document.name),
                          .title = text_of(document.title),
                          .level = text_of(document.level),
                          .status = text_of(document.status),
                          .file = document.file,
                          .place = document.place,
                          .log_source = source_of(source),
                          .expression = std::move(*expression),
                          .reported = true});
    known(document, position);
  }

  void known(const Document& document, std::uint32_t position) {
    if (document.id) positions_[document.id->text] = position;
    if (document.name) positions_[document.name->text] = position;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    result.reserve(positions_.size());
    for (const auto& [name, position] : positions_) result.push_back(name);
    return result;
  }

  // The filter's condition is joined to the rule's by `and`, as pySigma does.
  void filter(const Document& document) {
    Faults faults(document.file, diagnostics_);
    head(document, faults);
    const auto expressions = expressions_of(document.selections, scope_, faults);
    const auto expression = expression_of(document.conditions, document.selections, expressions, faults);
    if (!expression || faults.failed()) return;
    const LogSource source = source_of(document.log_source);
    std::set<std::uint32_t> concerned;
    for (const Scalar& name : document.filtered_rules) {
      if (name.text == "any") {
        for (std::uint32_t i = 0; i < set_.rules.size(); ++i) {
          if (covers(source, set_.rules[i].log_source)) concerned.insert(i);
        }
        continue;
      }
      const auto found = positions_.find(name.text);
      if (found == positions_.end()) {
        faults.warning(name.place, "sigma.unknown_rule",
                       "there is no rule `" + shortened(name.text) + "` here to filter",
                       did_you_mean(name.text, names()));
      } else if (!covers(source, set_.rules[found->second].log_source)) {
        faults.warning(name.place, "sigma.other_logsource",
                       "`" + shortened(name.text) + "` reads another log source: it is not filtered");
      } else {
        concerned.insert(found->second);
      }
    }
    filter_tests_ += concerned.size() * size_of(*expression);
    if (filter_tests_ > kMostFilterTests) {
      return faults.error(document.place, "sigma.too_large", "the filters add more than 1000000 tests to their rules",
                          "name the rules instead of `any`");
    }
    for (const std::uint32_t position : concerned) narrow(position, *expression);
  }

  static std::size_t size_of(const Expression& expression) {
    std::size_t size = 1;
    for (const Expression& part : expression.parts) size += size_of(part);
    return size;
  }

  // All filters of a rule stand side by side: many do not nest deeply.
  void narrow(std::uint32_t position, const Expression& filter) {
    Expression& whole = set_.rules[position].expression;
    if (narrowed_.insert(position).second) {
      std::vector<Expression> parts;
      parts.push_back(std::move(whole));
      whole = Expression::all_of(std::move(parts));
    }
    whole.parts.push_back(filter);
    whole.parts.back().origin = "filter";
  }

  // --- correlations: each after those it refers to, whatever the order of the documents

  void correlations() {
    std::vector<const Document*> waiting;
    for (const Document& document : documents_) {
      if (document.kind != Document::Kind::correlation) continue;
      for (const auto* const scalar : {&document.id, &document.name}) {
        if (*scalar) names_of_correlations_.insert((*scalar)->text);
      }
      waiting.push_back(&document);
    }
    while (!waiting.empty()) {
      std::vector<const Document*> later;
      for (const Document* document : waiting) {
        if (waits(*document)) {
          later.push_back(document);
        } else {
          correlation(*document);
        }
      }
      if (later.size() == waiting.size()) return circle(later);
      waiting = std::move(later);
    }
  }

  // Whether a correlation it refers to is still to come. One that has failed no longer is.
  bool waits(const Document& document) const {
    return std::ranges::any_of(document.correlation.rules, [&](const Scalar& rule) {
      return !positions_.contains(rule.text) && names_of_correlations_.contains(rule.text) &&
             !failed_.contains(rule.text);
    });
  }

  void circle(const std::vector<const Document*>& documents) {
    for (const Document* document : documents) {
      Faults(document->file, diagnostics_)
          .error(document->correlation.place, "sigma.circle", "the correlation refers to itself by way of others");
    }
  }

  void correlation(const Document& document) {
    Faults faults(document.file, diagnostics_);
    head(document, faults);
    const CorrelationText& text = document.correlation;
    Correlation correlation;
    correlation.id = text_of(document.id);
    correlation.name = text_of(document.name);
    correlation.title = text_of(document.title);
    correlation.level = text_of(document.level);
    correlation.file = document.file;
    correlation.place = document.place;
    type(text, correlation, faults);
    for (const Scalar& rule : text.rules) reference(rule, correlation, faults);
    if (text.rules.empty()) {
      faults.error(text.place, "sigma.missing_key", "`rules` is missing", "name the rules it counts, by id or name");
    }
    for (const Scalar& field : text.group_by) correlation.group_by.push_back(field.text);
    timespan(text, correlation, faults);
    criteria(text, correlation, faults);
    aliases(text, correlation, faults);
    if (faults.failed() || !unique(document, faults)) {
      failed_.insert(text_of(document.id));
      failed_.insert(text_of(document.name));
      return;
    }
    const bool generate = text.generate && text.generate->text == "true";
    for (const std::uint32_t position : correlation.rules) {
      if (generate) {
        kept_.insert(position);
        set_reported(position, true);
      } else if (!kept_.contains(position)) {
        set_reported(position, false);
      }
    }
    known(document, static_cast<std::uint32_t>(set_.rules.size() + set_.correlations.size()));
    set_.correlations.push_back(std::move(correlation));
  }

  void set_reported(std::uint32_t position, bool reported) {
    if (position < set_.rules.size()) {
      set_.rules[position].reported = reported;
    } else {
      set_.correlations[position - set_.rules.size()].reported = reported;
    }
  }

  static void type(const CorrelationText& text, Correlation& correlation, Faults& faults) {
    static const std::vector<std::pair<std::string, CorrelationType>> kTypes = {
        {"event_count", CorrelationType::event_count},
        {"value_count", CorrelationType::value_count},
        {"temporal", CorrelationType::temporal},
        {"temporal_ordered", CorrelationType::temporal_ordered},
        {"value_sum", CorrelationType::value_sum},
        {"value_avg", CorrelationType::value_avg},
        {"value_percentile", CorrelationType::value_percentile},
        {"value_median", CorrelationType::value_percentile}};
    if (!text.type) {
      faults.error(text.place, "sigma.missing_key", "`type` is missing");
      return;
    }
    std::vector<std::string> words;
    for (const auto& [word, type] : kTypes) {
      words.push_back(word);
      if (word == text.type->text) correlation.type = type;
    }
    one_of(text.type, "type", words, faults);
    if (text.type->text == "value_median") correlation.percentile = 50;
  }

  void reference(const Scalar& rule, Correlation& correlation, Faults& faults) {
    const auto found = positions_.find(rule.text);
    if (found == positions_.end()) {
      faults.error(rule.place, "sigma.unknown_rule", "there is no rule `" + shortened(rule.text) + "` here",
                   did_you_mean(rule.text, names()));
      return;
    }
    correlation.rules.push_back(found->second);
  }

  static void timespan(const CorrelationText& text, Correlation& correlation, Faults& faults) {
    if (!text.timespan) {
      faults.error(text.place, "sigma.missing_key", "`timespan` is missing", "write it like `10m`");
      return;
    }
    const auto span = span_of(text.timespan->text);
    if (!span) {
      faults.error(text.timespan->place, "sigma.bad_value",
                   "`timespan` is a whole number and s, m, h or d, of at most ten years", "write it like `90m`");
      return;
    }
    correlation.timespan = *span;
  }

  static void criteria(const CorrelationText& text, Correlation& correlation, Faults& faults) {
    struct Row {
      std::string_view name;
      Comparison comparison;
      bool negated;
    };
    static constexpr Row kRows[] = {{"gt", Comparison::greater, false},       {"gte", Comparison::greater_equal, false},
                                    {"lt", Comparison::less, false},          {"lte", Comparison::less_equal, false},
                                    {"eq", Comparison::number_equals, false}, {"neq", Comparison::number_equals, true}};
    for (const auto& [key, value] : text.criteria) {
      double number = 0;
      const char* const end = value.text.data() + value.text.size();
      const auto [stop, error] = std::from_chars(value.text.data(), end, number);
      const auto* const row = std::ranges::find(kRows, key.text, &Row::name);
      const bool percentile = key.text == "percentile";
      if (row == std::end(kRows) && !percentile) {
        faults.error(key.place, "sigma.bad_value", "`" + shortened(key.text) + "` is no criterion",
                     "known are gt, gte, lt, lte, eq, neq, field, percentile");
      } else if (error != std::errc() || stop != end || value.text.empty() || !std::isfinite(number)) {
        faults.error(value.place, "sigma.bad_value", "`" + shortened(value.text) + "` is not a number");
      } else if (percentile && (number < 0 || number > 100)) {
        faults.error(value.place, "sigma.bad_value", "`percentile` is 0 to 100");
      } else if (percentile) {
        correlation.percentile = number;
      } else {
        correlation.criteria.push_back({.comparison = row->comparison, .negated = row->negated, .value = number});
      }
    }
    for (const Scalar& field : text.fields) correlation.fields.push_back(field.text);
    const bool temporal =
        correlation.type == CorrelationType::temporal || correlation.type == CorrelationType::temporal_ordered;
    const bool counts = correlation.type == CorrelationType::event_count || temporal;
    const Place place = text.condition_place.line > 0 ? text.condition_place : text.place;
    if (correlation.criteria.empty() && !temporal && !faults.failed()) {
      faults.error(place, "sigma.missing_key", "`condition` says no number", "write it like `condition: {gte: 10}`");
    }
    if (correlation.fields.empty() && !counts) {
      faults.error(place, "sigma.missing_key", "`condition` names no `field`", "say whose values are counted");
    }
    if (correlation.fields.size() > 1 && correlation.type != CorrelationType::value_count) {
      faults.error(place, "sigma.bad_value", "only value_count takes several fields");
    }
    if (counts && !correlation.fields.empty()) {
      faults.warning(place, "sigma.unknown_key", "`field` means nothing for this type");
    }
  }

  void aliases(const CorrelationText& text, Correlation& correlation, Faults& faults) {
    for (const AliasLine& line : text.aliases) {
      for (const auto& [rule, field] : line.fields) {
        const auto found = positions_.find(rule.text);
        if (found == positions_.end() ||
            std::ranges::find(correlation.rules, found->second) == correlation.rules.end()) {
          faults.error(rule.place, "sigma.unknown_rule",
                       "`" + shortened(rule.text) + "` is none of the rules of this correlation");
          continue;
        }
        correlation.aliases[line.alias.text][found->second] = field.text;
      }
    }
  }

  const std::vector<Document>& documents_;
  FieldScope& scope_;
  std::vector<Diagnostic>& diagnostics_;
  RuleSet set_;
  std::map<std::string, std::string> owners_;       // id or name -> file
  std::map<std::string, std::uint32_t> positions_;  // id or name -> position
  std::set<std::string> names_of_correlations_;
  std::set<std::string> failed_;
  std::set<std::uint32_t> narrowed_;  // rules that have a filter
  std::size_t filter_tests_ = 0;
  std::set<std::uint32_t> kept_;  // rules that are reported although a correlation asks for them
};

}  // namespace

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

RuleSet collect(const std::vector<Document>& documents, FieldScope& scope, std::vector<Diagnostic>& diagnostics) {
  return Collector(documents, scope, diagnostics).collect();
}

}  // namespace candor::sigma
