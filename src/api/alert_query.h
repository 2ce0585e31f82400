#pragma once

#include <string>

#include "alerts/alerts.h"
#include "api/json_writer.h"
#include "api/route.h"
#include "api/target.h"
#include "cases/queue_acts.h"

// Which alerts of the queue a request is about.
namespace candor::api {

// Reads the filter: status, severity, policy, text, held, mass_event, assigned_to, unassigned, in_case, opened_from,
// opened_until, active_from, active_until. Whom the viewer may not see is left out. Faults are the reader's.
void read_alert_filter(QueryReader& query, const Call& call, AlertQuery& wanted);
// The same of `sort` and `by_person`.
void read_alert_order(QueryReader& query, AlertQuery& wanted);
// Whether alerts are in cases is for who sees cases: `access.not_allowed`.
Result<void> may_filter(const Call& call, const AlertQuery& wanted);
// What was asked, for the audit log. Not the text searched for: somebody may type a name there.
void write_alert_filter(JsonWriter& json, const AlertQuery& query);

QueueActs queue_acts_of(const Desk& desk);

}  // namespace candor::api
