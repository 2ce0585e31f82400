#include "indicators/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indicators/catalogue_scope.h"
#include "indicators/compile.h"
#include "indicators/read.h"
#include "indicators/test_rules.h"

namespace candor {
namespace {

using testing::HasSubstr;

std::vector<CheckedRule> collected(const std::vector<RuleText>& texts, std::vector<Diagnostic>& diagnostics) {
  std::vector<RuleFile> files;
  for (const RuleText& text : texts) {
    if (auto file = read_rule(text.file, text.text, diagnostics)) files.push_back(std::move(*file));
  }
  return collect(files, *small_catalogue(), diagnostics);
}

TEST(Collect, FillsInTheIndicator) {
  std::vector<Diagnostic> diagnostics;
  RuleText text = rule_on("file.name", "x");
  text.text += "    sensitive: {low: 4, medium: 4, high: 9, reason: tests}\n  exfiltration_trigger: true\n";
  const auto rules = collected({text}, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) ADD_FAILURE() << to_text(diagnostic);
  ASSERT_EQ(rules.size(), 1u);
  const IndicatorInfo& info = rules[0].info;
  EXPECT_EQ(info.name, "rule_1");
  EXPECT_EQ(info.category, Category::collection);
  EXPECT_TRUE(info.exfiltration_trigger);
  EXPECT_NE(info.key, 0u);
  EXPECT_EQ(info.levels[0], (Levels{1, 2, 3}));
  EXPECT_EQ(info.levels[1], (Levels{4, 4, 9}));
  EXPECT_EQ(info.levels[2], (Levels{1, 2, 3}));  // no row of its own
}

TEST(Collect, FeedsMayNameMoreApplications) {
  std::vector<Diagnostic> diagnostics;
  RuleText text = rule_on("file.name", "x");
  const std::string feed = "licence: any}]";
  text.text.replace(text.text.find(feed), feed.size(),
                    "licence: any}, {source: till, setting: none, licence: any}, {source: shop, setting: none, "
                    "licence: any}]");
  const auto rules = collected({text, rule_on("file.name", "x", 2)}, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) ADD_FAILURE() << to_text(diagnostic);
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_THAT(rules[0].reads.feeds, testing::ElementsAre("shop", "till"));
  EXPECT_EQ(rules[0].reads.sources,
            1u << static_cast<unsigned>(SourceKind::feed) | 1u << static_cast<unsigned>(SourceKind::m365_audit));
  EXPECT_THAT(rules[1].reads.feeds, testing::IsEmpty());
  EXPECT_EQ(rules[1].reads.sources, 1u << static_cast<unsigned>(SourceKind::m365_audit));
  EXPECT_NE(fingerprint_of({rules[0]}, *small_catalogue()), fingerprint_of({rules[1]}, *small_catalogue()));
}

TEST(Collect, EveryFaultOfARuleAtOnce) {
  std::vector<Diagnostic> diagnostics;
  RuleText text = rule_with(
      "  selection:\n    file.nam: x\n    file.size|contains: 3\n    file.name|contans: y\n"
      "    source.ip|cidr: 10.0.0.0/99\n  condition: selection and filtr\n");
  const auto rules = collected({text, rule_on("file.name", "fine", 2)}, diagnostics);
  ASSERT_EQ(rules.size(), 1u);  // the sound one loads
  EXPECT_EQ(rules[0].info.name, "rule_2");
  std::vector<std::string> ids;
  for (const Diagnostic& diagnostic : diagnostics) ids.push_back(diagnostic.id);
  EXPECT_THAT(ids, testing::ElementsAre("sigma.unknown_field", "sigma.bad_modifier", "sigma.unknown_modifier",
                                        "sigma.bad_value", "sigma.unknown_selection"));
  EXPECT_THAT(diagnostics[0].hint, HasSubstr("file.name"));
  EXPECT_EQ(diagnostics[0].line, 9);
  EXPECT_EQ(diagnostics[1].column, 15);  // of the modifier, not the field
  EXPECT_THAT(diagnostics[2].hint, HasSubstr("contains"));
  EXPECT_EQ(diagnostics[4].line, 13);
  EXPECT_EQ(diagnostics[4].column, 28);
}

TEST(Collect, RefusesLines) {
  struct Row {
    const char* key;
    const char* value;
    const char* id;
  };
  const Row rows[] = {
      {"file.name|bse64", "x", "sigma.unknown_modifier"},
      {"file.name|", "x", "sigma.unknown_modifier"},
      {"file.name|contains|contains", "x", "sigma.bad_modifier"},
      {"file.name|contains|startswith", "x", "sigma.bad_modifier"},
      {"file.name|all", "x", "sigma.bad_modifier"},
      {"file.name|contains|all", "[x]", "sigma.bad_modifier"},
      {"file.name|i", "x", "sigma.bad_modifier"},
      {"file.name|re|cased", "x", "sigma.bad_modifier"},
      {"file.name|re|fieldref", "file.extension", "sigma.bad_modifier"},
      {"file.name|gt", "5", "sigma.bad_modifier"},
      {"file.name|cidr", "10.0.0.0/8", "sigma.bad_modifier"},
      {"file.size|cased", "5", "sigma.bad_modifier"},
      {"file.size|gt", "five", "sigma.bad_value"},
      {"file.size", "5.5", "sigma.bad_value"},
      {"file.size", "99999999999999999999", "sigma.bad_value"},
      {"device.managed", "perhaps", "sigma.bad_value"},
      {"file.name|exists", "perhaps", "sigma.bad_value"},
      {"file.name|contains", "null", "sigma.bad_value"},
      {"file.name", "[x, null]", "sigma.bad_modifier"},
      {"file.name|re", "'('", "sigma.bad_value"},
      {"file.name|contains|base64", "x", "sigma.bad_modifier"},
      {"file.name|base64", "x*", "sigma.bad_value"},
      {"file.name|utf16", "x", "sigma.bad_value"},
      {"file.name|re|windash", "x", "sigma.bad_modifier"},
      {"file.name|windash|contains", "'-a -b -c -d -e'", "sigma.bad_value"},
      {"file.name|hour|minute", "5", "sigma.bad_modifier"},
      {"file.name|hour|contains", "5", "sigma.bad_modifier"},
      {"file.size|hour", "5", "sigma.bad_modifier"},
      {"file.name|fieldref|base64", "file.extension", "sigma.bad_modifier"},
      {"file.name|re", "'(?=x)y'", nullptr},
      {"file.name|contains", "''", nullptr},
      {"file.name|hour|gte", "20", nullptr},
      {"file.name|wide|base64offset|contains", "abc", nullptr},
      {"file.name|utf16|base64", "abc", nullptr},
      {"file.name|re", "'((((x{1000}){1000}){1000}){1000})'", "sigma.bad_value"},
      {"source.ip|cidr", "10.0.0/8", "sigma.bad_value"},
      {"file.name|fieldref", "file.nme", "sigma.unknown_field"},
      {"file.name|fieldref", "file.size", "sigma.bad_modifier"},
      {"file.name", "\"\\xFFx\\u00e9\"", nullptr},  // YAML makes code points of these
  };
  for (const Row& row : rows) {
    std::vector<Diagnostic> diagnostics;
    const auto rules = collected({rule_on(row.key, row.value)}, diagnostics);
    EXPECT_EQ(rules.size(), row.id == nullptr ? 1u : 0u) << row.key << ": " << row.value;
    if (row.id == nullptr) continue;
    ASSERT_EQ(diagnostics.size(), 1u) << row.key << ": " << row.value;
    EXPECT_EQ(diagnostics[0].id, row.id) << row.key << ": " << row.value;
    EXPECT_GT(diagnostics[0].line, 0);
    EXPECT_GT(diagnostics[0].column, 0);
  }
}

TEST(Collect, RefusesBlocks) {
  struct Row {
    const char* from;  // of a sound rule's text
    const char* to;
    const char* id;
  };
  const Row rows[] = {
      {"title: A rule", "title: ''", "indicators.missing_key"},
      {"id: 00000000-", "id: x0000000-", "indicators.bad_value"},
      {"description: For tests\n", "", "indicators.missing_key"},
      {"falsepositives:\n  - none\n", "", "indicators.missing_key"},
      {"status: test", "status: perhaps", "indicators.bad_value"},
      {"level: low", "level: dreadful", "indicators.bad_value"},
      {"product: m365", "product: windows", "indicators.unknown_logsource"},
      {"product: m365", "service: exchange", "indicators.missing_key"},
      {"name: rule_1", "name: Rule-1", "indicators.bad_value"},
      {"category: collection", "category: theft", "indicators.bad_value"},
      {"workload: office\n", "workload:\n", "indicators.missing_key"},
      {"intrusion: 1", "intrusion: 5", "indicators.bad_value"},
      {"intrusion: 1", "intrusion: one", "indicators.bad_value"},
      {"low: 1,", "low: 0,", "indicators.bad_threshold"},
      {"low: 1,", "low: 3,", "indicators.bad_threshold"},
      {"low: 1,", "", "indicators.bad_threshold"},
      {"    all:", "    everything:", "indicators.bad_threshold"},
      {", reason: tests", "", "indicators.missing_key"},
      {"  condition: selection\n", "", "sigma.missing_key"},
  };
  for (const Row& row : rows) {
    RuleText text = rule_on("file.name", "x");
    const std::size_t at = text.text.find(row.from);
    ASSERT_NE(at, std::string::npos) << row.from;
    text.text.replace(at, std::string_view(row.from).size(), row.to);
    std::vector<Diagnostic> diagnostics;
    EXPECT_TRUE(collected({text}, diagnostics).empty()) << row.to;
    ASSERT_FALSE(diagnostics.empty()) << row.to;
    EXPECT_EQ(diagnostics[0].id, row.id) << row.from << " -> " << row.to;
  }
}

TEST(Collect, TwinsAreRefusedAndTheFirstStays) {
  std::vector<Diagnostic> diagnostics;
  RuleText twin = rule_on("file.name", "y", 2);
  twin.text.replace(twin.text.find("name: rule_2"), 12, "name: rule_1");
  const auto rules = collected({rule_on("file.name", "x", 1), twin, rule_on("file.name", "x", 1)}, diagnostics);
  ASSERT_EQ(rules.size(), 1u);
  ASSERT_EQ(diagnostics.size(), 2u);
  EXPECT_EQ(diagnostics[0].id, "indicators.duplicate_name");
  EXPECT_EQ(diagnostics[1].id, "indicators.duplicate_id");
}

TEST(Collect, UnusedSelectionIsAWarning) {
  std::vector<Diagnostic> diagnostics;
  const auto rules =
      collected({rule_with("  a:\n    file.name: x\n  b:\n    file.name: y\n  condition: a\n")}, diagnostics);
  EXPECT_EQ(rules.size(), 1u);
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].id, "sigma.unused_selection");
  EXPECT_EQ(diagnostics[0].severity, Severity::warning);
}

TEST(Collect, NeedsAreNamesOfFactsAndWhatTheFieldsAreDerivedFrom) {
  const auto catalogue =
      FieldCatalogue::create(
          {{.name = "event.action", .type = FieldType::keyword, .description = ""},
           {.name = "medium.owned", .type = FieldType::boolean, .description = "", .needs = "removable_media"}})
          .value();
  struct Case {
    const char* declared;
    const char* fault;  // "" for none
    std::vector<std::string> needs;
  };
  const Case cases[] = {
      {"[removable_media]", "", {"removable_media"}},
      {"[label_order, removable_media]", "", {"label_order", "removable_media"}},
      {"[]", "indicators.undeclared_need", {"removable_media"}},
      {"[removable_medium]", "indicators.unknown_need", {}},
  };
  for (const Case& each : cases) {
    std::vector<Diagnostic> diagnostics;
    RuleText text = rule_on("medium.owned", "false");
    text.text += std::string("  needs: ") + each.declared + "\n";
    const auto file = read_rule(text.file, text.text, diagnostics);
    ASSERT_TRUE(file) << each.declared;
    const auto rules = collect({*file}, *catalogue, diagnostics);
    const bool error = each.needs.empty();
    ASSERT_EQ(rules.empty(), error) << each.declared;
    if (!error) {
      EXPECT_EQ(rules[0].info.needs, each.needs) << each.declared;
    }
    const std::string first = diagnostics.empty() ? "" : diagnostics[0].id;
    EXPECT_EQ(first, each.fault) << each.declared;
    for (const Diagnostic& diagnostic : diagnostics) EXPECT_FALSE(diagnostic.hint.empty()) << each.declared;
  }
}

TEST(Collect, KeepsAsManyRulesAsASetMayHold) {
  std::vector<Diagnostic> diagnostics;
  std::vector<RuleText> texts;
  for (int i = 1; i <= 3; ++i) texts.push_back(rule_on("file.name", "x", i));
  auto rules = collected(texts, diagnostics);
  ASSERT_EQ(rules.size(), 3u);
  rules[1].correlation.emplace().rules.resize(2);  // three positions
  keep_at_most(5, rules, diagnostics);
  EXPECT_EQ(rules.size(), 3u);
  EXPECT_TRUE(diagnostics.empty());
  keep_at_most(4, rules, diagnostics);
  EXPECT_EQ(rules.size(), 2u);
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].id, "indicators.too_many");
  EXPECT_THAT(diagnostics[0].message, HasSubstr("from `rule_3` on"));
  keep_at_most(3, rules, diagnostics);
  EXPECT_EQ(rules.size(), 1u) << "not half a correlation";
}

TEST(Collect, OperationsAreNormalised) {
  EXPECT_EQ(operation_as_matched(" Add member to role. "), "Add member to role");
  EXPECT_EQ(operation_as_matched("Set\u2013Mailbox\u2014x"), "Set-Mailbox-x");
  EXPECT_EQ(operation_as_matched(" . "), "");
  EXPECT_EQ(operation_as_matched(""), "");
}

}  // namespace
}  // namespace candor
