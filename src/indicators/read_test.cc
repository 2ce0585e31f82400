#include "indicators/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indicators/test_rules.h"

namespace candor {
namespace {

using testing::HasSubstr;

TEST(Read, TakesTheBlockOfAnIndicator) {
  std::vector<Diagnostic> diagnostics;
  const RuleText text = rule_on("file.name", "a");
  const auto rule = read_rule(text.file, text.text, diagnostics);
  ASSERT_TRUE(rule);
  EXPECT_TRUE(diagnostics.empty());
  EXPECT_EQ(rule->document.title->text, "A rule");
  EXPECT_EQ(rule->candor.category->text, "collection");
  EXPECT_EQ(rule->candor.thresholds.at(0).high->text, "3");
}

constexpr const char* kDetection = "detection: {s: {a: b}, condition: s}\n";

TEST(Read, RefusesWithPlace) {
  struct Fault {
    std::string text;
    const char* id;
    int line;
  };
  const Fault rows[] = {
      {"title: [", "sigma.bad_yaml", 2},
      {std::string(kDetection) + "---\n" + kDetection, "indicators.bad_rule", 0},
      {"title: a\nlogsource: {product: m365}\nfilter: {rules: any, selection: {user.email: a}, condition: selection}\n",
       "indicators.bad_rule", 0},
      {"title: a\ncorrelation: {type: event_count}\n---\n" + std::string(kDetection), "indicators.bad_rule", 0},
      {std::string(kDetection) + "candor: text\n", "indicators.bad_value", 2},
      {std::string(kDetection) + "candor: {name: a, name: b}\n", "indicators.duplicate_key", 2},
      {std::string(kDetection) + "candor:\n  name: {a: b}\n", "indicators.bad_value", 3},
      {std::string(kDetection) + "candor:\n  thresholds:\n    all: 5\n", "indicators.bad_value", 4},
  };
  for (const Fault& row : rows) {
    std::vector<Diagnostic> diagnostics;
    EXPECT_FALSE(read_rule("r.yml", row.text, diagnostics)) << row.text;
    ASSERT_FALSE(diagnostics.empty()) << row.text;
    EXPECT_EQ(diagnostics[0].id, row.id) << row.text;
    EXPECT_EQ(diagnostics[0].line, row.line) << row.text;
    EXPECT_EQ(diagnostics[0].file, "r.yml");
  }
}

TEST(Read, UnknownKeyIsAWarningWithAHint) {
  std::vector<Diagnostic> diagnostics;
  EXPECT_TRUE(read_rule("r.yml", std::string("descripton: a\nauthor: b\n") + kDetection, diagnostics));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].severity, Severity::warning);
  EXPECT_THAT(diagnostics[0].hint, HasSubstr("description"));
}

}  // namespace
}  // namespace candor
