#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "api/alert_json.h"
#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/second_reader.h"
#include "api/target.h"
#include "policy/explain.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestAlertNote = 4000;
constexpr std::int64_t kMostMassEvents = 1'000'000'000;  // their numbers

constexpr std::array kSorts = {std::pair{std::string_view("score"), AlertSort::score},
                               std::pair{std::string_view("first_day"), AlertSort::first_day},
                               std::pair{std::string_view("last_day"), AlertSort::last_day},
                               std::pair{std::string_view("created"), AlertSort::created},
                               std::pair{std::string_view("updated"), AlertSort::updated},
                               std::pair{std::string_view("policy"), AlertSort::policy},
                               std::pair{std::string_view("status"), AlertSort::status},
                               std::pair{std::string_view("severity"), AlertSort::severity}};

AuditEntry about(const AlertRow& row, std::string action, std::string pseudonym) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "alert";
  entry.object_id = row.id;
  entry.alert = row.id;
  entry.pseudonym = std::move(pseudonym);
  return entry;
}

std::optional<AlertSeverity> severity_of(std::string_view text) {
  for (const AlertSeverity severity : {AlertSeverity::low, AlertSeverity::medium, AlertSeverity::high})
    if (to_text(severity) == text) return severity;
  return std::nullopt;
}

void read_sort(QueryReader& query, AlertQuery& wanted) {
  const std::optional<std::string> text = query.text("sort", 20);
  if (!text) return;
  wanted.descending = text->starts_with('-');
  const std::string_view name = std::string_view(*text).substr(wanted.descending ? 1 : 0);
  const auto* found = std::ranges::find(kSorts, name, &std::pair<std::string_view, AlertSort>::first);
  if (found == kSorts.end()) {
    query.refuse("sort", "is not one of the columns to sort by");
    return;
  }
  wanted.sort = found->second;
}

Result<AlertQuery> read_alert_query(const Call& call) {
  QueryReader query(call.target);
  AlertQuery wanted;
  wanted.not_about = call.hidden_people();
  for (const std::string& text : query.texts("status", 8, 20)) {
    const std::optional<AlertStatus> status = alert_status(text);
    if (status) wanted.statuses.push_back(*status);
    if (!status) query.refuse("status", "is not a status of an alert");
  }
  for (const std::string& text : query.texts("severity", 3, 10)) {
    const std::optional<AlertSeverity> severity = severity_of(text);
    if (severity) wanted.severities.push_back(*severity);
    if (!severity) query.refuse("severity", "is not low, medium or high");
  }
  wanted.policies = query.texts("policy", 50, 128);
  wanted.text = query.text("text", 100).value_or("");
  read_sort(query, wanted);
  wanted.by_person = query.boolean("by_person", false);
  wanted.held = query.optional_boolean("held");
  wanted.mass_event = query.integer("mass_event", 0, kMostMassEvents, 0);
  const std::int64_t page = query.integer("page", 1, kMostPages, 1);
  wanted.limit = static_cast<std::size_t>(query.integer("limit", 1, 200, 50));
  wanted.offset = static_cast<std::size_t>(page - 1) * wanted.limit;
  CANDOR_TRY_VOID(query.done());
  return wanted;
}

// For the audit log. Not the text searched for: somebody may type a name there.
std::string details_of(const AlertQuery& query, const AlertPage& page, bool automatic) {
  JsonWriter json;
  json.open_object();
  const auto list = [&](std::string_view name, const auto& values, const auto& text_of) {
    if (values.empty()) return;
    json.key(name).open_array();
    for (const auto& value : values) json.text(text_of(value));
    json.close_array();
  };
  list("status", query.statuses, [](AlertStatus status) { return to_text(status); });
  list("severity", query.severities, [](AlertSeverity severity) { return to_text(severity); });
  list("policies", query.policies, [](const std::string& policy) { return std::string_view(policy); });
  if (!query.text.empty()) json.boolean("searched", true);
  if (query.by_person) json.boolean("by_person", true);
  if (query.held) json.boolean("held", *query.held);
  if (query.mass_event != 0) json.integer("mass_event", query.mass_event);
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
Result<std::set<std::string>> in_linked_cases(const Desk& desk, const Call& call, const AlertPage& page) {
  if (!call.viewer().may(Permission::cases_view)) return {};
  std::vector<std::string> asked;
  for (const AlertRow& row : page.alerts) {
    if (row.status != AlertStatus::needs_review) asked.push_back(row.id);
  }
  CANDOR_TRY(auto linked, desk.context.cases.in_linked_cases(asked, CaseActor(call.viewer())));
  return std::set<std::string>(std::make_move_iterator(linked.begin()), std::make_move_iterator(linked.end()));
}

Result<Response> list_alerts(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(const AlertQuery query, read_alert_query(call));
  CANDOR_TRY(const AlertPage page, desk.context.alerts.find(query));
  AuditEntry look;
  look.action = "queue.viewed";
  look.object_kind = "alerts";
  look.details = details_of(query, page, !call.request.header("x-candor-automatic").empty());
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_read, look));
  JsonWriter json;
  json.open_object().key("alerts").open_array();
  CANDOR_TRY(const std::set<std::string> linked, in_linked_cases(desk, call, page));
  for (std::size_t i = 0; i < page.alerts.size(); ++i) {
    CANDOR_TRY(const PresentedPerson person, viewing.present(page.alerts[i].person));
    json.open_object();
    write_alert_row(json, page.alerts[i], person);
    json.boolean("in_linked_case", linked.contains(page.alerts[i].id));
    if (query.by_person) write_more(json, page.more[i]);
    json.close_object();
  }
  json.close_array().integer("total", page.total);
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
  return decide(desk, call, "alert.dismissed", said, [&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(desk.context.alerts.dismiss(work, id, *reason, note, *until, call.viewer().user()));
    CANDOR_TRY(const bool chosen, rereads_of(desk).choose(work, id, reread_rule(desk)));
    if (!chosen) return {};
    // By Candor itself: whoever dismissed it is not told.
    CANDOR_TRY(const AlertRow row, AlertBook::row(work, id));
    CANDOR_TRY_VOID(desk.context.audit.append(work, about(row, "reread.chosen", pseudonym_of(desk, row))));
    return {};
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

}  // namespace

std::vector<Route> alert_routes() {
  return {{Method::get, "/alerts", with(Permission::alerts_read), list_alerts},
          {Method::get, "/alerts/{alert_id}", with(Permission::alerts_read), get_alert},
          {Method::post, "/alerts/{alert_id}/dismiss", with(Permission::alerts_decide), dismiss},
          {Method::post, "/alerts/{alert_id}/confirm", with(Permission::alerts_decide), confirm},
          {Method::post, "/alerts/{alert_id}/comments", with(Permission::alerts_comment), comment}};
}

}  // namespace candor::api
