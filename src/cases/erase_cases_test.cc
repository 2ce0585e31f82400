#include "cases/erase_cases.h"

#include "alerts/erase_alerts.h"
#include "cases/case_fixture.h"
#include "cases/legal_holds.h"
#include "store/test_stored_bytes.h"

namespace candor {
namespace {

class EraseCases : public CaseTest {
 protected:
  std::map<std::string, std::int64_t> erase(const PersonId& person) {
    std::map<std::string, std::int64_t> counts;
    messages_.clear();
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(erase_cases(work, person, 20'100, counts, messages_));
      return erase_alerts(work, person, counts);
    });
    EXPECT_TRUE(done) << done.error().message;
    return counts;
  }

  std::vector<std::string> messages_;
};

TEST_F(EraseCases, AStubStaysThatNamesNobodyAndCannotBeReopened) {
  const std::string about_mallory = alert(mallory_, "leaks");
  const std::string about_bob = alert(bob_, "leaks");
  const std::string id = open(ada_, about_mallory, "What Mallory did");
  const std::string other = open(ada_, about_bob, "Bob");
  ASSERT_EQ(add_note(ada_, id, "plantedword in a note"), "");
  ASSERT_EQ(add_task(ada_, id, "ask plantedword"), "");
  ASSERT_EQ(add_evidence(ada_, id, "log.bin", "some bytes"), "");
  ASSERT_EQ(close(ada_, id, CaseResolution::benign), "");
  const auto counts = erase(mallory_);
  EXPECT_EQ(counts.at("cases"), 1);
  EXPECT_EQ(counts.at("case_notes"), 1);
  EXPECT_EQ(counts.at("case_evidence_parts"), 1);
  EXPECT_EQ(counts.at("alerts"), 1);
  EXPECT_EQ(counts.at("alert_receipts"), 1);

  const CaseDetail stub = detail(id, ada_);
  EXPECT_EQ(stub.row.number, 1);
  EXPECT_EQ(stub.row.title, "Erased on " + format_day(20'100));
  EXPECT_EQ(stub.row.reason, stub.row.title);
  EXPECT_NE(stub.row.person, mallory_);
  ASSERT_TRUE(stub.closing.has_value());
  EXPECT_EQ(stub.closing->resolution, CaseResolution::benign);
  EXPECT_EQ(stub.closing->text, stub.row.title);
  EXPECT_TRUE(stub.alerts.empty());
  EXPECT_EQ(stub.counts.notes + stub.counts.tasks + stub.counts.evidence, 0);
  EXPECT_TRUE(history(id, ada_).empty());
  EXPECT_EQ(reopen(ada_, id), "cases.erased");
  EXPECT_EQ(alerts_.get(about_mallory).error().id, "alerts.not_found");
  EXPECT_EQ(status(about_bob), AlertStatus::confirmed);
  EXPECT_EQ(detail(other, ada_).row.title, "Bob");
  for (const auto& [kind, count] : erase(mallory_)) EXPECT_EQ(count, 0) << kind;
}

TEST_F(EraseCases, WhatIsNotOverIsTold) {
  const auto open_of = [&](const PersonId& person) {
    auto reading = store_->read();
    return *open_matters(*reading, person);
  };
  EXPECT_TRUE(open_of(mallory_).alerts.empty());
  const std::string first = alert(mallory_, "leaks");
  EXPECT_EQ(open_of(mallory_).alerts, std::vector<std::string>{first});
  const std::string id = open(ada_, first);
  EXPECT_EQ(open_of(mallory_).cases, std::vector<std::int64_t>{1});
  EXPECT_TRUE(open_of(bob_).cases.empty());
  ASSERT_EQ(close(ada_, id, CaseResolution::confirmed_policy_violation), "");
  EXPECT_TRUE(open_of(mallory_).cases.empty());
  EXPECT_TRUE(open_of(mallory_).alerts.empty());
}

TEST_F(EraseCases, AHoldHoldsUntilAllAreReleased) {
  const auto act = [&](auto run) { return store_->transact(run); };
  EXPECT_EQ(act([&](Transaction& work) { return place_hold(work, bob_, "a court", "ada", 5); }), 1);
  EXPECT_EQ(act([&](Transaction& work) { return place_hold(work, bob_, "another court", "ben", 6); }), 2);
  {
    auto reading = store_->read();
    EXPECT_EQ(holds_of(*reading, bob_)->size(), 2u);
    EXPECT_TRUE(holds_of(*reading, mallory_)->empty());
    EXPECT_EQ(holds(*reading)->front().reason, "a court");
  }
  EXPECT_EQ(act([&](Transaction& work) { return release_holds(work, bob_, "over", "ada", 7); }), 2);
  EXPECT_EQ(act([&](Transaction& work) { return release_holds(work, bob_, "over", "ada", 7); }).error().id,
            "cases.no_hold");
  EXPECT_EQ(act([&](Transaction& work) { return erase_holds(work, bob_); }), 2);
}

}  // namespace
}  // namespace candor
