#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "alerts/alerts.h"

// Rows of the alert tables and the values they stand for; for .cc files of this folder.
namespace candor {

// What every select of an alert reads, in this order.
#define CANDOR_ALERT_COLUMNS                                                                                          \
  "alert_id, policy, policy_name, person, k, status, severity, score, day, first_day, last_day, evidence_until, "     \
  "changed_after_decision, created_at, updated_at, revision, queued_at, mass_event, screen_evidence_days, assigned, " \
  "in_case"

inline constexpr std::size_t kAlertColumns = 21;  // of them

AlertRow alert_row(const Row& row);

// What every statement that writes alerts sets `change` to; after it note_change(), or its rows are not read again.
#define CANDOR_NEXT_CHANGE "(select coalesce(max(last), 0) + 1 from alert_changes)"

// `removed`: alerts were taken away. In the transaction that wrote.
Result<void> note_change(Transaction& transaction, bool removed = false);

// Digest of the alert's identity: says nothing about the person.
std::string alert_id_of(std::string_view policy, const PersonId& person, int k);

// Fails with `alerts.not_found`.
Result<AlertRow> read_alert(Reading& reading, std::string_view alert_id);
// nullopt when no decision that stands has closed the alert; its first closing decision's cutoff bounds its evidence.
Result<std::optional<TimePoint>> closing_cutoff(Reading& reading, std::string_view alert_id);

}  // namespace candor
