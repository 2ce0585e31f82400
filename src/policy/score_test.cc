#include "policy/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "policy/explain.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

using test::insight;
using test::kDownload;
using test::kMail;
using test::kUsb;

constexpr Day kNotice = 1000;

Profile leaver() {
  Profile profile;
  profile.facts.push_back(test::resignation(kNotice, kNotice + 14));
  return profile;
}

const ReceiptPart* find_part(const Assessment& assessment, const std::string& id) {
  const auto found = std::ranges::find(assessment.parts, id, &ReceiptPart::id);
  return found == assessment.parts.end() ? nullptr : &*found;
}

// Scoring keeps references to what it is given.
const Decided kUndecided;

TEST(ScoreTest, NobodyOutOfScopeIsScored) {
  const Policy policy = test::policy();
  const Insights insights{insight(kUsb, kNotice, 500)};
  EXPECT_EQ(assess(policy, Profile{}, insights, kNotice).score, 0);
  const Assessment in_scope = assess(policy, leaver(), insights, kNotice);
  EXPECT_GT(in_scope.score, 0);
  ASSERT_EQ(in_scope.triggers.size(), 1U);
  EXPECT_EQ(in_scope.triggers[0].from, kNotice - 90);
  EXPECT_EQ(in_scope.triggers[0].to, kNotice + 14 + 30);
}

TEST(ScoreTest, OneInsightIsItsStrength) {
  const Policy policy = test::policy();
  const Assessment result = assess(policy, leaver(), {insight(kUsb, kNotice, 60)}, kNotice);
  EXPECT_NEAR(static_cast<double>(result.score), 40e6, 3);
  ASSERT_EQ(result.parts.size(), 1U);
  EXPECT_EQ(result.parts[0].id, "insight/usb_copy/" + format_day(kNotice));
  EXPECT_EQ(result.parts[0].level, "high");
  EXPECT_EQ(result.parts[0].threshold, 60);
  EXPECT_EQ(result.severity, AlertSeverity::medium);
}

TEST(ScoreTest, IndependentChancesCombine) {
  const Policy policy = test::policy();
  const Assessment result =
      assess(policy, leaver(), {insight(kMail, kNotice, 40), insight(kUsb, kNotice, 60)}, kNotice);
  EXPECT_NEAR(static_cast<double>(result.score), 64e6, 2) << "1 - 0.6 * 0.6";
  EXPECT_EQ(result.parts[0].points, result.parts[1].points);
  EXPECT_LT(result.parts[0].id, result.parts[1].id);
}

TEST(ScoreTest, EvidenceFadesByWholeDays) {
  const Policy policy = test::policy();
  const Insights insights{insight(kUsb, kNotice, 60)};
  const Micropoints now = assess(policy, leaver(), insights, kNotice).score;
  const Assessment later = assess(policy, leaver(), insights, kNotice + 10);
  EXPECT_NEAR(static_cast<double>(later.score), 100e6 * (1 - std::sqrt(0.6)), 5) << "half the chances after 10 days";
  EXPECT_EQ(later.parts[0].age_days, 10);
  EXPECT_LT(later.score, now);
  // The window reaches to kNotice + 44; evidence is used up to 60 days.
  EXPECT_GT(assess(policy, leaver(), insights, kNotice + 44).score, 0);
  EXPECT_EQ(assess(policy, leaver(), insights, kNotice + 45).score, 0);
}

TEST(ScoreTest, WhatIsUsualCountsLessAndWhatIsNotCountsMore) {
  const Policy policy = test::policy();
  Insights daily;
  for (Day day = kNotice - 30; day < kNotice; ++day) daily.push_back(insight(kMail, day, 12));
  Insights same = daily;
  same.push_back(insight(kMail, kNotice, 12));
  const Assessment usual = assess(policy, leaver(), same, kNotice);
  const auto* part = find_part(usual, "insight/mail_outside/" + format_day(kNotice));
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->usual, 12 * kOnePoint);
  EXPECT_EQ(part->level, "low, usual for the person");
  EXPECT_NEAR(static_cast<double>(part->strength), 120'000.0 / 4, 2);
  Insights more = daily;
  more.push_back(insight(kMail, kNotice, 96));
  const Assessment unusual = assess(policy, leaver(), more, kNotice);
  const auto* boost = find_part(unusual, "booster/above_usual/mail_outside/" + format_day(kNotice));
  ASSERT_NE(boost, nullptr);
  EXPECT_EQ(boost->kind, PartKind::booster);
  EXPECT_EQ(boost->level, "above usual");
}

// Otherwise a person would come to look worse only because the days that show what is usual are no longer kept.
TEST(ScoreTest, WhatRetentionTookDoesNotMakeTheUsualUnknown) {
  const Policy policy = test::policy();
  Insights kept;
  for (Day day = kNotice - 3; day < kNotice + 30; ++day) kept.push_back(insight(kMail, day, 12));
  const auto usual = [&](std::optional<Day> kept_from) {
    Profile profile = leaver();
    profile.kept_from = kept_from;
    const Assessment result = assess(policy, profile, kept, kNotice);
    return find_part(result, "insight/mail_outside/" + format_day(kNotice))->usual;
  };
  EXPECT_EQ(usual(std::nullopt), std::nullopt) << "three days tell nothing";
  EXPECT_EQ(usual(kNotice - 3), 12 * kOnePoint) << "the days after stand in";
  EXPECT_EQ(usual(kNotice - 200), std::nullopt) << "all 90 days before are kept: nothing was taken of them";
}

TEST(ScoreTest, TellsWhatWasLeftOut) {
  const Policy policy = test::policy();
  const Assessment result = assess(policy, leaver(),
                                   {insight(kUsb, kNotice - 92, 60), insight(kMail, kNotice - 1, 4),
                                    insight(kUsb, kNotice - 1, 60), insight(kMail, kNotice, 9)},
                                   kNotice);
  ASSERT_EQ(result.left_out.size(), 1U);
  EXPECT_EQ(result.left_out[0].indicator, "mail_outside");
  EXPECT_EQ(result.left_out[0].count, 9);
  EXPECT_EQ(result.left_out[0].reason, "below the low level (10) on 2 days, this is the most");
}

TEST(ScoreTest, DecisionsSplitTheEvidence) {
  const Policy policy = test::policy();
  const Insights insights{insight(kUsb, kNotice - 3, 60), insight(kUsb, kNotice, 60), insight(kUsb, kNotice + 2, 60)};
  const Decided after{.after = start_of(kNotice) + 10 * 3600 * kMicrosPerSecond,
                      .until = std::nullopt,
                      .split = {insight(kUsb, kNotice, 30)},
                      .confirmed = {}};
  const Assessment later = assess(policy, leaver(), insights, kNotice + 2, after);
  ASSERT_EQ(later.parts.size(), 2U);
  EXPECT_EQ(find_part(later, "insight/usb_copy/" + format_day(kNotice))->count, 30);
  EXPECT_EQ(later.left_out.back().reason, "before the cutoff of an earlier decision");
  const Decided until{
      .after = std::nullopt, .until = after.after, .split = {insight(kUsb, kNotice, 10)}, .confirmed = {}};
  const Assessment earlier = assess(policy, leaver(), insights, kNotice, until);
  ASSERT_EQ(earlier.parts.size(), 2U);
  EXPECT_EQ(find_part(earlier, "insight/usb_copy/" + format_day(kNotice))->count, 10);
}

TEST(ScoreTest, ATriggerBeforeBothCutoffsOfADayStillCounts) {
  const Policy policy = test::policy(R"(
id: leaks
name: Leaks
triggers:
  - {id: out, indicators: [usb_copy], level: high}
indicators:
  - {category: exfiltration}
)");
  // The stick in the morning belongs to the alert before; between the cutoffs lie mails only.
  const Insights whole{insight(kMail, kNotice, 40), insight(kUsb, kNotice, 60)};
  const Decided decided{.after = start_of(kNotice) + 10 * 3600 * kMicrosPerSecond,
                        .until = start_of(kNotice) + 12 * 3600 * kMicrosPerSecond,
                        .split = {insight(kMail, kNotice, 30)},
                        .until_day = {insight(kMail, kNotice, 30), insight(kUsb, kNotice, 60)},
                        .confirmed = {}};
  const Assessment between = assess(policy, {}, whole, kNotice, decided);
  ASSERT_EQ(between.triggers.size(), 1U);
  ASSERT_EQ(between.parts.size(), 1U) << "the stick brings into scope, and is no evidence";
  EXPECT_EQ(between.parts[0].count, 30);
}

TEST(ScoreTest, ConfirmedBeforeCountsOnlyWithOtherEvidence) {
  const Policy policy = test::policy(std::string(test::kLeaver) + "  user_history: 0.2\n");
  const Decided decided{
      .after = std::nullopt, .until = std::nullopt, .split = {}, .confirmed = {start_of(kNotice - 5)}};
  EXPECT_EQ(assess(policy, leaver(), {}, kNotice, decided).score, 0);
  const Assessment result = assess(policy, leaver(), {insight(kUsb, kNotice, 60)}, kNotice, decided);
  EXPECT_NEAR(static_cast<double>(result.score), 52e6, 2);
  EXPECT_NE(find_part(result, "booster/user_history"), nullptr);
  EXPECT_EQ(find_part(assess(policy, leaver(), {insight(kUsb, kNotice - 5, 60)}, kNotice - 5, decided),
                      "booster/user_history"),
            nullptr)
      << "not on the day it was confirmed";
}

TEST(ScoreTest, ExculpatoryFactsAreSubtractedLastWithFloorZero) {
  const char* rules = R"(
exculpatory:
  - {id: b, title: Contractor, fact: employee_profile, where: {type: [Contractor]}, points: 10}
  - {id: a, title: Migration, fact: employee_profile, where: {role: [migration, "data migration"]}, points: 30}
)";
  const Policy policy = test::policy(std::string(test::kLeaver) + rules);
  Profile profile = leaver();
  Fact fact;
  fact.kind = FactKind::employee_profile;
  fact.valid_from = kNotice - 5;
  fact.valid_to = kNotice + 1;
  fact.attributes = {{"type", "contractor"}, {"role", "Migration"}};
  profile.facts.push_back(fact);
  const Assessment weak = assess(policy, profile, {insight(kUsb, kNotice, 30)}, kNotice);
  EXPECT_EQ(weak.score, 0);
  EXPECT_NEAR(static_cast<double>(find_part(weak, "exculpatory/a")->points), -15e6, 2);
  EXPECT_NEAR(static_cast<double>(find_part(weak, "exculpatory/b")->points), -5e6, 2);
  EXPECT_NEAR(static_cast<double>(assess(policy, profile, {insight(kUsb, kNotice, 2000)}, kNotice).score), 40e6, 10);
  const Insights ended{insight(kUsb, kNotice, 2000)};
  const Scoring scoring(policy, profile, ended, kUndecided, kNotice + 30);
  EXPECT_EQ(scoring.highest(kNotice - 30, kNotice + 30)->day, kNotice + 2) << "the fact's end is an edge";
}

TEST(ScoreTest, CumulativeSeesWhatEveryDayHides) {
  const Policy policy = test::policy(
      std::string(test::kLeaver) +
      "cumulative: {days: 30, categories: [exfiltration], levels: [50, 100, 200], above_usual: 1.5, weight: 1}\n");
  Insights insights;
  for (Day day = kNotice - 60; day < kNotice - 29; ++day) insights.push_back(insight(kMail, day, 1));
  for (Day day = kNotice - 29; day <= kNotice; ++day) insights.push_back(insight(kMail, day, 9));
  const Assessment result = assess(policy, leaver(), insights, kNotice);
  ASSERT_EQ(result.parts.size(), 1U);
  EXPECT_EQ(result.parts[0].kind, PartKind::cumulative);
  EXPECT_EQ(result.parts[0].count, 270);
  EXPECT_EQ(result.parts[0].level, "high");
}

TEST(ScoreTest, TheDirectorysEndIsATrigger) {
  std::string text = test::kLeaver;
  const std::string resignation = "fact: resignation";
  text.replace(text.find(resignation), resignation.size(), "fact: directory_end");
  const Policy policy = test::policy(text);
  const Insights insights = {test::insight(test::kUsb, kNotice, 60)};
  const auto score = [&](std::optional<Day> until, Day day) {
    Fact fact;
    fact.kind = FactKind::directory;
    fact.valid_from = kNotice - 100;
    fact.valid_to = until;
    const Profile profile{.person = {}, .facts = {fact}};
    return assess(policy, profile, insights, day).score;
  };
  EXPECT_EQ(score(std::nullopt, kNotice + 5), 0) << "still there";
  EXPECT_EQ(score(kNotice + 5, kNotice + 5), 0) << "its last day";
  EXPECT_GT(score(kNotice + 4, kNotice + 5), 0) << "gone";
}

TEST(ScoreTest, WhatIsDoneAfterTheLastWorkingDay) {
  const Policy policy = test::policy(R"(
id: gone
name: Gone
windows: {look_back_days: 0, activation_days: 10}
triggers: [{id: gone, fact: after_last_working_day}]
indicators:
  - {category: exfiltration}
)");
  const auto score = [&](const Fact& fact, Day deed) {
    return assess(policy, {.person = {}, .facts = {fact}}, {test::insight(test::kUsb, deed, 60)}, deed).score;
  };
  const Day last = kNotice + 20;
  const Fact fact = test::resignation(kNotice, last);
  EXPECT_EQ(score(fact, kNotice), 0);
  EXPECT_EQ(score(fact, last), 0) << "still at work";
  EXPECT_GT(score(fact, last + 1), 0);
  EXPECT_GT(score(fact, last + 11), 0);
  EXPECT_EQ(score(fact, last + 12), 0);
  Fact stayed = fact;
  stayed.valid_to = last - 1;
  EXPECT_EQ(score(stayed, last + 1), 0) << "the notice was taken back";
  Fact untold = fact;
  untold.attributes.erase("last_working_day");
  EXPECT_EQ(score(untold, last + 1), 0) << "nobody told the day";
}

TEST(ScoreTest, TriggerWindowsUnite) {
  const Policy policy = test::policy(R"(
id: leaks
name: Leaks
windows: {look_back_days: 5, activation_days: 10}
triggers:
  - {id: out, indicators: exfiltration_triggers, level: high}
  - {id: left, fact: resignation}
indicators:
  - {category: exfiltration}
)");
  Profile profile;
  profile.facts.push_back(test::resignation(kNotice, kNotice));
  const Insights insights{insight(kMail, kNotice - 30, 40), insight(kMail, kNotice - 18, 40),
                          insight(kUsb, kNotice - 1, 5)};
  const Scoring scoring(policy, profile, insights, kUndecided, kNotice + 100);
  EXPECT_EQ(scoring.windows().size(), 3U);
  for (Day day = kNotice - 60; day <= kNotice + 60; ++day) {
    const bool expected = (day >= kNotice - 35 && day <= kNotice - 8) || (day >= kNotice - 5 && day <= kNotice + 10);
    EXPECT_EQ(scoring.in_scope(day), expected) << day - kNotice;
  }
}

TEST(ScoreTest, WhatComesAfterTheLastDayDoesNotExist) {
  const Policy policy = test::policy();
  const Insights insights{insight(kUsb, kNotice + 3, 60)};
  const Profile leaving = leaver();
  const Scoring scoring(policy, leaving, insights, kUndecided, kNotice + 2);
  EXPECT_EQ(scoring.highest(0, 100'000), std::nullopt);
  EXPECT_EQ(scoring.next_edge(), kNotice + 3);
  const Scoring before(policy, leaving, insights, kUndecided, kNotice - 1);
  EXPECT_TRUE(before.windows().empty());
  EXPECT_EQ(before.next_edge(), kNotice);
}

// Makes up one person's days; deterministic from the seed.
class MadeUp {
 public:
  explicit MadeUp(std::uint64_t seed) : random_(seed) {}

  Insights insights(Day from, Day to) {
    Insights out;
    for (Day day = from; day <= to; ++day) {
      for (const IndicatorKey key : {kDownload, kMail, kUsb, test::kRename}) {
        if (random_() % 3 != 0) continue;
        const auto count = static_cast<std::int64_t>(random_() % 8 == 0 ? random_() % 1000 : random_() % 40) + 1;
        out.push_back(insight(key, day, count, static_cast<std::int64_t>(random_() % 3 == 0 ? random_() % 12 : 0)));
      }
    }
    return out;
  }
  Profile profile() {
    Profile out;
    if (random_() % 4 != 0) {
      out.facts.push_back(test::resignation(kNotice - static_cast<Day>(random_() % 20), kNotice + 10));
    }
    if (random_() % 3 == 0) {
      Fact fact;
      fact.kind = FactKind::employee_profile;
      fact.valid_from = kNotice - 20;
      out.facts.push_back(fact);
    }
    return out;
  }
  std::uint64_t next() { return random_(); }

 private:
  std::mt19937_64 random_;
};

Policy rich_policy() {
  return test::policy(R"(
id: rich
name: Rich
triggers:
  - {id: left, fact: resignation}
  - {id: out, indicators: exfiltration_triggers, level: high}
indicators:
  - {category: exfiltration}
  - {category: obfuscation, weight: 0.7}
  - {name: download, weight: 0.6}
cumulative: {days: 30, levels: [100, 300, 900], above_usual: 1.5, weight: 0.8}
scoring: {half_life_days: 12, user_history: 0.1}
exculpatory:
  - {id: known, fact: employee_profile, points: 7.5}
)");
}

TEST(ScorePropertyTest, PartsAddUpWithinRange) {
  const Policy policy = rich_policy();
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    MadeUp made(seed);
    const Insights insights = made.insights(kNotice - 100, kNotice + 5);
    const Profile profile = made.profile();
    Decided decided;
    if (seed % 3 == 0) decided.confirmed = {start_of(kNotice - 40)};
    const Scoring scoring(policy, profile, insights, decided, kNotice + 5);
    for (Day day = kNotice - 60; day <= kNotice + 5; day += 7) {
      const Assessment result = scoring.on(day);
      Micropoints sum = 0;
      for (const ReceiptPart& part : result.parts) {
        sum += part.points;
        EXPECT_TRUE(part.kind == PartKind::exculpatory ? part.points <= 0 : part.points >= 0);
      }
      ASSERT_EQ(sum, result.score) << "seed " << seed;
      ASSERT_GE(result.score, 0);
      ASSERT_LE(result.score, 100 * kOnePoint);
      ASSERT_TRUE(std::ranges::is_sorted(result.parts, [](const auto& a, const auto& b) {
        return a.points != b.points ? a.points > b.points : a.id < b.id;
      }));
    }
  }
}

TEST(ScorePropertyTest, TheHighestDayIsTheHighestOfAllDays) {
  const Policy policy = rich_policy();
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    MadeUp made(seed);
    const Insights insights = made.insights(kNotice - 60, kNotice + 5);
    const Profile profile = made.profile();
    const Scoring scoring(policy, profile, insights, kUndecided, kNotice + 5);
    Assessment best;
    std::optional<Day> first;
    for (Day day = kNotice - 100; day <= kNotice + 5; ++day) {
      const Assessment result = scoring.on(day);
      if (result.score > best.score) best = result;
      if (!first && result.score >= 34 * kOnePoint) first = day;
    }
    const auto highest = scoring.highest(kNotice - 100, kNotice + 5);
    ASSERT_EQ(highest.has_value(), best.score > 0) << "seed " << seed;
    if (highest) {
      ASSERT_EQ(highest->score, best.score) << "seed " << seed;
      ASSERT_EQ(highest->day, best.day) << "seed " << seed;
    }
    ASSERT_EQ(scoring.first_reaching(34 * kOnePoint, kNotice - 100, kNotice + 5), first) << "seed " << seed;
  }
}

// Days without any insight between those with: what is usual falls on them, and windows end and begin.
TEST(ScorePropertyTest, AScoreRisesOnlyOnAnEdge) {
  const Policy policy = test::policy(R"(
id: slow
name: Slow
windows: {look_back_days: 12, activation_days: 9, evidence_days: 80}
triggers:
  - {id: left, fact: resignation}
  - {id: out, indicators: exfiltration_triggers, level: high}
indicators:
  - {category: exfiltration}
cumulative: {days: 25, levels: [15, 60, 200], above_usual: 1.5, weight: 1}
scoring:
  half_life_days: 12
  user_history: 0.1
  usual: {least_days: 4, within: 0.12, least_count: 25, ratio: 4, boost: 0.2, most_boost: 0.5, boost_doublings: 3}
)");
  int rises = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    MadeUp made(seed);
    Insights insights = made.insights(kNotice - 130, kNotice + 5);
    const std::uint64_t one_in = seed % 9 + 1;
    std::erase_if(insights,
                  [&](const Insight& one) { return static_cast<std::uint64_t>(one.day) * 7 % 11 > 11 - one_in; });
    const Profile profile = made.profile();
    Decided decided;
    if (seed % 3 == 0) decided.confirmed = {start_of(kNotice - 30)};
    const Scoring scoring(policy, profile, insights, decided, kNotice + 40);
    Micropoints before = 0;
    Assessment best;
    for (Day day = kNotice - 150; day <= kNotice + 40; ++day) {
      const Assessment result = scoring.on(day);
      if (result.score > before) {
        ++rises;
        ASSERT_TRUE(std::ranges::binary_search(scoring.edges(), day)) << "seed " << seed << " day " << day - kNotice;
      }
      if (result.score > best.score) best = result;
      before = result.score;
    }
    const auto highest = scoring.highest(kNotice - 150, kNotice + 40);
    ASSERT_EQ(highest ? highest->score : 0, best.score) << "seed " << seed;
    ASSERT_EQ(highest ? highest->day : 0, best.day) << "seed " << seed;
    // Asked a day early, it knows that the next day may bring a rise.
    for (Day day = kNotice - 20; day <= kNotice + 20; day += 5) {
      const Scoring earlier(policy, profile, insights, decided, day);
      if (assess(policy, profile, insights, day + 1, decided).score > earlier.on(day).score) {
        ASSERT_EQ(earlier.next_edge(), day + 1) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(rises, 500);
}

// The usual of a day is fixed by the days before it, so a match more on the last day changes no baseline.
TEST(ScorePropertyTest, OneMoreMatchNeverLowersTheScore) {
  const Policy policy = rich_policy();
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    MadeUp made(seed);
    Insights insights = made.insights(kNotice - 70, kNotice);
    const Profile profile = made.profile();
    insights.push_back(insight(kMail, kNotice + 1, 1));
    insights.push_back(insight(kUsb, kNotice + 1, 1));
    Micropoints before = assess(policy, profile, insights, kNotice + 1).score;
    for (int step = 0; step < 30; ++step) {
      Insight& grown = insights[insights.size() - 1 - made.next() % 2];
      grown.counts[0] += 1;
      if (made.next() % 4 == 0) grown.counts[1] += 1;
      const Micropoints after = assess(policy, profile, insights, kNotice + 1).score;
      ASSERT_GE(after, before) << "seed " << seed << " step " << step;
      before = after;
    }
  }
}

TEST(ScorePropertyTest, ANewIndicatorNeverLowersTheScore) {
  const Policy policy = rich_policy();
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    MadeUp made(seed);
    Insights insights = made.insights(kNotice - 70, kNotice);
    const Profile profile = made.profile();
    insights.push_back(insight(kMail, kNotice + 1, 5));
    const Micropoints before = assess(policy, profile, insights, kNotice + 1).score;
    insights.push_back(insight(kUsb, kNotice + 1, static_cast<std::int64_t>(made.next() % 200) + 1));
    ASSERT_GE(assess(policy, profile, insights, kNotice + 1).score, before) << "seed " << seed;
  }
}

TEST(ScorePropertyTest, SplittingAtACutoffLosesNothing) {
  const Policy policy = rich_policy();
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    MadeUp made(seed);
    const Insights insights = made.insights(kNotice - 40, kNotice);
    const Profile profile = made.profile();
    // A cutoff at the very end of a day: the split rows of that day are none.
    const Decided decided{.after = start_of(kNotice - 10) - 1, .until = std::nullopt, .split = {}, .confirmed = {}};
    const Assessment whole = assess(policy, profile, insights, kNotice);
    const Assessment rest = assess(policy, profile, insights, kNotice, decided);
    ASSERT_LE(rest.score, whole.score);
    for (const ReceiptPart& part : rest.parts) {
      if (part.day && part.kind == PartKind::insight) {
        ASSERT_GE(*part.day, kNotice - 10);
      }
    }
  }
}

Fact says(Day from, const std::string& attribute, const std::string& value) {
  Fact fact;
  fact.kind = FactKind::directory;
  fact.valid_from = from;
  fact.attributes[attribute] = value;
  return fact;
}

TEST(ScoreTest, WhoSomebodyIsAddsOnceBesideOtherEvidence) {
  const std::string text = std::string(test::kLeaver) +
                           "  boosters:\n"
                           "    - {id: board, title: Member of the board, where: [{groups: [Board]}], boost: 0.2}\n"
                           "    - {id: admins, title: Administrators, where: [{title: [Administrator]}], boost: 0.1}\n";
  const Policy policy = test::policy(text);
  const Insights usb{insight(kUsb, kNotice, 60)};
  Profile plain = leaver();
  plain.facts.push_back(says(0, "title", "Clerk"));
  Profile both = leaver();
  both.facts.push_back(says(0, "groups", "All staff\nboard"));
  both.facts.back().attributes["title"] = "administrator";
  const Micropoints without = assess(policy, plain, usb, kNotice).score;
  const Assessment with = assess(policy, both, usb, kNotice);
  EXPECT_NEAR(static_cast<double>(without), 40e6, 3);
  EXPECT_NEAR(static_cast<double>(with.score), 100e6 * (1 - 0.6 * 0.8), 3) << "the greater one, once";
  const ReceiptPart* const part = find_part(with, "booster/board");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(in_words(*part, policy), "Who the person is: Member of the board.");
  EXPECT_EQ(find_part(with, "booster/admins"), nullptr);
  Micropoints sum = 0;
  for (const ReceiptPart& one : with.parts) sum += one.points;
  EXPECT_EQ(sum, with.score);
  EXPECT_EQ(assess(policy, both, {}, kNotice).score, 0) << "alone it is nothing";
  EXPECT_NE(policy.version, test::policy().version);
}

TEST(ScoreTest, ABoosterBeginsOnItsDay) {
  const Policy policy =
      test::policy(std::string(test::kLeaver) + "  boosters: [{id: board, where: [{groups: [Board]}], boost: 0.5}]\n");
  Profile profile = leaver();
  profile.facts.push_back(says(0, "groups", "All staff"));
  profile.facts.push_back(says(kNotice + 2, "groups", "Board"));
  const Insights usb{insight(kUsb, kNotice, 60)};
  const Scoring scoring(policy, profile, usb, kUndecided, kNotice + 5);
  const auto peak = scoring.peak(0, kNotice + 5);
  ASSERT_TRUE(peak.has_value());
  EXPECT_EQ(peak->day, kNotice + 2) << "the score rises on the day it becomes true";
}

TEST(ScoreTest, WhomAPersonAskedToBeScoredIsInScope) {
  const Policy policy = test::policy();
  Profile profile;
  Fact asked;
  asked.kind = FactKind::scoring_start;
  asked.valid_from = kNotice;
  asked.valid_to = kNotice + 6;
  asked.attributes["policy"] = policy.id;
  profile.facts.push_back(asked);
  const Insights usb{insight(kUsb, kNotice - 10, 60)};
  const Assessment result = assess(policy, profile, usb, kNotice + 1);
  EXPECT_GT(result.score, 0) << "what lies before counts as for any trigger";
  ASSERT_EQ(result.triggers.size(), 1U);
  EXPECT_EQ(result.triggers[0].trigger, "by_hand");
  EXPECT_EQ(in_words(result.triggers[0], policy).substr(0, 30), "Scoring asked for by a person ");
  EXPECT_EQ(assess(policy, profile, usb, kNotice + 7).score, 0) << "over";
  profile.facts[0].attributes["policy"] = "another";
  EXPECT_EQ(assess(policy, profile, usb, kNotice + 1).score, 0);
  profile.facts[0].attributes["policy"] = policy.id;
  profile.facts[0].withdrawn = true;
  EXPECT_EQ(assess(policy, profile, usb, kNotice + 1).score, 0);
}

}  // namespace
}  // namespace candor
