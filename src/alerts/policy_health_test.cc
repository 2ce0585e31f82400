#include "alerts/policy_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace candor {
namespace {

constexpr Day kToday = 20'000;

// A policy that is as it should be, for each test to take something away.
class PolicyHealth : public testing::Test {
 protected:
  PolicyHealth() {
    standing_.id = policy_.id = "leaks";
    standing_.state = PolicyState::active;
    StoredPolicy row;
    row.id = "leaks";
    standing_.in_force = row;
    policy_.indicators.push_back({.key = 1, .name = "usb", .title = "Copy to USB", .levels = {}});
    policy_.indicators.push_back({.key = 2, .name = "mail", .title = "Mail", .levels = {}});
    Trigger trigger;
    trigger.id = "out";
    trigger.title = "Out";
    trigger.watched.push_back({.key = 1, .name = "usb", .least = {}});
    policy_.triggers.push_back(trigger);
    around_.today = kToday;
    around_.people = 100;
    around_.is_on = [this](const std::string& name) { return !off_.contains(name); };
  }
  std::vector<std::string> ids() {
    std::vector<std::string> out;
    for (const HealthMessage& message : health_of(standing_, policy_, around_)) out.push_back(message.id);
    return out;
  }

  PolicyStanding standing_;
  Policy policy_;
  PolicySurroundings around_;
  std::set<std::string> off_;
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(PolicyHealth, NothingToSay) { EXPECT_THAT(ids(), IsEmpty()); }

TEST_F(PolicyHealth, Switches) {
  off_ = {"mail"};
  EXPECT_THAT(ids(), ElementsAre("indicators_off"));
  off_ = {"usb"};
  EXPECT_THAT(ids(), ElementsAre("trigger_off", "no_scores", "indicators_off")) << "warnings first";
  off_ = {"usb", "mail"};
  EXPECT_THAT(ids(), ElementsAre("no_indicators_on", "trigger_off", "no_scores"));
}

TEST_F(PolicyHealth, IndicatorsThatNothingFeeds) {
  around_.unfed["usb"] = {.workload = "device", .silent = false};
  around_.unfed["elsewhere"] = {.workload = "cloud", .silent = false};  // none of its own
  auto messages = health_of(standing_, policy_, around_);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].id, "sources_missing");
  EXPECT_EQ(messages[0].level, HealthLevel::recommendation);
  EXPECT_THAT(messages[0].text, testing::StartsWith("1 of its 2 indicators cannot fire: no record of what they look at "
                                                    "ever came (device)."));
  around_.unfed["mail"] = {.workload = "office", .silent = false};
  messages = health_of(standing_, policy_, around_);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].id, "no_sources");
  EXPECT_EQ(messages[0].level, HealthLevel::warning);
  EXPECT_THAT(messages[0].text, testing::StartsWith("None of its 2 indicators can fire"));
  around_.unfed["usb"].silent = true;
  EXPECT_THAT(ids(), ElementsAre("sources_silent", "sources_missing"));
}

TEST_F(PolicyHealth, HrFactsMissingAndSilent) {
  Trigger leaving;
  leaving.title = "Resignation";
  leaving.fact = FactKind::resignation;
  policy_.triggers.push_back(leaving);
  EXPECT_THAT(ids(), ElementsAre("no_hr_facts"));
  around_.facts[FactKind::resignation] = {.count = 3, .last_told = start_of(kToday - 8)};
  EXPECT_THAT(ids(), ElementsAre("hr_silent"));
  around_.facts[FactKind::resignation].last_told = start_of(kToday - 7);
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(PolicyHealth, ScopesNeedADirectory) {
  policy_.scope.where.push_back({{"department", {"Sales"}}});
  EXPECT_THAT(ids(), ElementsAre("no_directory"));
  around_.facts[FactKind::directory] = {.count = 1, .last_told = start_of(kToday)};
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(PolicyHealth, AlertsOnTooMany) {
  around_.alerted["leaks"] = 15;
  EXPECT_THAT(ids(), IsEmpty());
  around_.alerted["leaks"] = 16;
  EXPECT_THAT(ids(), ElementsAre("too_many"));
  around_.people = 19;
  EXPECT_THAT(ids(), IsEmpty()) << "of a few a share says nothing";
}

TEST_F(PolicyHealth, ReviewDate) {
  standing_.review_by = kToday + 31;
  EXPECT_THAT(ids(), IsEmpty());
  standing_.review_by = kToday + 30;
  EXPECT_THAT(ids(), ElementsAre("review_due"));
  standing_.review_by = kToday - 30;
  EXPECT_THAT(health_of(standing_, policy_, around_)[0].text, testing::HasSubstr("; 0 days from now it pauses"));
  standing_.review_by = kToday - 31;
  EXPECT_THAT(ids(), ElementsAre("review_over"));
}

TEST_F(PolicyHealth, WhatIsExpectedEndsSoonOrHasEnded) {
  around_.expected = {{.policy = "", .last_day = kToday + 15}, {.policy = "other", .last_day = kToday}};
  EXPECT_THAT(ids(), IsEmpty());
  around_.expected = {{.policy = "leaks", .last_day = kToday + 14}, {.policy = "", .last_day = kToday}};
  EXPECT_THAT(ids(), ElementsAre("expectations_ending"));
  EXPECT_THAT(health_of(standing_, policy_, around_)[0].text, testing::HasSubstr("2 expectations within 14 days"));
  around_.expected = {{.policy = "", .last_day = kToday - 1}, {.policy = "", .last_day = kToday - 31}};
  EXPECT_THAT(ids(), ElementsAre("expectations_ended"));
  EXPECT_THAT(health_of(standing_, policy_, around_)[0].text, testing::HasSubstr("1 expectation ended"));
}

TEST_F(PolicyHealth, LifeAndContent) {
  standing_.state = PolicyState::draft;
  standing_.lacks = {"owner", "purpose"};
  EXPECT_THAT(health_of(standing_, policy_, around_)[0].text, testing::HasSubstr("lacks owner, purpose"));
  standing_.lacks.clear();
  EXPECT_THAT(ids(), ElementsAre("rejected"));
  standing_.state = PolicyState::validated;
  EXPECT_THAT(ids(), ElementsAre("waits"));
  standing_.state = PolicyState::active;
  around_.unusable["leaks"] = "an indicator is gone";
  EXPECT_THAT(ids(), ElementsAre("unusable"));
  around_.unusable.clear();
  around_.silent_sources = {"m365"};
  EXPECT_THAT(ids(), ElementsAre("silent_sources"));
  standing_.state = PolicyState::retired;
  off_ = {"usb", "mail"};
  EXPECT_THAT(ids(), IsEmpty());
}

}  // namespace
}  // namespace candor
