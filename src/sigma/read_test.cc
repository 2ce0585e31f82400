#include "sigma/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace candor::sigma {
namespace {

constexpr const char* kRule = R"(title: A rule
id: 00000000-0000-4000-8000-000000000001
logsource:
  product: windows
detection:
  selection:
    Image|endswith:
      - Salary
      - '12'
    Size|gt: 7
  other:
    - Name: ~
    - To|all: [a, b]
  words:
    - one
    - two
  condition: selection or other or words
custom:
  anything: [1, 2]
---
title: A count
correlation:
  type: event_count
  rules: [00000000-0000-4000-8000-000000000001]
  group-by: [User]
  timespan: 5m
  condition: {gte: 3}
---
title: A filter
logsource: {product: windows}
filter:
  rules: any
  selection: {User: x}
  condition: not selection
)";

TEST(Read, TakesDocumentsApart) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<Document> documents = read_documents("r.yml", kRule, diagnostics);
  EXPECT_TRUE(diagnostics.empty());
  ASSERT_EQ(documents.size(), 3u);
  const Document& rule = documents[0];
  EXPECT_EQ(rule.title->text, "A rule");
  ASSERT_EQ(rule.selections.size(), 3u);
  const FieldMap& map = rule.selections[0].maps.at(0);
  ASSERT_EQ(map.size(), 2u);
  EXPECT_EQ(map[0].key, "Image|endswith");
  EXPECT_TRUE(map[0].is_list);
  EXPECT_FALSE(map[0].values.at(0).quoted);
  EXPECT_TRUE(map[0].values.at(1).quoted);
  EXPECT_EQ(map[0].place.line, 7);
  EXPECT_EQ(map[0].place.column, 5);
  EXPECT_EQ(rule.selections[1].maps.size(), 2u);
  EXPECT_TRUE(rule.selections[1].maps[0][0].values[0].null);
  EXPECT_EQ(rule.selections[2].maps.at(0).at(0).key, "");
  EXPECT_EQ(rule.selections[2].maps[0][0].values.size(), 2u);
  EXPECT_EQ(rule.conditions.at(0).text, "selection or other or words");
  ASSERT_EQ(rule.custom.size(), 1u);
  EXPECT_EQ(rule.custom[0].key.text, "custom");
  EXPECT_EQ(documents[1].kind, Document::Kind::correlation);
  EXPECT_EQ(documents[1].correlation.criteria.at(0).first.text, "gte");
  EXPECT_EQ(documents[2].kind, Document::Kind::filter);
  EXPECT_EQ(documents[2].filtered_rules.at(0).text, "any");
}

struct Fault {
  const char* text;
  const char* id;
  int line;
};

TEST(Read, RefusesWithPlace) {
  const Fault rows[] = {
      {"title: [", "sigma.bad_yaml", 2},
      {"a: 1\n\tb: 2\n", "sigma.bad_yaml", 2},
      {"- 1\n- 2\n", "sigma.bad_rule", 1},
      {"", "sigma.bad_rule", 0},
      {"title: a\n", "sigma.missing_key", 1},
      {"title: a\ntitle: b\n", "sigma.duplicate_key", 2},
      {"title: {a: b}\n", "sigma.bad_value", 1},
      {"detection: text\n", "sigma.bad_value", 1},
      {"detection:\n  timeframe: 5m\n", "sigma.unsupported", 2},
      {"action: global\n", "sigma.unsupported", 1},
      {"detection:\n  selection:\n", "sigma.bad_selection", 2},
      {"detection:\n  selection: {}\n", "sigma.bad_selection", 2},
      {"detection:\n  selection:\n    a: []\n", "sigma.bad_value", 3},
      {"detection:\n  selection:\n    a:\n      b: c\n", "sigma.bad_value", 4},
      {"detection:\n  selection:\n    ? [x]\n    : c\n", "sigma.bad_rule", 3},
      {"detection:\n  selection: [[a]]\n", "sigma.bad_selection", 2},
      {"detection:\n  selection: {a: b}\n", "sigma.missing_key", 1},
      {"filter:\n  selection: {a: b}\n  condition: selection\n", "sigma.missing_key", 1},
      {"correlation: text\n", "sigma.bad_value", 1},
  };
  for (const Fault& row : rows) {
    std::vector<Diagnostic> diagnostics;
    EXPECT_TRUE(read_documents("r.yml", row.text, diagnostics).empty()) << row.text;
    ASSERT_FALSE(diagnostics.empty()) << row.text;
    EXPECT_EQ(diagnostics[0].id, row.id) << row.text;
    EXPECT_EQ(diagnostics[0].line, row.line) << row.text;
    EXPECT_EQ(diagnostics[0].file, "r.yml");
  }
}

TEST(Read, WhatComesBeforeAFaultIsKept) {
  std::vector<Diagnostic> diagnostics;
  const std::string text = "title: a\ndetection: {s: {a: b}, condition: s}\n---\ntitle: [\n";
  EXPECT_EQ(read_documents("r.yml", text, diagnostics).size(), 1u);
  EXPECT_TRUE(has_errors(diagnostics));
}

TEST(Read, AliasesOfAliasesAreBounded) {
  std::string text =
      "a: &a0 [x, x, x, x, x, x, x, x, x, x]\ndetection:\n  selection:\n    f: [y]\n  condition: selection\n";
  for (int i = 0; i < 20; ++i) {
    text += "b" + std::to_string(i) + ": &a" + std::to_string(i + 1) + " [";
    for (int k = 0; k < 10; ++k) text += "*a" + std::to_string(i) + (k < 9 ? "," : "]\n");
  }
  text += "tags: *a20\n";
  std::vector<Diagnostic> diagnostics;
  EXPECT_TRUE(read_documents("r.yml", text, diagnostics).empty());
  EXPECT_EQ(diagnostics.at(0).id, "sigma.bad_yaml");
}

TEST(Read, DeepNestingAndLargeFilesAreRefused) {
  std::vector<Diagnostic> diagnostics;
  EXPECT_TRUE(read_documents("deep.yml", "a: " + std::string(100'000, '['), diagnostics).empty());
  EXPECT_TRUE(read_documents("large.yml", std::string(kMaxFileBytes + 1, ' '), diagnostics).empty());
  EXPECT_EQ(diagnostics.back().id, "sigma.too_large");
}

TEST(Read, FoldersInOrderWithoutExamples) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "candor_sigma_read_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "b");
  for (const char* name : {"z.yml", "b/a.yaml", "a.yml", "a.examples.yml", "notes.txt"}) {
    std::ofstream(folder / name) << "title: " << name << "\ndetection: {s: {a: b}, condition: s}\n";
  }
  std::vector<Diagnostic> diagnostics;
  const std::vector<Document> documents = read_paths({folder, folder / "missing"}, diagnostics);
  ASSERT_EQ(documents.size(), 3u);
  EXPECT_EQ(documents[0].title->text, "a.yml");
  EXPECT_EQ(documents[1].title->text, "b/a.yaml");
  EXPECT_EQ(documents[2].title->text, "z.yml");
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].id, "sigma.unreadable");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace candor::sigma
