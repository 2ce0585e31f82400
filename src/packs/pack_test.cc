#include "packs/pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

IndicatorInfo pack_indicator(const std::string& name, const std::string& workload, int intrusion) {
  IndicatorInfo info;
  info.name = name;
  info.workload = workload;
  info.intrusion = intrusion;
  return info;
}

PackSurroundings around() {
  PackSurroundings out;
  out.policies = {{"data_leaks.yml", "data-leaks"}, {"optional/risky_browsing.yml", "risky-browsing"}};
  out.indicators = {pack_indicator("usb_copy", "device", 1), pack_indicator("screen_capture", "device", 3),
                    pack_indicator("browsing_gambling", "browsing", 4)};
  return out;
}

constexpr const char* kHead = "id: xx\ntitle: X\nabout: A.\nchecked_by: C.\n";
constexpr const char* kCountry = "kind: country\ncountry: DE\n";
constexpr const char* kIndustry = "kind: industry\n";

LoadedPacks read_pack(const std::string& text) { return parse_pack(text, "content/packs/xx.yml", around()); }

TEST(Pack, AllOfItIsRead) {
  const LoadedPacks read = read_pack(std::string(kHead) + kCountry +
                                     "policies:\n  - file: data_leaks.yml\n"
                                     "  - {file: optional/risky_browsing.yml, volume: fewer, enabled: false, not_in: "
                                     "[FR, DE, FR], reason: R}\n"
                                     "limits: [{file: optional/risky_browsing.yml, not_in: [DE], reason: L}]\n"
                                     "switches:\n  - {intrusion_from: 3, state: off, reason: Because}\n"
                                     "  - {workload: device, state: on, reason: Agreed}\n"
                                     "  - {indicators: [usb_copy], state: off, country: DE, reason: Z}\n"
                                     "retention: {raw_days: 7, activity_days: 60, reason: Short}\n"
                                     "law: [{says: S, source: Art. 1}]\n"
                                     "agree: [{with: W, what: T, source: Art. 2}]\n"
                                     "texts: [{name: staff_notice, title: N, text: \"a\\nb\"}]\n");
  ASSERT_THAT(read.diagnostics, IsEmpty());
  ASSERT_EQ(read.packs.size(), 1U);
  const Pack& pack = read.packs.front();
  EXPECT_EQ(pack.kind, PackKind::country);
  EXPECT_EQ(pack.country, "DE");
  ASSERT_EQ(pack.policies.size(), 2U);
  EXPECT_EQ(pack.policies[0].id, "data-leaks");
  EXPECT_EQ(pack.policies[1].volume, Volume::fewer);
  EXPECT_EQ(pack.policies[1].enabled, false);
  EXPECT_THAT(pack.policies[1].not_in, ElementsAre("DE", "FR"));
  ASSERT_EQ(pack.switches.size(), 3U);
  EXPECT_THAT(pack.switches[0].indicators, ElementsAre("browsing_gambling", "screen_capture"));
  EXPECT_THAT(pack.switches[1].indicators, ElementsAre("screen_capture", "usb_copy"));
  EXPECT_TRUE(pack.switches[1].on);
  EXPECT_EQ(pack.switches[0].country, "DE");
  ASSERT_TRUE(pack.retention);
  EXPECT_EQ(pack.retention->activity_days, 60);
  EXPECT_EQ(pack.law[0].source, "Art. 1");
  EXPECT_EQ(pack.agree[0].with, "W");
  EXPECT_EQ(pack.texts[0].text, "a\nb");
}

struct FaultRow {
  const char* kind;
  const char* text;
  int line;
  const char* id;
  const char* hint;  // part of it
};

class PackFaults : public testing::TestWithParam<FaultRow> {};

TEST_P(PackFaults, AreNamedWithTheirPlace) {
  const FaultRow& row = GetParam();
  const LoadedPacks read = read_pack(std::string(kHead) + row.kind + row.text);
  ASSERT_EQ(read.diagnostics.size(), 1U);
  const Diagnostic& fault = read.diagnostics.front();
  EXPECT_EQ(fault.id, std::string("pack.") + row.id);
  EXPECT_EQ(fault.line, row.line);
  EXPECT_THAT(fault.hint, HasSubstr(row.hint));
  EXPECT_EQ(fault.file, "content/packs/xx.yml");
  EXPECT_THAT(read.packs, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, PackFaults,
    testing::Values(
        FaultRow{kIndustry, "policies: [{file: data_leak.yml}]\n", 6, "unknown_policy", "`data_leaks.yml`"},
        FaultRow{kIndustry, "switches:\n  - indicators: [usb_cpy]\n    state: off\n    reason: R\n", 7,
                 "unknown_indicator", "`usb_copy`"},
        FaultRow{kIndustry, "switches: [{workload: devices, state: off, reason: R}]\n", 6, "unknown_workload",
                 "`device`"},
        FaultRow{kIndustry, "switches: [{workload: device, intrusion_from: 3, state: off, reason: R}]\n", 6,
                 "no_indicators", ""},
        FaultRow{kIndustry, "switches: [{workload: device, state: offf, reason: R}]\n", 6, "bad_value", "`off`"},
        FaultRow{kIndustry, "switches: [{workload: device, state: off}]\n", 6, "missing_key", ""},
        FaultRow{kIndustry, "switches: [{workload: device, reason: R}]\n", 6, "missing_key", ""},
        FaultRow{kIndustry, "switches: [{workload: device, state: off, country: de, reason: R}]\n", 6, "bad_country",
                 ""},
        FaultRow{kIndustry, "switches: [{intrusion_from: 5, state: off, reason: R}]\n", 6, "bad_number", ""},
        FaultRow{kCountry, "switches: [{workload: device, state: off, country: FR, reason: R}]\n", 7, "other_country",
                 ""},
        FaultRow{kIndustry, "country: DE\n", 6, "other_country", ""},
        FaultRow{"kind: country\n", "", 0, "missing_key", ""},
        FaultRow{"kind: county\ncountry: DE\n", "", 5, "bad_value", "`country`"},
        FaultRow{kIndustry, "limits: [{file: data_leaks.yml, reason: R}]\n", 6, "says_nothing", ""},
        FaultRow{kIndustry, "policies: [{file: data_leaks.yml, volume: fewer}]\n", 6, "missing_key", ""},
        FaultRow{kIndustry, "policies: [{file: data_leaks.yml}, {file: data_leaks.yml}]\n", 6, "repeated_policy", ""},
        FaultRow{kIndustry, "policies: [{file: data_leaks.yml, not_in: [Germany], reason: R}]\n", 6, "bad_country", ""},
        FaultRow{kIndustry, "retention: {raw_days: 60, activity_days: 30, reason: R}\n", 6, "raw_outlives_activity",
                 ""},
        FaultRow{kIndustry, "retention: {raw_days: 0, activity_days: 30, reason: R}\n", 6, "bad_number", ""},
        FaultRow{kIndustry, "retention: {raw_days: 3, reason: R}\n", 6, "missing_key", ""},
        FaultRow{kIndustry, "law: [{says: S}]\n", 6, "missing_key", ""},
        FaultRow{kIndustry, "texts: [{name: a, title: T, text: x}, {name: a, title: T, text: y}]\n", 6, "repeated_text",
                 ""},
        FaultRow{kIndustry, "switch: []\n", 6, "unknown_key", "`switches`"}));

TEST(Pack, TheIdIsTheFilesName) {
  const std::string body = std::string("title: X\nabout: A.\nchecked_by: C.\n") + kIndustry;
  for (const auto& [id, fault] : {std::pair("yy", "pack.other_id"), std::pair("\"x\\ny\"", "pack.bad_id")}) {
    const LoadedPacks read = read_pack("id: " + std::string(id) + "\n" + body);
    ASSERT_EQ(read.diagnostics.size(), 1U) << id;
    EXPECT_EQ(read.diagnostics.front().id, fault);
  }
}

TEST(Pack, HostileTextsEndInFaults) {
  for (const std::string& text :
       {std::string(), std::string("["), std::string("- a\n"), std::string(2U << 20U, 'a'),
        std::string("\xff\xfe\0", 3), std::string("a: &a [*a]\n"),
        std::string("id: xx\nswitches: 7\npolicies: {a: b}\ntexts: x\nretention: []\n"),
        std::string("id: [xx]\nkind: [country]\nswitches: [7, [], {state: {}}]\nlaw: [~]\n")}) {
    const LoadedPacks read = read_pack(text);
    EXPECT_THAT(read.packs, IsEmpty());
    EXPECT_TRUE(has_errors(read.diagnostics)) << text.substr(0, 40);
  }
}

struct NarrowRow {
  const char* before;
  PackPolicy said;
  const char* after;
};

PackPolicy narrowing(std::optional<Volume> volume, std::optional<bool> enabled, std::vector<std::string> not_in) {
  PackPolicy said;
  said.volume = volume;
  said.enabled = enabled;
  said.not_in = std::move(not_in);
  return said;
}

TEST(Pack, NarrowsAPolicyByItsText) {
  const std::vector<NarrowRow> rows = {
      {"id: x\n", narrowing({}, {}, {}), "id: x\n"},
      {"id: x", narrowing(Volume::fewer, {}, {}), "id: x\n# As said by packs a.\nvolume: fewer\n"},
      {"volume: more\nid: x\n", narrowing(Volume::standard, false, {}),
       "volume: default\nid: x\n# As said by packs a.\nenabled: false\n"},
      {"id: x\n", narrowing({}, {}, {"DE", "FR"}),
       "id: x\n# As said by packs a.\nscope:\n  except: [{country: [DE, FR]}]\n"},
      {"scope:\n  where:\n    - {groups: [A]}\nid: x\n", narrowing({}, {}, {"DE"}),
       "scope:\n  except: [{country: [DE]}]\n  where:\n    - {groups: [A]}\nid: x\n# As said by packs a.\n"},
  };
  for (const NarrowRow& row : rows) EXPECT_EQ(narrowed_policy(row.before, row.said, "packs a"), row.after);
}

}  // namespace
}  // namespace candor
