#include "cases/request_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/case_fixture.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Requests : public CaseTest {
 protected:
  Requests() { clock_.set(start_of(20'010)); }

  Result<StoredRequest> ask(const NewRequest& wanted, const std::string& user = "ada") {
    return store_->transact([&](Transaction& work) { return requests_.add(work, wanted, user); });
  }
  std::string refusal(const NewRequest& wanted, const std::string& user = "ada") {
    const auto asked = ask(wanted, user);
    return asked ? "" : asked.error().message;
  }
  using Step = Result<StoredRequest> (RequestBook::*)(Transaction&, std::int64_t, std::string_view,
                                                      std::string_view) const;
  // "" or the id of the error.
  std::string step(Step what, const std::string& user, std::int64_t number = 1, std::string_view reason = kReason) {
    const auto done =
        store_->transact([&](Transaction& work) { return (requests_.*what)(work, number, reason, user); });
    return done ? "" : done.error().id;
  }
  RequestState state(std::int64_t number = 1) { return requests_.get(number)->state(day_of(clock_.now())); }
  // An alert of a policy that asks for recordings of five days.
  std::string alert_for_request(const PersonId& who) {
    const std::string id = alert(who, "screen-evidence");
    const auto done = store_->transact(
        [&](Transaction& work) { return AlertBook::ask_for_screen_evidence(work, "screen-evidence", 5); });
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return id;
  }
  NewRequest report() const {
    NewRequest wanted;
    wanted.person = mallory_;
    wanted.from = 19'900;
    wanted.to = 20'000;
    wanted.reason = "a partner says files were offered";
    wanted.milder = "no alert is about that time";
    return wanted;
  }
  NewRequest recording() const {
    NewRequest wanted = report();
    wanted.kind = RequestKind::screen_evidence;
    wanted.from = 20'010;
    wanted.to = 20'014;
    return wanted;
  }

  bool invented_ = false;
  const RequestBook requests_{*store_, keys_, clock_, alerts_, [this] { return invented_; }};
};

TEST_F(Requests, GoThroughTheirStates) {
  ASSERT_EQ(refusal(report()), "");
  EXPECT_EQ(state(), RequestState::waits);
  EXPECT_EQ(step(&RequestBook::approve, "ada"), "requests.own_request");
  EXPECT_EQ(step(&RequestBook::reject, "ada"), "requests.own_request");
  EXPECT_EQ(step(&RequestBook::approve, "ben", 1, "yes"), "requests.bad");
  EXPECT_EQ(step(&RequestBook::approve, "ben"), "");
  EXPECT_EQ(state(), RequestState::approved);
  clock_.set(start_of(20'010 + kReportOpenDays + 1) - 1);
  EXPECT_EQ(state(), RequestState::approved) << "on its last day";
  clock_.set(clock_.now() + 1);
  EXPECT_EQ(state(), RequestState::ended);
  EXPECT_EQ(step(&RequestBook::withdraw, "ada"), "requests.not_open");

  ASSERT_EQ(refusal(report()), "");
  EXPECT_EQ(step(&RequestBook::reject, "ben", 2), "");
  EXPECT_EQ(state(2), RequestState::rejected);
  EXPECT_EQ(step(&RequestBook::approve, "ben", 2), "requests.not_waiting");
  ASSERT_EQ(refusal(report()), "");
  EXPECT_EQ(step(&RequestBook::withdraw, "ada", 3), "");
  EXPECT_EQ(state(3), RequestState::withdrawn);
  EXPECT_EQ(step(&RequestBook::approve, "ben", 4), "requests.not_found");
}

TEST_F(Requests, ARecordingNobodyDecidedOnEndsWithItsDays) {
  ASSERT_EQ(refusal(recording()), "");
  clock_.set(start_of(20'015) - 1);
  EXPECT_EQ(state(), RequestState::waits);
  clock_.set(start_of(20'015));
  EXPECT_EQ(state(), RequestState::ended);
  EXPECT_EQ(step(&RequestBook::approve, "ben"), "requests.not_waiting");
}

TEST_F(Requests, DaysAndTextsAreChecked) {
  const auto changed = [&](NewRequest wanted, auto change) {
    change(wanted);
    return refusal(wanted);
  };
  EXPECT_THAT(changed(report(), [](NewRequest& one) { one.to = one.from - 1; }), HasSubstr("before the first"));
  EXPECT_THAT(changed(report(), [](NewRequest& one) { one.to = 20'011; }), HasSubstr("ends today"));
  EXPECT_THAT(changed(report(), [](NewRequest& one) { one.from = 20'000 - kMostReportDays; }), HasSubstr("3,660 days"));
  EXPECT_THAT(changed(recording(), [](NewRequest& one) { one.from = 20'009; }), HasSubstr("begins today"));
  EXPECT_THAT(changed(recording(), [](NewRequest& one) { one.to = 20'040; }), HasSubstr("at most 30 days"));
  EXPECT_THAT(changed(recording(), [](NewRequest& one) { one.from = one.to = 20'071; }), HasSubstr("60 days"));
  EXPECT_THAT(changed(report(), [](NewRequest& one) { one.reason = "why not"; }), HasSubstr("the reason"));
  EXPECT_THAT(changed(report(), [](NewRequest& one) { one.milder = std::string(5000, 'x'); }), HasSubstr("not enough"));
  EXPECT_EQ(requests_.find({})->total, 0);
}

TEST_F(Requests, ATraceIsOfACaseAndSaysWhatItBeginsWith) {
  NewRequest trace = report();
  trace.kind = RequestKind::data_trace;
  trace.start = {.kind = "file", .text = "plan of Mallory.docx"};
  EXPECT_THAT(refusal(trace), HasSubstr("of a case"));
  trace.case_id = "0a";
  const auto refused = [&](auto change) {
    NewRequest changed = trace;
    change(changed);
    return refusal(changed);
  };
  EXPECT_THAT(refused([](NewRequest& one) { one.start.text = ""; }), HasSubstr("what to begin with"));
  EXPECT_THAT(refused([](NewRequest& one) { one.kind = RequestKind::content; }), HasSubstr("what to begin with"));
  EXPECT_THAT(refused([](NewRequest& one) { one.from = one.to - kMostTracedDays; }), HasSubstr("366 days"));
  ASSERT_EQ(refusal(trace), "");
  auto reading = store_->read();
  const StoredRequest stored = *requests_.get(1);
  EXPECT_EQ(stored.kind, RequestKind::data_trace);
  const auto start = requests_.start_of(*reading, stored);
  ASSERT_TRUE(start.has_value());
  EXPECT_EQ(start->kind, "file");
  EXPECT_EQ(start->text, "plan of Mallory.docx");
  RequestQuery of_case;
  of_case.case_id = "0a";
  EXPECT_EQ(requests_.find(of_case)->total, 1);
  of_case.case_id = "0b";
  EXPECT_EQ(requests_.find(of_case)->total, 0);
}

TEST_F(Requests, AStartThatWasChangedOrMovedDoesNotOpen) {
  NewRequest trace = report();
  trace.kind = RequestKind::data_trace;
  trace.case_id = "0a";
  trace.start = {.kind = "file", .text = "plan.docx"};
  ASSERT_EQ(refusal(trace), "");
  const auto changed = store_->transact([](Transaction& work) {
    return work.execute("update request_starts set kind = 'document' where number = 1", {});
  });
  ASSERT_TRUE(changed.has_value());
  auto reading = store_->read();
  const auto start = requests_.start_of(*reading, *requests_.get(1));
  ASSERT_FALSE(start.has_value());
  EXPECT_EQ(start.error().id, "base.seal_broken");
}

TEST_F(Requests, NobodyAsksOrDecidesAboutThemselves) {
  EXPECT_EQ(ask(report(), "mallory@example.com").error().id, "requests.own_person");
  ASSERT_EQ(refusal(report()), "");
  EXPECT_EQ(step(&RequestBook::approve, "mallory@example.com"), "requests.own_person");
  EXPECT_EQ(step(&RequestBook::withdraw, "mallory@example.com"), "requests.own_person");
  RequestQuery without;
  without.not_about = HiddenPeople({mallory_});
  EXPECT_EQ(requests_.find(without)->total, 0);
  EXPECT_EQ(requests_.find(without)->waiting, 0);
}

TEST_F(Requests, WhatAPolicyAsksDecidesItsAlert) {
  const std::string agreed = alert_for_request(mallory_);
  const std::string refused = alert_for_request(bob_);
  EXPECT_EQ(alerts_.find({})->total, 0) << "no queue shows them";
  EXPECT_EQ(alerts_.find({})->needs_review, (std::array<std::int64_t, 3>{}));
  AlertQuery all;
  all.for_requests = true;
  EXPECT_EQ(alerts_.find(all)->total, 2);
  EXPECT_EQ(*requests_.follow_alerts(), 2);
  EXPECT_EQ(*requests_.follow_alerts(), 0) << "once for each";
  const StoredRequest made = *requests_.get(1);
  EXPECT_EQ(made.asked_by, "");
  EXPECT_EQ(made.policy, "screen-evidence");
  EXPECT_EQ(made.to - made.from, 4);
  const std::int64_t of_agreed = made.alert_id == agreed ? 1 : 2;
  EXPECT_EQ(step(&RequestBook::approve, "ben", of_agreed), "");
  EXPECT_EQ(status(agreed), AlertStatus::confirmed);
  EXPECT_EQ(step(&RequestBook::reject, "ben", 3 - of_agreed), "");
  EXPECT_EQ(status(refused), AlertStatus::dismissed);
  EXPECT_EQ(*requests_.follow_alerts(), 0);
}

TEST_F(Requests, APolicyTakesBackWhatItsAlertNoLongerSays) {
  const std::string id = alert_for_request(mallory_);
  EXPECT_EQ(*requests_.follow_alerts(), 1);
  ASSERT_TRUE(alerts_.dismiss(id, DismissReason::expected, "", alerts_.get(id)->row.evidence_until, "ada"));
  EXPECT_EQ(*requests_.follow_alerts(), 0);
  EXPECT_EQ(state(), RequestState::withdrawn);
  EXPECT_EQ(step(&RequestBook::approve, "ben"), "requests.not_waiting");
}

TEST_F(Requests, AreAskedAnewWhereNobodyDecidedInTheirDays) {
  alert_for_request(mallory_);
  EXPECT_EQ(*requests_.follow_alerts(), 1);
  clock_.set(clock_.now() + 4 * kMicrosPerDay);
  EXPECT_EQ(*requests_.follow_alerts(), 0);
  clock_.set(clock_.now() + kMicrosPerDay);
  EXPECT_EQ(state(), RequestState::ended);
  EXPECT_EQ(*requests_.follow_alerts(), 1);
  EXPECT_EQ(state(2), RequestState::waits);
}

TEST_F(Requests, AFullListOfPeoplesRequestsStopsNoPolicy) {
  const auto filled = store_->transact([&](Transaction& work) -> Result<void> {
    for (std::int64_t i = 0; i < RequestBook::kMostWaiting; ++i) {
      CANDOR_TRY_VOID(requests_.add(work, report(), "ada"));
    }
    return {};
  });
  ASSERT_TRUE(filled.has_value()) << filled.error().message;
  EXPECT_THAT(refusal(report()), HasSubstr("1,000 requests wait"));
  alert_for_request(bob_);
  EXPECT_EQ(*requests_.follow_alerts(), 1);
}

TEST_F(Requests, NobodyAgreesToWhatAnAlertNoLongerSays) {
  const std::string id = alert_for_request(mallory_);
  EXPECT_EQ(*requests_.follow_alerts(), 1);
  ASSERT_TRUE(alerts_.dismiss(id, DismissReason::expected, "", alerts_.get(id)->row.evidence_until, "ada"));
  EXPECT_EQ(step(&RequestBook::approve, "ben"), "requests.not_waiting") << "nobody has looked since";
}

TEST_F(Requests, MembersOfTheCaseDoNotDecideAndWhoLeftDoesNotRead) {
  NewRequest in_case = report();
  in_case.person = bob_;
  in_case.case_id = open(ada_, alert(bob_, "data-leaks"));
  ASSERT_EQ(add_contributor(ada_, in_case.case_id, "ben"), "");
  ASSERT_EQ(refusal(in_case, "ben"), "");
  EXPECT_EQ(step(&RequestBook::approve, "ada"), "requests.own_request") << "it would be theirs to read";
  EXPECT_EQ(step(&RequestBook::reject, "ada"), "requests.own_request");
  EXPECT_EQ(step(&RequestBook::approve, "boss"), "");
  const auto may_use = [&](const char* user) {
    auto reading = store_->read();
    return *requests_.may_use(*reading, *requests_.get(1), user);
  };
  EXPECT_TRUE(may_use("ada"));
  EXPECT_TRUE(may_use("ben"));
  EXPECT_FALSE(may_use("boss"));
  ASSERT_EQ(remove_contributor(ada_, in_case.case_id, "ben"), "");
  EXPECT_FALSE(may_use("ben")) << "who asked has left";
  EXPECT_EQ(requests_.find({.only_of = "ben"})->total, 1) << "it stays what he asked for";
}

TEST_F(Requests, WhatWasDecidedBeforeThePolicyAskedStaysAnAlert) {
  const std::string old = alert(mallory_, "screen-evidence");
  ASSERT_TRUE(alerts_.confirm(old, "", "ada"));
  alert_for_request(bob_);
  EXPECT_EQ(alerts_.find({})->total, 1);
  EXPECT_EQ(alerts_.find({})->alerts[0].id, old);
  EXPECT_EQ(alerts_.counts()->at("screen-evidence").at(AlertStatus::confirmed), 1);
  EXPECT_FALSE(alerts_.counts()->at("screen-evidence").contains(AlertStatus::needs_review));
}

TEST_F(Requests, OverInventedPeopleWhatAPersonAsksForIsAgreedToAtOnce) {
  invented_ = true;
  ASSERT_EQ(refusal(report()), "");
  EXPECT_EQ(state(), RequestState::approved);
  alert_for_request(mallory_);
  EXPECT_EQ(*requests_.follow_alerts(), 1);
  EXPECT_EQ(state(2), RequestState::waits) << "nobody has asked for it yet";
}

TEST_F(Requests, AreFoundByStateKindAndWhoseTheyAre) {
  ASSERT_EQ(refusal(report()), "");
  ASSERT_EQ(refusal(recording(), "ben"), "");
  NewRequest in_case = report();
  in_case.person = bob_;
  in_case.case_id = open(ada_, alert(bob_, "data-leaks"));
  ASSERT_NE(in_case.case_id, "");
  ASSERT_EQ(refusal(in_case), "");
  const auto numbers = [&](const RequestQuery& query) {
    std::vector<std::int64_t> found;
    const auto page = requests_.find(query);
    for (const StoredRequest& one : page->requests) found.push_back(one.number);
    return found;
  };
  EXPECT_THAT(numbers({}), ElementsAre(3, 2, 1));
  EXPECT_THAT(numbers({.kind = RequestKind::screen_evidence}), ElementsAre(2));
  EXPECT_THAT(numbers({.person = bob_}), ElementsAre(3));
  EXPECT_THAT(numbers({.only_of = "ben"}), ElementsAre(2));
  ASSERT_EQ(add_contributor(ada_, in_case.case_id, "ben"), "");
  EXPECT_THAT(numbers({.only_of = "ben"}), ElementsAre(3, 2));
  EXPECT_THAT(numbers({.offset = 1, .limit = 1}), ElementsAre(2));
  ASSERT_EQ(step(&RequestBook::reject, "ben"), "");
  EXPECT_THAT(numbers({.state = RequestState::waits}), ElementsAre(3, 2));
  EXPECT_EQ(requests_.find({.state = RequestState::rejected})->waiting, 2);
}

}  // namespace
}  // namespace candor
