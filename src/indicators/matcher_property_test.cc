// The compiled matcher against the plainest evaluator of the same random rules: no sharing, no folding of our own, no
// routing; letter case and wildcards by RE2.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "indicators/indicator_set.h"
#include "indicators/test_rules.h"

namespace candor {
namespace {

constexpr int kSets = 60;
constexpr int kRulesInASet = 12;
constexpr int kActivitiesForASet = 40;  // 28,800 pairs

// An activity as the naive evaluator sees it.
struct Facts {
  std::map<std::string, std::vector<std::string>> texts;
  std::map<std::string, std::int64_t> numbers;
  bool has(const std::string& field) const { return texts.contains(field) || numbers.contains(field); }
};
using Predicate = std::function<bool(const Facts&)>;

// A piece of rule text and what it means.
struct Piece {
  std::string yaml;
  Predicate holds;
};

const std::array<const char*, 4> kTextFields = {"file.name", "file.extension", "email.to", "email.cc"};
const std::array<const char*, 6> kOperations = {"FileDownloaded", "filedeleted", "Send",
                                                "New-InboxRule",  "FILEREAD",    "x"};
const std::array<const char*, 14> kLetters = {"a", "A", "b", "B",      "*", "?",      "\\",
                                              "Ä", "ä", "ß", "\u1E9E", "k", "\u212A", "."};

class Source {
 public:
  explicit Source(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t bound) { return below(bound) == 0; }
  std::string text(std::size_t least, std::size_t most) {
    std::string result;
    for (std::size_t i = least + below(most - least + 1); i > 0; --i) result += kLetters[below(kLetters.size())];
    return result;
  }
  std::string field() { return kTextFields[below(kTextFields.size())]; }
  std::string operation() { return kOperations[below(kOperations.size())]; }
  std::string address() { return "10.0." + std::to_string(below(4)) + "." + std::to_string(below(256)); }

 private:
  std::mt19937_64 random_;
};

// --- the naive meaning of a line

std::string regex_of(const std::string& value) {
  std::string regex;
  std::string plain;
  const auto flush = [&] {
    regex += RE2::QuoteMeta(plain);
    plain.clear();
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char next = i + 1 < value.size() ? value[i + 1] : '\0';
    if (value[i] == '\\' && (next == '*' || next == '?' || next == '\\')) {
      plain += value[++i];
    } else if (value[i] == '*' || value[i] == '?') {
      flush();
      regex += value[i] == '*' ? ".*" : ".";
    } else {
      plain += value[i];
    }
  }
  flush();
  return regex;
}

bool some_text(const Facts& facts, const std::string& field, const std::function<bool(const std::string&)>& test) {
  const auto found = facts.texts.find(field);
  return found != facts.texts.end() && std::ranges::any_of(found->second, test);
}

Predicate text_predicate(const std::string& field, const std::string& how, bool cased, const std::string& value) {
  if (how.empty() && value.empty()) return [field](const Facts& facts) { return !facts.has(field); };
  const bool any_before = how == "|contains" || how == "|endswith";
  const bool any_after = how == "|contains" || how == "|startswith";
  const std::string pattern = std::string("(?s") + (cased ? "" : "i") + ")" + (any_before ? ".*" : "") +
                              regex_of(value) + (any_after ? ".*" : "");
  const auto regex = std::make_shared<RE2>(pattern);
  return [field, regex](const Facts& facts) {
    return some_text(facts, field, [&](const std::string& text) { return RE2::FullMatch(text, *regex); });
  };
}

std::string in_quotes(const std::string& text) { return "'" + text + "'"; }

Piece text_line(Source& source) {
  static constexpr std::array<const char*, 4> kHow = {"", "|contains", "|startswith", "|endswith"};
  const std::string field = source.field();
  const std::string how = kHow[source.below(kHow.size())];
  const bool cased = source.one_in(4);
  const std::size_t count = 1 + source.below(3);
  const bool all = count > 1 && source.one_in(3);
  const bool none = source.one_in(6);
  Piece piece{.yaml = field + how + (cased ? "|cased" : "") + (all ? "|all" : "") + (none ? "|neq" : "") + ": [",
              .holds = {}};
  std::vector<Predicate> values;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string value = source.text(how.empty() ? 0 : 1, 3);
    piece.yaml += (i == 0 ? "" : ", ") + in_quotes(value);
    values.push_back(text_predicate(field, how, cased, value));
  }
  piece.yaml += "]";
  piece.holds = [values, all, none](const Facts& facts) {
    const auto holds = [&](const Predicate& value) { return value(facts); };
    return none != (all ? std::ranges::all_of(values, holds) : std::ranges::any_of(values, holds));
  };
  return piece;
}

Piece operation_line(Source& source) {
  const std::string name = source.operation();
  if (source.one_in(2)) {
    return {.yaml = "event.action: " + name, .holds = text_predicate("event.action", "", false, name)};
  }
  const std::string start = name.substr(0, 4);
  return {.yaml = "event.action|startswith: " + start,
          .holds = text_predicate("event.action", "|startswith", false, start)};
}

Piece number_line(Source& source) {
  static constexpr std::array<const char*, 5> kHow = {"", "|gt", "|gte", "|lt", "|lte"};
  const std::size_t how = source.below(kHow.size());
  const auto bound = static_cast<std::int64_t>(source.below(5)) - 1;
  return {.yaml = std::string("file.size") + kHow[how] + ": " + std::to_string(bound),
          .holds = [how, bound](const Facts& facts) {
            const auto found = facts.numbers.find("file.size");
            if (found == facts.numbers.end()) return false;
            const std::int64_t number = found->second;
            const std::array<bool, 5> answers = {number == bound, number > bound, number >= bound, number < bound,
                                                 number <= bound};
            return answers[how];
          }};
}

Piece presence_line(Source& source) {
  const std::string field = source.one_in(3) ? "device.managed" : source.field();
  const bool wanted = source.one_in(2);
  return {.yaml = source.one_in(2) || wanted ? field + "|exists: " + (wanted ? "true" : "false") : field + ": null",
          .holds = [field, wanted](const Facts& facts) { return facts.has(field) == wanted; }};
}

Piece regex_line(Source& source) {
  static constexpr std::array<const char*, 6> kRegexes = {"^a", "b+$", "[aä]k", "a.b", "(a|b){2}", "^[^a]*$"};
  const std::string regex = kRegexes[source.below(kRegexes.size())];
  const std::string field = source.field();
  const bool ignore = source.one_in(2);
  const auto compiled = std::make_shared<RE2>((ignore ? "(?i)" : "") + regex);
  return {.yaml = field + "|re" + (ignore ? "|i" : "") + ": " + in_quotes(regex),
          .holds = [field, compiled](const Facts& facts) {
            return some_text(facts, field, [&](const std::string& text) { return RE2::PartialMatch(text, *compiled); });
          }};
}

Piece network_line(Source& source) {
  const std::size_t third = source.below(4);
  const bool narrow = source.one_in(2);
  const std::string network = "10.0." + std::to_string(third) + (narrow ? ".128/25" : ".0/24");
  const std::string prefix = "10.0." + std::to_string(third) + ".";
  return {.yaml = "source.ip|cidr: " + network, .holds = [prefix, narrow](const Facts& facts) {
            return some_text(facts, "source.ip", [&](const std::string& text) {
              return text.starts_with(prefix) && (!narrow || std::stoi(text.substr(prefix.size())) >= 128);
            });
          }};
}

Piece reference_line(Source& source) {
  const std::string field = source.field();
  const std::string other = source.field();
  const bool contains = source.one_in(2);
  return {.yaml = field + (contains ? "|contains" : "") + "|fieldref: " + other,
          .holds = [field, other, contains](const Facts& facts) {
            return some_text(facts, field, [&](const std::string& text) {
              return some_text(facts, other, [&](const std::string& part) {
                const RE2 regex("(?si)" + RE2::QuoteMeta(part));
                return contains ? RE2::PartialMatch(text, regex) : RE2::FullMatch(text, regex);
              });
            });
          }};
}

// --- rules and activities

Piece line(Source& source) {
  static constexpr std::array kMakers = {&text_line,     &text_line,  &text_line,    &operation_line, &number_line,
                                         &presence_line, &regex_line, &network_line, &reference_line};
  return kMakers[source.below(kMakers.size())](source);
}

Piece selection(Source& source) {
  Piece result{.yaml = "", .holds = [](const Facts&) { return false; }};
  for (std::size_t maps = 1 + source.below(2); maps > 0; --maps) {
    Piece first = line(source);
    Piece second = line(source);
    const bool two = first.yaml.substr(0, first.yaml.find(':')) != second.yaml.substr(0, second.yaml.find(':'));
    result.yaml += "    - " + first.yaml + "\n" + (two ? "      " + second.yaml + "\n" : "");
    result.holds = [before = result.holds, first, second, two](const Facts& facts) {
      return before(facts) || (first.holds(facts) && (!two || second.holds(facts)));
    };
  }
  return result;
}

Piece condition(Source& source, const std::vector<Piece>& selections, int depth) {
  if (depth == 0 || source.one_in(3)) {
    const std::size_t chosen = source.below(selections.size() + 2);
    if (chosen < selections.size()) return {.yaml = "s" + std::to_string(chosen), .holds = selections[chosen].holds};
    const bool all = chosen == selections.size();
    return {.yaml = all ? "all of them" : "1 of s*", .holds = [selections, all](const Facts& facts) {
              const auto holds = [&](const Piece& piece) { return piece.holds(facts); };
              return all ? std::ranges::all_of(selections, holds) : std::ranges::any_of(selections, holds);
            }};
  }
  const Piece left = condition(source, selections, depth - 1);
  if (source.one_in(3)) {
    return {.yaml = "not (" + left.yaml + ")", .holds = [left](const Facts& facts) { return !left.holds(facts); }};
  }
  const Piece right = condition(source, selections, depth - 1);
  const bool both = source.one_in(2);
  return {.yaml = "(" + left.yaml + (both ? " and " : " or ") + right.yaml + ")",
          .holds = [left, right, both](const Facts& facts) {
            return both ? left.holds(facts) && right.holds(facts) : left.holds(facts) || right.holds(facts);
          }};
}

Piece rule(Source& source) {
  Piece result;
  std::vector<Piece> selections;
  for (std::size_t i = 0; i < 1 + source.below(3); ++i) {
    selections.push_back(selection(source));
    result.yaml += "  s" + std::to_string(i) + ":\n" + selections.back().yaml;
  }
  const Piece whole = condition(source, selections, 3);
  result.yaml += "  condition: " + whole.yaml + "\n";
  result.holds = whole.holds;
  return result;
}

Facts facts(Source& source) {
  Facts result;
  result.texts["event.action"] = {source.operation()};
  for (const char* field : {"file.name", "file.extension"}) {
    if (!source.one_in(4)) result.texts[field] = {source.text(1, 6)};
  }
  for (const char* field : {"email.to", "email.cc"}) {
    for (std::size_t i = source.below(4); i > 0; --i) result.texts[field].push_back(source.text(1, 5));
  }
  if (!source.one_in(4)) result.texts["source.ip"] = {source.address()};
  if (!source.one_in(4)) result.numbers["file.size"] = static_cast<std::int64_t>(source.below(5)) - 1;
  if (source.one_in(2)) result.numbers["device.managed"] = static_cast<std::int64_t>(source.below(2));
  return result;
}

void fill(Activity& activity, const Facts& facts) {
  activity.clear();
  const FieldCatalogue& fields = activity.catalogue();
  for (const auto& [name, texts] : facts.texts) {
    if (name == "event.action") {
      activity.operation = texts[0];
    } else if (texts.size() == 1) {
      activity.set_text(fields.require(name), texts[0]);
    } else {
      const std::vector<std::string_view> views(texts.begin(), texts.end());
      activity.set_list(fields.require(name), views);
    }
  }
  for (const auto& [name, number] : facts.numbers) activity.set_number(fields.require(name), number);
}

TEST(MatcherProperty, SameAsThePlainestEvaluator) {
  const auto catalogue = small_catalogue();
  int pairs = 0;
  int matches = 0;
  for (int set = 0; set < kSets; ++set) {
    Source source(1000 + static_cast<std::uint64_t>(set));
    std::vector<Piece> rules;
    std::vector<RuleText> texts;
    for (int i = 0; i < kRulesInASet; ++i) {
      rules.push_back(rule(source));
      texts.push_back(rule_with(rules.back().yaml, 100 + i));
    }
    const auto loaded = IndicatorSet::parse(texts, catalogue);
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
      ASSERT_EQ(diagnostic.severity, Severity::warning) << to_text(diagnostic);
    }
    Matcher matcher(loaded.set);
    const IndicatorMask all(loaded.set->size(), true);
    Activity activity(catalogue);
    std::vector<IndicatorIndex> matched;
    for (int i = 0; i < kActivitiesForASet; ++i) {
      const Facts known = facts(source);
      fill(activity, known);
      matcher.match(activity, all, matched);
      for (int r = 0; r < kRulesInASet; ++r) {  // rule_100 ... sort by name, so by number
        const bool found = std::ranges::binary_search(matched, static_cast<IndicatorIndex>(r));
        ASSERT_EQ(found, rules[static_cast<std::size_t>(r)].holds(known))
            << texts[static_cast<std::size_t>(r)].text << testing::PrintToString(known.texts)
            << testing::PrintToString(known.numbers);
        ++pairs;
        matches += found ? 1 : 0;
      }
    }
  }
  EXPECT_GE(pairs, 20'000);
  EXPECT_GT(matches, pairs / 10);  // both answers are well represented
  EXPECT_LT(matches, pairs * 9 / 10);
}

}  // namespace
}  // namespace candor
