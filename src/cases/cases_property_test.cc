#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "cases/case_fixture.h"

namespace candor {
namespace {

// Random acts of everybody on everything, in random order.
class CaseWalk : public CaseTest, public testing::WithParamInterface<int> {
 protected:
  std::size_t below(std::size_t most) { return random_() % most; }
  template <typename T>
  const T& any(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  // What it was, and how it ended.
  std::pair<std::string, std::string> one_act() {
    const Viewer& who = *any(viewers_list_);
    if (ids_.empty() || below(12) == 0) {
      const std::string id = open(who, any(all_alerts_));
      if (!id.empty()) ids_.push_back(id);
      return {"case.opened", refusal_};
    }
    const std::string& id = any(ids_);
    const std::string user = any(viewers_list_)->user();
    const auto resolution = below(2) == 0 ? CaseResolution::benign : CaseResolution::confirmed_policy_violation;
    switch (below(10)) {
      case 0:
        return {"case.alert_added", add_alert(who, id, any(all_alerts_))};
      case 1:
        return {"case.task_added", add_task(who, id, "task", below(2) == 0 ? user : "")};
      case 2:
        return {"case.task_done", finish_task(who, id, static_cast<std::int64_t>(below(4)))};
      case 3:
        return {"case.evidence_added", add_evidence(who, id, "file", std::string(below(3), 'x'))};
      case 4:
        return {"case.contributor_added", add_contributor(who, id, user)};
      case 5:
        return {"case.contributor_removed", remove_contributor(who, id, user)};
      case 6:
        return {"case.handed_over", hand_over(who, id, user)};
      case 7:
        // Rarely, or nothing is left to do to anything.
        if (below(4) != 0) return {"case.note_added", add_note(who, id, "note")};
        return {"case.closed", close(who, id, resolution)};
      case 8:
        return {"case.reopened", reopen(who, id)};
      default:
        return {"case.note_added", add_note(who, id, "note")};
    }
  }

  struct Seen {
    CaseState state = CaseState::open;
    std::int64_t notes = 0;
    std::vector<std::string> history;  // of every line, all of it
  };
  std::map<std::string, Seen> look() {
    std::map<std::string, Seen> seen;
    for (const std::string& id : ids_) {
      const CaseDetail now = detail(id, boss_);
      Seen& one = seen[id];
      one.state = now.row.state;
      one.notes = now.counts.notes;
      for (const CaseAlert& alert : now.alerts) EXPECT_EQ(alert.row.person, now.row.person);
      for (const CaseHistoryLine& line : history(id, boss_)) {
        one.history.push_back(std::to_string(line.number) + " " + std::to_string(line.at) + " " + line.viewer + " " +
                              line.act + " " + line.about + " " + line.text);
      }
    }
    return seen;
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
  std::vector<const Viewer*> viewers_list_ = {&ada_, &ben_, &ann_, &boss_, &own_};
  std::vector<std::string> all_alerts_ = {
      alert(mallory_, "leaks"), alert(mallory_, "theft"), alert(mallory_, "sabotage"), alert(mallory_, "fraud"),
      alert(mallory_, "haste"), alert(bob_, "leaks"),     alert(bob_, "theft"),        alert(bob_, "fraud")};
  std::vector<std::string> ids_;
};

TEST_P(CaseWalk, KeepsItsPromises) {
  std::map<std::string, Seen> before = look();
  std::size_t lines_before = audit_lines().size();
  std::map<std::string, int> done;
  for (int step = 0; step < 200; ++step) {
    const auto [action, refusal] = one_act();
    std::map<std::string, Seen> after = look();
    // Exactly one audit line an act, and it says whether it was done.
    const std::vector<std::string> lines = audit_lines();
    ASSERT_EQ(lines.size(), lines_before + 1) << action << " " << refusal;
    EXPECT_EQ(lines.back().rfind(action + (refusal.empty() ? " " : " failed "), 0), 0u) << lines.back();
    lines_before = lines.size();
    std::size_t more = 0;
    for (const auto& [id, now] : after) {
      const Seen was = before[id];
      // What stands in the history stays there, and what is new is one line, of the act.
      ASSERT_GE(now.history.size(), was.history.size());
      EXPECT_TRUE(std::equal(was.history.begin(), was.history.end(), now.history.begin()));
      more += now.history.size() - was.history.size();
      if (was.state == CaseState::closed) {
        EXPECT_EQ(now.notes, was.notes);
        EXPECT_EQ(now.history.size() > was.history.size(), now.state == CaseState::open) << "only reopening";
      }
    }
    EXPECT_EQ(more, refusal.empty() ? 1u : 0u) << action << " " << refusal;
    if (refusal.empty()) ++done[action];
    before = std::move(after);
  }
  EXPECT_GE(done.size(), 9u) << "nearly every kind of act was done";
  std::set<std::string> taken;
  for (const std::string& id : ids_)
    for (const CaseAlert& alert : detail(id, boss_).alerts)
      EXPECT_TRUE(taken.insert(alert.row.id).second) << "an alert is in one case";
}

INSTANTIATE_TEST_SUITE_P(Seeds, CaseWalk, testing::Range(1, 9));

}  // namespace
}  // namespace candor
