#include "alerts/second_reading.h"

#include "alerts/alert_rows.h"
#include "assessment/pending.h"

namespace candor {
namespace {

constexpr std::size_t kMostSaid = 8'000;

}  // namespace

Result<std::optional<Dismissal>> dismissal(Reading& reading, std::string_view alert_id, std::int64_t number) {
  CANDOR_TRY(const auto row,
             reading.row("select number, revision, reason, note, viewer, at, cutoff, returned_at from alert_decisions "
                         "where alert_id = ?1 and number = ?2 and kind = 'dismissed'",
                         {alert_id, number}));
  if (!row) return std::nullopt;
  Dismissal found;
  found.number = row->integer(0);
  found.revision = row->integer(1);
  found.decision.kind = to_text(AlertStatus::dismissed);
  found.decision.reason = dismiss_reason(row->text(2));
  found.decision.note = row->text(3);
  if (!row->is_null(4)) found.decision.viewer = row->text(4);
  found.decision.at = row->integer(5);
  found.decision.cutoff = row->integer(6);
  found.returned_at = row->optional_integer(7);
  return found;
}

Result<std::optional<Dismissal>> standing_dismissal(Reading& reading, std::string_view alert_id) {
  CANDOR_TRY(const AlertRow alert, read_alert(reading, alert_id));
  if (alert.status != AlertStatus::dismissed) return std::nullopt;
  CANDOR_TRY(
      const auto last,
      reading.row("select coalesce(max(number), 0) from alert_decisions where alert_id = ?1 and undone_at is null",
                  {alert_id}));
  return dismissal(reading, alert_id, last ? last->integer(0) : 0);
}

Result<void> return_to_queue(Transaction& work, std::string_view alert_id, std::int64_t number, std::string_view said,
                             std::string_view viewer, TimePoint now) {
  if (said.empty() || said.size() > kMostSaid) return fail("alerts.bad_decision", "a comment has 1 to 8,000 bytes");
  CANDOR_TRY(const auto standing, standing_dismissal(work, alert_id));
  if (!standing || standing->number != number) {
    return fail("alerts.bad_decision", "the dismissal no longer stands; load the alert again");
  }
  CANDOR_TRY_VOID(work.execute("update alert_decisions set returned_at = ?3 where alert_id = ?1 and number = ?2",
                               {alert_id, number, now}));
  // As new in the queue: the time it may lie there counts from now on.
  CANDOR_TRY_VOID(
      work.execute("update alerts set status = ?2, updated_at = ?3, queued_at = ?3, changed_after_decision = 0, change "
                   "= " CANDOR_NEXT_CHANGE " where alert_id = ?1",
                   {alert_id, to_text(AlertStatus::needs_review), now}));
  CANDOR_TRY_VOID(note_change(work));
  CANDOR_TRY_VOID(
      work.execute("insert into alert_comments (alert_id, number, at, viewer, text) values (?1, (select "
                   "coalesce(max(number), 0) + 1 from alert_comments where alert_id = ?1), ?2, ?3, ?4)",
                   {alert_id, now, viewer, said}));
  CANDOR_TRY(const AlertRow alert, read_alert(work, alert_id));
  return mark_for_assessment(work, alert.person);
}

}  // namespace candor
