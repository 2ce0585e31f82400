#include <sodium.h>

#include <algorithm>

#include "access/visible_people.h"
#include "cases/case_rows.h"
#include "cases/cases.h"

// Opening, filling, closing. Every act ends in note(), which writes the history.
namespace candor {
namespace {

Result<void> not_full(Transaction& work, Sql count, std::string_view case_id, std::int64_t most, const char* what) {
  CANDOR_TRY(const auto row, work.row(count, {case_id}));
  if (!row || row->integer(0) < most) return {};
  return fail("cases.full", "a case holds at most " + std::to_string(most) + " " + what + "; open another one");
}

std::string closing_note(const CaseRow& row, CaseResolution resolution) {
  return "Case " + std::to_string(row.number) +
         " was closed: " + (resolution == CaseResolution::benign ? "benign." : "confirmed policy violation.");
}

bool is_open(AlertStatus status) { return status == AlertStatus::needs_review || status == AlertStatus::confirmed; }

}  // namespace

std::string CaseBook::new_id() {
  std::string raw(16, '\0');
  randombytes_buf(raw.data(), raw.size());
  return to_hex(raw);
}

Result<bool> CaseBook::is_hidden(Reading& reading, const PersonId& person, std::string_view user) const {
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, user));
  return hides(reading, hidden, person);
}

Result<void> CaseBook::check_sees(Reading& reading, const PersonId& person, std::string_view user) const {
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, user));
  if (std::ranges::binary_search(hidden.people, person)) {
    return fail("cases.own_person", "nobody works on a case about themselves");
  }
  CANDOR_TRY(const bool outside, hides(reading, hidden, person));
  if (!outside) return {};
  return fail("cases.outside_units", "that viewer may not see this person: units or priority groups say so");
}

Result<CaseRow> CaseBook::read(Reading& reading, std::string_view case_id, const CaseActor& actor) const {
  CANDOR_TRY(CaseRow row, case_rows::read(reading, case_id));
  CANDOR_TRY(const bool hidden, is_hidden(reading, row.person, actor.user));
  // As if it were not there: that it is would tell already.
  if (hidden) return fail("cases.not_found", "there is no such case");
  return row;
}

Result<void> CaseBook::check(Reading& reading, const CaseRow& row, const CaseActor& actor, Needs needs) {
  if (needs == Needs::nothing || allows(actor.permissions, Permission::cases_manage) || row.owner == actor.user) {
    return {};
  }
  CANDOR_TRY(const bool contributes, case_rows::is_contributor(reading, row.id, actor.user));
  if (needs == Needs::membership && contributes) return {};
  return fail("cases.not_member", needs == Needs::ownership
                                      ? "only the case's owner may do this"
                                      : "only the case's owner and contributors may do this; ask the owner to add you");
}

Result<CaseRow> CaseBook::read_open(Reading& reading, std::string_view case_id, const CaseActor& actor,
                                    Needs needs) const {
  CANDOR_TRY(CaseRow row, read(reading, case_id, actor));
  CANDOR_TRY_VOID(check(reading, row, actor, needs));
  if (row.state != CaseState::open) return fail("cases.closed", "the case is closed; reopen it first");
  return row;
}

Result<void> CaseBook::add_line(Transaction& work, std::string_view case_id, CaseAct act, std::string_view about,
                                std::string_view text, const CaseActor& actor) const {
  CANDOR_TRY_VOID(
      work.execute("insert into case_history (case_id, number, at, viewer, act, about, text) values (?1, (select "
                   "coalesce(max(number), 0) + 1 from case_history where case_id = ?1), ?2, ?3, ?4, ?5, ?6)",
                   {case_id, clock_.now(), actor.user, to_text(act), about, text}));
  return {};
}

Result<void> CaseBook::note(Transaction& work, std::string_view case_id, CaseAct act, std::string_view about,
                            std::string_view text, const CaseActor& actor) const {
  CANDOR_TRY_VOID(add_line(work, case_id, act, about, text, actor));
  CANDOR_TRY_VOID(work.execute("update cases set updated_at = ?2 where case_id = ?1", {case_id, clock_.now()}));
  return {};
}

// The one way an alert comes into a case; whether it is confirmed is decided as everywhere, by AlertBook.
Result<void> CaseBook::take_alert(Transaction& work, const CaseRow& row, const AlertRow& alert, std::string_view reason,
                                  const CaseActor& actor) const {
  CANDOR_TRY(const auto taken, work.row("select c.number from case_alerts a join cases c on c.case_id = a.case_id "
                                        "where a.alert_id = ?1",
                                        {alert.id}));
  if (taken) {
    return fail("cases.alert_taken", "the alert is in case " + std::to_string(taken->integer(0)) + " already");
  }
  if (alert.status != AlertStatus::confirmed) {
    CANDOR_TRY_VOID(alerts_.confirm(work, alert.id, reason, actor.user));
  }
  CANDOR_TRY_VOID(
      work.execute("insert into case_alerts (alert_id, case_id, added_by, added_at) values (?1, ?2, ?3, ?4)",
                   {alert.id, row.id, actor.user, clock_.now()}));
  return AlertBook::note_case(work, alert.id);
}

Result<void> CaseBook::open(Transaction& work, const New& made, const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a title", made.title, kLongestCaseTitle));
  CANDOR_TRY_VOID(case_rows::check_text("a reason", made.reason, kLongestCaseReason));
  CANDOR_TRY(const AlertRow alert, AlertBook::row(work, made.alert));
  CANDOR_TRY_VOID(check_sees(work, alert.person, actor.user));
  CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from cases"));
  const TimePoint now = clock_.now();
  const CaseRow row{.id = made.id,
                    .number = (last ? last->integer(0) : 0) + 1,
                    .person = alert.person,
                    .title = made.title,
                    .reason = made.reason,
                    .owner = actor.user,
                    .opened_by = actor.user,
                    .opened_at = now,
                    .updated_at = now};
  CANDOR_TRY_VOID(work.execute(
      "insert into cases (case_id, number, person, person_hex, title, reason, state, owner, opened_by, opened_at, "
      "updated_at, resolution, action, closing_text, closed_by, closed_at) values (?1, ?2, ?3, ?4, ?5, ?6, 'open', "
      "?7, ?7, ?8, ?8, '', '', '', '', null)",
      {row.id, row.number, row.person, to_hex(row.person), row.title, row.reason, row.owner, now}));
  CANDOR_TRY_VOID(take_alert(work, row, alert, made.reason, actor));
  return note(work, row.id, CaseAct::opened, alert.id, made.reason, actor);
}

Result<void> CaseBook::add_alert(Transaction& work, std::string_view case_id, std::string_view alert_id,
                                 std::string_view reason, const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a reason", reason, kLongestCaseReason));
  CANDOR_TRY(const CaseRow row, read_open(work, case_id, actor, Needs::nothing));
  CANDOR_TRY(const AlertRow alert, AlertBook::row(work, alert_id));
  if (alert.person != row.person) {
    return fail("cases.other_person", "the alert is about another person: a case is about one");
  }
  CANDOR_TRY_VOID(
      not_full(work, "select count(*) from case_alerts where case_id = ?1", case_id, kMostCaseAlerts, "alerts"));
  CANDOR_TRY_VOID(take_alert(work, row, alert, reason, actor));
  return note(work, case_id, CaseAct::alert_added, alert.id, reason, actor);
}

Result<CaseNote> CaseBook::add_note(Transaction& work, std::string_view case_id, std::string_view text,
                                    const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a note", text, kLongestCaseNote));
  CANDOR_TRY_VOID(read_open(work, case_id, actor, Needs::membership));
  CANDOR_TRY(const auto last,
             work.row("select coalesce(max(number), 0) from case_notes where case_id = ?1", {case_id}));
  CaseNote added{
      .number = (last ? last->integer(0) : 0) + 1, .at = clock_.now(), .viewer = actor.user, .text = std::string(text)};
  CANDOR_TRY_VOID(work.execute("insert into case_notes (case_id, number, at, viewer, text) values (?1, ?2, ?3, ?4, ?5)",
                               {case_id, added.number, added.at, added.viewer, added.text}));
  CANDOR_TRY_VOID(note(work, case_id, CaseAct::note_added, std::to_string(added.number), "", actor));
  return added;
}

Result<CaseTask> CaseBook::add_task(Transaction& work, std::string_view case_id, std::string_view text,
                                    std::optional<Day> due, std::string_view assigned, const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a task", text, kLongestCaseTask));
  CANDOR_TRY(const CaseRow row, read_open(work, case_id, actor, Needs::membership));
  if (!assigned.empty() && assigned != row.owner) {
    CANDOR_TRY(const bool contributes, case_rows::is_contributor(work, case_id, assigned));
    if (!contributes) return fail("cases.bad_viewer", "a task goes to the case's owner or a contributor");
  }
  CANDOR_TRY_VOID(
      not_full(work, "select count(*) from case_tasks where case_id = ?1", case_id, kMostCaseTasks, "tasks"));
  CANDOR_TRY(const auto last,
             work.row("select coalesce(max(number), 0) from case_tasks where case_id = ?1", {case_id}));
  CaseTask added{.number = (last ? last->integer(0) : 0) + 1,
                 .at = clock_.now(),
                 .viewer = actor.user,
                 .text = std::string(text),
                 .due = due,
                 .assigned = std::string(assigned),
                 .done_by = "",
                 .done_at = std::nullopt};
  CANDOR_TRY_VOID(work.execute(
      "insert into case_tasks (case_id, number, at, viewer, text, due, assigned, done_by, done_at) values (?1, ?2, ?3, "
      "?4, ?5, ?6, ?7, '', null)",
      {case_id, added.number, added.at, added.viewer, added.text, due, added.assigned}));
  CANDOR_TRY_VOID(note(work, case_id, CaseAct::task_added, std::to_string(added.number), "", actor));
  return added;
}

Result<void> CaseBook::finish_task(Transaction& work, std::string_view case_id, std::int64_t number,
                                   const CaseActor& actor) const {
  CANDOR_TRY_VOID(read_open(work, case_id, actor, Needs::membership));
  CANDOR_TRY(const auto row,
             work.row("select done_by from case_tasks where case_id = ?1 and number = ?2", {case_id, number}));
  if (!row) return fail("cases.no_task", "the case has no such task");
  if (!row->text(0).empty()) return fail("cases.task_done", "the task is done already");
  CANDOR_TRY_VOID(work.execute("update case_tasks set done_by = ?3, done_at = ?4 where case_id = ?1 and number = ?2",
                               {case_id, number, actor.user, clock_.now()}));
  return note(work, case_id, CaseAct::task_done, std::to_string(number), "", actor);
}

Result<void> CaseBook::close(Transaction& work, std::string_view case_id, const Closing& closing,
                             const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("what was done", closing.text, kLongestCaseReason));
  CANDOR_TRY(const CaseRow row, read_open(work, case_id, actor, Needs::membership));
  CANDOR_TRY(const auto alerts, case_rows::alerts(work, case_id));
  if (case_rows::digest(alerts) != closing.alerts_seen) {
    return fail("cases.changed_meanwhile", "the case's alerts have changed since: load the case again");
  }
  const std::string said = closing_note(row, closing.resolution);
  for (const CaseAlert& alert : alerts) {
    if (!is_open(alert.row.status)) continue;
    CANDOR_TRY_VOID(
        closing.resolution == CaseResolution::benign
            ? alerts_.dismiss(work, alert.row.id, DismissReason::expected, said, alert.row.evidence_until, actor.user)
            : alerts_.resolve(work, alert.row.id, said, alert.row.evidence_until, actor.user));
  }
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(work.execute(
      "update cases set state = 'closed', resolution = ?2, action = ?3, closing_text = ?4, closed_by = ?5, closed_at = "
      "?6 where case_id = ?1",
      {case_id, to_text(closing.resolution), to_text(closing.action), closing.text, actor.user, now}));
  CANDOR_TRY_VOID(case_rows::end_reminders(work, case_id, 0, ReminderEnd::case_closed, actor.user, now));
  const std::string about = std::string(to_text(closing.resolution)) + " " + std::string(to_text(closing.action));
  return note(work, case_id, CaseAct::closed, about, closing.text, actor);
}

Result<void> CaseBook::reopen(Transaction& work, std::string_view case_id, std::string_view reason,
                              const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a reason", reason, kLongestCaseReason));
  CANDOR_TRY(const CaseRow row, read(work, case_id, actor));
  CANDOR_TRY_VOID(check(work, row, actor, Needs::membership));
  if (row.state == CaseState::open) return fail("cases.not_closed", "the case is open");
  if (row.erased_on) {
    return fail("cases.erased", "whom the case was about was erased: nothing of it is left to work on");
  }
  CANDOR_TRY_VOID(work.execute("update cases set state = 'open' where case_id = ?1", {case_id}));
  return note(work, case_id, CaseAct::reopened, "", reason, actor);
}

}  // namespace candor
