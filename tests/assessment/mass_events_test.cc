// Many people at once, on real stores: held as one, never dropped, released or explained by a person.
#include "alerts/mass_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "house.h"

namespace candor {
namespace {

using ::testing::ElementsAre;

std::string one_of_many(int number) { return "m" + std::to_string(number) + "@example.com"; }

// That many people do so much on a day that each gets an alert.
void many(House& house, int people, Day day, int first = 0, int hour = 9) {
  for (int number = first; number < first + people; ++number)
    house.take(burst(one_of_many(number), day, 40, kUsb, hour));
}

MassEvents events(House& house) { return {house.inputs().store, house.inputs().clock}; }

std::size_t waiting(House& house, bool held) {
  AlertQuery query;
  query.statuses = {AlertStatus::needs_review};
  query.held = held;
  return house.book().find(query)->alerts.size();
}

Result<void> act(House& house, const std::function<Result<void>(Transaction&)>& work) {
  return house.inputs().store.transact([&](Transaction& transaction) { return work(transaction); });
}

TEST(MassEventsTest, AreHeldAsOneAndReleasedByAPerson) {
  House house(1);
  many(house, 2, kStart + 5, 100);
  EXPECT_EQ(house.run(kStart + 6).mass_events, 0);
  many(house, 12, kStart + 30);
  const AssessmentRun run = house.run(kStart + 31);
  EXPECT_EQ(run.mass_events, 1);
  EXPECT_EQ(run.alerts.raised, 12) << "none is dropped";
  const auto all = *events(house).all();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].cause, "usb_copy");
  EXPECT_EQ(all[0].day, kStart + 30);
  EXPECT_EQ(all[0].most_before, 2);
  EXPECT_EQ(all[0].people, 12);
  EXPECT_EQ(all[0].state, MassEventState::held);
  EXPECT_EQ(waiting(house, true), 12U);
  EXPECT_EQ(waiting(house, false), 2U);
  const AlertPage page = *house.book().find({});
  EXPECT_EQ(page.held, 12);
  EXPECT_EQ(page.needs_review[0] + page.needs_review[1] + page.needs_review[2], 2);
  // Whoever comes later is held with them; a decision on one of them is one as ever.
  many(house, 3, kStart + 30, 20);
  house.run(kStart + 31);
  EXPECT_EQ(waiting(house, true), 15U);
  AlertQuery of_it;
  of_it.mass_event = all[0].number;
  const AlertRow one = house.book().find(of_it)->alerts[0];
  ASSERT_TRUE(house.book().confirm(one.id, "", "ada").has_value());
  EXPECT_EQ(waiting(house, true), 14U);

  house.tomorrow();
  const auto release = [&](Transaction& work) { return events(house).release(work, 1, "they were real", "ada"); };
  ASSERT_TRUE(act(house, release).has_value());
  EXPECT_EQ(act(house, release).error().id, "mass_events.not_held");
  EXPECT_EQ(waiting(house, true), 0U);
  EXPECT_EQ(waiting(house, false), 16U);
  EXPECT_EQ(events(house).get(1)->state, MassEventState::released);
  EXPECT_EQ(house.rows({AlertStatus::needs_review})[5].queued_at, house.inputs().clock.now()) << "waits from now on";
  many(house, 2, kStart + 30, 40);
  house.run(kStart + 31);
  EXPECT_EQ(waiting(house, true), 0U) << "what was released is not held again";
  EXPECT_EQ(events(house).get(99).error().id, "mass_events.not_found");
}

TEST(MassEventsTest, AsManyAsBeforeIsNone) {
  House house(1);
  many(house, 5, kStart + 10);
  house.run(kStart + 11);
  many(house, 14, kStart + 20, 20);
  EXPECT_EQ(house.run(kStart + 21).mass_events, 0) << "not three times as many";
  many(house, 9, kStart + 40, 60);
  EXPECT_EQ(house.run(kStart + 41).mass_events, 0) << "too few";
  EXPECT_EQ(waiting(house, true), 0U);
}

TEST(MassEventsTest, WhatOtherEvidenceRaisesIsNotHeld) {
  House house(1);
  many(house, 12, kStart + 30);
  // One also mailed as much on the days before.
  for (Day day = kStart + 26; day < kStart + 30; ++day) house.take(burst(one_of_many(0), day, 35, kMail));
  house.run(kStart + 31);
  EXPECT_EQ(waiting(house, true), 11U);
  EXPECT_EQ(waiting(house, false), 1U);
  // What becomes of one later lets it go.
  house.take(burst(one_of_many(5), kStart + 31, 100, kMail));
  house.run(kStart + 32);
  EXPECT_EQ(waiting(house, true), 10U);
}

TEST(MassEventsTest, AnExplanationIsAnExpectationOfThatDay) {
  House house(1);
  many(house, 12, kStart + 30);
  many(house, 1, kStart + 33, 3);
  house.run(kStart + 40);
  ASSERT_EQ(events(house).all()->at(0).people, 11) << "of one another day is the greatest part";
  auto expectations = house.expectations();
  const auto explained = act(house, [&](Transaction& work) {
    return events(house).explain(work, 1, expectations, house.inputs().indicators, "a migration of laptops", "Mia",
                                 "ada");
  });
  ASSERT_TRUE(explained.has_value()) << explained.error().message;
  const MassEvent event = *events(house).get(1);
  EXPECT_EQ(event.state, MassEventState::explained);
  ASSERT_THAT(event.expectations, ElementsAre(1));
  const StoredExpectation expected = *expectations.get(1);
  EXPECT_EQ(expected.policy, "leaks");
  EXPECT_THAT(expected.indicators, ElementsAre("usb_copy"));
  EXPECT_EQ(expected.from, kStart + 30);
  EXPECT_EQ(expected.to, kStart + 30);
  EXPECT_EQ(expected.owner, "Mia");
  house.run(kStart + 40);
  EXPECT_EQ(house.rows({AlertStatus::withdrawn}).size(), 11U);
  EXPECT_EQ(waiting(house, true), 0U);
  EXPECT_EQ(waiting(house, false), 1U) << "another day of one of them stands for itself";
  EXPECT_EQ(events(house).get(1)->people, 0);
  // Taken back, it is held again.
  house.no_longer_expects(1);
  house.run(kStart + 40);
  EXPECT_EQ(events(house).get(1)->state, MassEventState::held);
  EXPECT_GE(waiting(house, true), 11U);
}

void work_in(House& house, const std::string& department, int first, int people) {
  for (int number = first; number < first + people; ++number)
    house.directory_says(one_of_many(number), "employee", kStart, department);
}

AlertQuery of_event(std::int64_t number) {
  AlertQuery query;
  query.mass_event = number;
  query.limit = 200;
  return query;
}

struct GroupCase {
  const char* name;
  int people_in_it;     // of IT, who do it on the day
  int people_in_sales;  // and of Sales
  int before_in_it;     // on an earlier day
  int before_in_sales;
  std::vector<std::string> departments;  // of the mass events that are raised; "": everybody
  std::size_t held;
};

class MassGroupTest : public ::testing::TestWithParam<GroupCase> {};

TEST_P(MassGroupTest, IsTheSmallestThatExplainsIt) {
  const GroupCase& one = GetParam();
  House house(1);
  work_in(house, "IT", 0, 40);
  work_in(house, "Sales", 40, 40);
  many(house, one.before_in_it, kStart + 10, 0);
  many(house, one.before_in_sales, kStart + 10, 40);
  house.run(kStart + 11);
  const std::size_t held_before = waiting(house, true);
  many(house, one.people_in_it, kStart + 30, 20);
  many(house, one.people_in_sales, kStart + 30, 60);
  house.run(kStart + 31);
  std::vector<std::string> departments;
  std::size_t alerts = 0;
  const std::vector<MassEvent> raised = *events(house).all();
  for (const MassEvent& event : raised) {
    if (event.day != kStart + 30) continue;
    departments.push_back(event.department);
    alerts += house.book().find(of_event(event.number))->alerts.size();
    EXPECT_EQ(event.alerts, static_cast<std::int64_t>(house.book().find(of_event(event.number))->alerts.size()));
  }
  EXPECT_EQ(departments, one.departments);
  EXPECT_EQ(alerts, one.held);
  EXPECT_EQ(waiting(house, true), held_before + one.held) << "each alert is held once";
}

INSTANTIATE_TEST_SUITE_P(Groups, MassGroupTest,
                         ::testing::Values(GroupCase{"OneDepartment", 12, 0, 0, 0, {"IT"}, 12},
                                           // Fewer than ten outside of it are no mass event, and stay in the queue.
                                           GroupCase{"OneDepartmentAndSomeOthers", 12, 9, 0, 0, {"IT"}, 12},
                                           GroupCase{"BothAreEverybody", 12, 11, 0, 0, {""}, 23},
                                           GroupCase{"NeitherButTogether", 7, 6, 0, 0, {""}, 13},
                                           // Of everybody it would not be three times as many as before.
                                           GroupCase{"OthersHadItBefore", 12, 3, 0, 8, {"IT"}, 12},
                                           GroupCase{"TheDepartmentHadItBefore", 12, 3, 6, 0, {}, 0},
                                           GroupCase{"TooFew", 9, 0, 0, 0, {}, 0}),
                         [](const auto& info) { return std::string(info.param.name); });

// What was held or released as a department's stays so when others follow: those are another mass event.
TEST(MassEventsTest, NobodyIsHeldTwice) {
  House house(1);
  work_in(house, "IT", 0, 20);
  work_in(house, "Sales", 20, 20);
  many(house, 11, kStart + 30, 0);
  house.run(kStart + 31);
  ASSERT_EQ(events(house).all()->size(), 1U);
  EXPECT_EQ(events(house).get(1)->department, "IT");
  ASSERT_TRUE(act(house, [&](Transaction& work) {
                return events(house).release(work, 1, "they were real", "ada");
              }).has_value());
  // Some of no department, too.
  many(house, 6, kStart + 30, 20);
  many(house, 6, kStart + 30, 50);
  many(house, 2, kStart + 30, 12);
  house.run(kStart + 31);
  ASSERT_EQ(events(house).all()->size(), 2U);
  EXPECT_EQ(events(house).get(2)->department, "");
  EXPECT_EQ(events(house).get(2)->people, 12) << "not those whose department was released";
  EXPECT_EQ(waiting(house, true), 12U);
  EXPECT_EQ(waiting(house, false), 13U);
  many(house, 1, kStart + 30, 55 + 6);
  house.run(kStart + 31);
  EXPECT_EQ(events(house).all()->size(), 2U);
  EXPECT_EQ(waiting(house, true), 13U);
}

TEST(MassEventsTest, ADepartmentIsExplainedForItself) {
  House house(1);
  work_in(house, "IT", 0, 20);
  many(house, 12, kStart + 30, 0);
  many(house, 3, kStart + 30, 40);
  house.run(kStart + 31);
  auto expectations = house.expectations();
  ASSERT_TRUE(act(house, [&](Transaction& work) {
                return events(house).explain(work, 1, expectations, house.inputs().indicators, "a migration of laptops",
                                             "Mia", "ada");
              }).has_value());
  const StoredExpectation expected = *expectations.get(1);
  EXPECT_EQ(expected.attribute, "department");
  EXPECT_EQ(expected.value, "IT");
  house.run(kStart + 31);
  EXPECT_EQ(house.rows({AlertStatus::withdrawn}).size(), 12U);
  EXPECT_EQ(waiting(house, false), 3U) << "who is not of the department has explained nothing";
}

// Alerts from before departments were looked at may have been of any: they speak against a mass event of one.
TEST(MassEventsTest, WhatIsNotKnownSpeaksAgainstADepartment) {
  House house(1);
  work_in(house, "IT", 0, 40);
  many(house, 5, kStart + 10, 0);
  house.run(kStart + 11);
  ASSERT_TRUE(act(house, [](Transaction& work) -> Result<void> {
                CANDOR_TRY_VOID(work.execute("update alerts set cause_department = '*'"));
                return {};
              }).has_value());
  many(house, 14, kStart + 30, 20);
  EXPECT_EQ(house.run(kStart + 31).mass_events, 0);
}

// What is held changes no result: the canonical text is the same.
TEST(MassEventsTest, HoldingChangesNoAlert) {
  House one(1);
  many(one, 12, kStart + 30);
  one.run(kStart + 31);
  House other(99);
  for (int number = 11; number >= 0; --number) {
    many(other, 1, kStart + 30, number);
    other.run(kStart + 31);
  }
  EXPECT_EQ(events(other).all()->size(), 1U) << "one by one as well as together";
  EXPECT_EQ(waiting(other, true), 12U);
  EXPECT_EQ(one.canonical(kStart + 31), other.canonical(kStart + 31));
  ASSERT_TRUE(
      act(one, [&](Transaction& work) { return events(one).release(work, 1, "they were real", "ada"); }).has_value());
  EXPECT_EQ(one.canonical(kStart + 31), other.canonical(kStart + 31));
}

}  // namespace
}  // namespace candor
