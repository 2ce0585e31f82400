// The compiled matcher against the plainest evaluator of the same random rules: no index, no folding of our own, no
// sharing; letter case, wildcards and regular expressions by RE2. 60 sets x 14 rules x 250 records = 210,000 pairs.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "sigma/event_matcher.h"

namespace candor::sigma {
namespace {

constexpr int kSets = 60;
constexpr int kRulesInASet = 14;
constexpr int kRecordsForASet = 250;

// A record as the naive evaluator sees it: what each field holds, and whether it is null.
struct Facts {
  std::map<std::string, std::vector<std::string>> values;  // there when the field is; null: no values
  std::map<std::string, bool> null;
  bool has(const std::string& field) const { return values.contains(field); }
  bool valued(const std::string& field) const { return has(field) && !null.at(field); }
};
using Predicate = std::function<bool(const Facts&)>;

// A piece of rule text and what it means.
struct Piece {
  std::string yaml;
  Predicate holds;
};

const std::vector<std::string> kFields = {"Image", "CommandLine", "User", "a.b", "Size"};
const std::vector<std::string> kLetters = {"a", "A",      "b",  "cmd", ".exe",   "*", "?",      "\\",
                                           "/", "Ä",      "ä",  "ß",   "\u1E9E", "k", "\u212A", " ",
                                           "-", "\u2013", "12", "3",   "\"",     "'", "zz"};

class Source {
 public:
  explicit Source(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t bound) { return below(bound) == 0; }
  const std::string& one_of(const std::vector<std::string>& list) { return list[below(list.size())]; }
  std::string text(std::size_t least, std::size_t most) {
    std::string result;
    for (std::size_t i = least + below(most - least + 1); i > 0; --i) result += one_of(kLetters);
    return result;
  }

 private:
  std::mt19937_64 random_;
};

std::string in_quotes(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

std::string json_text(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

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

bool some(const Facts& facts, const std::string& field, const std::function<bool(const std::string&)>& test) {
  if (field.empty()) {
    return std::ranges::any_of(facts.values,
                               [&](const auto& entry) { return std::ranges::any_of(entry.second, test); });
  }
  const auto found = facts.values.find(field);
  return found != facts.values.end() && std::ranges::any_of(found->second, test);
}

Predicate pattern_predicate(const std::string& field, const std::string& pattern, bool cased) {
  const auto regex = std::make_shared<RE2>(std::string("(?s") + (cased ? "" : "i") + ")" + pattern);
  return [field, regex](const Facts& facts) {
    return some(facts, field, [&](const std::string& text) { return RE2::FullMatch(text, *regex); });
  };
}

// All dashes of a value that begin a word, by brute force: the value taken apart at each place.
std::vector<std::string> dashes(const std::string& value) {
  static const std::vector<std::string> kDashes = {"-", "/", "\u2013", "\u2014", "\u2015"};
  const auto word = [](const std::string& text, std::size_t at) {
    if (at >= text.size()) return false;
    const auto byte = static_cast<unsigned char>(text[at]);
    return byte >= 0x80 || std::isalnum(byte) != 0 || byte == '_';
  };
  const auto is_dash = [&](const std::string& text, std::size_t at, std::size_t& size) {
    for (const std::string& dash : kDashes) {
      if (text.compare(at, dash.size(), dash) == 0) {
        size = dash.size();
        return true;
      }
    }
    return false;
  };
  std::vector<std::string> results = {""};
  bool word_before = false;
  for (std::size_t i = 0; i < value.size();) {
    std::size_t size = 1;
    const bool dash = is_dash(value, i, size);
    std::vector<std::string> next;
    for (const std::string& result : results) {
      if (dash && !word_before && word(value, i + size)) {
        for (const std::string& other : kDashes) next.push_back(result + other);
      } else {
        next.push_back(result + value.substr(i, size));
      }
    }
    results = std::move(next);
    word_before = !dash && word(value, i);
    i += size;
  }
  return results;
}

Piece text_line(Source& source) {
  static const std::vector<std::string> kHow = {"", "|contains", "|startswith", "|endswith"};
  const bool keywords = source.one_in(12);
  const std::string field = keywords ? "" : source.one_of(kFields);
  const std::string how = keywords ? "" : source.one_of(kHow);
  const bool cased = source.one_in(4);
  const bool windash = source.one_in(6);
  const std::size_t count = 1 + source.below(source.one_in(8) ? 20 : 3);
  const bool all = count > 1 && source.one_in(3);
  const bool none = source.one_in(6);
  Piece piece{.yaml = in_quotes(field + (windash ? "|windash" : "") + how + (cased ? "|cased" : "") +
                                (all ? "|all" : "") + (none ? "|neq" : "")) +
                      ": [",
              .holds = {}};
  std::vector<Predicate> values;
  for (std::size_t i = 0; i < count; ++i) {
    std::string value = source.text(how.empty() && !keywords ? 0 : 1, 3);
    if (windash && dashes(value).size() > 625) value = "a";
    piece.yaml += (i == 0 ? "" : ", ") + in_quotes(value);
    const bool before = keywords || how == "|contains" || how == "|endswith";
    const bool after = keywords || how == "|contains" || how == "|startswith";
    std::vector<Predicate> forms;
    for (const std::string& form : windash ? dashes(value) : std::vector<std::string>{value}) {
      forms.push_back(pattern_predicate(field, (before ? ".*" : "") + regex_of(form) + (after ? ".*" : ""), cased));
    }
    values.push_back([forms](const Facts& facts) {
      return std::ranges::any_of(forms, [&](const Predicate& form) { return form(facts); });
    });
  }
  piece.yaml += "]";
  piece.holds = [values, all, none](const Facts& facts) {
    const auto test = [&](const Predicate& value) { return value(facts); };
    const bool result = all ? std::ranges::all_of(values, test) : std::ranges::any_of(values, test);
    return result != none;
  };
  return piece;
}

Piece regex_line(Source& source) {
  static const std::vector<std::string> kRegexes = {
      "cmd.*exe", "^a", "b$", "[ab]+cmd", "(cmd|zz)\\.exe", "a?cmd\\.exe", "\\d{2,}", "(?i)CMD\\.EXE", "zzz*a", "cm+d"};
  const std::string field = source.one_of(kFields);
  const std::string regex = source.one_of(kRegexes);
  const bool insensitive = source.one_in(3);
  const auto compiled = std::make_shared<RE2>((insensitive ? "(?i)" : "") + regex);
  return {.yaml = field + "|re" + (insensitive ? "|i" : "") + ": " + in_quotes(regex),
          .holds = [field, compiled](const Facts& facts) {
            return some(facts, field, [&](const std::string& text) { return RE2::PartialMatch(text, *compiled); });
          }};
}

Piece other_line(Source& source) {
  const std::string field = source.one_of(kFields);
  switch (source.below(5)) {
    case 0:
      return {.yaml = field + ": null", .holds = [field](const Facts& facts) { return !facts.valued(field); }};
    case 1: {
      const bool wanted = source.one_in(2);
      return {.yaml = field + "|exists: " + (wanted ? "true" : "false"),
              .holds = [field, wanted](const Facts& facts) { return facts.has(field) == wanted; }};
    }
    case 2: {
      const int limit = static_cast<int>(source.below(40));
      return {.yaml = "Size|gte: " + std::to_string(limit), .holds = [limit](const Facts& facts) {
                return some(facts, "Size", [&](const std::string& text) {
                  double number = 0;
                  return !text.empty() && RE2::FullMatch(text, "[0-9.]+") && (number = std::stod(text)) >= limit;
                });
              }};
    }
    case 3: {
      const std::string other = source.one_of(kFields);
      return {.yaml = field + "|fieldref|cased: " + other, .holds = [field, other](const Facts& facts) {
                return some(facts, field, [&](const std::string& text) {
                  return some(facts, other, [&](const std::string& there) { return there == text; });
                });
              }};
    }
    default: {
      const int number = static_cast<int>(source.below(40));
      return {.yaml = "Size: " + std::to_string(number), .holds = [number](const Facts& facts) {
                return some(facts, "Size", [&](const std::string& text) { return text == std::to_string(number); });
              }};
    }
  }
}

Piece any_line(Source& source) {
  const std::size_t kind = source.below(10);
  return kind < 7 ? text_line(source) : kind < 8 ? regex_line(source) : other_line(source);
}

// --- rules of several selections

Piece random_rule(Source& source, int number) {
  const std::size_t selections = 1 + source.below(4);
  std::string yaml = "title: r" + std::to_string(number) + "\nlogsource: {product: x}\ndetection:\n";
  std::vector<Predicate> parts;
  for (std::size_t i = 0; i < selections; ++i) {
    yaml += "  s" + std::to_string(i) + ":\n";
    std::vector<Predicate> maps;
    const std::size_t count = source.one_in(3) ? 2 : 1;
    for (std::size_t m = 0; m < count; ++m) {
      std::vector<Predicate> lines;
      std::map<std::string, Piece> pieces;  // a key may stand once
      for (std::size_t l = 1 + source.below(2); l > 0; --l) {
        Piece piece = any_line(source);
        std::string key = piece.yaml.substr(0, piece.yaml.find(": "));
        std::erase(key, '\'');
        pieces.insert_or_assign(key, piece);
      }
      bool first = true;
      for (auto& [key, piece] : pieces) {
        yaml += (first ? "    - " : "      ") + piece.yaml + "\n";
        lines.push_back(std::move(piece.holds));
        first = false;
      }
      maps.push_back([lines](const Facts& facts) {
        return std::ranges::all_of(lines, [&](const Predicate& line) { return line(facts); });
      });
    }
    parts.push_back([maps](const Facts& facts) {
      return std::ranges::any_of(maps, [&](const Predicate& map) { return map(facts); });
    });
  }
  const auto held = [parts](const Facts& facts) {
    return static_cast<std::size_t>(std::ranges::count_if(parts, [&](const Predicate& part) { return part(facts); }));
  };
  const std::size_t all = parts.size();
  switch (source.below(5)) {
    case 0:
      return {.yaml = yaml + "  condition: 1 of s*\n", .holds = [held](const Facts& facts) { return held(facts) > 0; }};
    case 1: {
      const std::size_t wanted = 1 + source.below(all);
      return {.yaml = yaml + "  condition: " + std::to_string(wanted) + " of them\n",
              .holds = [held, wanted](const Facts& facts) { return held(facts) >= wanted; }};
    }
    case 2: {
      const Predicate first = parts.front();
      std::string condition = "s0";
      for (std::size_t i = 1; i < all; ++i) condition += " and not s" + std::to_string(i);
      return {.yaml = yaml + "  condition: " + condition + "\n",
              .holds = [first, held](const Facts& facts) { return first(facts) && held(facts) == 1; }};
    }
    case 3:
      return {.yaml = yaml + "  condition: not 1 of s*\n",
              .holds = [held](const Facts& facts) { return held(facts) == 0; }};
    default:
      return {.yaml = yaml + "  condition: all of them\n",
              .holds = [held, all](const Facts& facts) { return held(facts) == all; }};
  }
}

// --- records

std::string random_record(Source& source, Facts& facts) {
  std::string json;
  std::vector<std::string> seen;
  for (const std::string& field : kFields) {
    if (source.one_in(4)) continue;
    facts.values[field];
    facts.null[field] = false;
    std::string value;
    const auto one = [&](const std::string& text) {
      facts.values[field].push_back(text);
      return json_text(text);
    };
    if (source.one_in(10)) {
      facts.null[field] = true;
      value = "null";
    } else if (field == "Size") {
      const std::string number = std::to_string(source.below(40));
      facts.values[field].push_back(number);
      value = source.one_in(2) ? number : json_text(number);
    } else if (source.one_in(5)) {
      value = "[" + one(source.text(0, 4)) + "," + one(source.text(0, 4)) + "]";
    } else {
      // Some texts come again: what the matcher remembers must be right, too.
      value = one(source.one_in(2) ? std::string("cmd.exe -a") + (source.one_in(2) ? "b" : "") : source.text(0, 6));
    }
    const bool nested = field == "a.b" && source.one_in(2);
    json += (json.empty() ? "" : ",") + (nested ? "\"a\":{\"b\":" + value + "}" : json_text(field) + ":" + value);
  }
  return "{" + json + "}";
}

TEST(EventMatcherProperty, SameAsThePlainestEvaluator) {
  int pairs = 0;
  int matches = 0;
  for (int set = 0; set < kSets; ++set) {
    Source source(1000 + static_cast<std::uint64_t>(set));
    std::vector<Piece> pieces;
    std::string yaml;
    for (int i = 0; i < kRulesInASet; ++i) {
      pieces.push_back(random_rule(source, i));
      yaml += (i == 0 ? "" : "---\n") + pieces.back().yaml;
    }
    const auto loaded = EventProgram::parse("rules.yml", yaml, {});
    for (const Diagnostic& fault : loaded.diagnostics) {
      ASSERT_EQ(fault.severity, Severity::warning) << to_text(fault) << "\n" << yaml;
    }
    ASSERT_EQ(loaded.program->rules().rules.size(), pieces.size());
    EventMatcher matcher(loaded.program);
    Event event = loaded.program->new_event();
    std::vector<RuleIndex> matched;
    for (int r = 0; r < kRecordsForASet; ++r) {
      Facts facts;
      const std::string record = random_record(source, facts);
      ASSERT_TRUE(event.load(record)) << record;
      matcher.match(event, matched);
      for (std::size_t i = 0; i < pieces.size(); ++i, ++pairs) {
        const bool found = std::ranges::binary_search(matched, static_cast<RuleIndex>(i));
        ASSERT_EQ(found, pieces[i].holds(facts)) << pieces[i].yaml << "\n" << record;
        matches += found ? 1 : 0;
      }
    }
  }
  EXPECT_GE(pairs, 200'000);
  EXPECT_GT(matches, pairs / 20);  // the rules are not all of the kind that never matches
  EXPECT_LT(matches, pairs - pairs / 20);
}

}  // namespace
}  // namespace candor::sigma
