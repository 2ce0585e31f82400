#include "assessment/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/policy.h"

namespace candor {
namespace {

constexpr Day kFirst = 20'000;
constexpr Day kLast = kFirst + 59;
constexpr IndicatorKey kUsb = 700;

constexpr const char* kPolicy = R"(id: leaks
name: Leaks
triggers:
  - {id: out, indicators: [usb_copy], level: low}
indicators:
  - {name: usb_copy, weight: 1}
scoring:
  half_life_days: 10
  strengths: {low: 0.2, medium: 0.5, high: 0.8, beyond: 0.9, beyond_doublings: 3}
)";

std::vector<std::shared_ptr<const Policy>> policies() {
  IndicatorInfo info;
  info.key = kUsb;
  info.name = "usb_copy";
  info.title = "USB";
  info.category = Category::exfiltration;
  info.levels[0] = {.low = 5, .medium = 10, .high = 20};
  const auto scoring = ScoringContent::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/scoring");
  LoadedPolicy loaded = load_policy(kPolicy, "test.yml", std::span(&info, 1), **scoring);
  EXPECT_TRUE(loaded.policy.has_value());
  return {std::make_shared<const Policy>(std::move(*loaded.policy))};
}

PersonId person(std::uint8_t number) {
  PersonId id;
  id.bytes[0] = number;
  return id;
}

Insight copies(Day day, std::int64_t count) {
  Insight insight{.indicator = kUsb, .day = day};
  insight.counts[0] = count;
  insight.first = start_of(day) + kMicrosPerSecond;
  insight.last = start_of(day) + 2 * kMicrosPerSecond;
  return insight;
}

EvaluationOptions options() {
  EvaluationOptions out;
  out.warm_up_days = 30;
  return out;
}

// 40 people of whom the first is an insider on day 40, known a day late; the second has a louder day of honest work.
EvaluationSet set() {
  EvaluationSet out{.name = "one", .first = kFirst, .last = kLast, .people = {}, .labels = {}};
  for (std::uint8_t i = 1; i <= 40; ++i) out.people.emplace_back().person = person(i);
  out.people[0].changes = {{.known = kFirst + 41, .insight = copies(kFirst + 40, 20)}};
  out.people[1].changes = {{.known = kFirst + 35, .insight = copies(kFirst + 35, 80)}};
  EvaluationLabel label;
  label.person = person(1);
  label.scenario = "thief";
  label.first_harmful = kFirst + 38;
  label.last = kFirst + 45;
  label.carry_outs = {{.day = kFirst + 40, .files = 20}, {.day = kFirst + 44, .files = 60}};
  label.insights = {{kUsb, kFirst + 40}};
  out.labels.push_back(label);
  return out;
}

TEST(Evaluation, CountsWhatWasShownAndWhen) {
  const std::vector<EvaluationSet> sets = {set()};
  const auto found = evaluate(sets, policies(), {kUsb}, options());
  EXPECT_EQ(found.insiders, 1);
  EXPECT_EQ(found.people, 40);
  EXPECT_DOUBLE_EQ(found.person_months, 40.0 * 30 / 30);
  EXPECT_FALSE(found.cuts_of_other_sets);
  EXPECT_EQ(found.false_rows, 1);
  EXPECT_EQ(found.false_high, 1);
  const ScenarioFigures& thief = found.by_scenario.at("thief");
  EXPECT_EQ(thief.recall_shipped.hits, 1);
  // 5 rows a day for 1,000 people are 4 rows here: both fit. Shown on the day it was known, three after the harm began.
  EXPECT_EQ(found.recall_at.at(5).hits, 1);
  EXPECT_EQ(found.precision_at.at(10).hits, 1);
  EXPECT_EQ(found.precision_at.at(10).of, 2);
  EXPECT_EQ(found.false_shown.size(), 1U);
  EXPECT_EQ(found.false_shown[0].row.day, kFirst + 35);
}

TEST(Evaluation, TimesTheInsiderAtTheHeadline) {
  EvaluationOptions loose = options();
  loose.headline = 5;
  const std::vector<EvaluationSet> sets = {set()};
  const auto found = evaluate(sets, policies(), {kUsb}, loose);
  EXPECT_EQ(found.median_days, 3);
  EXPECT_DOUBLE_EQ(*found.median_carried, 0.25);
  EXPECT_EQ(found.before_last.hits, 1);
  // Tight budgets take the louder one, who is honest: found is nobody.
  const auto tight = evaluate(sets, policies(), {kUsb}, options());
  EXPECT_EQ(tight.recall_at.at(0.1).hits, 0);
  EXPECT_EQ(tight.median_days, std::nullopt);
}

TEST(Evaluation, ARowOnOtherGroundsIsNotFound) {
  EvaluationSet one = set();
  one.labels[0].insights = {{kUsb, kFirst + 44}};  // not what the receipt holds
  const std::vector<EvaluationSet> sets = {one};
  const auto found = evaluate(sets, policies(), {kUsb}, options());
  EXPECT_EQ(found.recall_at.at(5).hits, 0);
  EXPECT_EQ(found.false_rows, 2);
}

TEST(Evaluation, TheWarmUpOpensNothing) {
  EvaluationSet one = set();
  for (auto& change : one.people[0].changes) change = {.known = kFirst + 20, .insight = copies(kFirst + 20, 40)};
  one.labels[0].insights = {{kUsb, kFirst + 20}};
  const std::vector<EvaluationSet> sets = {one};
  EXPECT_EQ(evaluate(sets, policies(), {kUsb}, options()).recall_at.at(5).hits, 0);
}

TEST(Evaluation, CutsComeFromTheOtherSets) {
  const std::vector<EvaluationSet> sets = {set(), set()};
  const auto found = evaluate(sets, policies(), {kUsb}, options());
  EXPECT_TRUE(found.cuts_of_other_sets);
  EXPECT_EQ(found.insiders, 2);
}

// An organisation where nobody does harm is told apart, and its honest days do not move the cut of the others.
TEST(Evaluation, WhereNobodyDoesHarmIsToldApart) {
  EvaluationSet honest = set();
  honest.labels.clear();
  const std::vector<EvaluationSet> sets = {set(), honest};
  EvaluationOptions loose = options();
  loose.headline = 5;
  const auto found = evaluate(sets, policies(), {kUsb}, loose);
  ASSERT_TRUE(found.insider_free.has_value());
  EXPECT_EQ(found.insider_free->people, 40);
  EXPECT_DOUBLE_EQ(found.insider_free->person_months, 40);
  EXPECT_EQ(found.insider_free->rows, 2);
  EXPECT_EQ(found.insider_free->rows_high, 2) << "also the one who is an insider elsewhere";
  EXPECT_EQ(found.insiders, 1);
  // Both rows, for 40 people over the working days of 30 days.
  EXPECT_NEAR(found.insider_free->rows_a_day, 2 / (0.040 * static_cast<double>(found.working_days) / 2), 1e-9);
  const std::vector<EvaluationSet> alone = {set()};
  EXPECT_FALSE(evaluate(alone, policies(), {kUsb}, loose).insider_free.has_value());
}

TEST(Evaluation, IntervalsAreWilsons) {
  const auto [low, high] = Rate{.hits = 8, .of = 10}.interval();
  EXPECT_NEAR(low, 0.4902, 0.0001);
  EXPECT_NEAR(high, 0.9433, 0.0001);
  EXPECT_EQ((Rate{.hits = 0, .of = 0}.interval()), (std::pair<double, double>(0, 1)));
}

}  // namespace
}  // namespace candor
