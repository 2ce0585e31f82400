#include "cases/over_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "alerts/over_alerts.h"
#include "cases/case_fixture.h"
#include "cases/case_numbers.h"
#include "cases/erase_cases.h"
#include "cases/legal_holds.h"
#include "cases/request_book.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class OverCases : public CaseTest {
 protected:
  std::vector<std::string> over(TimePoint before) {
    auto reading = store_->read();
    std::vector<std::string> ids;
    const auto over = over_cases(*reading, before, "", 100).value();
    for (const OverCase& one : over) {
      ids.push_back(one.id);
      EXPECT_TRUE(is_case_over(*reading, one.id, before).value());
    }
    return ids;
  }
  std::string closed(const PersonId& who, const std::string& policy) {
    const std::string id = open(ada_, alert(who, policy), "Of " + policy);
    EXPECT_EQ(close(ada_, id, CaseResolution::benign), "");
    return id;
  }
  // As retention does it. How many files and alerts went.
  std::pair<int, int> remove(const std::string& id) {
    int files = 0;
    const auto file = [&] {
      return store_->transact([&](Transaction& work) { return remove_case_evidence(work, id); }).value();
    };
    while (file()) ++files;
    std::vector<std::string> alerts;
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY(const CaseContents contents, contents_of_case(work, id));
      alerts = contents.alerts;
      CANDOR_TRY_VOID(remove_case(work, id, messages_));
      for (const std::string& alert_id : alerts) CANDOR_TRY_VOID(forget_alert_in_cases(work, alert_id));
      CANDOR_TRY_VOID(remove_alerts(work, alerts, clock_.now()));
      return {};
    });
    EXPECT_TRUE(done) << done.error().message;
    return {files, static_cast<int>(alerts.size())};
  }
  std::int64_t rows_left() {
    static constexpr std::array kCounts = {
        Sql("select count(*) from cases"),          Sql("select count(*) from case_alerts"),
        Sql("select count(*) from case_notes"),     Sql("select count(*) from case_tasks"),
        Sql("select count(*) from case_evidence"),  Sql("select count(*) from case_evidence_parts"),
        Sql("select count(*) from case_history"),   Sql("select count(*) from case_contributors"),
        Sql("select count(*) from case_links"),     Sql("select count(*) from requests"),
        Sql("select count(*) from request_starts"), Sql("select count(*) from alerts")};
    auto reading = store_->read();
    std::int64_t rows = 0;
    for (const Sql& sql : kCounts) rows += (*reading->row(sql))->integer(0);
    return rows;
  }
  Result<StoredRequest> ask(NewRequest wanted) {
    wanted.person = mallory_;
    wanted.from = 19'900;
    wanted.to = 20'000;
    wanted.reason = wanted.milder = "a partner says files were offered";
    return store_->transact([&](Transaction& work) { return requests_.add(work, wanted, "ada"); });
  }
  std::vector<std::int64_t> over_looks(TimePoint before) {
    auto reading = store_->read();
    std::vector<std::int64_t> numbers;
    const auto over = over_requests(*reading, before, 0, 100).value();
    for (const OverRequest& one : over) numbers.push_back(one.number);
    return numbers;
  }

  std::vector<std::string> messages_;
  const RequestBook requests_{*store_, keys_, clock_, alerts_, [] { return false; }};
};

TEST_F(OverCases, OnlyWhatWasClosedBeforeAndIsWorkedOnNoMore) {
  const std::string one = closed(mallory_, "leaks");
  const TimePoint after_one = clock_.now();
  const std::string two = closed(bob_, "leaks");
  const std::string open_one = open(ada_, alert(bob_, "theft"), "Goes on");
  const TimePoint now = clock_.now();
  EXPECT_THAT(over(after_one), ElementsAre(one));
  EXPECT_THAT(over(now), UnorderedElementsAre(one, two));
  ASSERT_EQ(reopen(ada_, two), "");
  EXPECT_THAT(over(now), ElementsAre(one));
  const CaseBook::NewLink link{
      .id = CaseBook::new_id(), .other = one, .kind = CaseLinkKind::same_incident, .reason = kReason};
  ASSERT_EQ(act(ada_, "case.linked", open_one,
                [&](Transaction& work) { return cases_.link(work, open_one, link, CaseActor(ada_)); }),
            "");
  EXPECT_THAT(over(now), IsEmpty()) << "an open case refers to it";
  ASSERT_EQ(close(ada_, open_one, CaseResolution::benign), "");
  EXPECT_THAT(over(now), ElementsAre(one));
  // Late evidence brought its alert back into the queue.
  ASSERT_TRUE(store_->transact([&](Transaction& work) {
    return work.execute("update alerts set status = 'needs_review', updated_at = ?1 where in_case = 1", {clock_.now()});
  }));
  EXPECT_THAT(over(now), IsEmpty());
  auto reading = store_->read();
  EXPECT_FALSE(is_case_over(*reading, one, now).value());
}

TEST_F(OverCases, ErasureLeavesNoNumberToBeGivenTwiceEither) {
  const std::string id = open(ada_, alert(mallory_, "leaks"), "What Mallory did");
  NewRequest trace;
  trace.kind = RequestKind::data_trace;
  trace.case_id = id;
  trace.start = {.kind = "file", .text = "plans.docx"};
  const auto first = ask(trace);
  ASSERT_TRUE(first.has_value());
  std::map<std::string, std::int64_t> counts;
  ASSERT_TRUE(
      store_->transact([&](Transaction& work) { return erase_cases(work, mallory_, 20'100, counts, messages_); }));
  EXPECT_EQ(counts["requests"], 1);
  auto reading = store_->read();
  EXPECT_EQ(*next_number(*reading, Numbered::requests), first->number + 1);
}

TEST_F(OverCases, EverythingGoesAndNoNumberIsGivenTwice) {
  const std::string id = open(ada_, alert(mallory_, "leaks"), "What Mallory did");
  ASSERT_EQ(add_note(ada_, id, "a note"), "");
  ASSERT_EQ(add_task(ada_, id, "ask them"), "");
  ASSERT_EQ(add_evidence(ada_, id, "a.bin", "bytes"), "");
  ASSERT_EQ(add_evidence(ada_, id, "b.bin", std::string(3'000'000, 'x')), "");
  ASSERT_EQ(add_contributor(ada_, id, "ben"), "");
  NewRequest trace;
  trace.kind = RequestKind::data_trace;
  trace.case_id = id;
  trace.start = {.kind = "file", .text = "plans.docx"};
  ASSERT_TRUE(ask(trace).has_value());
  ASSERT_EQ(close(ada_, id, CaseResolution::benign), "");
  EXPECT_EQ(remove(id), (std::pair{2, 1}));
  EXPECT_EQ(rows_left(), 0);
  EXPECT_EQ(remove(id), (std::pair{0, 0})) << "again: nothing";
  EXPECT_EQ(cases_.get(id, CaseActor(ada_)).error().id, "cases.not_found");
  const std::string next = open(ada_, alert(bob_, "leaks"), "The next");
  EXPECT_EQ(detail(next, ada_).row.number, 2);
  EXPECT_EQ(ask({})->number, 2);
}

TEST_F(OverCases, WhoIsOnHoldOrInAnOpenCaseIsProtected) {
  const auto people = [&] {
    auto reading = store_->read();
    return protected_people(*reading).value();
  };
  EXPECT_THAT(people(), IsEmpty());
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_THAT(people(), ElementsAre(mallory_));
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return place_hold(work, bob_, "a court", "ada", 5); }));
  EXPECT_THAT(people(), SizeIs(2));
  ASSERT_EQ(close(ada_, id, CaseResolution::benign), "");
  EXPECT_THAT(people(), ElementsAre(bob_));
}

TEST_F(OverCases, ARequestIsOverWhenItIsOfNoMoreUse) {
  clock_.set(start_of(20'010));
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  ASSERT_TRUE(ask({}));
  NewRequest at_alert;
  at_alert.alert_id = alert(mallory_, "theft");
  ASSERT_TRUE(ask(at_alert));
  NewRequest in_case;
  in_case.kind = RequestKind::content;
  in_case.case_id = id;
  ASSERT_TRUE(ask(in_case));
  clock_.set(start_of(20'020));
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return requests_.approve(work, 2, kReason, "ben"); }));
  EXPECT_THAT(over_looks(start_of(20'010)), IsEmpty());
  EXPECT_THAT(over_looks(start_of(20'011)), ElementsAre(1));
  EXPECT_THAT(over_looks(start_of(20'020 + kReportOpenDays)), ElementsAre(1)) << "it may be read until that day";
  EXPECT_THAT(over_looks(start_of(20'021 + kReportOpenDays)), ElementsAre(1, 2))
      << "what was asked in a case goes with it";
  // The alert goes first: the request names it no more.
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return forget_alert_in_cases(work, at_alert.alert_id); }));
  EXPECT_EQ(requests_.get(2)->alert_id, "");
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return remove_request(work, 1); }));
  EXPECT_EQ(requests_.get(1).error().id, "requests.not_found");
}

TEST_F(OverCases, WhatAPolicyAskedForGoesWithItsAlert) {
  const std::string id = alert(mallory_, "screen-evidence");
  ASSERT_TRUE(store_->transact(
      [&](Transaction& work) { return AlertBook::ask_for_screen_evidence(work, "screen-evidence", 5); }));
  ASSERT_EQ(requests_.follow_alerts(), 1);
  const auto gone = store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(forget_alert_in_cases(work, id));
    const std::vector<std::string> ids = {id};
    CANDOR_TRY_VOID(remove_alerts(work, ids, clock_.now()));
    return {};
  });
  ASSERT_TRUE(gone) << gone.error().message;
  EXPECT_EQ(requests_.get(1).error().id, "requests.not_found");
  EXPECT_EQ(requests_.follow_alerts(), 0);
  EXPECT_EQ(ask({})->number, 2);
}

}  // namespace
}  // namespace candor
