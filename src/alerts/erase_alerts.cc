#include "alerts/erase_alerts.h"

#include <array>

#include "alerts/alert_rows.h"

namespace candor {
namespace {

struct AlertErasure {
  const char* kind;
  Sql sql;
};

// In order: what points to alerts goes before them.
constexpr std::array kErasures = {
    AlertErasure{"alert_receipts",
                 "delete from alert_revisions where alert_id in (select alert_id from alerts where person = ?1)"},
    AlertErasure{"alert_decisions",
                 "delete from alert_decisions where alert_id in (select alert_id from alerts where person = ?1)"},
    AlertErasure{"alert_comments",
                 "delete from alert_comments where alert_id in (select alert_id from alerts where person = ?1)"},
    AlertErasure{"expectations", "delete from expectations where person = ?1"},
    AlertErasure{"removed_alerts", "delete from alert_remains where person = ?1"},
};

}  // namespace

Result<void> erase_alerts(Transaction& work, const PersonId& person, std::map<std::string, std::int64_t>& counts) {
  for (const AlertErasure& one : kErasures) {
    CANDOR_TRY(const std::int64_t gone, work.execute(one.sql, {person}));
    counts[one.kind] += gone;
  }
  CANDOR_TRY_VOID(work.execute(
      "update expectations set alert_id = '' where alert_id in (select alert_id from alerts where person = ?1)",
      {person}));
  CANDOR_TRY_VOID(work.execute("delete from people_in_scope where person_hex = ?1", {to_hex(person)}));
  CANDOR_TRY(const std::int64_t gone, work.execute("delete from alerts where person = ?1", {person}));
  counts["alerts"] += gone;
  return gone == 0 ? Result<void>{} : note_change(work, true);
}

}  // namespace candor
