#include <sstream>

#include "house.h"

// What retention took of alerts is as if it were still there, but for being seen.
namespace candor {
namespace {

enum class Decided : std::uint8_t { resolved, dismissed, confirmed };

void decide(House& house, const AlertRow& row, Decided how) {
  AlertBook book = house.book();
  if (how == Decided::resolved) {
    EXPECT_TRUE(book.resolve(row.id, "", row.evidence_until, "ada"));
  } else if (how == Decided::dismissed) {
    EXPECT_TRUE(book.dismiss(row.id, DismissReason::expected, "", row.evidence_until, "ada"));
  } else {
    EXPECT_TRUE(book.confirm(row.id, "", "ada"));
  }
}

// Of a canonical export, the lines that say none of `without`.
std::string lines_without(const std::string& canonical, const std::string& without) {
  std::istringstream in(canonical);
  std::string out;
  for (std::string line; std::getline(in, line);)
    if (!line.contains(without)) out += line + "\n";
  return out;
}

std::string first_alert(House& house) {
  house.take(burst("ann@example.com", kStart + 10, 40));
  house.run();
  const auto rows = house.rows();
  EXPECT_EQ(rows.size(), 1U);
  return rows.empty() ? "" : rows[0].id;
}

TEST(RemovedAlerts, ActivitiesThatAreStillThereMakeNoneAgain) {
  House house(1);
  const std::string id = first_alert(house);
  house.remove(id);
  const AssessmentRun run = house.run();
  EXPECT_EQ(run.people, 1U) << "its end moves results";
  EXPECT_EQ(run.alerts.raised, 0);
  EXPECT_TRUE(house.rows().empty());
  EXPECT_EQ(house.canonical(), "");
  // Evidence of before its end that comes late: there is nothing it could change.
  house.take(burst("ann@example.com", kStart + 5, 200));
  house.run();
  EXPECT_TRUE(house.rows().empty());
  EXPECT_EQ(house.canonical(), "");
}

TEST(RemovedAlerts, LaterEvidenceOpensTheNextAsIfItWereThere) {
  House removed(1);
  House there(1);
  first_alert(removed);
  removed.remove(removed.rows()[0].id);
  first_alert(there);
  decide(there, there.rows()[0], Decided::resolved);
  for (House* house : {&removed, &there}) {
    house->take(burst("ann@example.com", kStart + 20, 50));
    house->take(burst("bob@example.com", kStart + 20, 50));
    house->run();
  }
  const auto open = removed.rows({AlertStatus::needs_review});
  ASSERT_EQ(open.size(), 2U);
  EXPECT_TRUE(std::ranges::any_of(open, [](const AlertRow& row) { return row.k == 1; }));
  std::string left = there.canonical();
  const std::string now = removed.canonical();
  EXPECT_NE(left, now);
  // The only line more is the one that went.
  std::istringstream lines(left);
  std::string gone;
  for (std::string line; std::getline(lines, line);)
    if (!now.contains(line)) gone += line + "\n";
  EXPECT_EQ(std::ranges::count(gone, '\n'), 1) << gone;
  EXPECT_EQ(lines_without(left, gone.substr(0, gone.size() - 1)), now);
}

TEST(RemovedAlerts, ADismissalIsRememberedAsLong) {
  const auto alerts_after = [](int count, Day day, bool remove) {
    House house(1);
    const std::string id = first_alert(house);
    decide(house, house.rows()[0], Decided::dismissed);
    if (remove) house.remove(id);
    house.take(burst("ann@example.com", day, count));
    house.run(day + 1);
    return house.rows({AlertStatus::needs_review}).size();
  };
  for (const bool remove : {false, true}) {
    EXPECT_EQ(alerts_after(39, kStart + 15, remove), 0U) << "weaker, " << remove;
    EXPECT_EQ(alerts_after(120, kStart + 15, remove), 1U) << "stronger, " << remove;
    EXPECT_EQ(alerts_after(39, kToday + kMemoryDays + 15, remove), 1U) << "forgotten by then, " << remove;
  }
}

TEST(RemovedAlerts, AConfirmationOfOneStillCounts) {
  const auto score_of_other = [](bool confirm, bool remove) {
    House house(1);
    house.resigns("ann@example.com", kStart + 12, kStart + 40);
    house.take(burst("ann@example.com", kStart + 10, 40));
    house.run();
    Micropoints score = 0;
    for (const AlertRow& row : house.rows()) {
      if (row.policy != "leaks") continue;
      if (confirm) decide(house, row, Decided::confirmed);
      if (remove) house.remove(row.id);
    }
    house.run();
    for (const AlertRow& row : house.rows())
      if (row.policy == "leavers") score = row.score;
    EXPECT_GT(score, 0);
    return score;
  };
  EXPECT_EQ(score_of_other(true, true), score_of_other(true, false));
  EXPECT_EQ(score_of_other(false, true), score_of_other(false, false));
}

TEST(RemovedAlerts, EveryOrderOfRemovalAndArrivalEndsTheSame) {
  const auto end = [](bool remove_first) {
    House house(1);
    const std::string id = first_alert(house);
    decide(house, house.rows()[0], Decided::resolved);
    if (remove_first) house.remove(id);
    house.take(burst("ann@example.com", kStart + 20, 50));
    house.run();
    if (!remove_first) house.remove(id);
    house.run();
    return house.canonical();
  };
  EXPECT_EQ(end(true), end(false));
  EXPECT_NE(end(true), "");
}

}  // namespace
}  // namespace candor
