#include "packs/pack_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Day kPlanDay = 20'000;

PackSwitch pack_switch(bool on, const std::string& country, std::vector<std::string> names) {
  return {.indicators = std::move(names), .on = on, .country = country, .reason = "R"};
}

Pack pack_named(const std::string& id) {
  Pack pack;
  pack.id = id;
  return pack;
}

PackPolicy plan_policy(const std::string& file) {
  PackPolicy policy;
  policy.file = file;
  policy.id = file;
  return policy;
}

TEST(Settle, TheStricterHoldsAndIsTold) {
  Pack a = pack_named("a");
  a.policies = {plan_policy("x"), plan_policy("y")};
  a.policies[0].volume = Volume::more;
  a.policies[0].not_in = {"DE"};
  a.retention = {.raw_days = 30, .activity_days = 60, .reason = "A"};
  Pack b = pack_named("b");
  b.policies = {plan_policy("x")};
  b.policies[0].volume = Volume::fewer;
  b.policies[0].enabled = true;
  b.retention = {.raw_days = 14, .activity_days = 90, .reason = "B"};
  Pack c = pack_named("c");
  c.limits = {plan_policy("x"), plan_policy("z")};
  c.limits[0].enabled = false;
  c.limits[0].not_in = {"AT"};
  c.limits[1].reason = "why";
  const PackWishes wishes = settle(std::vector{c, b, a});
  ASSERT_EQ(wishes.policies.size(), 2U);
  EXPECT_EQ(wishes.policies[0].volume, Volume::fewer);
  EXPECT_EQ(wishes.policies[0].enabled, false);
  EXPECT_THAT(wishes.policies[0].not_in, ElementsAre("AT", "DE"));
  ASSERT_EQ(wishes.idle_limits.size(), 1U);
  EXPECT_EQ(wishes.idle_limits[0].reason, "c: why");
  ASSERT_TRUE(wishes.retention);
  EXPECT_EQ(wishes.retention->raw_days, 14);
  EXPECT_EQ(wishes.retention->activity_days, 60);
  EXPECT_THAT(wishes.conflicts, ElementsAre("policy x: a says volume more, b fewer; fewer holds",
                                            "policy x: b says enabled true, c false; false holds",
                                            "retention.raw_days: 14 (b), 30 (a); 14 holds",
                                            "retention.activity_days: 60 (a), 90 (b); 60 holds"));
  EXPECT_EQ(settle(std::vector{a, b, c}).conflicts, wishes.conflicts);
  EXPECT_THAT(settle(std::vector{a}).conflicts, IsEmpty());
}

TEST(Settle, OffHolds) {
  Pack a = pack_named("a");
  a.switches = {pack_switch(true, "", {"i", "j"}), pack_switch(true, "US", {"k"})};
  Pack b = pack_named("b");
  b.switches = {pack_switch(false, "DE", {"i", "k"}), pack_switch(false, "", {"j"}), pack_switch(false, "US", {"k"})};
  const PackWishes wishes = settle(std::vector{a, b});
  std::vector<std::string> got;
  for (const SwitchWish& wish : wishes.switches) got.push_back(wish.indicator + (wish.on ? "+" : "-") + wish.country);
  EXPECT_THAT(got, ElementsAre("i+", "j-", "i-DE", "k-DE", "k-US"));
  EXPECT_THAT(wishes.conflicts, ElementsAre("a wants on everywhere, b off everywhere: j; off holds everywhere",
                                            "a wants on everywhere, b off in DE: i; off holds in DE",
                                            "a wants on in US, b off in US: k; off holds in US"));
}

std::vector<IndicatorInfo> plan_indicators() {
  IndicatorInfo quiet;
  quiet.name = "i";
  quiet.intrusion = 1;
  IndicatorInfo loud;
  loud.name = "k";
  loud.intrusion = 3;
  return {quiet, loud};
}

SwitchWish a_wish(const std::string& name, bool on, const std::string& country) {
  return {.indicator = name, .on = on, .country = country, .pack = "p", .reason = "R"};
}

Switch a_decision(const std::string& name, bool on, const std::string& country, const std::string& group,
                  const std::string& agreement, Day from = kPlanDay - 5) {
  return {.indicator = name,
          .on = on,
          .country = country,
          .group = group,
          .from = from,
          .agreement = agreement,
          .set_by = "ann"};
}

struct PlanRow {
  const char* about;
  std::vector<SwitchWish> wishes;
  std::vector<Switch> existing;
  const char* agreement;
  std::vector<std::string> steps;  // "set k-DE"
};

std::vector<Switch> numbered(std::vector<Switch> switches) {
  std::int64_t number = 0;
  for (Switch& one : switches) one.number = ++number;
  return switches;
}

std::vector<std::string> in_short(const std::vector<SwitchStep>& steps) {
  std::vector<std::string> out;
  for (const SwitchStep& step : steps) {
    const Switch& one = step.decision;
    out.push_back(std::string(to_text(step.kind)) + " " + one.indicator + (one.on ? "+" : "-") + one.country +
                  (one.group.empty() ? "" : "/" + one.group));
  }
  return out;
}

TEST(PlanSwitches, WhatBecomesOfAWish) {
  const std::vector<PlanRow> rows = {
      {"off is decided even where it is the default", {a_wish("k", false, "DE")}, {}, "", {"set k-DE"}},
      {"off already", {a_wish("k", false, "DE")}, {a_decision("k", false, "DE", "", "")}, "", {"holds already k-DE"}},
      {"off from later on only",
       {a_wish("i", false, "DE")},
       {a_decision("i", false, "DE", "", "", kPlanDay + 3)},
       "",
       {"set i-DE"}},
      {"an agreement for exactly this",
       {a_wish("k", false, "DE")},
       {a_decision("k", false, "DE", "", ""), a_decision("k", true, "DE", "", "BV 7")},
       "",
       {"left on k+DE"}},
      {"on without an agreement is none",
       {a_wish("i", false, "DE")},
       {a_decision("i", true, "DE", "", "")},
       "",
       {"set i-DE"}},
      {"an agreement for everywhere is none for the country",
       {a_wish("k", false, "DE")},
       {a_decision("k", false, "DE", "", ""), a_decision("k", true, "", "", "notice of the US")},
       "",
       {"set k-DE"}},
      {"nor is one for a group everywhere",
       {a_wish("k", false, "DE")},
       {a_decision("k", false, "DE", "", ""), a_decision("k", true, "", "sales", "A 1")},
       "",
       {"set k-DE"}},
      {"a group of the country with an agreement keeps it",
       {a_wish("k", false, "DE")},
       {a_decision("k", true, "DE", "sales", "BV 7")},
       "",
       {"set k-DE", "set again k+DE/sales"}},
      {"not where that was undone since",
       {a_wish("k", false, "DE")},
       {a_decision("k", true, "DE", "sales", "BV 7"), a_decision("k", false, "DE", "", ""),
        a_decision("k", true, "", "", "A")},
       "",
       {"set k-DE"}},
      {"on needs an agreement", {a_wish("k", true, "")}, {}, "", {"needs an agreement k+"}},
      {"and has one", {a_wish("k", true, "")}, {}, "BV 8", {"set k+"}},
      {"on is the default", {a_wish("i", true, "")}, {}, "", {"holds already i+"}},
      {"what somebody switched off stays off",
       {a_wish("k", true, "")},
       {a_decision("k", false, "", "", "")},
       "BV 8",
       {"left off k-"}},
      {"also for a country within",
       {a_wish("i", true, "FR")},
       {a_decision("i", false, "", "", "")},
       "BV 8",
       {"left off i-"}},
      {"on for all does not undo what is off for some",
       {a_wish("k", true, "")},
       {a_decision("k", false, "DE", "", "pack de: R"), a_decision("k", false, "FR", "sales", "")},
       "BV 8",
       {"set k+", "set again k-DE", "set again k-FR/sales"}},
      {"both at once, as settle() orders them",
       {a_wish("k", true, ""), a_wish("k", false, "DE")},
       {},
       "BV 8",
       {"set k+", "set k-DE"}},
  };
  const SwitchBy nobody{.today = kPlanDay, .agreement = "", .name = "local/ann"};
  for (const PlanRow& row : rows) {
    SwitchBy by = nobody;
    by.agreement = row.agreement;
    const auto steps = plan_switches(row.wishes, numbered(row.existing), plan_indicators(), by);
    EXPECT_EQ(in_short(steps), row.steps) << row.about;
    for (const SwitchStep& step : steps) {
      if (step.kind == SwitchStep::Kind::set) {
        EXPECT_EQ(step.decision.from, kPlanDay) << row.about;
        EXPECT_EQ(step.decision.agreement, step.decision.on ? row.agreement : "pack p: R");
      }
    }
  }
}

// Whatever was decided before: what is wanted off is off for whom no narrower agreement was named, nothing of intrusion
// 3 is on without an agreement, and a second time there is nothing to do.
TEST(PlanSwitches, DoneTwiceTheSecondTimeIsNothing) {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t count) { return random() % count; };
  const std::vector<std::string> countries = {"", "DE", "FR"};
  for (int round = 0; round < 2000; ++round) {
    std::vector<Switch> existing;
    for (std::size_t i = pick(7); i > 0; --i) {
      existing.push_back(a_decision(pick(2) == 0 ? "i" : "k", pick(2) == 0, countries[pick(3)],
                                    pick(3) == 0 ? "sales" : "", pick(2) == 0 ? "" : "A",
                                    kPlanDay - 5 + static_cast<Day>(pick(8))));
    }
    existing = numbered(std::move(existing));
    std::vector<SwitchWish> wishes = {a_wish("k", true, ""), a_wish("i", false, "DE"), a_wish("k", false, "DE")};
    const SwitchBy by{.today = kPlanDay, .agreement = pick(2) == 0 ? "" : "BV", .name = "local/ann"};
    for (const SwitchStep& step : plan_switches(wishes, existing, plan_indicators(), by)) {
      if (step.kind != SwitchStep::Kind::set && step.kind != SwitchStep::Kind::again) continue;
      EXPECT_EQ(step.decision.number, static_cast<std::int64_t>(existing.size()) + 1);
      EXPECT_GE(step.decision.from, kPlanDay);
      EXPECT_TRUE(!step.decision.on || !step.decision.agreement.empty());
      existing.push_back(step.decision);
    }
    for (const SwitchStep& step : plan_switches(wishes, existing, plan_indicators(), by)) {
      EXPECT_TRUE(step.kind != SwitchStep::Kind::set && step.kind != SwitchStep::Kind::again) << round;
      if (step.kind != SwitchStep::Kind::holds || step.decision.on) continue;
      const AccountPlace somebody{.country = "DE", .groups = std::set<std::string, std::less<>>{}};
      EXPECT_FALSE(is_switched_on(existing, step.decision.indicator, step.decision.indicator == "k" ? 3 : 1, somebody,
                                  kPlanDay + 10))
          << round;
    }
  }
}

}  // namespace
}  // namespace candor
