#include "api/audit_csv.h"

#include "base/time.h"

namespace candor::api {

std::string detail_of(const AuditLine& line) {
  std::string detail;
  if (line.object_kind != "alert" && !line.object_id.empty()) detail = line.object_kind + " " + line.object_id;
  for (const std::string* text : {&line.reason, &line.details})
    if (!text->empty()) detail += (detail.empty() ? "" : "; ") + *text;
  return detail;
}

void write_audit_head(CsvWriter& csv) {
  for (const char* const head : {"number", "at", "viewer", "action", "alert", "pseudonym", "detail", "hash"})
    csv.cell(head);
  csv.end_row();
}

void write_audit_rows(CsvWriter& csv, std::span<const AuditLine> lines) {
  for (const AuditLine& line : lines) {
    csv.number(line.number).cell(format_time(line.at)).cell(line.viewer).cell(line.action);
    csv.cell(line.alert).cell(line.pseudonym).cell(detail_of(line)).cell(line.hash).end_row();
  }
}

}  // namespace candor::api
