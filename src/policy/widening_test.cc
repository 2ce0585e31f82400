#include "policy/widening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "policy/score.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

using namespace test;

std::string with(std::string_view from, std::string_view to) {
  std::string text = kLeaver;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Widening, SaysInHowFar) {
  const Policy before = policy();
  EXPECT_THAT(widenings(before, before), testing::IsEmpty());
  struct WideningRow {
    const char* from;
    const char* to;
    const char* wider;  // "": surely not
  };
  for (const WideningRow& row :
       {WideningRow{"weight: 0.5", "weight: 0.4", ""},
        WideningRow{"weight: 0.5", "weight: 0.6", "Title of download weighs more"},
        WideningRow{"look_back_days: 90", "look_back_days: 30", ""},
        WideningRow{"look_back_days: 90", "look_back_days: 91", "it looks further back before a trigger"},
        WideningRow{"activation_days: 30", "activation_days: 31", "people stay in scope longer after a trigger"},
        WideningRow{"half_life_days: 10", "half_life_days: 11", "evidence fades more slowly"},
        WideningRow{"high: 0.4", "high: 0.5", "counts are stronger"}, WideningRow{"high: 0.4", "high: 0.3", ""},
        WideningRow{"least_days: 5", "least_days: 6", "what is usual is judged otherwise"},
        WideningRow{"id: leaver", "id: leaver\nguests: true", "guests are scored"},
        WideningRow{"id: leaver", "id: leaver\nvolume: more", "alerts exist from a lower score on"},
        WideningRow{"id: leaver", "id: leaver\nvolume: fewer", ""},
        WideningRow{"id: leaver", "id: leaver\nscores: priority", ""},
        WideningRow{"id: leaver", "id: leaver\nscope: {where: [{department: A}]}", ""},
        WideningRow{"id: resignation", "id: other", "the trigger `other` is new"},
        WideningRow{"  - {name: download, weight: 0.5}\n", "", ""},
        WideningRow{"  - {name: download", "  - {name: rename}\n  - {name: download", "it scores Title of rename"},
        WideningRow{"weight: 0.5}", "weight: 0.5, thresholds: {all: [40, 100, 200]}}",
                    "Title of download counts from lower numbers on"},
        WideningRow{"weight: 0.5}", "weight: 0.5, thresholds: {all: [60, 100, 200]}}", ""}}) {
    const auto lines = widenings(before, policy(with(row.from, row.to)));
    if (*row.wider == '\0') {
      EXPECT_THAT(lines, testing::IsEmpty()) << row.to;
    } else {
      EXPECT_THAT(lines, testing::ElementsAre(row.wider)) << row.to;
    }
  }
}

TEST(Widening, ScopesAndCountries) {
  const auto scoped = [](const std::string& more) { return policy(with("id: leaver", "id: leaver\n" + more)); };
  const Policy two = scoped("scope: {where: [{department: A}, {department: B}], except: [{country: FR}]}");
  EXPECT_THAT(widenings(two, scoped("scope: {where: [{department: B}], except: [{country: FR}, {country: IT}]}")),
              testing::IsEmpty());
  EXPECT_THAT(widenings(two, scoped("scope: {where: [{department: A}, {department: B}]}")),
              testing::ElementsAre("people who were excepted are scored"));
  EXPECT_THAT(widenings(two, policy()),
              testing::ElementsAre("its scope takes in other people", "people who were excepted are scored"));
  const Policy germany = scoped("lawful_start: {countries: [DE, AT]}");
  EXPECT_THAT(widenings(germany, scoped("lawful_start: {countries: DE}")), testing::IsEmpty());
  EXPECT_THAT(widenings(germany, scoped("lawful_start: {countries: [DE, FR]}")),
              testing::ElementsAre("people of more countries are scored"));
  EXPECT_THAT(widenings(germany, scoped("lawful_start: {countries: all}")),
              testing::ElementsAre("people of more countries are scored"));
}

TEST(Widening, RecordingsOfTheScreen) {
  const auto days = [](int count) {
    return policy(with("id: leaver", "id: leaver\nscreen_evidence: {days: " + std::to_string(count) + "}"));
  };
  EXPECT_THAT(widenings(policy(), days(1)),
              testing::ElementsAre("it asks for recordings of the screen, or for more days of them"));
  EXPECT_THAT(widenings(days(5), days(6)), testing::SizeIs(1));
  EXPECT_THAT(widenings(days(5), days(4)), testing::IsEmpty());
  EXPECT_THAT(widenings(days(5), policy()), testing::ElementsAre("its alerts come into the queue"));
}

// What is called not wider raises nobody's score, on any day.
TEST(Widening, NarrowerRaisesNoScore) {
  constexpr Day kNoticeGiven = 20'000;
  const std::vector<std::pair<std::string, std::vector<std::string>>> dials = {
      {"weight: 0.5",
       {"weight: 0.5", "weight: 0.2", "weight: 0.9", "weight: 0.5, thresholds: {all: [70, 140, 280]}",
        "weight: 0.5, thresholds: {all: [30, 60, 90]}"}},
      {"look_back_days: 90", {"look_back_days: 90", "look_back_days: 10", "look_back_days: 120"}},
      {"evidence_days: 60", {"evidence_days: 60", "evidence_days: 20", "evidence_days: 90"}},
      {"half_life_days: 10", {"half_life_days: 10", "half_life_days: 5", "half_life_days: 20"}},
      {"high: 0.4, beyond: 0.8, beyond_doublings: 3",
       {"high: 0.4, beyond: 0.8, beyond_doublings: 3", "high: 0.3, beyond: 0.7, beyond_doublings: 4",
        "high: 0.4, beyond: 0.8, beyond_doublings: 2"}},
      {"category: exfiltration, weight: 1", {"category: exfiltration, weight: 1", "name: usb_copy, weight: 1"}},
  };
  std::mt19937_64 random(17);
  int narrower = 0;
  for (int round = 0; round < 400; ++round) {
    const auto made_up = [&] {
      std::string text = kLeaver;
      for (const auto& [from, choices] : dials) {
        text.replace(text.find(from), from.size(), choices[random() % choices.size()]);
      }
      return policy(text);
    };
    const Policy before = made_up();
    const Policy after = made_up();
    if (!widenings(before, after).empty()) continue;
    ++narrower;
    Insights insights;
    for (Day day = kNoticeGiven - 100; day < kNoticeGiven + 30; ++day) {
      for (const IndicatorKey key : {kDownload, kMail, kUsb}) {
        if (random() % 4 == 0) insights.push_back(insight(key, day, static_cast<std::int64_t>(random() % 300) + 1));
      }
    }
    Profile profile;
    profile.facts.push_back(resignation(kNoticeGiven, kNoticeGiven + 20));
    for (const Day day : {kNoticeGiven, kNoticeGiven + 10, kNoticeGiven + 29}) {
      EXPECT_LE(assess(after, profile, insights, day).score, assess(before, profile, insights, day).score)
          << before.text << "\n---\n"
          << after.text;
    }
  }
  EXPECT_GT(narrower, 20);
}

}  // namespace
}  // namespace candor
