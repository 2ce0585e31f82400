#include "cases/cases.h"

#include "cases/case_fixture.h"

namespace candor {
namespace {

using testing::ElementsAre;

class Cases : public CaseTest {
 protected:
  std::vector<PersonId> people_of_open_cases() {
    auto reading = store_->read();
    return *candor::people_of_open_cases(*reading);
  }
};

std::vector<std::string> acts_of(const std::vector<CaseHistoryLine>& lines) {
  std::vector<std::string> acts;
  acts.reserve(lines.size());
  for (const CaseHistoryLine& line : lines) acts.push_back(line.act + " " + line.viewer);
  return acts;
}

TEST_F(Cases, OpeningConfirmsTheAlertAndMakesAnOwner) {
  const std::string leak = alert(mallory_, "leaks");
  const std::string id = open(ada_, leak, "Files to a stick");
  ASSERT_NE(id, "") << refusal_;
  EXPECT_EQ(status(leak), AlertStatus::confirmed);
  EXPECT_EQ(alerts_.get(leak)->decision->note, kReason);
  const CaseDetail found = detail(id, ben_);
  EXPECT_EQ(found.row.number, 1);
  EXPECT_EQ(found.row.person, mallory_);
  EXPECT_EQ(found.row.title, "Files to a stick");
  EXPECT_EQ(found.row.owner, "ada");
  ASSERT_EQ(found.alerts.size(), 1u);
  EXPECT_EQ(found.alerts[0].row.id, leak);
  EXPECT_FALSE(found.closing);
  EXPECT_THAT(acts_of(history(id, ada_)), ElementsAre("opened ada"));
  EXPECT_EQ(cases_.case_of(leak, CaseActor(ada_)).value()->id, id);
  EXPECT_THAT(people_of_open_cases(), ElementsAre(mallory_));
}

TEST_F(Cases, AnAlertThatIsConfirmedAlreadyIsNotDecidedAgain) {
  const std::string leak = alert(mallory_, "leaks");
  ASSERT_TRUE(alerts_.confirm(leak, "looked at it", "ann"));
  ASSERT_NE(open(ada_, leak), "") << refusal_;
  EXPECT_EQ(alerts_.get(leak)->decision->note, "looked at it");
}

TEST_F(Cases, WhatIsClosedOrTakenOpensNothing) {
  const std::string leak = alert(mallory_, "leaks");
  const std::string gone = alert(mallory_, "theft");
  ASSERT_TRUE(alerts_.dismiss(gone, DismissReason::expected, "", alerts_.get(gone)->row.evidence_until, "ann"));
  EXPECT_EQ(open(ada_, gone), "");
  EXPECT_EQ(refusal_, "alerts.closed");
  ASSERT_NE(open(ada_, leak), "");
  EXPECT_EQ(open(ben_, leak), "");
  EXPECT_EQ(refusal_, "cases.alert_taken");
  EXPECT_EQ(open(ben_, "0f"), "");
  EXPECT_EQ(refusal_, "alerts.not_found");
  EXPECT_EQ(cases_.find({}, CaseActor(ada_))->total, 1) << "nothing half done";
}

TEST_F(Cases, HoldsAlertsOfOnePersonOnly) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  const std::string more = alert(mallory_, "theft");
  const std::string other = alert(bob_, "leaks");
  EXPECT_EQ(add_alert(ann_, id, other), "cases.other_person");
  EXPECT_EQ(status(other), AlertStatus::needs_review);
  EXPECT_EQ(add_alert(ann_, id, more), "") << "one who is no member may add";
  EXPECT_EQ(status(more), AlertStatus::confirmed);
  EXPECT_EQ(add_alert(ada_, id, more), "cases.alert_taken");
  EXPECT_EQ(detail(id, ada_).alerts.size(), 2u);
  EXPECT_EQ(open(ada_, alert(mallory_, "sabotage")).size(), 32u) << "as many cases about one person as are needed";
}

TEST_F(Cases, OnlyMembersReadAndWriteWhatIsInside) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  ASSERT_EQ(add_note(ada_, id, "first"), "");
  const auto read = [&](const Viewer& viewer) {
    const auto notes = cases_.notes(id, CaseActor(viewer), 0, 50);
    return notes ? "" : notes.error().id;
  };
  EXPECT_EQ(read(ada_), "");
  EXPECT_EQ(read(boss_), "") << "may manage";
  EXPECT_EQ(read(ben_), "cases.not_member");
  for (const auto& refused :
       {add_note(ben_, id, "x"), add_task(ben_, id, "x"), add_evidence(ben_, id, "x", "x"),
        close(ben_, id, CaseResolution::benign), add_contributor(ben_, id, "ben"), hand_over(ben_, id, "ben")})
    EXPECT_EQ(refused, "cases.not_member");
  EXPECT_EQ(cases_.tasks(id, CaseActor(ben_)).error().id, "cases.not_member");
  EXPECT_EQ(cases_.evidence(id, CaseActor(ben_)).error().id, "cases.not_member");
  EXPECT_EQ(cases_.file(id, 1, CaseActor(ben_)).error().id, "cases.not_member");
  ASSERT_EQ(add_contributor(ada_, id, "ben"), "");
  EXPECT_EQ(read(ben_), "");
  EXPECT_EQ(add_note(ben_, id, "second"), "");
  EXPECT_EQ(hand_over(ben_, id, "ben"), "cases.not_member") << "a contributor does not give away";
  EXPECT_EQ(add_contributor(ben_, id, "ann"), "cases.not_member");
  EXPECT_EQ(remove_contributor(ben_, id, "ben"), "") << "but may leave";
  EXPECT_EQ(read(ben_), "cases.not_member");
  EXPECT_EQ(cases_.notes(id, CaseActor(ada_), 0, 50)->total, 2) << "what they wrote stays";
}

TEST_F(Cases, NobodyWorksOnTheirOwn) {
  const std::string leak = alert(mallory_, "leaks");
  EXPECT_EQ(open(own_, leak), "");
  EXPECT_EQ(refusal_, "cases.own_person");
  const std::string id = open(ada_, leak);
  EXPECT_EQ(cases_.get(id, CaseActor(own_)).error().id, "cases.not_found") << "though an admin";
  EXPECT_EQ(cases_.history(id, CaseActor(own_), 0, 50).error().id, "cases.not_found");
  EXPECT_EQ(cases_.notes(id, CaseActor(own_), 0, 50).error().id, "cases.not_found");
  EXPECT_EQ(add_note(own_, id, "x"), "cases.not_found");
  EXPECT_EQ(close(own_, id, CaseResolution::benign), "cases.not_found");
  EXPECT_EQ(cases_.find({}, CaseActor(own_))->total, 0);
  EXPECT_FALSE(cases_.case_of(leak, CaseActor(own_)).value());
  EXPECT_EQ(add_contributor(ada_, id, "mallory@example.com"), "cases.own_person");
  EXPECT_EQ(hand_over(ada_, id, "mallory@example.com"), "cases.own_person");
  ASSERT_NE(open(own_, alert(bob_, "leaks")), "") << refusal_;
  EXPECT_EQ(cases_.find({}, CaseActor(own_))->total, 1);
}

TEST_F(Cases, HandoverLosesNothing) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  ASSERT_EQ(add_contributor(ada_, id, "ben"), "");
  ASSERT_EQ(add_note(ada_, id, "what I know"), "");
  ASSERT_EQ(add_task(ada_, id, "ask the manager", "ada", 20'600), "");
  ASSERT_EQ(add_evidence(ada_, id, "log.txt", "bytes"), "");
  EXPECT_EQ(hand_over(ada_, id, "nobody"), "cases.bad_viewer");
  EXPECT_EQ(hand_over(ada_, id, "ada"), "cases.bad_viewer");
  ASSERT_EQ(hand_over(ada_, id, "ben"), "");
  const CaseDetail found = detail(id, ben_);
  EXPECT_EQ(found.row.owner, "ben");
  EXPECT_EQ(found.row.opened_by, "ada");
  ASSERT_EQ(found.contributors.size(), 1u);
  EXPECT_EQ(found.contributors[0].user, "ada") << "reads on, owns no more";
  EXPECT_EQ(add_contributor(ada_, id, "ann"), "cases.not_member");
  EXPECT_EQ(cases_.notes(id, CaseActor(ben_), 0, 50)->lines[0].viewer, "ada");
  const auto tasks = cases_.tasks(id, CaseActor(ben_)).value();
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].assigned, "ada");
  EXPECT_EQ(tasks[0].due, 20'600);
  EXPECT_EQ(cases_.file(id, 1, CaseActor(ben_))->bytes, "bytes");
  EXPECT_EQ(history(id, ben_).back().about, "ben");
  EXPECT_EQ(history(id, ben_).back().text, kReason);
}

TEST_F(Cases, ContributorsAreViewersWhoSeeCases) {
  signed_in("eve", "auditor");
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_EQ(add_contributor(ada_, id, "eve"), "cases.bad_viewer");
  EXPECT_EQ(add_contributor(ada_, id, "ada"), "cases.bad_viewer") << "the owner is in it already";
  EXPECT_EQ(add_contributor(ada_, id, "ann"), "");
  EXPECT_EQ(add_contributor(ada_, id, "ann"), "cases.bad_viewer");
  EXPECT_EQ(remove_contributor(ada_, id, "ben"), "cases.bad_viewer");
  EXPECT_EQ(remove_contributor(boss_, id, "ann"), "");
}

TEST_F(Cases, TasksGoToMembersAndAreDoneOnce) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_EQ(add_task(ada_, id, "look", "ben"), "cases.bad_viewer");
  EXPECT_EQ(add_task(ada_, id, ""), "cases.bad_text");
  EXPECT_EQ(add_task(ada_, id, std::string(kLongestCaseTask + 1, 'x')), "cases.bad_text");
  ASSERT_EQ(add_task(ada_, id, "look", "ada"), "");
  EXPECT_EQ(detail(id, ada_).counts.open_tasks, 1);
  EXPECT_EQ(finish_task(ada_, id, 2), "cases.no_task");
  EXPECT_EQ(finish_task(ada_, id, 1), "");
  EXPECT_EQ(finish_task(ada_, id, 1), "cases.task_done");
  EXPECT_EQ(detail(id, ada_).counts.open_tasks, 0);
  EXPECT_EQ(cases_.tasks(id, CaseActor(ada_)).value()[0].done_by, "ada");
}

TEST_F(Cases, AViolationResolvesTheAlerts) {
  const std::string leak = alert(mallory_, "leaks");
  const std::string id = open(ada_, leak);
  ASSERT_EQ(close(ada_, id, CaseResolution::confirmed_policy_violation), "");
  EXPECT_EQ(status(leak), AlertStatus::resolved);
  EXPECT_EQ(alerts_.get(leak)->decision->note, "Case 1 was closed: confirmed policy violation.");
  EXPECT_EQ(alerts_.decisions().value()[mallory_].confirmed.size(), 1u) << "counts in the person's history";
  const CaseDetail found = detail(id, ada_);
  EXPECT_EQ(found.row.state, CaseState::closed);
  ASSERT_TRUE(found.closing);
  EXPECT_EQ(found.closing->action, CaseAction::coached);
  EXPECT_EQ(found.closing->text, "spoke with them");
  EXPECT_EQ(history(id, ada_).back().about, "confirmed_policy_violation coached");
  EXPECT_TRUE(people_of_open_cases().empty());
}

TEST_F(Cases, BenignTakesTheConfirmationBack) {
  const std::string leak = alert(mallory_, "leaks");
  const std::string id = open(ada_, leak);
  ASSERT_EQ(close(ada_, id, CaseResolution::benign), "");
  EXPECT_EQ(status(leak), AlertStatus::dismissed);
  EXPECT_TRUE(alerts_.decisions().value()[mallory_].confirmed.empty());
}

TEST_F(Cases, ClosingSaysWhatWasShown) {
  const std::string leak = alert(mallory_, "leaks", 20'000);
  const std::string id = open(ada_, leak);
  const std::string seen = detail(id, ada_).alerts_seen;
  alert(mallory_, "leaks", 20'003);  // more evidence joins the alert
  EXPECT_EQ(close(ada_, id, CaseResolution::benign, seen), "cases.changed_meanwhile");
  EXPECT_EQ(close(ada_, id, CaseResolution::benign, ""), "cases.changed_meanwhile");
  EXPECT_EQ(status(leak), AlertStatus::confirmed);
  EXPECT_EQ(close(ada_, id, CaseResolution::benign), "");
}

TEST_F(Cases, AClosedCaseTakesNothingUntilReopened) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  ASSERT_EQ(add_task(ada_, id, "look"), "");
  const std::string more = alert(mallory_, "theft");
  EXPECT_EQ(reopen(ada_, id), "cases.not_closed");
  ASSERT_EQ(close(ada_, id, CaseResolution::benign), "");
  const std::size_t lines = history(id, ada_).size();
  for (const auto& refused :
       {add_note(ada_, id, "x"), add_task(ada_, id, "x"), finish_task(ada_, id, 1), add_evidence(ada_, id, "x", "x"),
        add_alert(ada_, id, more), add_contributor(ada_, id, "ben"), hand_over(ada_, id, "ben"),
        close(ada_, id, CaseResolution::benign)})
    EXPECT_EQ(refused, "cases.closed");
  EXPECT_EQ(history(id, ada_).size(), lines);
  EXPECT_EQ(status(more), AlertStatus::needs_review);
  EXPECT_EQ(reopen(ben_, id), "cases.not_member");
  ASSERT_EQ(reopen(ada_, id), "");
  EXPECT_EQ(add_note(ada_, id, "x"), "");
  EXPECT_EQ(detail(id, ada_).closing->resolution, CaseResolution::benign) << "what was said stays";
  EXPECT_EQ(add_alert(ada_, id, more), "");
  EXPECT_EQ(close(ada_, id, CaseResolution::confirmed_policy_violation), "");
  EXPECT_EQ(status(more), AlertStatus::resolved);
}

TEST_F(Cases, ListsByStateOwnerMemberAndPerson) {
  const std::string first = open(ada_, alert(mallory_, "leaks"));
  const std::string second = open(ben_, alert(bob_, "leaks"));
  ASSERT_EQ(add_contributor(ada_, first, "ann"), "");
  ASSERT_EQ(close(ben_, second, CaseResolution::benign), "");
  const auto ids = [&](const CaseQuery& query) {
    std::vector<std::string> found;
    const auto page = cases_.find(query, CaseActor(boss_));
    for (const CaseRow& row : page->cases) found.push_back(row.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre(second, first)) << "last changed first";
  EXPECT_THAT(ids({.state = CaseState::open}), ElementsAre(first));
  EXPECT_THAT(ids({.state = std::nullopt, .owner = "ben"}), ElementsAre(second));
  EXPECT_THAT(ids({.state = std::nullopt, .owner = "", .member = "ann"}), ElementsAre(first));
  EXPECT_THAT(ids({.state = std::nullopt, .owner = "", .member = "", .person = bob_}), ElementsAre(second));
  CaseQuery page;
  page.limit = 1;
  page.offset = 1;
  EXPECT_THAT(ids(page), ElementsAre(first));
  page.limit = 201;
  EXPECT_EQ(cases_.find(page, CaseActor(boss_)).error().id, "cases.bad_query");
}

TEST_F(Cases, TextsAreBounded) {
  const std::string leak = alert(mallory_, "leaks");
  EXPECT_EQ(open(ada_, leak, ""), "");
  EXPECT_EQ(refusal_, "cases.bad_text");
  EXPECT_EQ(open(ada_, leak, std::string(kLongestCaseTitle + 1, 'x')), "");
  EXPECT_EQ(status(leak), AlertStatus::needs_review);
  const std::string id = open(ada_, leak);
  EXPECT_EQ(add_note(ada_, id, ""), "cases.bad_text");
  EXPECT_EQ(add_note(ada_, id, std::string(kLongestCaseNote + 1, 'x')), "cases.bad_text");
  EXPECT_EQ(add_note(ada_, id, std::string_view("a\0b", 3)), "cases.bad_text");
  EXPECT_EQ(add_note(ada_, id, std::string(kLongestCaseNote, 'x')), "");
}

}  // namespace
}  // namespace candor
