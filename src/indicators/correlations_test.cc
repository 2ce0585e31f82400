#include "indicators/correlations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "indicators/indicator_set.h"
#include "indicators/trial.h"

namespace candor {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::shared_ptr<const FieldCatalogue> catalogue() {
  return FieldCatalogue::create({
                                    {.name = "event.action", .type = FieldType::keyword, .description = ""},
                                    {.name = "user.email", .type = FieldType::keyword, .description = ""},
                                    {.name = "file.name", .type = FieldType::keyword, .description = ""},
                                    {.name = "file.size", .type = FieldType::integer, .description = ""},
                                    {.name = "email.to", .type = FieldType::keywords, .description = ""},
                                })
      .value();
}

// `correlation` is the YAML below `correlation:`, indented by two blanks.
RuleText correlation(const std::string& body, const std::string& more = "") {
  return {.file = "correlated.yml",
          .text =
              "title: A correlation\nid: 00000000-0000-4000-8000-200000000000\ndescription: For tests\nstatus: "
              "test\ncorrelation:\n" +
              body +
              "falsepositives:\n  - none\nlevel: low\ntags:\n  - attack.collection\ncandor:\n  name: correlated\n"
              "  category: collection\n  workload: office\n  intrusion: 1\n"
              "  feeds: [{source: m365_audit, record_types: [6], setting: none, licence: any}]\n  thresholds:\n"
              "    all: {low: 1, medium: 2, high: 3, reason: tests}\n" +
              more};
}

const std::string kDownload =
    "---\ntitle: Download\nname: download\nlogsource:\n  product: m365\ndetection:\n  selection:\n    event.action: "
    "Downloaded\n  condition: selection\n";
const std::string kDelete =
    "---\ntitle: Delete\nname: delete\nlogsource:\n  product: m365\ndetection:\n  selection:\n    event.action: "
    "Deleted\n  condition: selection\n";
const std::string kThree =
    "  type: event_count\n  rules: [download]\n  group-by: [user.email]\n  timespan: 10m\n  condition: {gte: 3}\n";

std::shared_ptr<const IndicatorSet> load_correlation(const RuleText& text) {
  IndicatorSet::Loaded loaded = IndicatorSet::parse({text}, catalogue());
  for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
  EXPECT_EQ(loaded.set->size(), 1u);
  return loaded.set;
}

Activity activity(TimePoint time, const std::string& operation, const std::string& file = "a", std::int64_t size = 1) {
  Activity made(catalogue());
  made.source = SourceKind::m365_audit;
  made.actor = ActorKind::person;
  made.time = time;
  made.account = "ann@example.com";
  made.operation = made.keep(operation);
  const auto set = [&](std::string_view field, const std::string& text) {
    made.set_text(made.catalogue().require(field), made.keep(text));
  };
  set("event.action", operation);
  set("user.email", "ann@example.com");
  set("file.name", file);
  made.set_number(made.catalogue().require("file.size"), size);
  return made;
}

TEST(Correlations, AreRefusedWithAReason) {
  struct Fault {
    RuleText text;
    const char* id;
  };
  const std::string count = "  type: event_count\n  rules: [download]\n  timespan: 10m\n  condition: {gte: 3}\n";
  const std::string average =
      "  type: value_avg\n  rules: [download]\n  group-by: [user.email]\n  timespan: 10m\n  condition: {gte: 3, field: "
      "file.size}\n";
  const std::vector<Fault> rows = {
      {correlation(count, kDownload), "indicators.group_without_account"},
      {correlation(count + "  group-by: [file.name]\n", kDownload), "indicators.group_without_account"},
      {correlation(count + "  group-by: [user.email, file.nam]\n", kDownload), "indicators.unknown_field"},
      {correlation(average, kDownload), "indicators.may_fall"},
      {correlation("  type: event_count\n  rules: [download]\n  group-by: [user.email]\n  timespan: 10m\n  condition: "
                   "{lte: 3}\n",
                   kDownload),
       "indicators.may_fall"},
      {correlation("  type: event_count\n  rules: [download]\n  group-by: [user.email]\n  timespan: 31d\n  condition: "
                   "{gte: 3}\n",
                   kDownload),
       "indicators.timespan_too_long"},
      {correlation(kThree), "sigma.unknown_rule"},
      {correlation(kThree, kDownload + "candor:\n  name: second\n"), "indicators.bad_rule"},
      {correlation(kThree,
                   "---\ntitle: Download\nname: download\nlogsource:\n  product: windows\ndetection:\n  "
                   "selection:\n    event.action: Downloaded\n  condition: selection\n"),
       "indicators.unknown_logsource"},
  };
  for (const Fault& row : rows) {
    const IndicatorSet::Loaded loaded = IndicatorSet::parse({row.text}, catalogue());
    EXPECT_EQ(loaded.set->size(), 0u) << row.text.text;
    std::vector<std::string> ids;
    for (const Diagnostic& fault : loaded.diagnostics) ids.push_back(fault.id);
    EXPECT_THAT(ids, Contains(row.id)) << row.text.text;
  }
}

TEST(Correlations, ARuleThatNobodyCountsIsAWarning) {
  const IndicatorSet::Loaded loaded = IndicatorSet::parse({correlation(kThree, kDownload + kDelete)}, catalogue());
  EXPECT_EQ(loaded.set->size(), 1u);
  ASSERT_EQ(loaded.diagnostics.size(), 1u);
  EXPECT_EQ(loaded.diagnostics[0].id, "indicators.unused_rule");
  EXPECT_EQ(loaded.diagnostics[0].severity, Severity::warning);
}

TEST(Correlations, WhatTheyCountIsAskedOnlyWhileTheyAreOn) {
  const auto set = load_correlation(correlation(kThree, kDownload));
  Matcher matcher(set);
  std::vector<IndicatorIndex> matched;
  matcher.match(activity(0, "Downloaded"), IndicatorMask(set->size(), true), matched);
  ASSERT_EQ(matched.size(), 1u);
  EXPECT_FALSE(set->is_indicator(matched[0]));
  EXPECT_EQ(set->owner(matched[0]), 0);
  EXPECT_TRUE(set->correlations().is_part(set->keys()[matched[0]]));
  EXPECT_FALSE(set->correlations().is_part((*set)[0].key));
  matcher.match(activity(0, "Downloaded"), IndicatorMask(set->size(), false), matched);
  EXPECT_THAT(matched, IsEmpty());
}

TEST(Correlations, CountAcrossActivities) {
  const auto set = load_correlation(correlation(kThree, kDownload));
  Trial trial(set);
  trial.add(activity(0, "Downloaded"));
  trial.add(activity(300 * kMicrosPerSecond, "Downloaded"));
  trial.add(activity(400 * kMicrosPerSecond, "Deleted"));
  EXPECT_THAT(trial.matched(), IsEmpty());
  trial.add(activity(599 * kMicrosPerSecond, "Downloaded"));
  EXPECT_THAT(trial.matched(), ElementsAre("correlated"));
  trial.clear();
  for (const int second : {0, 300, 600}) trial.add(activity(second * kMicrosPerSecond, "Downloaded"));
  EXPECT_THAT(trial.matched(), IsEmpty()) << "what lies exactly a timespan before is out";
}

TEST(Correlations, GroupStepsAndSumsByOtherFields) {
  const auto steps = load_correlation(correlation(
      "  type: temporal_ordered\n  rules: [download, delete]\n  group-by: [user.email, file.name]\n  timespan: 1d\n",
      kDownload + kDelete));
  Trial trial(steps);
  trial.add(activity(2, "Deleted", "A.txt"));
  trial.add(activity(1, "Downloaded", "b.txt"));
  EXPECT_THAT(trial.matched(), IsEmpty());
  trial.add(activity(1, "Downloaded", "a.TXT"));
  EXPECT_THAT(trial.matched(), ElementsAre("correlated")) << "in whatever order they come, upper case or lower";

  const auto sum = load_correlation(
      correlation("  type: value_sum\n  rules: [download]\n  group-by: [user.email]\n  timespan: 1h\n  condition: "
                  "{gte: 100, field: "
                  "file.size}\n",
                  kDownload));
  Trial sizes(sum);
  sizes.add(activity(1, "Downloaded", "a", 60));
  sizes.add(activity(2, "Downloaded", "b", -90));
  EXPECT_THAT(sizes.matched(), IsEmpty());
  sizes.add(activity(3, "Downloaded", "c", 40));
  EXPECT_THAT(sizes.matched(), ElementsAre("correlated")) << "a negative size is no size";
}

TEST(Correlations, CountIndicatorsOfOtherFiles) {
  RuleText other{.file = "big.yml",
                 .text =
                     "title: Big\nid: 00000000-0000-4000-8000-300000000000\ndescription: For tests\nstatus: test\n"
                     "logsource:\n  product: m365\ndetection:\n  selection:\n    file.size|gte: 50\n  condition: "
                     "selection\nfalsepositives:\n  - none\nlevel: low\ntags:\n  - attack.collection\ncandor:\n  "
                     "name: big\n  category: collection\n  workload: office\n  intrusion: 1\n"
                     "  feeds: [{source: m365_audit, record_types: [6], setting: none, licence: any}]\n"
                     "  thresholds:\n    all: {low: 1, medium: 2, high: 3, reason: tests}\n"};
  std::string body = kThree;
  body.replace(body.find("download"), 8, "big");
  const auto loaded = IndicatorSet::parse({correlation(body), other}, catalogue());
  for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
  Trial trial(loaded.set);
  for (int i = 0; i < 3; ++i) trial.add(activity(i, "Downloaded", "a", 50));
  EXPECT_THAT(trial.matched(), ElementsAre("big", "correlated"));
}

// What is stored of a rule that is counted has a place of its own: another text is another meaning.
TEST(Correlations, AreInTheFingerprint) {
  const auto fingerprint = [](const std::string& body) {
    return load_correlation(correlation(body, kDownload))->fingerprint();
  };
  std::string four = kThree;
  four.replace(four.find("gte: 3"), 6, "gte: 4");
  std::string longer = kThree;
  longer.replace(longer.find("10m"), 3, "11m");
  EXPECT_EQ(std::set({fingerprint(kThree), fingerprint(four), fingerprint(longer)}).size(), 3u);
}

// --- properties, on random activities of five days

std::vector<CorrelatedActivity> random_activities(const IndicatorSet& set, std::mt19937& random) {
  Matcher matcher(std::make_shared<const IndicatorSet>(set));
  std::vector<std::pair<TimePoint, std::size_t>> order;
  std::vector<CorrelatedActivity> made;
  std::vector<IndicatorIndex> matched;
  for (int i = 0; i < 60; ++i) {
    const TimePoint time = static_cast<TimePoint>(random() % (5 * 24 * 12)) * 300 * kMicrosPerSecond;
    const Activity one =
        activity(time, random() % 2 == 0 ? "Downloaded" : "Deleted", random() % 2 == 0 ? "a" : "b", random() % 40);
    matcher.match(one, IndicatorMask(set.size(), true), matched);
    std::vector<IndicatorKey> keys;
    for (const IndicatorIndex index : matched) keys.push_back(set.keys()[index]);
    made.push_back(correlated(one, std::move(keys), set.correlations()));
  }
  std::ranges::sort(made, {}, &CorrelatedActivity::time);
  return made;
}

// The times of those that take part; several of one instant are as good as each other for these tests.
std::multiset<TimePoint> times(const std::vector<CorrelatedActivity>& activities, const IndicatorSet& set) {
  std::multiset<TimePoint> result;
  for (const auto& match : set.correlations().taken_part(activities)) result.insert(activities[match.activity].time);
  return result;
}

const std::vector<std::string>& bodies() {
  static const std::vector<std::string> all = {
      "  type: event_count\n  rules: [download]\n  group-by: [user.email]\n  timespan: 6h\n  condition: {gte: 4}\n",
      "  type: value_count\n  rules: [download, delete]\n  group-by: [user.email]\n  timespan: 8h\n  condition: {gte: "
      "2, field: file.name}\n",
      "  type: value_sum\n  rules: [download]\n  group-by: [user.email]\n  timespan: 1d\n  condition: {gt: 90, field: "
      "file.size}\n",
      "  type: temporal\n  rules: [download, delete]\n  group-by: [user.email, file.name]\n  timespan: 2h\n",
      "  type: temporal_ordered\n  rules: [download, delete]\n  group-by: [user.email]\n  timespan: 50h\n"};
  return all;
}

TEST(CorrelationsProperty, ADayDependsOnItselfAndTheDaysLookedBackTo) {
  std::mt19937 random(7);
  for (const std::string& body : bodies()) {
    const auto set =
        load_correlation(correlation(body, kDownload + (body.find("delete") == std::string::npos ? "" : kDelete)));
    const Day back = set->correlations().look_back();
    bool any = false;
    for (int round = 0; round < 20; ++round) {
      const auto all = random_activities(*set, random);
      const auto whole = times(all, *set);
      any = any || !whole.empty();
      for (Day day = 0; day < 5; ++day) {
        std::vector<CorrelatedActivity> some;
        std::ranges::copy_if(all, std::back_inserter(some), [&](const CorrelatedActivity& one) {
          return day_of(one.time) >= day - back && day_of(one.time) <= day;
        });
        const auto on_day = [&](const std::multiset<TimePoint>& from) {
          std::multiset<TimePoint> result;
          std::ranges::copy_if(from, std::inserter(result, result.end()),
                               [&](TimePoint time) { return day_of(time) == day; });
          return result;
        };
        ASSERT_EQ(on_day(times(some, *set)), on_day(whole)) << body << "day " << day;
      }
    }
    EXPECT_TRUE(any) << body;
  }
}

TEST(CorrelationsProperty, MoreActivitiesNeverTakeOneAway) {
  std::mt19937 random(11);
  for (const std::string& body : bodies()) {
    const auto set =
        load_correlation(correlation(body, kDownload + (body.find("delete") == std::string::npos ? "" : kDelete)));
    for (int round = 0; round < 20; ++round) {
      const auto all = random_activities(*set, random);
      std::vector<CorrelatedActivity> fewer;
      std::ranges::copy_if(all, std::back_inserter(fewer), [&](const auto&) { return random() % 4 != 0; });
      const auto before = times(fewer, *set);
      const auto after = times(all, *set);
      EXPECT_TRUE(std::ranges::includes(after, before)) << body;
    }
  }
}

// Against the definition, without a window that slides.
TEST(CorrelationsProperty, CountsAsItIsDefined) {
  std::mt19937 random(13);
  const auto set = load_correlation(correlation(bodies()[0], kDownload));
  const TimePoint span = 6 * 3600 * kMicrosPerSecond;
  for (int round = 0; round < 50; ++round) {
    auto all = random_activities(*set, random);
    std::erase_if(all, [](const CorrelatedActivity& one) { return one.matches.empty(); });
    std::multiset<TimePoint> expected;
    for (const CorrelatedActivity& one : all) {
      const bool takes_part = std::ranges::any_of(all, [&](const CorrelatedActivity& at) {
        if (day_of(at.time) != day_of(one.time) || one.time > at.time || one.time <= at.time - span) return false;
        return std::ranges::count_if(all, [&](const CorrelatedActivity& each) {
                 return each.time <= at.time && each.time > at.time - span;
               }) >= 4;
      });
      if (takes_part) expected.insert(one.time);
    }
    ASSERT_EQ(times(all, *set), expected);
  }
}

}  // namespace
}  // namespace candor
