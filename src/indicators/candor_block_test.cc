#include "indicators/candor_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indicators/collect.h"
#include "indicators/read.h"
#include "indicators/test_rules.h"

namespace candor {
namespace {

constexpr const char* kFeeds = "[{source: m365_audit, record_types: [6], setting: none, licence: any}]";

// The sound rule with one part of its text replaced.
std::vector<CheckedRule> changed(const std::string& from, const std::string& to, std::vector<Diagnostic>& diagnostics) {
  RuleText text = rule_on("file.name", "x");
  const std::size_t at = text.text.find(from);
  if (at == std::string::npos) {
    ADD_FAILURE() << from;
    return {};
  }
  text.text.replace(at, from.size(), to);
  const auto file = read_rule(text.file, text.text, diagnostics);
  if (!file) return {};
  return collect({*file}, *small_catalogue(), diagnostics);
}

TEST(CandorBlock, SaysWhatTheIndicatorIsAndWhatFeedsIt) {
  std::vector<Diagnostic> diagnostics;
  const auto rules =
      changed(std::string("  intrusion: 1\n  feeds: ") + kFeeds,
              "  intrusion: 3\n  stage: cleanup\n  legal: Agree with the works council.\n  feeds:\n"
              "    - source: m365_audit\n      record_types: [63, 11]\n      setting: Devices onboarded\n"
              "      licence: e5\n"
              "    - {source: m365_audit, record_types: 13, setting: A policy, licence: e3}",
              diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) ADD_FAILURE() << to_text(diagnostic);
  ASSERT_EQ(rules.size(), 1u);
  const IndicatorInfo& info = rules[0].info;
  EXPECT_EQ(info.stage, Stage::cleanup);
  EXPECT_EQ(info.legal, "Agree with the works council.");
  ASSERT_EQ(info.feeds.size(), 2u);
  EXPECT_EQ(info.feeds[0].source, "m365_audit");
  EXPECT_THAT(info.feeds[0].record_types, testing::ElementsAre(63, 11));
  EXPECT_EQ(info.feeds[0].setting, "Devices onboarded");
  EXPECT_EQ(info.feeds[0].licence, Licence::e5);
  EXPECT_THAT(info.feeds[1].record_types, testing::ElementsAre(13));
  EXPECT_THAT(info.tags, testing::ElementsAre("attack.collection"));
}

TEST(CandorBlock, StageAndLegalMayBeAbsent) {
  std::vector<Diagnostic> diagnostics;
  const auto rules = changed("intrusion: 1", "intrusion: 2", diagnostics);
  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(rules[0].info.stage, std::nullopt);
  EXPECT_EQ(rules[0].info.legal, "");
  EXPECT_TRUE(diagnostics.empty());
}

TEST(CandorBlock, RefusesWithPlace) {
  const std::string feeds = kFeeds;
  const std::string tags = "tags:\n  - attack.collection\n";
  struct Row {
    std::string from;
    std::string to;
    const char* id;
  };
  const Row rows[] = {
      {"intrusion: 1", "intrusion: 3", "indicators.missing_key"},
      {"intrusion: 1", "intrusion: 4\n  legal: ''", "indicators.missing_key"},
      {"intrusion: 1", "intrusion: 1\n  stage: theft", "indicators.bad_value"},
      {"  feeds: " + feeds + "\n", "", "indicators.missing_key"},
      {feeds, "[]", "indicators.missing_key"},
      {feeds, "{source: badge}", "indicators.bad_value"},
      {feeds, "[badge]", "indicators.bad_value"},
      {"source: m365_audit", "source: mail", "indicators.bad_value"},
      {"source: m365_audit, record_types: [6]", "source: badge", "indicators.bad_value"},
      {"source: m365_audit, ", "", "indicators.missing_key"},
      {"record_types: [6], ", "", "indicators.bad_value"},
      {"record_types: [6]", "record_types: []", "indicators.bad_value"},
      {"record_types: [6]", "record_types: [six]", "indicators.bad_value"},
      {"record_types: [6]", "record_types: [0]", "indicators.bad_value"},
      {"setting: none, ", "", "indicators.missing_key"},
      {"licence: any", "licence: e7", "indicators.bad_value"},
      {", licence: any", "", "indicators.missing_key"},
      {tags, "", "indicators.missing_key"},
      {tags, "tags: [cve.2021-1]\n", "indicators.missing_key"},
      {tags, "tags: [attack.collection, candor.no_attack]\n", "indicators.missing_key"},
  };
  for (const Row& row : rows) {
    std::vector<Diagnostic> diagnostics;
    EXPECT_TRUE(changed(row.from, row.to, diagnostics).empty()) << row.to;
    ASSERT_FALSE(diagnostics.empty()) << row.to;
    EXPECT_EQ(diagnostics[0].id, row.id) << row.from << " -> " << row.to;
    EXPECT_GT(diagnostics[0].line, 0) << row.to;
  }
}

TEST(CandorBlock, WhereNoTechniqueFitsTheRuleSaysSo) {
  std::vector<Diagnostic> diagnostics;
  EXPECT_EQ(changed("  - attack.collection\n", "  - candor.no_attack\n", diagnostics).size(), 1u);
  EXPECT_TRUE(diagnostics.empty());
}

TEST(CandorBlock, WordsAreReadAsTheyAreWritten) {
  for (const Stage stage : all_stages()) {
    std::vector<Diagnostic> diagnostics;
    const auto rules = changed("intrusion: 1", "intrusion: 1\n  stage: " + std::string(to_text(stage)), diagnostics);
    ASSERT_EQ(rules.size(), 1u) << to_text(stage);
    EXPECT_EQ(rules[0].info.stage, stage);
  }
  for (const Licence licence : all_licences()) {
    std::vector<Diagnostic> diagnostics;
    const auto rules = changed("licence: any", "licence: " + std::string(to_text(licence)), diagnostics);
    ASSERT_EQ(rules.size(), 1u) << to_text(licence);
    EXPECT_EQ(rules[0].info.feeds[0].licence, licence);
  }
}

}  // namespace
}  // namespace candor
