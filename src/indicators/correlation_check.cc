#include "indicators/correlation_check.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/keys.h"
#include "indicators/catalogue_scope.h"
#include "indicators/operations.h"
#include "sigma/collect.h"
#include "sigma/correlation_windows.h"
#include "sigma/detection.h"
#include "sources/feed.h"

namespace candor {
namespace {

using sigma::Correlation;
using sigma::CorrelationType;
using sigma::Document;

// Fields that name the account an activity is of. Everything is counted by account, whether it is named or not.
constexpr std::array<std::string_view, 3> kAccountFields = {"user.email", "user.name", "user.id"};
bool is_account(std::string_view field) { return std::ranges::find(kAccountFields, field) != kAccountFields.end(); }

class CorrelationChecker {
 public:
  CorrelationChecker(const RuleFile& rule, const RulesByName& all, const FieldCatalogue& catalogue, RuleReport& report,
                     std::vector<Diagnostic>& diagnostics)
      : rule_(rule), all_(all), catalogue_(catalogue), report_(report), diagnostics_(diagnostics) {}

  std::optional<CheckedCorrelation> check(const std::string& id) {
    gather();
    CatalogueScope scope(catalogue_);
    std::vector<Diagnostic> found;
    checked_.set = sigma::collect(documents_, scope, found);
    const bool failed = has_errors(found);
    diagnostics_.insert(diagnostics_.end(), found.begin(), found.end());
    const auto own = std::ranges::find(checked_.set.correlations, id, &Correlation::id);
    if (failed || report_.failed() || own == checked_.set.correlations.end()) return std::nullopt;
    for (Correlation& each : checked_.set.correlations) {
      each.reported = &each == &*own;
      correlation(each);
    }
    for (std::uint32_t i = 0; i < checked_.set.rules.size(); ++i) rule(i, id);
    checked_.reach = reach_of(*own);
    if (checked_.reach > kLongestReach) {
      error("indicators.timespan_too_long", "the correlation looks back more than 30 days",
            "long spans are what policies are for: cumulative and unusual activity");
    }
    checked_.fingerprint = fingerprint();
    if (report_.failed()) return std::nullopt;
    return std::move(checked_);
  }

 private:
  void error(const char* id, std::string message, std::string hint) {
    report_.error(rule_.document.correlation.place, id, std::move(message), std::move(hint));
  }

  // The documents of the file, and the indicators it names, as rules of those names.
  void gather() {
    std::set<std::string, std::less<>> there;
    const auto note = [&there](const Document& document) {
      if (document.id) there.insert(document.id->text);
      if (document.name) there.insert(document.name->text);
    };
    for (const Document& document : rule_.others) note(document);
    note(rule_.document);
    documents_ = rule_.others;
    documents_.push_back(rule_.document);
    const std::size_t own = documents_.size();
    for (std::size_t i = 0; i < own; ++i) {
      for (const sigma::Scalar& name : documents_[i].correlation.rules) {
        const auto found = all_.find(name.text);
        if (found == all_.end() || there.contains(name.text)) continue;  // sigma::collect() says what is missing
        there.insert(name.text);
        const RuleFile& other = *found->second;
        if (other.document.kind != Document::Kind::rule) {
          report_.error(name.place, "indicators.bad_value",
                        "`" + sigma::shortened(name.text) + "` is a correlation of another file",
                        "a correlation may count correlations of its own file");
          continue;
        }
        borrowed_[name.text] = &other;
        Document copy = other.document;
        copy.id.reset();
        copy.name = name;
        copy.custom.clear();
        documents_.push_back(std::move(copy));
      }
    }
  }

  void correlation(Correlation& each) {
    const auto known = [&](const std::string& field) {
      if (catalogue_.find(field)) return;
      error("indicators.unknown_field", "there is no field `" + sigma::shortened(field) + "`",
            sigma::did_you_mean(field, catalogue_.names()));
    };
    bool by_account = false;
    std::vector<std::string> group_by;
    for (const std::string& name : each.group_by) {
      const auto alias = each.aliases.find(name);
      bool account = alias == each.aliases.end() ? is_account(name) : true;
      if (alias == each.aliases.end()) {
        known(name);
      } else {
        for (const auto& [rule, field] : alias->second) {
          known(field);
          account = account && is_account(field);
        }
      }
      by_account = by_account || account;
      if (!account) group_by.push_back(name);
    }
    for (const std::string& field : each.fields) known(field);
    if (!by_account) {
      error("indicators.group_without_account", "`group-by` does not name the account",
            "an indicator is about one person: add `user.email` to `group-by`");
    }
    each.group_by = std::move(group_by);
    const bool grows = sigma::only_grows(each) || (each.type == CorrelationType::value_sum && only_at_least(each));
    if (grows) return;
    error("indicators.may_fall", "with more activities this correlation may hold less, and a score would fall",
          "use event_count, value_count, value_sum or a temporal type, with gt or gte");
  }

  static bool only_at_least(const Correlation& each) {
    return std::ranges::all_of(each.criteria, [](const sigma::Criterion& one) {
      return one.comparison == sigma::Comparison::greater || one.comparison == sigma::Comparison::greater_equal;
    });
  }

  void rule(std::uint32_t position, const std::string& id) {
    sigma::Rule& each = checked_.set.rules[position];
    const auto document = std::ranges::find_if(documents_, [&](const Document& one) {
      return one.kind == Document::Kind::rule &&
             (each.name.empty() ? one.id && one.id->text == each.id : one.name && one.name->text == each.name);
    });
    const auto counted = std::ranges::any_of(checked_.set.correlations, [&](const Correlation& one) {
      return std::ranges::find(one.rules, position) != one.rules.end();
    });
    if (!counted) {
      report_.add(Severity::warning, each.place, "indicators.unused_rule",
                  "no correlation counts `" + sigma::shortened(each.title) + "`", "name it under `rules`");
    }
    CorrelatedRule made;
    made.name = each.name.empty() ? each.id : each.name;
    made.key = static_cast<IndicatorKey>(content_hash(id + '\n' + made.name));
    made.expression = std::move(each.expression);
    each.expression = {};
    needs_of(made.expression, each.place);
    if (document == documents_.end()) return;  // not reached: every rule came from a document
    made.operations = operations_of(made.expression, document->selections, catalogue_);
    made.reads = reads_of(document->log_source);
    const auto borrowed = borrowed_.find(made.name);
    const std::vector<FeedLine>& feeds =
        borrowed == borrowed_.end() ? rule_.candor.feeds : borrowed->second->candor.feeds;
    if (borrowed != borrowed_.end())
      made.indicator = borrowed->second->candor.name ? borrowed->second->candor.name->text : "";
    if (made.reads.sources == 0) {
      error("indicators.unknown_logsource", "no source delivers what `" + sigma::shortened(made.name) + "` reads",
            "`logsource` of an indicator is product m365, aws, azure or candor");
      return;
    }
    for (const FeedLine& line : feeds) {
      if (line.source && kind_of_source(line.source->text) == SourceKind::feed) made.reads.add_feed(line.source->text);
    }
    checked_.rules.push_back(std::move(made));
  }

  void needs_of(const sigma::Expression& expression, Place place) {
    if (expression.kind == sigma::Expression::Kind::test) {
      for (const sigma::FieldIndex field : {expression.test.field, expression.test.other}) {
        if (field >= catalogue_.size()) continue;
        const std::string& needs = catalogue_[field].needs;
        if (!needs.empty()) checked_.needs.try_emplace(needs, place);
      }
    }
    for (const sigma::Expression& part : expression.parts) needs_of(part, place);
  }

  TimePoint reach_of(const Correlation& each) const {
    TimePoint further = 0;
    for (const std::uint32_t position : each.rules) {
      if (position < checked_.set.rules.size()) continue;
      further = std::max(further, reach_of(checked_.set.correlations[position - checked_.set.rules.size()]));
    }
    return std::min(each.timespan, 2 * kLongestReach) + further;
  }

  // Over the text of the documents: whatever is written otherwise may mean something else.
  std::uint64_t fingerprint() const {
    std::string bytes;
    const auto put = [&bytes](std::string_view text) {
      bytes += std::to_string(text.size()) + ':';
      bytes += text;
    };
    for (const Correlation& each : checked_.set.correlations) {
      put(std::to_string(static_cast<int>(each.type)));
      for (const std::uint32_t position : each.rules) put(std::to_string(position));
      put("by");
      for (const std::string& name : each.group_by) put(name);
      put(std::to_string(each.timespan));
      for (const sigma::Criterion& one : each.criteria) {
        put(std::to_string(static_cast<int>(one.comparison)) + (one.negated ? "not" : "") + std::to_string(one.value));
      }
      put("fields");
      for (const std::string& field : each.fields) put(field);
      for (const auto& [alias, by_rule] : each.aliases) {
        put(alias);
        for (const auto& [position, field] : by_rule) put(std::to_string(position) + field);
      }
      put(each.reported ? "reported" : "");
    }
    return content_hash(bytes);
  }

  const RuleFile& rule_;
  const RulesByName& all_;
  const FieldCatalogue& catalogue_;
  RuleReport& report_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<Document> documents_;
  std::map<std::string, const RuleFile*> borrowed_;
  CheckedCorrelation checked_;
};

}  // namespace

std::optional<CheckedCorrelation> check_correlation(const RuleFile& rule, const RulesByName& all,
                                                    const FieldCatalogue& catalogue, const std::string& id,
                                                    RuleReport& report, std::vector<Diagnostic>& diagnostics) {
  return CorrelationChecker(rule, all, catalogue, report, diagnostics).check(id);
}

}  // namespace candor
