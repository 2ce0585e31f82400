#include "access/audit_follow.h"

namespace candor {

Result<std::vector<AuditLine>> audit_lines_after(Reading& reading, std::int64_t after, std::int64_t most) {
  std::vector<AuditLine> lines;
  CANDOR_TRY_VOID(reading.each(
      "select number, at, user_name, action, object_kind, object_id, alert, pseudonym, reason, details from "
      "audit_lines where number > ?1 order by number limit ?2",
      {after, most}, [&](const Row& row) {
        AuditLine line;
        line.number = row.integer(0);
        line.at = row.integer(1);
        line.viewer = row.text(2);
        line.action = row.text(3);
        line.object_kind = row.text(4);
        line.object_id = row.text(5);
        line.alert = row.text(6);
        line.pseudonym = row.text(7);
        line.reason = row.text(8);
        line.details = row.text(9);
        lines.push_back(std::move(line));
        return true;
      }));
  return lines;
}

Result<std::int64_t> last_audit_line(Reading& reading) {
  CANDOR_TRY(const auto row, reading.row("select coalesce(max(number), 0) from audit_lines"));
  return row ? row->integer(0) : 0;
}

}  // namespace candor
