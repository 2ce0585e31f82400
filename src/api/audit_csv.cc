#include "api/audit_csv.h"

#include <nlohmann/json.hpp>

#include "base/time.h"

namespace candor::api {

std::string detail_of(const AuditLine& line) {
  std::string detail;
  if (line.object_kind != "alert" && !line.object_id.empty()) detail = line.object_kind + " " + line.object_id;
  for (const std::string* text : {&line.reason, &line.details})
    if (!text->empty()) detail += (detail.empty() ? "" : "; ") + *text;
  return detail;
}

std::vector<AuditLine> lines_of_export(const ExportPseudonyms& own, std::span<const AuditLine> lines,
                                       std::int64_t first) {
  std::vector<AuditLine> out(lines.begin(), lines.end());
  std::int64_t number = first;
  for (AuditLine& line : out) {
    line.number = number++;
    line.hash.clear();
    const bool counted = !line.object_id.empty() && line.object_id.find_first_not_of("0123456789") == std::string::npos;
    if (counted) line.object_id = own.id(line.object_kind, line.object_id);
    auto details = nlohmann::ordered_json::parse(line.details, nullptr, false);
    if (!details.is_object()) continue;
    details.erase("text");  // what was searched for: maybe a piece of a pseudonym
    line.details = own.numbers(details.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
  return out;
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
