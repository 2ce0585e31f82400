#pragma once

#include <span>

#include "access/audit_log.h"
#include "api/csv.h"

namespace candor::api {

// The columns of the audit log as CSV: number, at, viewer, action, alert, pseudonym, detail, hash.
void write_audit_head(CsvWriter& csv);
void write_audit_rows(CsvWriter& csv, std::span<const AuditLine> lines);
// What a line tells beside the other columns: objects that are no alert, the reason, details.
std::string detail_of(const AuditLine& line);

}  // namespace candor::api
