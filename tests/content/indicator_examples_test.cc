#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "activity/mapping.h"
#include "activity/normalise.h"
#include "activity/organisation_text.h"
#include "indicators/examples.h"
#include "indicators/indicator_set.h"
#include "indicators/trial.h"
#include "sources/feed.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

fs::path content() { return fs::path(CANDOR_SOURCE_DIR) / "content"; }

// Everything shipped, loaded as the product loads it.
struct Shipped {
  std::shared_ptr<const FieldCatalogue> fields;
  ShippedLists lists;
  IndicatorSet::Loaded indicators;
};

Shipped load() {
  Shipped shipped;
  shipped.fields = FieldCatalogue::load(content() / "fields.yml").value();
  shipped.lists = load_shipped_lists(content() / "labels.yml", content() / "free_mail_domains.yml").value();
  shipped.indicators = IndicatorSet::load({content() / "indicators"}, shipped.fields);
  return shipped;
}

class Examples : public testing::Test {
 protected:
  static void SetUpTestSuite() { shipped_ = std::make_unique<Shipped>(load()); }
  static void TearDownTestSuite() { shipped_.reset(); }

  static const IndicatorSet& set() { return *shipped_->indicators.set; }

  // What reads records as an organisation that says the facts of an examples file and no others.
  static Normaliser& judged_by(const YAML::Node& facts, const std::string& file) {
    static std::map<std::string, Normaliser> normalisers;
    const std::string key = facts ? YAML::Dump(facts) : std::string();
    if (const auto found = normalisers.find(key); found != normalisers.end()) return found->second;
    std::vector<Diagnostic> faults;
    std::vector<OrganisationFact> said;
    if (facts) said = read_organisation_sections(facts, file, faults);
    const auto organisation = Organisation::build(said, shipped_->lists);
    const auto mappings = MappingSet::load(content() / "mappings", shipped_->fields, faults, organisation).value();
    for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
    return normalisers.emplace(key, Normaliser(mappings)).first->second;
  }

  // Names of the indicators its records match together; adds a failure when one is not accepted or has no person
  // behind it.
  static std::vector<std::string> matched(const IndicatorExample& example, Normaliser& normaliser,
                                          const std::string& where) {
    Trial trial(shipped_->indicators.set);
    for (const std::string& record : example.records) {
      normaliser.normalise(batch_of_record(record, example.source), [&](const Normalised& result) {
        EXPECT_EQ(result.rejection, "") << where;
        EXPECT_EQ(result.unknown_record_type, "") << where;
        if (result.activity == nullptr) return;
        EXPECT_EQ(result.activity->actor, ActorKind::person) << where;
        trial.add(*result.activity);
      });
    }
    return trial.matched();
  }

  static std::unique_ptr<Shipped> shipped_;
};
std::unique_ptr<Shipped> Examples::shipped_;

TEST_F(Examples, IndicatorsLoadWithoutAWord) {
  for (const Diagnostic& diagnostic : shipped_->indicators.diagnostics) ADD_FAILURE() << to_text(diagnostic);
  EXPECT_GE(set().size(), 255u);
}

TEST_F(Examples, FileFolderAndNameAgree) {
  for (const IndicatorInfo& info : set().indicators()) {
    const fs::path file(info.file);
    EXPECT_EQ(file.stem().string(), info.name);
    EXPECT_EQ(file.parent_path().filename().string(), info.workload) << info.name;
    EXPECT_GE(info.description.size(), 60u) << info.name;
  }
}

TEST_F(Examples, TheBuiltInOfficeAndDeviceOnesAreThere) {
  const std::vector<std::string> needed = {
      "sharepoint_download", "sharepoint_sync", "onedrive_download", "onedrive_sync", "sharepoint_file_access",
      "access_requested", "access_approved", "share_file_external", "share_folder_external", "share_site_external",
      "site_external_member_added", "site_internal_member_added", "file_deleted", "file_deleted_first_stage",
      "file_deleted_second_stage", "folder_deleted", "folder_deleted_first_stage", "folder_deleted_second_stage",
      "label_downgraded", "label_removed", "site_label_removed", "email_external", "teams_chat_file_external",
      "teams_channel_file_external", "teams_folder_external", "teams_file_download", "teams_external_member_added",
      "teams_external_channel_member_added", "teams_sensitive_message",
      // device
      "usb_copy", "cloud_upload", "clipboard_copy", "print", "network_share_copy", "remote_desktop_copy",
      "browser_download_third_party", "browser_download_unallowed", "sensitive_file_created", "sensitive_file_read",
      "device_file_renamed", "hidden_file_created", "device_file_deleted", "usb_mounted", "files_archived"};
  for (const std::string& name : needed) EXPECT_TRUE(set().find_name(name)) << name;
}

// What an indicator says feeds it is what its examples are.
TEST_F(Examples, FeedsNameTheRecordTypesOfWhatMatches) {
  for (const IndicatorInfo& info : set().indicators()) {
    std::set<int> named;
    for (const Feed& feed : info.feeds) named.insert(feed.record_types.begin(), feed.record_types.end());
    const fs::path file = fs::path(info.file).replace_extension(".examples.yml");
    const auto read = read_examples(info.file);
    ASSERT_TRUE(read) << read.error().message;
    for (const IndicatorExample& example : read->examples) {
      if (!example.matches || example.source != "m365_audit") continue;
      for (const std::string& record : example.records) {
        const YAML::Node type = YAML::Load(record)["RecordType"];
        ASSERT_TRUE(type) << file;
        EXPECT_TRUE(named.contains(type.as<int>(-1))) << file << ": " << type.as<std::string>();
      }
    }
  }
}

TEST_F(Examples, WhatLooksIntoContentSaysWhatTheLawSays) {
  for (const IndicatorInfo& info : set().indicators()) {
    if (info.intrusion >= 3) {
      EXPECT_GE(info.legal.size(), 80u) << info.name;
    }
    if (info.workload == "browsing" || info.workload == "communication") {
      EXPECT_GE(info.intrusion, 3) << info.name;
    }
  }
}

TEST_F(Examples, EveryIndicatorMatchesItsExamplesAndNotItsCounterExamples) {
  for (const IndicatorInfo& info : set().indicators()) {
    const fs::path file = fs::path(info.file).replace_extension(".examples.yml");
    ASSERT_TRUE(fs::exists(file)) << "write " << file;
    const YAML::Node examples = YAML::LoadFile(file.string());
    EXPECT_EQ(examples["indicator"].as<std::string>(), info.name);
    Normaliser& normaliser = judged_by(examples["facts"], file.string());
    const auto read = read_examples(info.file);
    ASSERT_TRUE(read) << read.error().message;
    const auto matching = std::ranges::count(read->examples, true, &IndicatorExample::matches);
    EXPECT_GT(matching, 0) << info.name << " needs examples of both kinds";
    EXPECT_LT(matching, std::ssize(read->examples)) << info.name << " needs examples of both kinds";
    for (const IndicatorExample& example : read->examples) {
      EXPECT_FALSE(example.about.empty()) << file << ":" << example.line;
      const std::string where = info.name + ": " + example.about;
      const auto names = matched(example, normaliser, where);
      EXPECT_EQ(std::ranges::binary_search(names, info.name), example.matches)
          << where << ", matched: " << testing::PrintToString(names);
    }
  }
}

TEST_F(Examples, NoExampleFileIsLeftWithoutItsIndicator) {
  for (const auto& entry : fs::recursive_directory_iterator(content() / "indicators")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".examples.yml")) continue;
    EXPECT_TRUE(set().find_name(name.substr(0, name.find('.')))) << entry.path();
  }
}

}  // namespace
}  // namespace candor
