#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "access/audit_log.h"
#include "access/export_pseudonyms.h"
#include "api/csv.h"

namespace candor::api {

// The columns of the audit log as CSV: number, at, viewer, action, alert, pseudonym, detail, hash.
void write_audit_head(CsvWriter& csv);
void write_audit_rows(CsvWriter& csv, std::span<const AuditLine> lines);
// The lines as an export with pseudonyms of its own has them, before the texts are replaced: counted from `first`, with
// neither hash nor number of the chain, which the same line has in every other file.
std::vector<AuditLine> lines_of_export(const ExportPseudonyms& own, std::span<const AuditLine> lines,
                                       std::int64_t first = 1);
// What a line tells beside the other columns: objects that are no alert, the reason, details.
std::string detail_of(const AuditLine& line);

}  // namespace candor::api
