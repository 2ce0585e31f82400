#include "sigma/collect.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sigma/correlate.h"
#include "sigma/event_matcher.h"

namespace candor::sigma {
namespace {

EventProgram::Loaded load(const std::string& text) { return EventProgram::parse("r.yml", text, {}); }

TEST(Collect, WhatAModifierMakesOfManyValuesIsBounded) {
  std::string text = "title: T\nlogsource: {product: x}\ndetection:\n  condition: s\n  s:\n    a|windash:\n";
  for (int i = 0; i < 19'000; ++i) text += "    - -a -b -c -d " + std::to_string(i) + "\n";  // 625 texts each
  const auto loaded = load(text);
  ASSERT_EQ(loaded.diagnostics.size(), 1u);
  EXPECT_EQ(loaded.diagnostics[0].id, "sigma.too_large");
  EXPECT_EQ(loaded.diagnostics[0].line, 87);  // the 81st value makes the 50,000th text
}

TEST(Collect, FiltersOfAllRulesAreBounded) {
  std::string text;
  const auto add = [&](const std::string& document) { text += (text.empty() ? "" : "---\n") + document; };
  for (int i = 0; i < 4000; ++i) add("title: r\nlogsource: {product: x}\ndetection: {s: {a: b}, condition: s}\n");
  for (int i = 0; i < 4000; ++i) add("title: f\nfilter: {rules: any, s: {c: d}, condition: not s}\n");
  const auto loaded = load(text);
  EXPECT_EQ(loaded.program->rules().rules.size(), 4000u);
  ASSERT_TRUE(has_errors(loaded.diagnostics));
  EXPECT_EQ(loaded.diagnostics.back().id, "sigma.too_large");
}

TEST(Collect, ManyFiltersOfOneRuleDoNotNest) {
  std::string text = "title: r\nlogsource: {product: x}\ndetection: {s: {a: b}, condition: s}\n";
  for (int i = 0; i < 5000; ++i) text += "---\ntitle: f\nfilter: {rules: any, s: {c: d}, condition: not s}\n";
  const auto loaded = load(text);
  EXPECT_FALSE(has_errors(loaded.diagnostics));
  ASSERT_EQ(loaded.program->rules().rules.size(), 1u);
  EXPECT_EQ(loaded.program->rules().rules[0].expression.parts.size(), 5001u);
}

TEST(Collect, NumbersAreFinite) {
  for (const char* number : {"nan", "inf", "-inf", "infinity", "nan(e1)"}) {
    const std::string rule = "title: T\nname: t\nlogsource: {product: x}\ndetection: {s: {a|gt: ";
    EXPECT_TRUE(has_errors(load(rule + "'" + number + "'}, condition: s}\n").diagnostics)) << number;
    const std::string count = rule +
                              "5}, condition: s}\n---\ntitle: C\ncorrelation: {type: event_count, rules: [t], "
                              "timespan: 5m, condition: {gte: '";
    EXPECT_TRUE(has_errors(load(count + number + "'}}\n").diagnostics)) << number;
    EXPECT_FALSE(has_errors(load(count + "5'}}\n").diagnostics));
  }
}

TEST(Collect, WhatIsNoNumberComparesWithNothingAndAddsNothing) {
  const auto loaded = load(
      "title: T\nname: t\nlogsource: {product: x}\ndetection: {s: {a|exists: true}, condition: s}\n---\n"
      "title: N\nlogsource: {product: x}\ndetection: {s: {a|gt: 5}, condition: s}\n---\n"
      "title: S\ncorrelation: {type: value_sum, rules: [t], timespan: 5m, condition: {field: a, lt: 0}}\n");
  ASSERT_FALSE(has_errors(loaded.diagnostics));
  Event event = loaded.program->new_event();
  EventMatcher matcher(loaded.program);
  Correlator correlator(loaded.program);
  std::vector<RuleIndex> matched;
  std::uint64_t number = 0;
  for (const char* value : {"nan", "-nan", "inf", "-inf", "infinity"}) {
    ASSERT_TRUE(event.load(R"({"a": ")" + std::string(value) + "\"}"));
    matcher.match(event, matched);
    EXPECT_EQ(matched, std::vector<RuleIndex>{0}) << value;
    correlator.add(number++, 1'000'000, event, matched);
  }
  EXPECT_TRUE(correlator.finish().empty());
}

// Whether a rule is asked of a record does not depend on the rules beside it.
TEST(Collect, OtherProductsAreNotAskedWhateverRulesThereAre) {
  FieldMapping mapping;
  mapping.name = "m";
  mapping.products = {"windows"};
  mapping.log_sources = {
      {.source = {.product = "windows", .service = "security", .category = ""}, .any = {{{"Channel", {"Security"}}}}}};
  const std::string linux = "title: L\nlogsource: {product: linux}\ndetection: {s: {a: b}, condition: s}\n";
  const std::string windows =
      "---\ntitle: W\nlogsource: {product: windows, service: security}\ndetection: {s: {c: d}, condition: s}\n";
  for (const std::string& text : {linux, linux + windows}) {
    const auto loaded = EventProgram::parse("r.yml", text, {.mapping = mapping, .placeholders = {}});
    Event event = loaded.program->new_event();
    EventMatcher matcher(loaded.program);
    std::vector<RuleIndex> matched;
    ASSERT_TRUE(event.load(R"({"a": "b", "Channel": "Security"})"));
    matcher.match(event, matched);
    EXPECT_TRUE(matched.empty());
    ASSERT_TRUE(event.load(R"({"a": "b"})"));  // nobody knows what it is of
    matcher.match(event, matched);
    EXPECT_EQ(matched.size(), 1u);
  }
}

}  // namespace
}  // namespace candor::sigma
