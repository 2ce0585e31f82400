#include "cases/decision_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/case_fixture.h"
#include "cases/request_book.h"
#include "store/test_statements.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Feed : public CaseTest {
 protected:
  std::vector<std::string> step(const std::set<std::string, std::less<>>& events, const std::string& who = "soc") {
    told_.clear();
    const auto done = feed_.step(who, events, [&](Transaction&, const DecisionNews& news) -> Result<void> {
      told_.push_back(news);
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
    EXPECT_EQ(done.value_or(-1), static_cast<std::int64_t>(told_.size()));
    std::vector<std::string> events_told;
    for (const DecisionNews& news : told_) events_told.push_back(news.event);
    return events_told;
  }

  const DecisionFeed feed_{*store_, keys_, clock_};
  std::vector<DecisionNews> told_;
};

const std::set<std::string, std::less<>> kCases = {"case.opened", "case.closed", "alert.confirmed"};

TEST_F(Feed, TellsWhatComesAfterItBeganAndEachThingOnce) {
  open(ada_, alert(bob_, "before"));
  EXPECT_THAT(step(kCases), IsEmpty());
  const std::string id = open(ada_, alert(mallory_, "leaks"), "A title about mallory@example.com");
  add_note(ada_, id, "a note");
  close(ada_, id, CaseResolution::benign);
  EXPECT_THAT(step(kCases), ElementsAre("case.opened", "case.closed"));
  EXPECT_EQ(told_[0].object_id, id);
  EXPECT_EQ(told_[0].viewer, "ada");
  EXPECT_THAT(step(kCases), IsEmpty());
  // Another follower has its own place.
  EXPECT_THAT(step(kCases, "other"), IsEmpty());
  reopen(ada_, id);
  EXPECT_THAT(step({"case.reopened"}, "other"), ElementsAre("case.reopened"));
}

TEST_F(Feed, SaysToWhomACaseWasGiven) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_THAT(step({"case.handed_over", "case.contributor_added"}), IsEmpty());
  ASSERT_EQ(add_contributor(ada_, id, "ann"), "");
  ASSERT_EQ(hand_over(ada_, id, "ben"), "");
  EXPECT_THAT(step({"case.handed_over", "case.contributor_added"}),
              ElementsAre("case.contributor_added", "case.handed_over"));
  EXPECT_EQ(told_[0].to_viewer, "ann");
  EXPECT_EQ(told_[1].to_viewer, "ben");
  EXPECT_EQ(told_[1].viewer, "ada");
}

TEST_F(Feed, RefusedActsAreNoNews) {
  EXPECT_THAT(step(kCases), IsEmpty());
  const std::string leak = alert(mallory_, "leaks");
  ASSERT_NE(open(ada_, leak), "");
  EXPECT_EQ(open(ben_, leak), "");
  EXPECT_THAT(step(kCases), ElementsAre("case.opened"));
}

TEST_F(Feed, AHighAlertIsToldWhenItComes) {
  alert(bob_, "old");
  EXPECT_THAT(step({"alert.high"}), IsEmpty());
  EXPECT_THAT(step({"alert.high"}), IsEmpty());
  const std::string leak = alert(mallory_, "leaks");
  EXPECT_THAT(step({"alert.high"}), ElementsAre("alert.high"));
  EXPECT_EQ(told_[0].alert, leak);
  EXPECT_EQ(told_[0].severity, "high");
  EXPECT_THAT(told_[0].pseudonym, HasSubstr("Anon-"));
  EXPECT_THAT(step({"alert.high"}), IsEmpty());
}

// One that followed before changes of alerts had numbers: what it was told stands, and looking at all happens once.
TEST_F(Feed, AFollowerFromBeforeTheNumbersIsToldNothingTwice) {
  alert(bob_, "old");
  EXPECT_THAT(step({"alert.high"}), IsEmpty());
  const auto set = [&](std::int64_t upto) {
    return store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("update feed_followers set alerts_upto = ?1", {upto}));
      return {};
    });
  };
  ASSERT_TRUE(set(-1));
  const std::string leak = alert(mallory_, "leaks");
  EXPECT_THAT(step({"alert.high"}), ElementsAre("alert.high"));
  EXPECT_EQ(told_[0].alert, leak);
  auto reading = store_->read();
  const auto upto = reading->row("select alerts_upto from feed_followers");
  EXPECT_EQ((*upto)->integer(0), *AlertBook::last_change(*reading));
  EXPECT_THAT(step({"alert.high"}), IsEmpty());
  ASSERT_TRUE(set(0));
  EXPECT_THAT(step({"alert.high"}), IsEmpty()) << "whatever is looked at again";
}

TEST_F(Feed, AnAlertThatChangesAndStaysHighIsNoNews) {
  EXPECT_THAT(step({"alert.high"}), IsEmpty());
  const std::string leak = alert(mallory_, "leaks");
  EXPECT_THAT(step({"alert.high"}), ElementsAre("alert.high"));
  ASSERT_TRUE(alerts_.confirm(leak, "", "ada"));
  alert(bob_, "theft");
  EXPECT_THAT(step({"alert.high"}), ElementsAre("alert.high")) << "the other one";
  EXPECT_NE(told_[0].alert, leak);
}

TEST_F(Feed, WhatIsNotTakenIsToldAgain) {
  EXPECT_THAT(step({"alert.high", "case.opened"}), IsEmpty());
  open(ada_, alert(mallory_, "leaks"));
  alert(bob_, "theft");
  int tried = 0;
  const auto failed = feed_.step("soc", {"alert.high", "case.opened"}, [&](Transaction&, const DecisionNews&) {
    ++tried;
    return Result<void>(fail("test.full", "no"));
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(tried, 1);
  EXPECT_THAT(step({"alert.high", "case.opened"}), ElementsAre("case.opened", "alert.high"));
}

TEST_F(Feed, EveryEventIsAskedForByItsName) {
  for (const std::string& event : decision_events()) EXPECT_THAT(event, HasSubstr("."));
  EXPECT_EQ(std::set<std::string>(decision_events().begin(), decision_events().end()).size(), decision_events().size());
}

struct Listening {
  Listening() { test_store::Statements::listen(); }
};

// Before the fixture, whose store it hears.
class WhatAStepAsks : private Listening, public Feed {};

// Every two seconds, whatever happened: alerts that did not change must not be read for it.
TEST_F(WhatAStepAsks, IsNeverAllAlerts) {
  if (tests_run_on_postgres()) GTEST_SKIP() << "plans are SQLite's";
  EXPECT_THAT(step({"alert.high"}), IsEmpty());
  const RequestBook requests(*store_, keys_, clock_, alerts_, [] { return false; });
  ASSERT_TRUE(store_->transact(
      [&](Transaction& work) { return AlertBook::ask_for_screen_evidence(work, "screen-evidence", 5); }));
  alert(bob_, "screen-evidence");
  alert(mallory_, "leaks");
  test_store::Statements::forget();
  EXPECT_THAT(step({"alert.high"}), ElementsAre("alert.high", "alert.high"));
  ASSERT_TRUE(requests.follow_alerts());
  std::size_t of_alerts = 0;
  for (const std::string& statement : test_store::Statements::all()) {
    if (statement.find("alerts") == std::string::npos) continue;
    ++of_alerts;
    for (const std::string& scan : test_store::Statements::scans_of(folder_, statement)) {
      const bool few = scan.find("alerts_for_requests") != std::string::npos;  // the index of those that ask for them
      const bool all = scan.starts_with("SCAN alerts") || scan.starts_with("SCAN a ") || scan == "SCAN a";
      EXPECT_TRUE(few || !all) << scan << ": " << statement;
    }
  }
  EXPECT_GE(of_alerts, 4U);
}

}  // namespace
}  // namespace candor
