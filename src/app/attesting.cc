#include <fmt/format.h>

#include <limits>
#include <mutex>

#include "access/signed_statement.h"
#include "app/command.h"
#include "app/installation.h"

namespace candor {

Result<StoredAttestation> Installation::attest(const AttestationOrder& order, AuditEntry line) {
  const std::lock_guard lock(writing_);
  CANDOR_TRY(const auto counted, ledger());
  const AuditLog audit(*store_, keys_, clock_);
  line.action = "attestation.made";
  line.object_kind = kAttestation;
  line.details = fmt::format(R"({{"country":"{}","from":"{}","to":"{}"}})", order.country, format_day(order.from),
                             format_day(order.to));
  CANDOR_TRY_VOID(audit.append(line));
  AuditQuery query;
  query.from = order.from;
  query.to = order.to;
  query.limit = std::numeric_limits<std::int32_t>::max();
  CANDOR_TRY(const AuditPage lines, audit.lines(query));
  CANDOR_TRY(const auto runs, RetentionBook(*store_).runs(std::numeric_limits<std::int32_t>::max()));
  CANDOR_TRY(const AuditVerification verified, audit.verify());
  const auto set = switches().get();
  const Attestation made = candor::attest(order, set->indicators(), set->switches(), counted, lines.lines, runs);
  const bool invented = kind_.get() == DataKind::demo;
  StoredAttestation out{.number = 0, .order = order, .made_at = clock_.now(), .made_by = line.viewer, .statement = {}};
  CANDOR_TRY(out.statement,
             signed_statement(audit, kAttestation, to_json(made, out.made_at, verified, invented, kVersion)));
  return AttestationBook(*store_).keep(std::move(out));
}

}  // namespace candor
