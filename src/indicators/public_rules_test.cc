#include "indicators/public_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "indicators/indicator_set.h"
#include "indicators/trial.h"

namespace candor {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A content folder with the shipped mappings and fields, and public rules of one's own.
class PublicRules : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "candor-public-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    fs::create_directories(folder_ / "indicators" / "public" / "cloud");
    fs::create_directories(folder_ / "mappings");
    const fs::path content = fs::path(CANDOR_SOURCE_DIR) / "content";
    fs::copy(content / "mappings" / "sigma", folder_ / "mappings" / "sigma");
    fields_ = FieldCatalogue::load(content / "fields.yml").value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& log_source, const std::string& selection,
             const std::string& more = "") {
    ++number_;
    std::ofstream(folder_ / "indicators" / "public" / "cloud" / name)
        << "title: A public rule\nid: 00000000-0000-4000-8000-00000000000" << number_
        << "\nstatus: stable\nauthor: Somebody\nlogsource:\n"
        << log_source << "detection:\n  selection:\n"
        << selection << "  condition: selection\nlevel: high\n"
        << more;
  }

  IndicatorSet::Loaded load() { return IndicatorSet::load({folder_ / "indicators"}, fields_); }

  Activity activity(const std::string& operation, const std::string& provider) const {
    Activity made(fields_);
    made.source = SourceKind::m365_audit;
    made.actor = ActorKind::person;
    made.account = "ann@example.com";
    made.operation = made.keep(operation);
    made.set_text(fields_->require("event.action"), made.operation);
    made.set_text(fields_->require("event.provider"), made.keep(provider));
    return made;
  }

  fs::path folder_;
  std::shared_ptr<const FieldCatalogue> fields_;
  int number_ = 0;
};

TEST_F(PublicRules, BecomeIndicatorsAsTheyAre) {
  write("disabled-MFA.yml", "  product: m365\n  service: audit\n",
        "    eventSource: AzureActiveDirectory\n    eventName|contains: 'Disable Strong Authentication'\n",
        "tags:\n  - attack.credential-access\n  - attack.defense-evasion\n");
  const IndicatorSet::Loaded loaded = load();
  for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
  ASSERT_EQ(loaded.set->size(), 1u);
  const IndicatorInfo& info = (*loaded.set)[0];
  EXPECT_EQ(info.name, "public_disabled_mfa");
  EXPECT_EQ(info.workload, "public");
  EXPECT_EQ(info.category, Category::obfuscation);
  EXPECT_TRUE(info.experimental) << "whatever the rule says of itself: nobody has tried it here";
  EXPECT_EQ(info.description, "A public rule");
  ASSERT_EQ(info.feeds.size(), 1u);
  EXPECT_THAT(info.feeds[0].record_types, ElementsAre(1, 6, 8, 15));
  Trial trial(loaded.set);
  trial.add(activity("Disable Strong Authentication.", "AzureActiveDirectory"));
  EXPECT_THAT(trial.matched(), ElementsAre("public_disabled_mfa"));
  trial.clear();
  trial.add(activity("Disable Strong Authentication.", "Exchange"));
  EXPECT_THAT(trial.matched(), IsEmpty());
}

TEST_F(PublicRules, ARowOfTheMappingMayNameFieldsOfItsOwn) {
  write("azure.yml", "  product: azure\n  service: activitylogs\n", "    operationName: MICROSOFT.X/Y/WRITE\n");
  const IndicatorSet::Loaded loaded = load();
  for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
  ASSERT_EQ(loaded.set->size(), 1u);
  EXPECT_EQ((*loaded.set)[0].feeds[0].source, "azure_activity");
  EXPECT_THAT((*loaded.set)[0].operations, ElementsAre("MICROSOFT.X/Y/WRITE"));
}

TEST_F(PublicRules, WhatCannotBeOneIsSetAsideAndCounted) {
  write("windows.yml", "  product: windows\n", "    Image: x\n");
  write("linux.yml", "  product: linux\n", "    a: x\n");
  write("unknown_field.yml", "  product: m365\n  service: audit\n", "    Payload: x\n");
  write("keyword.yml", "  product: m365\n  service: audit\n", "    - a word\n");
  write("number.yml", "  product: m365\n  service: audit\n", "    eventName|gte: 5\n");
  std::ofstream(folder_ / "indicators" / "public" / "no_id.yml")
      << "title: T\nlogsource:\n  product: m365\ndetection:\n  a:\n    eventName: x\n  condition: a\n";
  const IndicatorSet::Loaded loaded = load();
  EXPECT_EQ(loaded.set->size(), 0u);
  std::vector<std::string> told;
  for (const Diagnostic& fault : loaded.diagnostics) {
    EXPECT_EQ(fault.id, "indicators.public_set_aside") << to_text(fault);
    EXPECT_EQ(fault.severity, Severity::warning);
    told.push_back(fault.message);
  }
  EXPECT_THAT(told, ElementsAre(AllOf(HasSubstr("2 public rules about fields"), HasSubstr("keyword.yml")),
                                AllOf(HasSubstr("2 public rules of log sources"), HasSubstr("linux.yml, windows.yml")),
                                HasSubstr("1 public rules that ask in ways"), HasSubstr("1 public rules without")));
}

TEST_F(PublicRules, FaultsOfTheirTextAreReported) {
  std::ofstream(folder_ / "indicators" / "public" / "broken.yml") << "title: [";
  const IndicatorSet::Loaded loaded = load();
  ASSERT_EQ(loaded.diagnostics.size(), 1u);
  EXPECT_EQ(loaded.diagnostics[0].id, "sigma.bad_yaml");
}

}  // namespace
}  // namespace candor
