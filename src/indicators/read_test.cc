#include "indicators/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "indicators/test_rules.h"

namespace candor {
namespace {

using testing::HasSubstr;

TEST(Read, TakesARuleApart) {
  std::vector<Diagnostic> diagnostics;
  const RuleText text = rule_with(
      "  selection:\n    file.name|contains:\n      - Salary\n      - '12'\n    file.size|gt: 7\n"
      "  other:\n    - file.name: ~\n    - email.to|all: [a, b]\n  condition: selection or other\n");
  const auto rule = read_rule(text.file, text.text, diagnostics);
  ASSERT_TRUE(rule);
  EXPECT_TRUE(diagnostics.empty());
  EXPECT_EQ(rule->title->text, "A rule");
  ASSERT_EQ(rule->selections.size(), 2u);
  const FieldMap& map = rule->selections[0].maps.at(0);
  ASSERT_EQ(map.size(), 2u);
  EXPECT_EQ(map[0].key, "file.name|contains");
  EXPECT_TRUE(map[0].is_list);
  EXPECT_FALSE(map[0].values.at(0).quoted);
  EXPECT_TRUE(map[0].values.at(1).quoted);
  EXPECT_EQ(map[0].place.line, 9);
  EXPECT_EQ(map[0].place.column, 5);
  EXPECT_EQ(rule->selections[1].maps.size(), 2u);
  EXPECT_TRUE(rule->selections[1].maps[0][0].values[0].null);
  EXPECT_EQ(rule->conditions.at(0).text, "selection or other");
  EXPECT_EQ(rule->candor.thresholds.at(0).high->text, "3");
}

struct Fault {
  const char* text;
  const char* id;
  int line;
};

TEST(Read, RefusesWithPlace) {
  const Fault rows[] = {
      {"title: [", "indicators.bad_yaml", 1},
      {"a: 1\n\tb: 2\n", "indicators.bad_yaml", 2},
      {"- 1\n- 2\n", "indicators.bad_rule", 1},
      {"title: a\n---\ntitle: b\n", "indicators.bad_rule", 0},
      {"", "indicators.bad_rule", 0},
      {"title: a\ntitle: b\n", "indicators.duplicate_key", 2},
      {"title: {a: b}\n", "indicators.bad_value", 1},
      {"detection: text\n", "indicators.bad_value", 1},
      {"detection:\n  words:\n    - one\n    - two\n", "indicators.keywords_unsupported", 3},
      {"detection:\n  timeframe: 5m\n", "indicators.unsupported", 2},
      {"detection:\n  selection: text\n", "indicators.bad_selection", 2},
      {"detection:\n  selection: {}\n", "indicators.bad_selection", 2},
      {"detection:\n  selection:\n    a: []\n", "indicators.bad_value", 3},
      {"detection:\n  selection:\n    a:\n      b: c\n", "indicators.bad_value", 4},
      {"detection:\n  selection:\n    ? [x]\n    : c\n", "indicators.bad_rule", 3},
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
  EXPECT_TRUE(read_rule("r.yml", "descripton: a\nauthor: b\n", diagnostics));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].severity, Severity::warning);
  EXPECT_THAT(diagnostics[0].hint, HasSubstr("description"));
}

TEST(Read, AliasesOfAliasesAreBounded) {
  std::string text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\ndetection:\n  selection:\n    f: [y]\n";
  for (int i = 0; i < 20; ++i) {
    text += "b" + std::to_string(i) + ": &a" + std::to_string(i + 1) + " [";
    for (int k = 0; k < 10; ++k) text += "*a" + std::to_string(i) + (k < 9 ? "," : "]\n");
  }
  text += "tags: *a20\n";
  std::vector<Diagnostic> diagnostics;
  EXPECT_FALSE(read_rule("r.yml", text, diagnostics));
}

TEST(Read, DeepNestingAndLargeFilesAreRefused) {
  std::vector<Diagnostic> diagnostics;
  EXPECT_FALSE(read_rule("deep.yml", "a: " + std::string(100'000, '['), diagnostics));
  EXPECT_FALSE(read_rule("large.yml", std::string(kMaxRuleBytes + 1, ' '), diagnostics));
  EXPECT_EQ(diagnostics.back().id, "indicators.too_large");
}

TEST(Read, FoldersInOrderWithoutExamples) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "candor_read_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "b");
  for (const char* name : {"z.yml", "b/a.yml", "a.yml", "a.examples.yml", "notes.txt"}) {
    std::ofstream(folder / name) << "title: " << name << "\n";
  }
  std::vector<Diagnostic> diagnostics;
  const std::vector<RuleFile> rules = read_rules({folder, folder / "missing"}, diagnostics);
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_EQ(rules[0].title->text, "a.yml");
  EXPECT_EQ(rules[1].title->text, "b/a.yml");
  EXPECT_EQ(rules[2].title->text, "z.yml");
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].id, "indicators.unreadable");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace candor
