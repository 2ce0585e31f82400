#include "alerts/undo.h"

#include <string>

#include "alerts/alert_rows.h"
#include "alerts/alerts.h"
#include "alerts/over_alerts.h"
#include "assessment/pending.h"

namespace candor {
namespace {

struct TakenBack {
  std::string kind;
  std::int64_t revision = 0;
  std::string status_before;
  bool changed_before = false;
  bool told = false;
};

Result<TakenBack> last_word(Reading& reading, const AlertRow& alert, std::int64_t number) {
  CANDOR_TRY(const std::int64_t standing, standing_decision(reading, alert.id));
  CANDOR_TRY(const auto row, reading.row("select kind, revision, status_before, changed_before, told_at from "
                                         "alert_decisions where alert_id = ?1 and number = ?2",
                                         {alert.id, number}));
  const bool is_last = row && standing == number && row->text(0) == to_text(alert.status) && !row->text(2).empty();
  if (!is_last) return fail("alerts.decided_since", "the alert moved on since this decision");
  return TakenBack{.kind = row->text(0),
                   .revision = row->integer(1),
                   .status_before = row->text(2),
                   .changed_before = row->integer(3) != 0,
                   .told = !row->is_null(4)};
}

// What came of it, if anything.
Result<void> refuse_followed(Reading& reading, const AlertRow& alert, const TakenBack& decision) {
  if (decision.told) return fail("alerts.told", "somebody outside of Candor was told of this decision");
  if (alert.status == AlertStatus::confirmed) {
    if (!alert.in_case) return {};
    return fail("alerts.decided_since", "the alert is in a case");
  }
  CANDOR_TRY(const auto next, reading.row("select 1 from alerts where policy = ?1 and person = ?2 and k = ?3",
                                          {alert.policy, alert.person, alert.k + 1}));
  CANDOR_TRY(const auto remembered, remembered_cutoff(reading, alert.policy, alert.person, alert.k + 1));
  if (!next && !remembered) return {};
  return fail("alerts.next_exists", "evidence after this decision opened the next alert");
}

}  // namespace

Result<std::int64_t> standing_decision(Reading& reading, std::string_view alert_id) {
  CANDOR_TRY(const auto row, reading.row("select coalesce(max(number), 0) from alert_decisions where alert_id = ?1 and "
                                         "undone_at is null",
                                         {alert_id}));
  return row ? row->integer(0) : 0;
}

Result<void> undo_decision(Transaction& work, std::string_view alert_id, std::int64_t number, std::string_view user,
                           TimePoint now) {
  CANDOR_TRY(const AlertRow alert, read_alert(work, alert_id));
  CANDOR_TRY(const TakenBack decision, last_word(work, alert, number));
  CANDOR_TRY_VOID(refuse_followed(work, alert, decision));
  CANDOR_TRY_VOID(
      work.execute("update alert_decisions set undone_at = ?3, undone_by = ?4 where alert_id = ?1 and number = ?2",
                   {alert_id, number, now, user}));
  // Evidence that came since is part of what waits now, and no change after a decision.
  const bool changed = decision.changed_before && decision.revision == alert.revision;
  CANDOR_TRY_VOID(work.execute(
      "update alerts set status = ?2, updated_at = ?3, changed_after_decision = ?4, change = " CANDOR_NEXT_CHANGE
      " where alert_id = ?1",
      {alert_id, decision.status_before, now, changed ? 1 : 0}));
  CANDOR_TRY_VOID(note_change(work));
  return mark_for_assessment(work, alert.person);
}

Result<bool> note_told(Transaction& work, std::string_view alert_id, std::string_view kind, TimePoint now) {
  CANDOR_TRY_VOID(
      work.execute("update alert_decisions set told_at = ?3 where alert_id = ?1 and kind = ?2 and told_at "
                   "is null and undone_at is null",
                   {alert_id, kind, now}));
  CANDOR_TRY(const auto standing, work.row("select 1 from alert_decisions where alert_id = ?1 and kind = ?2 and "
                                           "undone_at is null",
                                           {alert_id, kind}));
  return standing.has_value();
}

}  // namespace candor
