#include "api/case_desk.h"

#include <utility>

#include "api/evidence_admission.h"

namespace candor::api {

CaseActor actor_of(const Call& call) { return CaseActor(call.viewer()); }

Result<CaseDetail> case_at(const RecordDesk& desk, const Call& call) {
  return desk.records.cases.get(call.parameter("case_id"), actor_of(call));
}

AuditEntry about_case(const RecordDesk& desk, const CaseRow& row, std::string action) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "case";
  entry.object_id = row.id;
  entry.pseudonym = desk.records.presenter.pseudonym(row.person);
  return entry;
}

Result<Viewing> look_inside(const RecordDesk& desk, const Call& call, const CaseRow& row, std::string action) {
  return desk.records.presenter.act(
      call.viewer(), Permission::cases_view, about_case(desk, row, std::move(action)),
      [&](Transaction& work) { return desk.records.cases.may_read(work, row.id, actor_of(call)); });
}

Result<Viewing> act_on(const RecordDesk& desk, const Call& call, const CaseRow& row, const CaseActOf& what,
                       const Presenter::Act& act) {
  AuditEntry entry = about_case(desk, row, what.action);
  entry.alert = what.alert;
  entry.details = what.details;
  CANDOR_TRY(entry.reason, desk.records.presenter.for_audit(row.person, what.said));
  return desk.records.presenter.act(call.viewer(), what.permission, std::move(entry), act);
}

bool is_evidence_path(std::string_view path) {
  constexpr std::string_view kBefore = "/api/v1/cases/";
  constexpr std::string_view kAfter = "/evidence";
  return path.starts_with(kBefore) && path.ends_with(kAfter) && path.size() > kBefore.size() + kAfter.size();
}

Result<std::size_t> admit_evidence(Viewers& viewers, bool secure_cookies, const Request& head) {
  CANDOR_TRY(const Session session, who_asks(viewers, head, secure_cookies, Viewers::Renewal::no));
  CANDOR_TRY_VOID(session.viewer.require(Permission::cases_work));
  return kLargestEvidence;
}

}  // namespace candor::api
