#include <utility>

#include "access/viewers_state.h"
#include "api/body.h"
#include "api/case_desk.h"
#include "api/case_json.h"
#include "api/own_objects.h"
#include "api/target.h"

// The list of cases and what a case is about: opening, alerts, closing, reopening.
namespace candor::api {
namespace {

constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestAlertId = 64;

Result<CaseQuery> read_case_query(const RecordDesk& desk, const Call& call) {
  QueryReader query(call.target);
  CaseQuery wanted;
  if (const auto text = query.text("state", 10)) {
    wanted.state = case_state(*text);
    if (!wanted.state) query.refuse("state", "is not open or closed");
  }
  wanted.owner = query.text("owner", kLongestUser).value_or("");
  wanted.member = query.text("member", kLongestUser).value_or("");
  auto alert = query.text("alert", kLongestAlertId);
  const std::int64_t page = query.integer("page", 1, kMostPages, 1);
  wanted.limit = static_cast<std::size_t>(query.integer("limit", 1, 200, 50));
  wanted.offset = static_cast<std::size_t>(page - 1) * wanted.limit;
  CANDOR_TRY_VOID(query.done());
  if (alert) {
    CANDOR_TRY(alert, visible_id(desk, call.viewer(), ObjectKind::alert, *alert));
    CANDOR_TRY(auto reading, desk.records.store.read());
    CANDOR_TRY(const AlertRow row, AlertBook::row(reading, *alert));
    wanted.person = row.person;
  }
  return wanted;
}

// What was asked for; owners are viewers of ours.
std::string details_of(const CaseQuery& query, const CasePage& page) {
  JsonWriter json;
  json.open_object();
  if (query.state) json.text("state", to_text(*query.state));
  if (!query.owner.empty()) json.text("owner", query.owner);
  if (!query.member.empty()) json.text("member", query.member);
  if (query.offset > 0) json.integer("offset", static_cast<std::int64_t>(query.offset));
  json.integer("rows", static_cast<std::int64_t>(page.cases.size())).integer("total", page.total).close_object();
  return json.take();
}

Result<Response> list_cases(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(const CaseQuery query, read_case_query(desk, call));
  CANDOR_TRY(const CasePage page, desk.records.cases.find(query, actor_of(call)));
  AuditEntry look;
  look.action = "cases.viewed";
  look.object_kind = "cases";
  look.details = details_of(query, page);
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::cases_view, look));
  JsonWriter json;
  json.open_object().key("cases").open_array();
  for (const CaseRow& row : page.cases) {
    CANDOR_TRY(const PresentedPerson person, viewing.present(row.person));
    CANDOR_TRY(const Mask mask, viewing.mask(row.person));
    json.open_object();
    write_case_row(json, row, person, mask);
    json.close_object();
  }
  json.close_array().integer("total", page.total);
  json.integer("page", static_cast<std::int64_t>(query.offset / query.limit) + 1);
  json.integer("limit", static_cast<std::int64_t>(query.limit)).close_object();
  return json_response(200, json);
}

Result<Response> show_case(const CaseDetail& detail, const Call& call, Viewing& viewing, int status = 200) {
  CANDOR_TRY(const PresentedPerson person, viewing.present(detail.row.person));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  JsonWriter json;
  write_case(json, detail, actor_of(call), person, mask);
  return json_response(status, json);
}

Result<Response> get_case(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::cases_view,
                                                          about_case(desk, detail.row, "case.viewed")));
  return show_case(detail, call, viewing);
}

Result<AlertDetail> alert_of_body(const Desk& desk, const Call& call, const Body& body) {
  CANDOR_TRY(const std::string id, visible_id(desk, call.viewer(), ObjectKind::alert, body.at("alert_id")));
  CANDOR_TRY(AlertDetail alert, desk.context.alerts.get(id));
  CANDOR_TRY_VOID(refuse_own_team(desk, call.viewer(), alert.row.person));
  return alert;
}

Result<Response> open(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"alert_id", 1, kLongestAlertId},
                                                       {"title", 1, kLongestTitle, true},
                                                       {"reason", kShortestReason, kLongestReason, true}}));
  CANDOR_TRY(const AlertDetail alert, alert_of_body(desk, call, body));
  CaseRow row;
  row.id = CaseBook::new_id();
  row.person = alert.row.person;
  const CaseBook::New made{.id = row.id, .alert = alert.row.id, .title = body.at("title"), .reason = body.at("reason")};
  CANDOR_TRY(Viewing viewing,
             act_on(desk, call, row, {.action = "case.opened", .said = body.at("reason"), .alert = alert.row.id},
                    [&](Transaction& work) { return desk.context.cases.open(work, made, actor_of(call)); }));
  CANDOR_TRY(const CaseDetail after, desk.context.cases.get(row.id, actor_of(call)));
  return show_case(after, call, viewing, 201);
}

// An act on the case of the path, and the case as it is then.
Result<Response> change(Desk& desk, const Call& call, const CaseActOf& what, const Presenter::Act& act) {
  CANDOR_TRY(const CaseDetail before, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, act_on(desk, call, before.row, what, act));
  CANDOR_TRY(const CaseDetail after, case_at(desk, call));
  return show_case(after, call, viewing);
}

Result<Response> add_alert(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"alert_id", 1, kLongestAlertId},
                                                       {"reason", kShortestReason, kLongestReason, true}}));
  // Only an alert that is there goes into the log.
  CANDOR_TRY(const AlertDetail alert, alert_of_body(desk, call, body));
  return change(desk, call, {.action = "case.alert_added", .said = body.at("reason"), .alert = alert.row.id},
                [&](Transaction& work) {
                  return desk.context.cases.add_alert(work, call.parameter("case_id"), alert.row.id, body.at("reason"),
                                                      actor_of(call));
                });
}

Result<Response> close(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"resolution", 1, 40},
                                                       {"action", 1, 40},
                                                       {"text", 1, kLongestReason, true},
                                                       {"alerts_seen", 32, 32}}));
  const auto resolution = case_resolution(body.at("resolution"));
  if (!resolution) return fail("api.bad_property", "property `resolution` is not one of the resolutions");
  const auto action = case_action(body.at("action"));
  if (!action) return fail("api.bad_property", "property `action` is not one of the actions taken");
  const CaseBook::Closing closing{
      .resolution = *resolution, .action = *action, .text = body.at("text"), .alerts_seen = body.at("alerts_seen")};
  const std::string said = body.at("resolution") + ", " + body.at("action") + ": " + closing.text;
  return change(desk, call, {.permission = Permission::cases_close, .action = "case.closed", .said = said},
                [&](Transaction& work) {
                  return desk.context.cases.close(work, call.parameter("case_id"), closing, actor_of(call));
                });
}

Result<Response> reopen(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", kShortestReason, kLongestReason, true}}));
  return change(desk, call,
                {.permission = Permission::cases_close, .action = "case.reopened", .said = body.at("reason")},
                [&](Transaction& work) {
                  return desk.context.cases.reopen(work, call.parameter("case_id"), body.at("reason"), actor_of(call));
                });
}

Result<Response> hand_over(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"owner", 1, kLongestUser}, {"reason", kShortestReason, kLongestReason, true}}));
  JsonWriter details;
  details.open_object().text("owner", body.at("owner")).close_object();
  return change(desk, call, {.action = "case.handed_over", .said = body.at("reason"), .details = details.take()},
                [&](Transaction& work) {
                  return desk.context.cases.hand_over(work, call.parameter("case_id"), body.at("owner"),
                                                      body.at("reason"), actor_of(call));
                });
}

Result<Response> contribute(Desk& desk, const Call& call, Permission permission, const std::string& action,
                            const std::string& user, const Presenter::Act& act) {
  JsonWriter details;
  details.open_object().text("contributor", user).close_object();
  return change(desk, call, {.permission = permission, .action = action, .details = details.take()}, act);
}

Result<Response> add_contributor(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"user", 1, kLongestUser}}));
  return contribute(
      desk, call, Permission::cases_work, "case.contributor_added", body.at("user"), [&](Transaction& work) {
        return desk.context.cases.add_contributor(work, call.parameter("case_id"), body.at("user"), actor_of(call));
      });
}

Result<Response> remove_contributor(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const std::string& user = call.parameter("user");
  if (user.size() > kLongestUser) return fail("cases.bad_viewer", "that viewer is no contributor of the case");
  // Whoever only reads may leave; CaseBook decides who else.
  return contribute(desk, call, Permission::cases_view, "case.contributor_removed", user, [&](Transaction& work) {
    return desk.context.cases.remove_contributor(work, call.parameter("case_id"), user, actor_of(call));
  });
}

// Who may be asked to help: viewers, not people that are watched over.
Result<Response> viewers(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto all, desk.records.viewers.list());
  JsonWriter json;
  json.open_object().key("viewers").open_array();
  for (const ViewerInfo& one : all) {
    const Permissions permissions = desk.records.viewers.roles().permissions(one.role);
    if (!allows(permissions, Permission::cases_view)) continue;
    json.open_object().text("user", one.user).boolean("may_own", allows(permissions, Permission::cases_work));
    json.close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> case_routes() {
  return {{Method::get, "/cases", with(Permission::cases_view), list_cases},
          {Method::post, "/cases", with(Permission::cases_work), open},
          {Method::get, "/cases/{case_id}", with(Permission::cases_view), get_case},
          {Method::post, "/cases/{case_id}/alerts", with(Permission::cases_work), add_alert},
          {Method::post, "/cases/{case_id}/close", with(Permission::cases_close), close},
          {Method::post, "/cases/{case_id}/reopen", with(Permission::cases_close), reopen},
          {Method::post, "/cases/{case_id}/owner", with(Permission::cases_work), hand_over},
          {Method::post, "/cases/{case_id}/contributors", with(Permission::cases_work), add_contributor},
          {Method::del, "/cases/{case_id}/contributors/{user}", with(Permission::cases_view), remove_contributor},
          {Method::get, "/case-viewers", with(Permission::cases_work), viewers}};
}

}  // namespace candor::api
