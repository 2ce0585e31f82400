#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/access_fixture.h"
#include "cases/cases.h"

// A data folder with viewers, two people and alerts about them, and acts as the HTTP interface does them: permission,
// act and audit line in one. For tests only.
namespace candor {

class CaseTest : public AccessTest {
 protected:
  static constexpr const char* kReason = "more files than ever before";

  // An alert about `who`, with evidence up to noon of that day.
  std::string alert(const PersonId& who, const std::string& policy, Day day = 20'000, int k = 0) {
    AlertOutcome out;
    out.k = k;
    out.assessment.policy = policy;
    out.assessment.policy_version = "0123456789abcdef";
    out.assessment.day = day;
    out.assessment.score = 80 * kOnePoint;
    out.assessment.severity = AlertSeverity::high;
    out.first_day = out.last_day = day;
    out.evidence_until = start_of(day) + kMicrosPerDay / 2;
    std::vector<AlertOutcome>& all = outcomes_[who];
    std::erase_if(all, [&](const AlertOutcome& one) { return one.assessment.policy == policy && one.k == k; });
    all.push_back(std::move(out));
    const std::vector<PersonOutcome> people = {{.person = who, .alerts = all, .next_edge = std::nullopt}};
    const auto stored = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(alerts_.record(work, people, day + 1));
      return {};
    });
    EXPECT_TRUE(stored.has_value()) << stored.error().message;
    AlertQuery query;
    query.policies = {policy};
    query.limit = 1000;
    const auto page = alerts_.find(query);
    EXPECT_TRUE(page.has_value());
    for (const AlertRow& row : page->alerts)
      if (row.person == who && row.k == k) return row.id;
    ADD_FAILURE() << "no alert of " << policy;
    return "";
  }

  AlertStatus status(const std::string& alert_id) { return alerts_.get(alert_id)->row.status; }

  // "" or the id of the error.
  std::string act(const Viewer& viewer, const std::string& action, const std::string& case_id,
                  const Presenter::Act& work, const std::string& details = "") {
    AuditEntry entry;
    entry.details = details;
    entry.action = action;
    entry.object_kind = "case";
    entry.object_id = case_id;
    const auto done = presenter_.act(viewer, Permission::cases_view, entry, work);
    clock_.set(clock_.now() + kMicrosPerSecond);
    return done ? "" : done.error().id;
  }

  std::string open(const Viewer& viewer, const std::string& alert_id, const std::string& title = "A case") {
    const std::string id = CaseBook::new_id();
    refusal_ = act(viewer, "case.opened", id, [&](Transaction& work) {
      return cases_.open(work, {.id = id, .alert = alert_id, .title = title, .reason = kReason}, CaseActor(viewer));
    });
    return refusal_.empty() ? id : "";
  }
  std::string add_alert(const Viewer& viewer, const std::string& id, const std::string& alert_id) {
    return act(viewer, "case.alert_added", id,
               [&](Transaction& work) { return cases_.add_alert(work, id, alert_id, kReason, CaseActor(viewer)); });
  }
  std::string add_note(const Viewer& viewer, const std::string& id, std::string_view text) {
    return act(viewer, "case.note_added", id, [&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(cases_.add_note(work, id, text, CaseActor(viewer)));
      return {};
    });
  }
  std::string add_task(const Viewer& viewer, const std::string& id, std::string_view text, std::string_view to = "",
                       std::optional<Day> due = std::nullopt) {
    return act(viewer, "case.task_added", id, [&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(cases_.add_task(work, id, text, due, to, CaseActor(viewer)));
      return {};
    });
  }
  std::string finish_task(const Viewer& viewer, const std::string& id, std::int64_t number) {
    return act(viewer, "case.task_done", id,
               [&](Transaction& work) { return cases_.finish_task(work, id, number, CaseActor(viewer)); });
  }
  std::string add_evidence(const Viewer& viewer, const std::string& id, std::string_view name, std::string_view bytes) {
    return act(viewer, "case.evidence_added", id, [&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(cases_.add_evidence(work, id, name, bytes, CaseActor(viewer)));
      return {};
    });
  }
  std::string add_contributor(const Viewer& viewer, const std::string& id, std::string_view user) {
    return act(
        viewer, "case.contributor_added", id,
        [&](Transaction& work) { return cases_.add_contributor(work, id, user, CaseActor(viewer)); },
        R"({"contributor":")" + std::string(user) + R"("})");
  }
  std::string remove_contributor(const Viewer& viewer, const std::string& id, std::string_view user) {
    return act(viewer, "case.contributor_removed", id,
               [&](Transaction& work) { return cases_.remove_contributor(work, id, user, CaseActor(viewer)); });
  }
  std::string hand_over(const Viewer& viewer, const std::string& id, std::string_view user) {
    return act(
        viewer, "case.handed_over", id,
        [&](Transaction& work) { return cases_.hand_over(work, id, user, kReason, CaseActor(viewer)); },
        R"({"owner":")" + std::string(user) + R"("})");
  }
  std::string close(const Viewer& viewer, const std::string& id, CaseResolution resolution,
                    std::optional<std::string> seen = std::nullopt) {
    const auto detail = cases_.get(id, CaseActor(viewer));
    const CaseBook::Closing closing{.resolution = resolution,
                                    .action = CaseAction::coached,
                                    .text = "spoke with them",
                                    .alerts_seen = seen     ? *seen
                                                   : detail ? detail->alerts_seen
                                                            : ""};
    return act(viewer, "case.closed", id,
               [&](Transaction& work) { return cases_.close(work, id, closing, CaseActor(viewer)); });
  }
  std::string reopen(const Viewer& viewer, const std::string& id) {
    return act(viewer, "case.reopened", id,
               [&](Transaction& work) { return cases_.reopen(work, id, kReason, CaseActor(viewer)); });
  }

  CaseDetail detail(const std::string& id, const Viewer& viewer) {
    auto found = cases_.get(id, CaseActor(viewer));
    EXPECT_TRUE(found.has_value()) << found.error().message;
    return found ? *std::move(found) : CaseDetail{};
  }
  std::vector<CaseHistoryLine> history(const std::string& id, const Viewer& viewer) {
    std::vector<CaseHistoryLine> lines;
    for (std::size_t offset = 0;; offset += 200) {
      const auto page = cases_.history(id, CaseActor(viewer), offset, 200);
      EXPECT_TRUE(page.has_value()) << page.error().message;
      lines.insert(lines.end(), page->lines.begin(), page->lines.end());
      if (page->lines.size() < 200) return lines;
    }
  }

  AlertBook alerts_{*store_, clock_};
  const CaseBook cases_{*store_, keys_, clock_, viewers_, alerts_};
  const PersonId mallory_ = person("mallory@example.com");
  const PersonId bob_ = person("bob@example.com");
  // Investigators but for the analyst and the auditor of the system.
  const Viewer ada_ = signed_in("ada", "investigator").viewer;
  const Viewer ben_ = signed_in("ben", "investigator").viewer;
  const Viewer ann_ = signed_in("ann", "analyst").viewer;
  const Viewer boss_ = signed_in("boss", "admin").viewer;
  const Viewer own_ = signed_in("mallory@example.com", "admin").viewer;
  std::string refusal_;

 private:
  std::map<PersonId, std::vector<AlertOutcome>> outcomes_;
};

}  // namespace candor
