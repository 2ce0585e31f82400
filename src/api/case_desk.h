#pragma once

#include <string>
#include <string_view>

#include "api/route.h"
#include "cases/cases.h"

// What the routes of cases share: each look and act inside a case begins here, and is in the audit log.
namespace candor::api {

CaseActor actor_of(const Call& call);
// The case of the path, unless it is about the viewer. `cases.not_found`.
Result<CaseDetail> case_at(const RecordDesk& desk, const Call& call);
AuditEntry about_case(const RecordDesk& desk, const CaseRow& row, std::string action);

// A look at what only members may read: who is none leaves the line `<action> failed`.
Result<Viewing> look_inside(const RecordDesk& desk, const Call& call, const CaseRow& row, std::string action);

// An act on the case of the path. `said`: what the viewer typed, for the audit log; `entry`'s viewer, object and person
// are filled in.
struct CaseActOf {
  Permission permission = Permission::cases_work;
  std::string action = {};
  std::string said = {};
  std::string alert = {};
  std::string details = {};
};
Result<Viewing> act_on(const RecordDesk& desk, const Call& call, const CaseRow& row, const CaseActOf& what,
                       const Presenter::Act& act);

}  // namespace candor::api
