#include <iterator>
#include <set>
#include <utility>

#include "api/alert_json.h"
#include "api/alert_query.h"
#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/second_reader.h"
#include "api/target.h"
#include "policy/explain.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestAlertNote = 4000;
constexpr std::size_t kLongestUser = 64;

AuditEntry about(const AlertRow& row, std::string action, std::string pseudonym) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "alert";
  entry.object_id = row.id;
  entry.alert = row.id;
  entry.pseudonym = std::move(pseudonym);
  return entry;
}

Result<AlertQuery> read_alert_query(const Call& call) {
  QueryReader query(call.target);
  AlertQuery wanted;
  read_alert_filter(query, call, wanted);
  read_alert_order(query, wanted);
  const std::int64_t page = query.integer("page", 1, kMostPages, 1);
  wanted.limit = static_cast<std::size_t>(query.integer("limit", 1, 200, 50));
  wanted.offset = static_cast<std::size_t>(page - 1) * wanted.limit;
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY_VOID(may_filter(call, wanted));
  return wanted;
}

// For the audit log.
std::string details_of(const AlertQuery& query, const AlertPage& page, bool automatic) {
  JsonWriter json;
  json.open_object();
  write_alert_filter(json, query);
  if (query.by_person) json.boolean("by_person", true);
  if (query.offset > 0) json.integer("offset", static_cast<std::int64_t>(query.offset));
  if (automatic) json.boolean("automatic", true);
  json.integer("rows", static_cast<std::int64_t>(page.alerts.size())).integer("total", page.total).close_object();
  return json.take();
}

void write_more(JsonWriter& json, const MoreAlerts& more) {
  json.key("more").open_object().integer("total", more.total).key("alerts").open_array();
  for (const AlertRow& row : more.first) {
    json.open_object().text("id", row.id).text("severity", to_text(row.severity)).points("score", row.score);
    json.key("policy").open_object().text("id", row.policy).text("name", row.policy_name).close_object();
    json.text("status", to_text(row.status)).close_object();
  }
  json.close_array().close_object();
}

// Which alerts of a page are in a case that is linked to another, for who sees cases. What waits is in none.
Result<std::set<std::string>> in_linked_cases(const RecordDesk& desk, const Call& call, const AlertPage& page) {
  if (!call.viewer().may(Permission::cases_view)) return {};
  std::vector<std::string> asked;
  for (const AlertRow& row : page.alerts) {
    if (row.status != AlertStatus::needs_review) asked.push_back(row.id);
  }
  CANDOR_TRY(auto linked, desk.records.cases.in_linked_cases(asked, CaseActor(call.viewer())));
  return std::set<std::string>(std::make_move_iterator(linked.begin()), std::make_move_iterator(linked.end()));
}

Result<Response> list_alerts(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(const AlertQuery query, read_alert_query(call));
  const TimePoint as_of = desk.records.clock.now();  // before the rows are read: what changes from then on is later
  CANDOR_TRY(const AlertPage page, desk.records.alerts.find(query));
  AuditEntry look;
  look.action = "queue.viewed";
  look.object_kind = "alerts";
  look.details = details_of(query, page, !call.request.header("x-candor-automatic").empty());
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::alerts_read, look));
  JsonWriter json;
  json.open_object().key("alerts").open_array();
  CANDOR_TRY(const std::set<std::string> linked, in_linked_cases(desk, call, page));
  for (std::size_t i = 0; i < page.alerts.size(); ++i) {
    CANDOR_TRY(const PresentedPerson person, viewing.present(page.alerts[i].person));
    json.open_object();
    write_alert_row(json, page.alerts[i], person);
    write_assigned(json, page.alerts[i]);
    json.boolean("in_linked_case", linked.contains(page.alerts[i].id));
    if (query.by_person) write_more(json, page.more[i]);
    json.close_object();
  }
  json.close_array().integer("total", page.total).integer("matching", page.matching).time("as_of", as_of);
  json.integer("page", static_cast<std::int64_t>(query.offset / query.limit) + 1);
  json.integer("limit", static_cast<std::int64_t>(query.limit));
  json.key("needs_review").open_object().integer("low", page.needs_review[0]);
  json.integer("medium", page.needs_review[1]).integer("high", page.needs_review[2]).close_object();
  json.integer("held", page.held).close_object();
  return json_response(200, json);
}

std::string pseudonym_of(const Desk& desk, const AlertRow& row) { return desk.context.presenter.pseudonym(row.person); }

Result<Response> show_alert(Desk& desk, const AlertDetail& detail, Viewing& viewing) {
  CANDOR_TRY(const PresentedPerson person, viewing.present(detail.row.person));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  CANDOR_TRY(const auto policy, desk.policies.find(detail.row.policy, detail.assessment.policy_version));
  std::optional<CaseRow> its_case;
  if (viewing.viewer().may(Permission::cases_view)) {
    CANDOR_TRY(its_case, desk.context.cases.case_of(detail.row.id, CaseActor(viewing.viewer())));
  }
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(const auto hidden, hidden_dismissal(desk, viewing.viewer(), reading, detail.row.id));
  CANDOR_TRY(auto second, rereads_of(desk).answered(reading, detail.row.id));
  const AlertDetail shown = hidden ? without_decisions(detail) : detail;
  JsonWriter json;
  write_alert(json, {.detail = shown,
                     .person = person,
                     .indicators = *desk.context.indicators,
                     .policy = *policy,
                     .mask = mask,
                     .its_case = std::move(its_case),
                     .second_reading = hidden ? std::nullopt : std::move(second),
                     .waits_for_reread = hidden.has_value()});
  return json_response(200, json);
}

Result<Response> get_alert(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::alerts_read,
                                         about(detail.row, "alert.viewed", pseudonym_of(desk, detail.row))));
  return show_alert(desk, detail, viewing);
}

Result<Response> decide(Desk& desk, const Call& call, const std::string& action, const std::string& said,
                        const Presenter::Act& act) {
  const std::string& id = call.parameter("alert_id");
  CANDOR_TRY(const AlertDetail before, desk.context.alerts.get(id));
  AuditEntry entry = about(before.row, action, pseudonym_of(desk, before.row));
  CANDOR_TRY(entry.reason, desk.context.presenter.for_audit(before.row.person, said));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.act(call.viewer(), Permission::alerts_decide, entry, act));
  CANDOR_TRY(const AlertDetail after, desk.context.alerts.get(id));
  return show_alert(desk, after, viewing);
}

Result<Response> dismiss(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(
      const Body body,
      read_body(call.request, {{"reason", 1, 40}, {"note", 0, kLongestAlertNote, true}, {"evidence_until", 1, 40}}));
  const std::optional<DismissReason> reason = dismiss_reason(body.at("reason"));
  if (!reason) return fail("api.bad_property", "property `reason` is not one of the reasons to dismiss");
  const std::optional<TimePoint> until = parse_time(body.at("evidence_until"));
  if (!until) return fail("api.bad_property", "property `evidence_until` is not a time");
  const std::string& note = body.at("note");
  const std::string said = body.at("reason") + (note.empty() ? "" : ": " + note);
  const std::string& id = call.parameter("alert_id");
  return decide(desk, call, "alert.dismissed", said, [&](Transaction& work) {
    return queue_acts_of(desk).dismiss(work, id, *reason, note, *until, call.viewer().user(), reread_rule(desk));
  });
}

Result<Response> confirm(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"note", 0, kLongestAlertNote, true}}));
  return decide(desk, call, "alert.confirmed", body.at("note"), [&](Transaction& work) {
    return desk.context.alerts.confirm(work, call.parameter("alert_id"), body.at("note"), call.viewer().user());
  });
}

Result<Response> comment(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"text", 1, kLongestAlertNote, true}}));
  const std::string& id = call.parameter("alert_id");
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(id));
  AlertComment added;
  CANDOR_TRY(
      Viewing viewing,
      desk.context.presenter.act(
          call.viewer(), Permission::alerts_comment,
          about(detail.row, "alert.commented", pseudonym_of(desk, detail.row)), [&](Transaction& work) -> Result<void> {
            CANDOR_TRY(added, desk.context.alerts.comment(work, id, body.at("text"), call.viewer().user()));
            return {};
          }));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  JsonWriter json;
  write_alert_comment(json, added, mask);
  return json_response(201, json);
}

Result<Response> assign_alert(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"to", 0, kLongestUser}}));
  const std::string& to = body.at("to");
  const std::string& id = call.parameter("alert_id");
  CANDOR_TRY(const AlertDetail before, desk.context.alerts.get(id));
  if (!to.empty()) CANDOR_TRY_VOID(queue_acts_of(desk).may_be_given(to, before.row.person));
  AuditEntry entry = about(before.row, "alert.assigned", pseudonym_of(desk, before.row));
  JsonWriter details;
  entry.details = details.open_object().text("to", to).close_object().take();
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(call.viewer(), Permission::alerts_decide, entry,
                                        [&](Transaction& work) { return AlertBook::assign(work, id, to); }));
  CANDOR_TRY(const AlertDetail after, desk.context.alerts.get(id));
  return show_alert(desk, after, viewing);
}

// Ids and places, of alerts that the viewer's queue lists anyway: what is in them is another look.
Result<Response> alert_neighbours(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  AlertQuery wanted;
  read_alert_filter(query, call, wanted);
  read_alert_order(query, wanted);
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY_VOID(may_filter(call, wanted));
  CANDOR_TRY(const AlertNeighbours found, desk.records.alerts.neighbours(call.parameter("alert_id"), wanted));
  JsonWriter json;
  const auto id_or_null = [&](std::string_view name, const std::string& id) {
    if (id.empty()) {
      json.null(name);
    } else {
      json.text(name, id);
    }
  };
  json.open_object();
  id_or_null("previous", found.previous);
  id_or_null("next", found.next);
  if (found.place == 0) {
    json.null("place");
  } else {
    json.integer("place", found.place);
  }
  json.integer("total", found.total).close_object();
  return json_response(200, json);
}

// Who may be given alerts: whoever decides about them.
Result<Response> list_assignees(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto viewers, desk.records.viewers.list());
  CANDOR_TRY(auto reading, desk.records.store.read());
  JsonWriter json;
  json.open_object().key("assignees").open_array();
  for (const ViewerInfo& viewer : viewers) {
    CANDOR_TRY(const Permissions permissions, desk.records.viewers.permissions_of(reading, viewer.user));
    if (allows(permissions, Permission::alerts_decide)) json.text(viewer.user);
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> alert_routes() {
  return {{Method::get, "/alerts", with(Permission::alerts_read), list_alerts},
          {Method::get, "/alerts/{alert_id}", with(Permission::alerts_read), get_alert},
          {Method::get, "/alerts/{alert_id}/neighbours", with(Permission::alerts_read), alert_neighbours},
          {Method::get, "/assignees", with(Permission::alerts_decide), list_assignees},
          {Method::post, "/alerts/{alert_id}/assign", with(Permission::alerts_decide), assign_alert},
          {Method::post, "/alerts/{alert_id}/dismiss", with(Permission::alerts_decide), dismiss},
          {Method::post, "/alerts/{alert_id}/confirm", with(Permission::alerts_decide), confirm},
          {Method::post, "/alerts/{alert_id}/comments", with(Permission::alerts_comment), comment}};
}

}  // namespace candor::api
