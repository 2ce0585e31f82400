#include "indicators/indicator_set.h"

#include <gtest/gtest.h>

#include "indicators/test_rules.h"

namespace candor {
namespace {

// The activity the rows of the table are asked about.
void fill(Activity& activity, const FieldCatalogue& fields) {
  static const std::vector<std::string_view> kTo = {"Ann@Example.org", "bob@partner.example"};
  activity.operation = "FileDownloaded";
  activity.set_text(fields.require("file.name"), "Gehälter Übersicht*2026.XLSX");
  activity.set_text(fields.require("file.extension"), "xlsx");
  activity.set_number(fields.require("file.size"), 1234);
  activity.set_number(fields.require("device.managed"), 0);
  activity.set_text(fields.require("source.ip"), "203.0.113.77");
  activity.set_list(fields.require("email.to"), kTo);
}

std::vector<std::string> matched_names(const IndicatorSet::Loaded& loaded, const Activity& activity) {
  for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << to_text(diagnostic);
  Matcher matcher(loaded.set);
  std::vector<IndicatorIndex> matched;
  matcher.match(activity, IndicatorMask(loaded.set->size(), true), matched);
  std::vector<std::string> names;
  for (const IndicatorIndex index : matched) names.push_back((*loaded.set)[index].name);
  return names;
}

struct Row {
  const char* key;
  const char* value;
  bool matches;
};

class Lines : public testing::TestWithParam<Row> {};

TEST_P(Lines, Match) {
  const auto catalogue = small_catalogue();
  Activity activity(catalogue);
  fill(activity, *catalogue);
  const auto loaded = IndicatorSet::parse({rule_on(GetParam().key, GetParam().value)}, catalogue);
  EXPECT_EQ(matched_names(loaded, activity).size(), GetParam().matches ? 1u : 0u)
      << GetParam().key << ": " << GetParam().value;
}

INSTANTIATE_TEST_SUITE_P(
    All, Lines,
    testing::Values(
        Row{"event.action", "filedownloaded", true}, Row{"event.action", "'FileDownloaded. '", true},
        Row{"event.action", "FileUploaded", false}, Row{"event.action|startswith", "file", true},
        Row{"event.action|endswith", "loaded", true}, Row{"event.action|contains", "DOWN", true},
        Row{"event.action|contains|cased", "DOWN", false}, Row{"event.action", "File*ed", true},
        Row{"event.action|re", "'^File.*ed$'", true}, Row{"event.action|exists", "false", false},
        Row{"event.action", "null", false},
        // letter case
        Row{"file.name|contains", "ÜBERSICHT", true}, Row{"file.name|contains|cased", "ÜBERSICHT", false},
        Row{"file.name|contains|cased", "Übersicht", true}, Row{"file.name|endswith", ".xlsx", true},
        Row{"file.name|endswith|cased", ".xlsx", false}, Row{"file.name|startswith", "GEHÄLTER", true},
        // wildcards and escapes
        Row{"file.name", "'gehälter *'", true}, Row{"file.name", "'*2026.xlsx'", true},
        Row{"file.name", "'*übersicht\\*2026*'", true}, Row{"file.name", "'*übersicht\\?2026*'", false},
        Row{"file.name", "'geh?lter*'", true}, Row{"file.name", "'geh??lter*'", false}, Row{"file.name", "'*'", true},
        Row{"file.name", "'?'", false}, Row{"file.name|contains", "'übersicht?2026'", true},
        Row{"file.name|contains", "'gehälter*xlsx'", true},
        // lists of values
        Row{"file.extension", "[pdf, XLSX]", true}, Row{"file.extension", "[pdf, docx]", false},
        Row{"file.name|contains|all", "[gehälter, 2026]", true},
        Row{"file.name|contains|all", "[gehälter, 2025]", false}, Row{"file.extension|neq", "[pdf, docx]", true},
        Row{"file.extension|neq", "[pdf, xlsx]", false},
        // numbers and truth values
        Row{"file.size", "1234", true}, Row{"file.size", "'1234'", true}, Row{"file.size", "[1, 2]", false},
        Row{"file.size|gt", "1233", true}, Row{"file.size|gt", "1234", false}, Row{"file.size|gte", "1234", true},
        Row{"file.size|lt", "1234", false}, Row{"file.size|lt", "1235", true}, Row{"file.size|lte", "1234", true},
        Row{"device.managed", "false", true}, Row{"device.managed", "true", false},
        // presence
        Row{"file.name|exists", "true", true}, Row{"email.cc|exists", "true", false},
        Row{"email.cc|exists", "false", true}, Row{"email.cc", "null", true}, Row{"email.cc", "''", true},
        Row{"email.cc", "x", false}, Row{"file.name", "null", false}, Row{"email.cc", "[x, '']", true},
        Row{"email.cc|neq", "x", true}, Row{"device.managed|exists", "true", true},
        // lists of texts: one of them
        Row{"email.to", "bob@partner.example", true}, Row{"email.to|endswith", "'@example.ORG'", true},
        Row{"email.to|endswith|all", "['@example.org', '@partner.example']", true},
        Row{"email.to|endswith", "'@example.com'", false}, Row{"email.to|re", "^bob@", true},
        // addresses
        Row{"source.ip|cidr", "203.0.113.0/24", true}, Row{"source.ip|cidr", "203.0.113.64/26", true},
        Row{"source.ip|cidr", "203.0.113.0/26", false}, Row{"source.ip|cidr", "0.0.0.0/0", true},
        Row{"source.ip|cidr", "203.0.113.77", true}, Row{"source.ip|cidr", "2001:db8::/32", false},
        Row{"source.ip|cidr", "[10.0.0.0/8, 203.0.0.0/16]", true}, Row{"source.ip|startswith", "203.0.113.", true},
        // regular expressions
        Row{"file.name|re", "xlsx$", false}, Row{"file.name|re|i", "xlsx$", true}, Row{"file.name|re", "XLSX", true},
        Row{"file.name|re", "'\\d{4}'", true},
        // other fields
        Row{"file.name|endswith|fieldref", "file.extension", true},
        Row{"file.name|endswith|fieldref|cased", "file.extension", false},
        Row{"file.name|fieldref", "file.extension", false}, Row{"file.name|fieldref", "file.name", true},
        Row{"file.name|fieldref|neq", "file.extension", true}, Row{"file.name|fieldref", "email.cc", false},
        Row{"event.action|fieldref", "file.name", false}));

TEST(IndicatorSet, BackslashesOfPaths) {
  const auto catalogue = small_catalogue();
  Activity activity(catalogue);
  activity.operation = "x";
  activity.set_text(catalogue->require("file.name"), "\\\\server\\Public\\a.txt");
  const std::pair<const char*, bool> rows[] = {
      {"'*\\public\\\\*'", true},
      {"'*\\public\\*'", false},
      {"'\\\\\\\\server\\\\*'", true},
      {"'\\\\\\server\\public\\a.txt'", true},
  };
  for (const auto& [value, matches] : rows) {
    const auto loaded = IndicatorSet::parse({rule_on("file.name", value)}, catalogue);
    EXPECT_EQ(matched_names(loaded, activity).size(), matches ? 1u : 0u) << value;
  }
}

TEST(IndicatorSet, RulesByOperationAndOverIt) {
  const auto catalogue = small_catalogue();
  const auto loaded = IndicatorSet::parse(
      {rule_with("  op:\n    event.action: [FileDownloaded, Send]\n  big:\n    file.size|gt: 1000\n"
                 "  condition: op and big\n",
                 1),
       rule_with("  op:\n    event.action|startswith: File\n  other:\n    event.action: FileDeleted\n"
                 "  condition: op and not other\n",
                 2),
       rule_with("  a:\n    - event.action: Send\n    - file.extension: xlsx\n  condition: a\n", 3),
       rule_with("  a:\n    event.action: Send\n  condition: not a\n", 4)},
      catalogue);
  Activity activity(catalogue);
  fill(activity, *catalogue);
  using Names = std::vector<std::string>;
  EXPECT_EQ(matched_names(loaded, activity), (Names{"rule_1", "rule_2", "rule_3", "rule_4"}));
  activity.operation = "Send";
  EXPECT_EQ(matched_names(loaded, activity), (Names{"rule_1", "rule_3"}));
  activity.operation = "FileDeleted";
  activity.remove(catalogue->require("file.extension"));
  EXPECT_EQ(matched_names(loaded, activity), (Names{"rule_4"}));
  activity.source = SourceKind::badge;  // the rules are for another source
  EXPECT_EQ(matched_names(loaded, activity), (Names{}));
}

TEST(IndicatorSet, OffMeansOff) {
  const auto catalogue = small_catalogue();
  const auto loaded =
      IndicatorSet::parse({rule_on("file.size|gt", "1", 1), rule_on("file.size|gt", "2", 2)}, catalogue);
  Activity activity(catalogue);
  fill(activity, *catalogue);
  Matcher matcher(loaded.set);
  IndicatorMask mask(loaded.set->size(), true);
  mask.set(0, false);
  std::vector<IndicatorIndex> matched = {7};
  matcher.match(activity, mask, matched);
  EXPECT_EQ(matched, (std::vector<IndicatorIndex>{1}));
}

TEST(IndicatorSet, ManyAndLongOperationsAreBounded) {
  const auto catalogue = small_catalogue();
  const auto loaded = IndicatorSet::parse({rule_on("event.action|endswith", "7")}, catalogue);
  Matcher matcher(loaded.set);
  const IndicatorMask mask(1, true);
  Activity activity(catalogue);
  std::vector<IndicatorIndex> matched;
  for (int i = 0; i < 20'000; ++i) {
    const std::string operation = (i % 3 == 0 ? std::string(300, 'x') : "Op") + std::to_string(i);
    activity.operation = operation;
    matcher.match(activity, mask, matched);
    ASSERT_EQ(matched.size(), i % 10 == 7 ? 1u : 0u) << i;
  }
}

TEST(IndicatorSet, FingerprintFollowsWhatMatches) {
  const auto catalogue = small_catalogue();
  const auto print = [&](const RuleText& rule) { return IndicatorSet::parse({rule}, catalogue).set->fingerprint(); };
  RuleText retitled = rule_on("file.name", "x");
  retitled.text.replace(7, 6, "Other!");
  EXPECT_EQ(print(rule_on("file.name", "x")), print(retitled));
  EXPECT_EQ(print(rule_on("file.name", "X")), print(rule_on("file.name", "x")));
  EXPECT_NE(print(rule_on("file.name", "x")), print(rule_on("file.name", "y")));
  EXPECT_NE(print(rule_on("file.name", "x")), print(rule_on("file.name|contains", "x")));
  EXPECT_NE(print(rule_on("file.name", "x", 1)), print(rule_on("file.name", "x", 2)));
}

TEST(IndicatorSet, FindsByKeyAndName) {
  const auto loaded =
      IndicatorSet::parse({rule_on("file.name", "x", 1), rule_on("file.name", "y", 2)}, small_catalogue());
  ASSERT_EQ(loaded.set->size(), 2u);
  EXPECT_EQ(loaded.set->find_name("rule_2"), IndicatorIndex{1});
  EXPECT_EQ(loaded.set->find((*loaded.set)[0].key), IndicatorIndex{0});
  EXPECT_FALSE(loaded.set->find(12345));
  EXPECT_FALSE(loaded.set->find_name("rule_3"));
}

}  // namespace
}  // namespace candor
