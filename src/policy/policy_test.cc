#include "policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "policy/policy_content.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

using test::kLeaver;

std::vector<Diagnostic> faults(const std::string& text) {
  return load_policy(text, "p.yml", test::indicators(), *test::scoring()).diagnostics;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(PolicyTest, CompilesWhatIsWritten) {
  const Policy policy = test::policy();
  EXPECT_EQ(policy.id, "leaver");
  EXPECT_EQ(policy.version.size(), 16U);
  EXPECT_EQ(policy.cut, 34 * kOnePoint);
  ASSERT_EQ(policy.indicators.size(), 3U);
  EXPECT_EQ(policy.find(test::kDownload)->weight, kWhole / 2);
  EXPECT_EQ(policy.find(test::kUsb)->levels[0].high, 60);
  EXPECT_EQ(policy.find(test::kRename), nullptr);
  EXPECT_EQ(policy.usual.ratio_percent, 400);
  ASSERT_EQ(policy.triggers.size(), 1U);
  EXPECT_EQ(policy.triggers[0].fact, FactKind::resignation);
}

TEST(PolicyTest, NamesOverrideCategories) {
  const Policy policy = test::policy(replaced(kLeaver, "  - {name: download, weight: 0.5}\n",
                                              "  - {name: usb_copy, weight: 0.25, thresholds: {all: [1, 2, 3]}}\n"
                                              "  - {name: mail_outside, off: true}\n"));
  ASSERT_EQ(policy.indicators.size(), 1U);
  EXPECT_EQ(policy.indicators[0].name, "usb_copy");
  EXPECT_EQ(policy.indicators[0].weight, kWhole / 4);
  EXPECT_EQ(policy.indicators[0].levels[0], (Levels{.low = 1, .medium = 2, .high = 3}));
  EXPECT_EQ(policy.indicators[0].levels[1].low, 2) << "dimensions not named keep the indicator's levels";
}

TEST(PolicyTest, WhatIsExperimentalIsTakenByNameOnly) {
  std::vector<IndicatorInfo> all = test::indicators();
  for (IndicatorInfo& info : all) info.experimental = info.key == test::kUsb;
  const auto scored = [&](const std::string& more) {
    std::string text = test::kLeaver;
    text.insert(text.find("  - {name: download"), more);
    text.insert(text.find("indicators:\n"),
                "  - {id: much, title: Much, indicators: exfiltration_triggers, level: low}\n");
    const LoadedPolicy loaded = load_policy(text, "test.yml", all, *test::scoring());
    EXPECT_TRUE(loaded.policy.has_value());
    return *loaded.policy;
  };
  const auto has = [](const Policy& policy, IndicatorKey key) {
    return std::ranges::find(policy.indicators, key, &PolicyIndicator::key) != policy.indicators.end();
  };
  const Policy silent = scored("");
  EXPECT_TRUE(has(silent, test::kMail));
  EXPECT_FALSE(has(silent, test::kUsb));
  EXPECT_TRUE(has(scored("  - {name: usb_copy}\n"), test::kUsb));
  for (const Trigger& trigger : silent.triggers) {
    if (trigger.id != "much") continue;
    ASSERT_EQ(trigger.watched.size(), 1u);
    EXPECT_EQ(trigger.watched[0].key, test::kMail);
  }
}

TEST(PolicyTest, TriggersTakeLevelsOrCounts) {
  const Policy policy = test::policy(replaced(kLeaver, "  - {id: resignation, title: Resignation, fact: resignation}\n",
                                              "  - {id: out, indicators: exfiltration_triggers, level: medium}\n"
                                              "  - {id: one, indicators: [rename], least: {sensitive: 1}}\n"));
  ASSERT_EQ(policy.triggers.size(), 2U);
  ASSERT_EQ(policy.triggers[0].watched.size(), 2U);
  EXPECT_EQ(policy.triggers[0].watched[0].least[0], 20);
  EXPECT_EQ(policy.triggers[1].watched[0].least, (std::array<std::int64_t, 4>{0, 1, 0, 0}));
}

struct Fault {
  const char* from;
  const char* to;
  const char* id;
  int line;
  const char* hint;
};

class PolicyFaultTest : public testing::TestWithParam<Fault> {};

TEST_P(PolicyFaultTest, HasPlaceIdAndHint) {
  const Fault& fault = GetParam();
  const auto found = faults(replaced(kLeaver, fault.from, fault.to));
  ASSERT_EQ(found.size(), 1U) << (found.empty() ? "" : to_text(found[1 % found.size()]));
  EXPECT_EQ(found[0].id, std::string("policy.") + fault.id);
  EXPECT_EQ(found[0].line, fault.line);
  EXPECT_THAT(found[0].hint, testing::HasSubstr(fault.hint));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, PolicyFaultTest,
    testing::Values(
        Fault{"name: download", "name: downlaod", "unknown_indicator", 9, "did you mean `download`?"},
        Fault{"category: exfiltration", "category: exfiltrated", "unknown_category", 8, "did you mean `exfiltration`?"},
        Fault{"fact: resignation", "fact: resigned", "unknown_fact", 6, "resignation"},
        Fault{"half_life_days: 10", "half_live_days: 10", "unknown_key", 11, "did you mean `half_life_days`?"},
        Fault{"half_life_days: 10", "half_life_days: 0", "bad_number", 11, ""},
        Fault{"id: leaver", "id: Leaver!", "bad_id", 2, ""},
        Fault{"name: Leavers", "name: Leavers\ntitle: x", "unknown_key", 4, ""},
        Fault{"weight: 0.5", "weight: 1.5", "bad_number", 9, ""},
        Fault{"weight: 0.5", "weight: -1", "bad_number", 9, ""},
        Fault{"weight: 0.5", "weight: 0.1234567", "bad_number", 9, ""},
        Fault{"weight: 0.5", "thresholds: {all: [3, 2, 1]}", "bad_levels", 9, ""},
        Fault{"weight: 0.5", "thresholds: {all: [1, 2]}", "bad_levels", 9, ""},
        Fault{"weight: 0.5", "weight: 0.5, weight: 0.5", "repeated_key", 9, ""},
        Fault{"medium: 0.2", "medium: 0.05", "bad_strengths", 12, ""},
        Fault{"id: resignation, title", "id: resignation, indicators: [download], title", "bad_trigger", 6, ""},
        Fault{"- {name: download, weight: 0.5}", "- {category: exfiltration}", "repeated_indicator", 9, ""},
        Fault{"windows:", "volume: lots\nwindows:", "bad_value", 4, "fewer, default, more"}));

TEST(PolicyTest, AllFaultsAtOnce) {
  std::string text = replaced(kLeaver, "name: download", "name: downlaod");
  text = replaced(text, "half_life_days: 10", "half_life_days: ten");
  text = replaced(text, "fact: resignation", "fact: x");
  EXPECT_EQ(faults(text).size(), 3U);
}

TEST(PolicyTest, RefusesWhatIsNotOnePolicy) {
  EXPECT_EQ(faults("- a\n- b\n")[0].id, "policy.not_a_map");
  EXPECT_EQ(faults("a: [\n")[0].id, "policy.not_yaml");
  EXPECT_EQ(faults(std::string("id: a\n---\nid: b\n"))[0].id, "policy.not_one_document");
  EXPECT_EQ(faults(std::string((1 << 20) + 1, ' '))[0].id, "policy.too_large");
  EXPECT_FALSE(faults(std::string(100'000, '[')).empty()) << "nesting is bounded";
  EXPECT_FALSE(faults("").empty());
}

TEST(PolicyTest, VersionFollowsTheValues) {
  const std::string version = test::policy().version;
  EXPECT_EQ(test::policy().version, version);
  EXPECT_EQ(test::policy(std::string("# a word on it\n") + kLeaver).version, version);
  EXPECT_EQ(test::policy(replaced(kLeaver, "name: Leavers", "name: Those who leave")).version, version);
  EXPECT_NE(test::policy(replaced(kLeaver, "weight: 0.5", "weight: 0.6")).version, version);
  EXPECT_NE(test::policy(replaced(kLeaver, "fact: resignation", "fact: improvement_plan")).version, version);
  auto indicators = test::indicators();
  indicators[2].levels[0].high = 61;
  EXPECT_NE(load_policy(kLeaver, "p.yml", indicators, *test::scoring()).policy->version, version);
  ScoringContent scoring = *test::scoring();
  scoring.bands.high += kOnePoint;
  EXPECT_NE(load_policy(kLeaver, "p.yml", test::indicators(), scoring).policy->version, version);
}

TEST(PolicyTest, ComesBackFromTheContentItWasCompiledWith) {
  const Policy policy = test::policy();
  const auto content = policy_content(policy.content, policy.logarithms);
  ASSERT_TRUE(content.has_value()) << content.error().message;
  const LoadedPolicy again = load_policy(policy.text, "p.yml", content->indicators, content->scoring);
  ASSERT_TRUE(again.policy.has_value());
  EXPECT_EQ(again.policy->version, policy.version);
  EXPECT_EQ(again.policy->content, policy.content);
  EXPECT_EQ(again.policy->indicators[0].title, policy.indicators[0].title);
  EXPECT_EQ(policy_content("{", policy.logarithms).error().id, "policy.bad_content");
  EXPECT_EQ(policy_content("{\"indicators\":[{}]}", policy.logarithms).error().id, "policy.bad_content");
}

class PolicyFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "candor-policies-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    for (const char* one : {"a", "b", "empty"}) std::filesystem::create_directory(folder_ / one);
    for (const char* one : {"a", "b"}) std::ofstream(folder_ / one / "leaver.yml") << kLeaver;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  LoadedPolicies load(const std::vector<std::filesystem::path>& paths) {
    return load_policies(paths, test::indicators(), *test::scoring());
  }
  std::filesystem::path folder_;
};

TEST_F(PolicyFolderTest, IdsAreComparedOverAllPaths) {
  EXPECT_EQ(load({folder_ / "a"}).policies.size(), 1U);
  const auto both = load({folder_ / "a", folder_ / "b"});
  ASSERT_EQ(both.diagnostics.size(), 1U);
  EXPECT_EQ(both.diagnostics[0].id, "policy.repeated_id");
  EXPECT_THAT(both.diagnostics[0].message, testing::HasSubstr((folder_ / "a").string()));
}

TEST_F(PolicyFolderTest, AFolderWithoutPoliciesIsAnError) {
  const auto none = load({folder_ / "empty"});
  ASSERT_EQ(none.diagnostics.size(), 1U);
  EXPECT_EQ(none.diagnostics[0].id, "policy.none_found");
  EXPECT_EQ(none.diagnostics[0].severity, Severity::error);
}

TEST(PolicyTest, SeverityByBands) {
  const Policy policy = test::policy();
  EXPECT_EQ(policy.severity(0), AlertSeverity::none);
  EXPECT_EQ(policy.severity(kOnePoint), AlertSeverity::low);
  EXPECT_EQ(policy.severity(34 * kOnePoint - 1), AlertSeverity::low);
  EXPECT_EQ(policy.severity(34 * kOnePoint), AlertSeverity::medium);
  EXPECT_EQ(policy.severity(67 * kOnePoint), AlertSeverity::high);
  EXPECT_EQ(policy.severity(100 * kOnePoint), AlertSeverity::high);
}

TEST(PolicyTest, VolumeMovesTheCut) {
  EXPECT_EQ(test::policy(std::string(kLeaver) + "volume: fewer\n").cut, 67 * kOnePoint);
  EXPECT_EQ(test::policy(std::string(kLeaver) + "volume: more\n").cut, 15 * kOnePoint);
}

}  // namespace
}  // namespace candor
