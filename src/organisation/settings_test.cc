#include "organisation/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Json = nlohmann::json;

struct Parsed {
  Settings settings;
  std::vector<Diagnostic> faults;
  std::vector<std::string> places() const {  // "line:column id"
    std::vector<std::string> out;
    for (const Diagnostic& fault : faults) {
      out.push_back(std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " + fault.id);
    }
    return out;
  }
};

Parsed parse(const std::string& text) {
  Parsed out;
  out.settings = parse_settings(text, "settings.yml", out.faults);
  return out;
}

std::string yaml(const std::string& section, const std::string& name, const std::string& value) {
  return section + ":\n  " + name + ": " + value + "\n";
}

TEST(Settings, ValuesInWordsLinesAndOthers) {
  const std::string text = "feed: {settle_seconds: 3}\noidc:\n  scopes: [openid, groups]\nretention:\n";
  const Parsed parsed = parse(text);
  EXPECT_EQ(setting_value(parsed.settings, "feed.settle_seconds"), "3");
  EXPECT_EQ(setting_value(parsed.settings, "feed.listing_only"), "false");
  EXPECT_EQ(setting_value(parsed.settings, "oidc.scopes"), "openid, groups");
  EXPECT_EQ(setting_value(parsed.settings, "oidc.local_accounts"), "all");
  EXPECT_EQ(setting_value(parsed.settings, "audit.anchor_webhook"), "");
  EXPECT_EQ(setting_value(parsed.settings, "no.such"), "");
  EXPECT_EQ(setting_lines(text), (std::map<std::string, int>{{"feed.settle_seconds", 1}, {"oidc.scopes", 3}}));
  EXPECT_TRUE(setting_lines("# nothing\n").empty());
  const Parsed other = parse(with_values(text, {{"retention.raw_days", "7"}, {"analytics.enabled", "true"}}));
  EXPECT_THAT(other.faults, IsEmpty());
  EXPECT_EQ(other.settings.retention.raw_days, 7);
  EXPECT_TRUE(other.settings.analytics.enabled);
  EXPECT_EQ(other.settings.feed.settle_seconds, 3);
  EXPECT_EQ(setting_infos().size(), setting_names().size());
}

TEST(Settings, NothingSaidIsTheDefault) {
  for (const char* text :
       {"", "# a comment\n\n  # another\r\n", "{}", "retention:\nsilence:\nfeed:\n", "retention:\n  # raw_days: 4\n"}) {
    const Parsed parsed = parse(text);
    EXPECT_THAT(parsed.faults, IsEmpty()) << text;
    EXPECT_EQ(parsed.settings.retention.raw_days, 30);
    EXPECT_EQ(parsed.settings.retention.activity_days, 90);
    EXPECT_EQ(parsed.settings.silence.webhook, "");
    EXPECT_EQ(parsed.settings.feed.settle_seconds, 10);
    EXPECT_FALSE(parsed.settings.feed.listing_only);
    EXPECT_EQ(parsed.settings.feed.record_megabytes, 8);
  }
  std::vector<Diagnostic> faults;
  EXPECT_EQ(load_settings("/nowhere/settings.yml", faults).retention.raw_days, 30);
  EXPECT_THAT(faults, IsEmpty());
}

TEST(Settings, WhatIsSaidHolds) {
  const Parsed parsed = parse(
      "retention: {raw_days: 7, activity_days: 365}\nsilence: {webhook: 'https://hooks.example.com/T0/secret?a=b'}\n"
      "feed: {settle_seconds: 3, listing_only: true, record_megabytes: 32}\n"
      "analytics: {enabled: true}\nreview: {reread_percent: 100, reread_days: 1}\n"
      "exports: {own_pseudonyms: true}\n");
  EXPECT_THAT(parsed.faults, IsEmpty());
  EXPECT_EQ(parsed.settings.retention.raw_days, 7);
  EXPECT_EQ(parsed.settings.retention.activity_days, 365);
  EXPECT_EQ(parsed.settings.silence.webhook, "https://hooks.example.com/T0/secret?a=b");
  EXPECT_EQ(parsed.settings.feed.settle_seconds, 3);
  EXPECT_TRUE(parsed.settings.feed.listing_only);
  EXPECT_EQ(parsed.settings.feed.record_megabytes, 32);
  EXPECT_TRUE(parsed.settings.analytics.enabled);
  EXPECT_TRUE(parsed.settings.exports.own_pseudonyms);
  EXPECT_EQ(parsed.settings.review.reread_percent, 100);
  EXPECT_EQ(parsed.settings.review.reread_days, 1);
}

TEST(Settings, EveryFaultAtOnceWithItsPlace) {
  const Parsed parsed = parse(
      "retention:\n"
      "  raw_day: 4\n"
      "  activity_days: 0\n"
      "silence:\n"
      "  webhook: ftp://example.com/x\n"
      "feed:\n"
      "  listing_only: perhaps\n"
      "  settle_seconds: 1.5\n"
      "  settle_seconds: 2\n"
      "feeds: {}\n");
  EXPECT_THAT(parsed.places(),
              ElementsAre("10:1 settings.unknown_key", "2:3 settings.unknown_key", "3:18 settings.bad_number",
                          "5:12 settings.bad_address", "9:3 settings.repeated_key", "8:19 settings.bad_number",
                          "7:17 settings.bad_value"));
  EXPECT_EQ(parsed.faults[0].hint, "did you mean `feed`?");
  EXPECT_EQ(parsed.faults[1].hint, "did you mean `raw_days`?");
  EXPECT_THAT(parsed.faults[2].message, HasSubstr("from 1 to 3650"));
  EXPECT_EQ(parsed.settings.retention.activity_days, 90) << "what is at fault has its default";
}

TEST(Settings, FormsThatAreNone) {
  EXPECT_THAT(parse("- a\n").places(), ElementsAre("1:1 settings.not_a_map"));
  EXPECT_THAT(parse("retention: 5\n").places(), ElementsAre("1:12 settings.not_a_map"));
  EXPECT_THAT(parse("retention: {raw_days: [5]}\n").places(), ElementsAre("1:23 settings.bad_number"));
  EXPECT_THAT(parse("feed: {}\n---\nfeed: {}\n").places(), ElementsAre("0:0 settings.not_one_document"));
  EXPECT_EQ(parse("retention: {raw_days: 5\n").faults.front().id, "settings.not_yaml");
}

TEST(Settings, RawRecordsDoNotOutliveActivities) {
  EXPECT_THAT(parse("retention: {raw_days: 90}\n").faults, IsEmpty());
  const Parsed both = parse("retention: {activity_days: 10, raw_days: 11}\n");
  EXPECT_THAT(both.places(), ElementsAre("1:42 settings.raw_outlives_activity"));
  EXPECT_EQ(both.settings.retention.raw_days, 30);
  EXPECT_THAT(parse("retention: {activity_days: 29}\n").places(), ElementsAre("1:28 settings.raw_outlives_activity"))
      << "against the default of the other";
  EXPECT_THAT(parse("retention: {raw_days: 9999, activity_days: 10}\n").places(),
              ElementsAre("1:23 settings.bad_number"))
      << "what only follows from another fault is none";
}

TEST(Settings, AnAddressIsNeverRepeated) {
  for (const char* address :
       {"ftp://hooks.example.com/s3cret", "hooks.example.com/s3cret", "'https://a b.example.com/s3cret'", "https://",
        "file:///s3cret", "\"https://x/s3cret\\n\"", "javascript:s3cret"}) {
    const Parsed parsed = parse(yaml("silence", "webhook", address));
    ASSERT_EQ(parsed.faults.size(), 1u) << address;
    EXPECT_EQ(to_text(parsed.faults[0]).find("s3cret"), std::string::npos) << address;
    EXPECT_EQ(parsed.settings.silence.webhook, "");
  }
  EXPECT_THAT(parse(yaml("silence", "webhook", "HTTP://127.0.0.1:8080/x")).faults, IsEmpty());
}

// The schema is for editors; it must not tell anything else than the loader does.
TEST(Settings, SchemaShippedFileAndLoaderAgree) {
  const std::filesystem::path content = std::filesystem::path(CANDOR_SOURCE_DIR) / "content";
  std::ifstream in(content / "schemas" / "settings.schema.json");
  const Json schema = Json::parse(in);
  std::vector<std::string> names;
  for (const auto& [section, map] : schema["properties"].items()) {
    if (section == "webhooks") continue;  // a list: webhook_settings_test.cc
    EXPECT_EQ(map["additionalProperties"], false) << section;
    for (const auto& [name, setting] : map["properties"].items()) {
      names.push_back(section + "." + name);
      const std::string value = setting["default"].dump();
      EXPECT_THAT(parse(yaml(section, name, value)).faults, IsEmpty()) << names.back();
      if (!setting.contains("minimum")) continue;
      for (const auto& [edge, beyond] : {std::pair("minimum", -1), std::pair("maximum", 1)}) {
        const auto at = setting[edge].get<std::int64_t>();
        const auto bad_number = [&](std::int64_t number) {
          const auto faults = parse(yaml(section, name, std::to_string(number))).faults;
          return !faults.empty() && faults[0].id == "settings.bad_number";
        };
        EXPECT_FALSE(bad_number(at)) << names.back();
        EXPECT_TRUE(bad_number(at + beyond)) << names.back();
      }
    }
  }
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(setting_names()));
  std::vector<Diagnostic> faults;
  const Settings shipped = load_settings(content / "settings.yml", faults);
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_EQ(shipped.retention.raw_days, Settings().retention.raw_days);
  EXPECT_EQ(shipped.retention.activity_days, Settings().retention.activity_days);
  EXPECT_EQ(shipped.silence.webhook, "");
  EXPECT_EQ(shipped.feed.settle_seconds, Settings().feed.settle_seconds);
  EXPECT_EQ(shipped.feed.listing_only, Settings().feed.listing_only);
  EXPECT_EQ(shipped.feed.record_megabytes, Settings().feed.record_megabytes);
  EXPECT_FALSE(shipped.analytics.enabled) << "an opt-in";
  EXPECT_FALSE(shipped.exports.own_pseudonyms);
  EXPECT_EQ(shipped.review.reread_percent, 5);
  EXPECT_EQ(shipped.review.reread_days, Settings().review.reread_days);
  EXPECT_EQ(shipped.oidc.issuer, "") << "nobody signs in with a provider nobody chose";
  EXPECT_EQ(shipped.oidc.scopes, Settings().oidc.scopes);
  EXPECT_EQ(shipped.oidc.groups_claim, Settings().oidc.groups_claim);
  EXPECT_EQ(shipped.oidc.user_claim, Settings().oidc.user_claim);
  EXPECT_EQ(shipped.oidc.name_claim, Settings().oidc.name_claim);
  EXPECT_EQ(shipped.oidc.local_accounts, Settings().oidc.local_accounts);
}

}  // namespace
}  // namespace candor
