#include "cases/queue_acts.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "cases/case_fixture.h"
#include "cases/decision_feed.h"

// Acts on many alerts at once: each as if it were alone, and what of them can be taken back.
namespace candor {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

class QueueActsTest : public CaseTest {
 protected:
  static constexpr RereadRule kNone{.percent = 0, .days = 14};

  QueueAct dismissal(const std::string& note = "") {
    return {.id = next_id(),
            .kind = QueueActKind::dismiss,
            .reason = DismissReason::expected,
            .note = note,
            .as_of = clock_.now()};
  }
  QueueAct assignment(const std::string& to) {
    return {.id = next_id(), .kind = QueueActKind::assign, .to = to, .as_of = clock_.now()};
  }
  QueueAct confirmation() { return {.id = next_id(), .kind = QueueActKind::confirm, .as_of = clock_.now()}; }
  std::string next_id() {
    const std::string digits = std::to_string(++acts_);
    return std::string(32 - digits.size(), 'a') + digits;
  }
  QueueActOutcome run(const Viewer& viewer, const QueueAct& act, const std::vector<std::string>& alerts,
                      const RereadRule& rule = kNone) {
    const auto done = many_.run(viewer, act, alerts, rule);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    clock_.set(clock_.now() + kMicrosPerSecond);
    return done ? *done : QueueActOutcome{};
  }
  QueueActOutcome undo(const Viewer& viewer, const std::string& act) {
    const auto done = many_.undo(viewer, act);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    clock_.set(clock_.now() + kMicrosPerSecond);
    return done ? *done : QueueActOutcome{};
  }
  std::string refused(const Viewer& viewer, const QueueAct& act, const std::vector<std::string>& alerts = {}) {
    const auto done = many_.run(viewer, act, alerts, kNone);
    return done ? "" : done.error().id;
  }
  // Of so many people, one each.
  std::vector<std::string> alerts(int people) {
    std::vector<std::string> ids;
    for (int i = 0; i < people; ++i)
      ids.push_back(alert(person("person" + std::to_string(i) + "@example.com"), "many"));
    return ids;
  }
  std::int64_t lines(const std::string& action) {
    return std::ranges::count_if(audit_lines(),
                                 [&](const std::string& line) { return line.starts_with(action + " "); });
  }

  int acts_ = 0;
  const QueueActs many_{{.store = *store_,
                         .keys = keys_,
                         .clock = clock_,
                         .alerts = alerts_,
                         .viewers = viewers_,
                         .facts = facts_,
                         .presenter = presenter_,
                         .audit = audit_}};
};

TEST_F(QueueActsTest, DecidesEachAndSaysOfEachInTheAuditLog) {
  const auto ids = alerts(250);
  const QueueAct act = dismissal("as planned with bob@example.com");
  const QueueActOutcome done = run(ann_, act, ids);
  EXPECT_EQ(done.state.total, 250);
  EXPECT_EQ(done.state.done, 250);
  EXPECT_TRUE(done.state.ended);
  EXPECT_TRUE(done.refused.empty());
  for (const std::string& id : ids) EXPECT_EQ(status(id), AlertStatus::dismissed);
  EXPECT_EQ(alerts_.get(ids[7])->decision->viewer, "ann");
  EXPECT_EQ(lines("alert.dismissed"), 250);
  EXPECT_EQ(lines("alerts.acted"), 1);
  const auto line = audit_.lines({.actions = {"alert.dismissed"}, .limit = 1})->lines.at(0);
  EXPECT_EQ(line.viewer, "ann");
  EXPECT_EQ(line.reason.find("bob@example.com"), std::string::npos);
  EXPECT_TRUE(line.pseudonym.starts_with("Anon-"));
  EXPECT_NE(line.details.find(act.id), std::string::npos);
  const auto state = many_.get("ann", act.id);
  EXPECT_EQ(state->done, 250);
  EXPECT_TRUE(state->ended);
  EXPECT_TRUE(audit_.verify()->whole());
}

TEST_F(QueueActsTest, WhatOneAlertRefusesLeavesTheOthers) {
  const auto ids = alerts(3);
  const std::string own = alert(mallory_, "leaks");
  run(ada_, dismissal(), {ids[0]});
  const QueueAct act = dismissal();
  const auto as_seen = act.as_of;
  clock_.set(clock_.now() + kMicrosPerSecond);
  alert(bob_, "leaks");
  const std::string later = alerts_.of_person(bob_)->at(0).id;
  const QueueActOutcome done = run(own_, {.id = act.id, .reason = act.reason, .as_of = as_seen},
                                   {ids[0], ids[1], ids[2], own, later, "no such alert"});
  EXPECT_EQ(done.state.done, 2);
  EXPECT_EQ(done.state.refused, 4);
  EXPECT_THAT(done.refused,
              UnorderedElementsAre(Pair("alerts.closed", 1), Pair("alerts.changed", 1), Pair("alerts.not_found", 2)))
      << "whoever the alert is about learns nothing of it";
  EXPECT_EQ(status(own), AlertStatus::needs_review);
  EXPECT_EQ(status(later), AlertStatus::needs_review);
}

TEST_F(QueueActsTest, AnUndoneActIsInTheHistoryAndNowhereElse) {
  const auto ids = alerts(120);
  const Decisions before = *alerts_.decisions();
  const QueueAct act = dismissal();
  run(ann_, act, ids);
  const QueueActOutcome undone = undo(ann_, act.id);
  EXPECT_EQ(undone.state.undone, 120);
  EXPECT_TRUE(undone.refused.empty());
  for (const std::string& id : ids) {
    EXPECT_EQ(status(id), AlertStatus::needs_review);
    EXPECT_EQ(alerts_.get(id)->history.back().kind, "undone");
  }
  EXPECT_EQ(alerts_.decisions()->size(), before.size());
  EXPECT_EQ(lines("alert.undone"), 120);
  EXPECT_EQ(lines("alerts.undone"), 1);
  EXPECT_EQ(undo(ann_, act.id).state.undone, 120) << "there is nothing left to do";
  EXPECT_EQ(run(ann_, confirmation(), ids).state.done, 120) << "and all may be decided anew";
}

TEST_F(QueueActsTest, OnlyWhoDidItTakesItBackAndForADay) {
  const auto ids = alerts(1);
  const QueueAct act = dismissal();
  run(ann_, act, ids);
  EXPECT_EQ(many_.undo(ada_, act.id).error().id, "alerts.no_act");
  EXPECT_EQ(many_.get("ada", act.id).error().id, "alerts.no_act");
  EXPECT_EQ(many_.undo(ann_, std::string(32, 'f')).error().id, "alerts.no_act");
  clock_.set(clock_.now() + QueueActs::kUndoWithin);
  EXPECT_EQ(many_.undo(ann_, act.id).error().id, "alerts.act_too_old");
  run(ada_, confirmation(), {});
  EXPECT_EQ(many_.undo(ann_, act.id).error().id, "alerts.no_act") << "nothing is kept of it";
}

TEST_F(QueueActsTest, WhatSomebodyDecidedSinceStays) {
  const auto ids = alerts(3);
  const QueueAct act = confirmation();
  run(ann_, act, ids);
  ASSERT_NE(open(ada_, ids[0]), "");
  run(ada_, dismissal(), {ids[1]});
  const QueueActOutcome undone = undo(ann_, act.id);
  EXPECT_EQ(undone.state.undone, 1);
  EXPECT_THAT(undone.refused, ElementsAre(Pair("alerts.decided_since", 2)));
  EXPECT_EQ(status(ids[0]), AlertStatus::confirmed);
  EXPECT_EQ(status(ids[1]), AlertStatus::dismissed);
  EXPECT_EQ(status(ids[2]), AlertStatus::needs_review);
}

TEST_F(QueueActsTest, WhatAWebhookToldStays) {
  const DecisionFeed feed(*store_, keys_, clock_);
  std::vector<std::string> told;
  const auto step = [&] {
    return *feed.step("soc", {"alert.dismissed"}, [&](Transaction&, const DecisionNews& news) -> Result<void> {
      told.push_back(news.alert);
      return {};
    });
  };
  step();
  const auto ids = alerts(2);
  const QueueAct first = dismissal();
  run(ann_, first, {ids[0]});
  step();
  const QueueAct second = dismissal();
  run(ann_, second, {ids[1]});
  EXPECT_EQ(undo(ann_, first.id).refused, (std::map<std::string, std::int64_t>{{"alerts.told", 1}}));
  EXPECT_EQ(undo(ann_, second.id).state.undone, 1);
  EXPECT_EQ(step(), 0) << "nothing is told of what was undone before";
  EXPECT_THAT(told, ElementsAre(ids[0]));
}

TEST_F(QueueActsTest, WhatWasReadASecondTimeStays) {
  const auto ids = alerts(2);
  const QueueAct act = dismissal();
  run(ann_, act, ids, {.percent = 100, .days = 14});
  EXPECT_EQ(lines("reread.chosen"), 2);
  const RereadBook rereads(keys_, clock_);
  ASSERT_TRUE(store_->transact(
      [&](Transaction& work) { return rereads.answer(work, ids[0], RereadAnswer::dismiss, "as planned", "ada"); }));
  EXPECT_THAT(undo(ann_, act.id).refused, ElementsAre(Pair("alerts.decided_since", 1)));
  auto reading = store_->read();
  EXPECT_TRUE(rereads.waiting(*reading, "ada")->empty()) << "what is undone waits for no second reading";
}

TEST_F(QueueActsTest, AlertsAreGivenToWhoMayDecideAndWouldFindThem) {
  auto ids = alerts(2);
  ids.push_back(alert(mallory_, "leaks"));
  const auto given = [&](const std::string& id) {
    auto reading = store_->read();
    return AlertBook::row(*reading, id)->assigned;
  };
  const QueueAct act = assignment("mallory@example.com");
  const QueueActOutcome done = run(ann_, act, ids);
  EXPECT_EQ(done.state.done, 2);
  EXPECT_THAT(done.refused, ElementsAre(Pair("alerts.own_person", 1)));
  EXPECT_EQ(given(ids[0]), "mallory@example.com");
  EXPECT_EQ(refused(ann_, assignment("nobody.of.that.name")), "alerts.bad_viewer");
  EXPECT_THAT(run(ann_, assignment("mallory@example.com"), {ids[0]}).refused,
              ElementsAre(Pair("alerts.assigned_already", 1)));
  run(ada_, assignment("ben"), {ids[1]});
  EXPECT_THAT(undo(ann_, act.id).refused, ElementsAre(Pair("alerts.decided_since", 1)));
  EXPECT_EQ(given(ids[0]), "");
  EXPECT_EQ(given(ids[1]), "ben");
  EXPECT_EQ(run(ada_, assignment(""), ids).state.done, 1) << "to nobody";
  EXPECT_EQ(given(ids[1]), "");
}

TEST_F(QueueActsTest, SaysWhatIsWrongBeforeAnythingIsDone) {
  const auto ids = alerts(1);
  QueueAct act = dismissal();
  act.id = "7";
  EXPECT_EQ(refused(ann_, act, ids), "alerts.bad_act");
  act = dismissal();
  act.reason = std::nullopt;
  EXPECT_EQ(refused(ann_, act, ids), "alerts.bad_act");
  act.reason = DismissReason::other;
  EXPECT_EQ(refused(ann_, act, ids), "alerts.bad_decision");
  act.note = std::string(4'001, 'x');
  EXPECT_EQ(refused(ann_, act, ids), "alerts.bad_decision");
  act = dismissal();
  act.as_of += 1;
  EXPECT_EQ(refused(ann_, act, ids), "alerts.bad_act") << "nobody was shown what is to come";
  act = dismissal();
  act.to = "ben";
  EXPECT_EQ(refused(ann_, act, ids), "alerts.bad_act");
  act = assignment("ben");
  act.note = "for you";
  EXPECT_EQ(refused(ann_, act, ids), "alerts.bad_act");
  EXPECT_EQ(refused(ann_, dismissal(), std::vector<std::string>(QueueActs::kMostAlerts + 1, ids[0])), "alerts.bad_act");
  EXPECT_EQ(status(ids[0]), AlertStatus::needs_review);
  act = dismissal();
  run(ann_, act, ids);
  EXPECT_EQ(refused(ada_, act, ids), "alerts.act_known");
}

}  // namespace
}  // namespace candor
