#include "organisation/running_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>

#include "store/test_store.h"

namespace candor {
namespace {

using testing::HasSubstr;

class RunningSettingsTest : public testing::Test {
 protected:
  RunningSettingsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor-settings-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store_ = std::move(*open_test_store(folder_));
    say("# ours\nretention:\n  activity_days: 60\nsilence: {webhook: 'https://hooks.example.com/secret'}\nfeed:\n");
  }
  ~RunningSettingsTest() override {
    settings_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void say(const std::string& text) { std::ofstream(folder_ / "settings.yml") << text; }
  Result<void> open() {
    CANDOR_TRY(settings_,
               RunningSettings::open(*store_, clock_, folder_ / "settings.yml", [this] { return invented_; }));
    return {};
  }
  RunningSettings& settings() {
    if (!settings_) {
      EXPECT_TRUE(open());
    }
    return *settings_;
  }
  SettingState state(const std::string& name) {
    const auto all = settings().all();
    EXPECT_TRUE(all);
    return *std::ranges::find(*all, name, [](const SettingState& one) { return one.info.name; });
  }
  static SettingActor by(const std::string& name) { return {.name = name, .reason = "agreed in the works council"}; }
  std::string error_of(const std::string& name, const std::optional<std::string>& value) {
    const auto asked = settings().ask(name, value, by("ada"));
    return asked ? "" : asked.error().id + ": " + asked.error().message;
  }

  std::filesystem::path folder_;
  FixedClock clock_{start_of(20'000)};
  std::unique_ptr<Store> store_;
  std::unique_ptr<RunningSettings> settings_;
  bool invented_ = false;
};

TEST_F(RunningSettingsTest, SaysWhereEachValueComesFrom) {
  const SettingState kept = state("retention.activity_days");
  EXPECT_EQ(kept.value, "60");
  EXPECT_EQ(kept.by_default, "90");
  EXPECT_EQ(kept.origin, SettingOrigin::file);
  EXPECT_EQ(kept.line, 3);
  EXPECT_TRUE(kept.since);
  const SettingState raw = state("retention.raw_days");
  EXPECT_EQ(raw.origin, SettingOrigin::by_default);
  EXPECT_FALSE(raw.since);
  const SettingState secret = state("silence.webhook");
  EXPECT_TRUE(secret.info.secret);
  EXPECT_EQ(secret.value, "set");
  EXPECT_EQ(secret.in_file, "set");
  EXPECT_EQ(secret.line, 4);
}

TEST_F(RunningSettingsTest, KeepingLongerOrShorterWaitsForSomebodyElse) {
  for (const char* days : {"120", "40"}) {
    auto asked = settings().ask("retention.activity_days", days, by("ada"));
    ASSERT_TRUE(asked) << asked.error().message;
    EXPECT_EQ(asked->decision, SettingDecision::waits);
    EXPECT_EQ(settings().get()->retention.activity_days, 60);
    const auto own = settings().approve("retention.activity_days", asked->number, by("ada"));
    ASSERT_FALSE(own);
    EXPECT_EQ(own.error().id, "settings.own_request");
  }
  const auto changes = settings().changes();
  ASSERT_EQ(changes->size(), 2u);
  EXPECT_EQ((*changes)[1].decision, SettingDecision::replaced) << "by the later one";
  EXPECT_EQ(settings().approve("retention.activity_days", 1, by("bo")).error().id, "settings.changed_meanwhile");
  EXPECT_EQ(settings().approve("retention.raw_days", 2, by("bo")).error().id, "settings.nothing_waits");
  ASSERT_TRUE(settings().approve("retention.activity_days", 2, by("bo")));
  EXPECT_EQ(settings().get()->retention.activity_days, 40);
  ASSERT_TRUE(open()) << "and after a restart";
  EXPECT_EQ(settings().get()->retention.activity_days, 40);
  const SettingState kept = state("retention.activity_days");
  EXPECT_EQ(kept.origin, SettingOrigin::changed);
  EXPECT_EQ(kept.in_file, "60");
  EXPECT_EQ(kept.change->decided_by, "bo");
  EXPECT_EQ(kept.since, clock_.now());
  EXPECT_FALSE(kept.waiting);
}

TEST_F(RunningSettingsTest, SwitchingAnalyticsOffNeedsNobodyElse) {
  const auto on = settings().ask("analytics.enabled", "true", by("ada"));
  ASSERT_TRUE(on);
  EXPECT_EQ(on->decision, SettingDecision::waits);
  ASSERT_TRUE(settings().approve("analytics.enabled", on->number, by("bo")));
  EXPECT_TRUE(settings().get()->analytics.enabled);
  const auto off = settings().ask("analytics.enabled", "false", by("ada"));
  ASSERT_TRUE(off);
  EXPECT_EQ(off->decision, SettingDecision::not_needed);
  EXPECT_FALSE(settings().get()->analytics.enabled);
  const auto back = settings().ask("analytics.enabled", std::nullopt, by("ada"));
  ASSERT_TRUE(back) << "the same value, but the file's again";
  EXPECT_EQ(back->decision, SettingDecision::not_needed);
  EXPECT_EQ(state("analytics.enabled").origin, SettingOrigin::by_default);
}

TEST_F(RunningSettingsTest, OverInventedPeopleAChangeHoldsAtOnce) {
  invented_ = true;
  EXPECT_FALSE(settings().asks_second_person());
  ASSERT_TRUE(settings().ask("retention.activity_days", "365", by("ada")));
  EXPECT_EQ(settings().get()->retention.activity_days, 365);
}

TEST_F(RunningSettingsTest, AValueIsJudgedAsInTheFile) {
  std::vector<Diagnostic> faults;
  parse_settings("retention:\n  activity_days: 4000\n", "settings.yml", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_THAT(error_of("retention.activity_days", "4000"), HasSubstr("settings.bad_value: " + faults[0].message));
  for (const char* bad : {"x", "-1", "1.5", "30\nanalytics: {enabled: true}", "{}", "[30]", "&a 30", "\xff", "~"}) {
    EXPECT_THAT(error_of("retention.activity_days", bad), HasSubstr("settings.bad_value")) << bad;
  }
  EXPECT_THAT(error_of("retention.raw_days", "61"), HasSubstr("longer than the 60 of the activities made of them"));
  EXPECT_THAT(error_of("analytics.enabled", "maybe"), HasSubstr("settings.bad_value"));
  EXPECT_THAT(error_of("retention.activity_days", "60"), HasSubstr("settings.same"));
  EXPECT_THAT(error_of("retention.activity_days", std::nullopt), HasSubstr("settings.same"));
  EXPECT_THAT(error_of("retention.nothing", "1"), HasSubstr("settings.unknown"));
  EXPECT_THAT(error_of("silence.webhook", "https://elsewhere.example"), HasSubstr("settings.in_file_only"));
  EXPECT_THAT(error_of("oidc.issuer", "https://elsewhere.example"), HasSubstr("settings.in_file_only"));
  EXPECT_TRUE(settings().changes()->empty()) << "what is refused leaves nothing";
}

TEST_F(RunningSettingsTest, AnApprovalIsJudgedByWhatHoldsThen) {
  ASSERT_TRUE(settings().ask("retention.raw_days", "60", by("ada")));
  ASSERT_TRUE(settings().ask("retention.activity_days", "45", by("ada")));
  ASSERT_TRUE(settings().approve("retention.activity_days", 2, by("bo")));
  const auto late = settings().approve("retention.raw_days", 1, by("bo"));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().id, "settings.bad_value");
  EXPECT_TRUE(state("retention.raw_days").waiting) << "it still waits";
}

TEST_F(RunningSettingsTest, RequestsAreRejectedAndWithdrawn) {
  ASSERT_TRUE(settings().ask("retention.raw_days", "10", by("ada")));
  EXPECT_EQ(settings().withdraw("retention.raw_days", 1, by("bo")).error().id, "settings.not_own");
  ASSERT_TRUE(settings().withdraw("retention.raw_days", 1, by("ada")));
  ASSERT_TRUE(settings().ask("retention.raw_days", "11", by("ada")));
  ASSERT_TRUE(settings().reject("retention.raw_days", 2, by("bo")));
  EXPECT_EQ(settings().reject("retention.raw_days", 2, by("bo")).error().id, "settings.nothing_waits");
  EXPECT_EQ(settings().get()->retention.raw_days, 30);
}

TEST_F(RunningSettingsTest, TheAuditLineIsInTheTransaction) {
  SettingActor actor = by("ada");
  actor.also = [](Transaction&, const SettingChange&) -> Result<void> { return fail("audit.full", "no room"); };
  const auto asked = settings().ask("retention.raw_days", "10", actor);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().id, "audit.full");
  EXPECT_TRUE(settings().changes()->empty());
}

TEST_F(RunningSettingsTest, AFileThatDoesNotFitTheChangesIsRefused) {
  invented_ = true;
  ASSERT_TRUE(settings().ask("retention.raw_days", "50", by("ada")));
  say("retention: {activity_days: 40, raw_days: 20}\n");
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, "app.bad_settings");
  EXPECT_THAT(opened.error().message, HasSubstr("together with what was changed"));
  say("retention: {activity_days: forty}\n");
  EXPECT_THAT(open().error().message, HasSubstr("cannot be used: "));
  std::filesystem::remove(folder_ / "settings.yml");
  ASSERT_TRUE(open()) << "a file that is not there says nothing";
  EXPECT_EQ(settings().get()->retention.raw_days, 50);
}

}  // namespace
}  // namespace candor
