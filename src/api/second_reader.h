#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "api/route.h"
#include "cases/reread_book.h"

// What a second reader of a dismissal may not know before they answered, and how routes keep it from them.
namespace candor::api {

RereadBook rereads_of(const RecordDesk& desk);
// As the settings have it now.
RereadRule reread_rule(const Desk& desk);

// Whether dismissals may be given to the viewer to read again: they decide about alerts, and do not read the audit log,
// which tells who dismissed what and why.
bool reads_again(const Viewer& viewer);
// The one that waits at an alert, when the viewer may come to read it and must not know of the first reading. Whoever
// dismissed it knows; so does who reads the audit log. It does not ask whom the alert is about: somebody who may not
// answer it may tell somebody who may.
Result<std::optional<Reread>> hidden_dismissal(const RecordDesk& desk, const Viewer& viewer, Reading& reading,
                                               std::string_view alert_id);
// The alerts of all of these.
Result<std::set<std::string>> hidden_dismissals(const RecordDesk& desk, const Viewer& viewer, Reading& reading);
// The alert without anything of what was decided or said about it: decisions, their lines of history, comments.
AlertDetail without_decisions(AlertDetail detail);

}  // namespace candor::api
