#include "alerts/alert_rows.h"

#include "base/keys.h"

namespace candor {

AlertRow alert_row(const Row& row) {
  return {.id = row.text(0),
          .policy = row.text(1),
          .policy_name = row.text(2),
          .person = row.id<PersonId>(3),
          .k = static_cast<int>(row.integer(4)),
          .status = alert_status(row.text(5)).value_or(AlertStatus::needs_review),
          .severity = static_cast<AlertSeverity>(row.integer(6)),
          .score = row.integer(7),
          .day = static_cast<Day>(row.integer(8)),
          .first_day = static_cast<Day>(row.integer(9)),
          .last_day = static_cast<Day>(row.integer(10)),
          .evidence_until = row.integer(11),
          .changed_after_decision = row.integer(12) != 0,
          .created_at = row.integer(13),
          .updated_at = row.integer(14),
          .revision = row.integer(15),
          .queued_at = row.integer(16),
          .mass_event = row.integer(17),
          .screen_evidence_days = static_cast<int>(row.integer(18)),
          .assigned = row.text(19),
          .in_case = row.integer(20) != 0};
}

Result<void> note_change(Transaction& transaction, bool removed) {
  CANDOR_TRY_VOID(transaction.execute(
      "insert into alert_changes (only_one, last, removed) values (1, 1, ?1) on conflict (only_one) do update set last "
      "= alert_changes.last + 1, removed = case when ?1 = 1 then alert_changes.last + 1 else alert_changes.removed end",
      {removed ? 1 : 0}));
  return {};
}

std::string alert_id_of(std::string_view policy, const PersonId& person, int k) {
  return account_digest("alert\n" + std::string(policy) + "\n" + to_hex(person) + "\n" + std::to_string(k));
}

Result<AlertRow> read_alert(Reading& reading, std::string_view alert_id) {
  CANDOR_TRY(const auto row,
             reading.row("select " CANDOR_ALERT_COLUMNS " from alerts where alert_id = ?1", {alert_id}));
  if (!row) return fail("alerts.not_found", "there is no such alert");
  return alert_row(*row);
}

Result<AlertRow> AlertBook::row(Reading& reading, std::string_view alert_id) { return read_alert(reading, alert_id); }

Result<std::optional<TimePoint>> closing_cutoff(Reading& reading, std::string_view alert_id) {
  CANDOR_TRY(const auto row,
             reading.row("select cutoff from alert_decisions where alert_id = ?1 and kind <> 'confirmed' "
                         "and undone_at is null order by number limit 1",
                         {alert_id}));
  return row ? row->optional_integer(0) : std::nullopt;
}

}  // namespace candor
