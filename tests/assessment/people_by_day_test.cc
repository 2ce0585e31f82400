// Whose an account is on which day, and whom policies score on it, on real stores.
#include <gtest/gtest.h>

#include <functional>

#include "house.h"

namespace candor {
namespace {

// Neither account does enough alone.
TEST(PeopleByDay, LinkedAccountsAddUpWhicheverComesFirst) {
  std::string expected;
  for (const bool link_first : {true, false}) {
    House house(link_first ? 1 : 99);
    const auto link = [&] { house.belongs_to("adm-ann@example.com", "ann@example.com", 0); };
    if (link_first) link();
    house.take(burst("ann@example.com", kStart + 10, 12));
    house.take(burst("adm-ann@example.com", kStart + 10, 12, kUsb, 15));
    house.run();
    EXPECT_EQ(house.rows({AlertStatus::needs_review}).size(), link_first ? 1U : 0U);
    if (!link_first) {
      link();
      EXPECT_EQ(house.run().people, 2U) << "both are assessed anew";
    }
    ASSERT_EQ(house.rows({AlertStatus::needs_review}).size(), 1U);
    EXPECT_EQ(house.run().people, 0U);
    if (link_first) expected = house.canonical();
    EXPECT_EQ(house.canonical(), expected);
    house.is_taken_back("adm-ann@example.com");
    house.run();
    EXPECT_EQ(house.rows({AlertStatus::needs_review}).size(), 0U);
    EXPECT_EQ(house.rows({AlertStatus::withdrawn}).size(), 1U);
  }
}

TEST(PeopleByDay, AnAccountHandedOnIsEachOwnersOnTheirDays) {
  House house(1);
  house.take(burst("team@example.com", kStart + 10, 40));
  house.take(burst("team@example.com", kStart + 20, 40));
  house.take(burst("ben@example.com", kStart + 20, 2));
  house.run();
  ASSERT_EQ(house.rows().size(), 1U);
  EXPECT_EQ(house.rows()[0].last_day, kStart + 20);
  house.belongs_to("team@example.com", "ben@example.com", kStart + 15);
  house.run();
  const auto open = house.rows({AlertStatus::needs_review});
  ASSERT_EQ(open.size(), 2U) << "each has done it on a day of theirs";
  EXPECT_EQ(open[0].last_day, kStart + 10);
  EXPECT_EQ(open[1].first_day, kStart + 20);
  house.take(burst("team@example.com", kStart + 21, 40));
  EXPECT_EQ(house.run().people, 2U) << "whoever owns a touched account on some day";
  EXPECT_EQ(house.rows({AlertStatus::needs_review})[1].last_day, kStart + 21);
}

TEST(PeopleByDay, ContractorsAndServicesAreScoredOnTheirDaysWhereAPolicySaysSo) {
  const auto alerts = [](const char* type, bool contractors) {
    House house(1);
    if (contractors) house.apply(std::string(kLeaks) + "contractors: true\n");
    house.directory_says("ann@example.com", type, kStart);
    house.take(burst("ann@example.com", kStart + 10, 40));
    house.run();
    return house.rows().size();
  };
  EXPECT_EQ(alerts("employee", false), 1U);
  EXPECT_EQ(alerts("contractor", false), 0U);
  EXPECT_EQ(alerts("contractor", true), 1U);
  EXPECT_EQ(alerts("guest", true), 0U);
  EXPECT_EQ(alerts("service", true), 0U);
  // Employed later: what she did as a contractor is old, and counts less, once she is scored.
  House house(1);
  house.directory_says("ann@example.com", "contractor", kStart);
  house.directory_says("ann@example.com", "employee", kStart + 40);
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.run();
  EXPECT_TRUE(house.rows().empty());
  house.take(burst("ann@example.com", kStart + 41, 40));
  house.run();
  ASSERT_EQ(house.rows().size(), 1U);
  EXPECT_GE(house.rows()[0].first_day, kStart + 40);
}

}  // namespace
}  // namespace candor
