#include <utility>

#include "api/body.h"
#include "api/case_desk.h"
#include "api/case_json.h"
#include "api/own_objects.h"
#include "api/target.h"

// Which cases belong together: a link tells of two people, so each act is in the audit log once for each case, and
// neither line names the other.
namespace candor::api {
namespace {

constexpr std::size_t kLongestCaseId = 64;

std::string details_of(std::string_view link_id, std::optional<CaseLinkKind> kind) {
  JsonWriter details;
  details.open_object().text("link", link_id);
  if (kind) details.text("kind", to_text(*kind));
  return details.close_object().take();
}

// What was said of two people, without the names of either.
Result<std::string> for_audit(const Desk& desk, const CaseRow& here, const CaseRow& other, std::string_view said) {
  CANDOR_TRY(const std::string once, desk.context.presenter.for_audit(other.person, said));
  return desk.context.presenter.for_audit(here.person, once);
}

Result<Response> show_links(const RecordDesk& desk, const Call& call, const CaseRow& row, Viewing& viewing,
                            int status = 200) {
  CANDOR_TRY(const CaseLinks links, desk.records.cases.links(row.id, actor_of(call)));
  CANDOR_TRY(const Mask mask, viewing.mask(row.person));
  JsonWriter json;
  json.open_object().key("links").open_array();
  for (const CaseLink& link : links.links) {
    CANDOR_TRY(const PresentedPerson other, viewing.present(link.other.person));
    CANDOR_TRY(const Mask others_mask, viewing.mask(link.other.person));
    write_case_link(json, link, other, mask, others_mask);
  }
  json.close_array().integer("hidden", links.hidden).close_object();
  return json_response(status, json);
}

Result<Response> list_links(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::cases_view,
                                                          about_case(desk, detail.row, "case.links_viewed")));
  return show_links(desk, call, detail.row, viewing);
}

// The act with a line of the audit log for either case.
Result<Viewing> act_on_both(const Desk& desk, const Call& call, const CaseRow& here, const CaseRow& other,
                            const CaseActOf& what, const Presenter::Act& act) {
  CANDOR_TRY_VOID(refuse_own_team(desk, call.viewer(), other.person));
  AuditEntry of_other = about_case(desk, other, what.action);
  of_other.viewer = call.viewer().user();
  of_other.details = what.details;
  CANDOR_TRY(of_other.reason, for_audit(desk, here, other, what.said));
  CaseActOf of_here = what;
  of_here.said = of_other.reason;
  return act_on(desk, call, here, of_here, [&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(act(work));
    CANDOR_TRY_VOID(desk.context.audit.append(work, of_other));
    return {};
  });
}

Result<Response> link(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"case_id", 1, kLongestCaseId},
                                                       {"kind", 1, 40},
                                                       {"reason", kShortestReason, kLongestReason, true}}));
  const auto kind = case_link_kind(body.at("kind"));
  if (!kind) return fail("api.bad_property", "property `kind` is not one of the kinds of links");
  CANDOR_TRY(const CaseDetail here, case_at(desk, call));
  CANDOR_TRY(const std::string other_id, visible_id(desk, call.viewer(), ObjectKind::case_file, body.at("case_id")));
  CANDOR_TRY(const CaseDetail other, desk.context.cases.get(other_id, actor_of(call)));
  const CaseBook::NewLink made{
      .id = CaseBook::new_id(), .other = other.row.id, .kind = *kind, .reason = body.at("reason")};
  CANDOR_TRY(
      Viewing viewing,
      act_on_both(desk, call, here.row, other.row,
                  {.action = "case.linked", .said = body.at("reason"), .details = details_of(made.id, kind)},
                  [&](Transaction& work) { return desk.context.cases.link(work, here.row.id, made, actor_of(call)); }));
  return show_links(desk, call, here.row, viewing, 201);
}

Result<Response> unlink(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", kShortestReason, kLongestReason, true}}));
  const std::string& link_id = call.parameter("link_id");
  CANDOR_TRY(const CaseDetail here, case_at(desk, call));
  CANDOR_TRY(const CaseRow other, desk.context.cases.linked_to(here.row.id, link_id, actor_of(call)));
  CANDOR_TRY(
      Viewing viewing,
      act_on_both(desk, call, here.row, other,
                  {.action = "case.unlinked", .said = body.at("reason"), .details = details_of(link_id, std::nullopt)},
                  [&](Transaction& work) {
                    return desk.context.cases.unlink(work, here.row.id, link_id, body.at("reason"), actor_of(call));
                  }));
  return show_links(desk, call, here.row, viewing);
}

}  // namespace

std::vector<Route> case_link_routes() {
  return {{Method::get, "/cases/{case_id}/links", with(Permission::cases_view), list_links},
          {Method::post, "/cases/{case_id}/links", with(Permission::cases_work), link},
          {Method::post, "/cases/{case_id}/links/{link_id}/unlink", with(Permission::cases_work), unlink}};
}

}  // namespace candor::api
