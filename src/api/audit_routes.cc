#include "api/audit_csv.h"
#include "api/body.h"
#include "api/csv.h"
#include "api/json_writer.h"
#include "api/route.h"
#include "api/target.h"

namespace candor::api {

namespace {

Result<AuditQuery> read_audit_query(const Target& target, bool paged, std::int64_t most) {
  QueryReader query(target);
  AuditQuery wanted;
  wanted.from = query.day("from");
  wanted.to = query.day("to");
  wanted.actions = query.texts("action", 50, 64);
  wanted.viewer = query.text("viewer", 64);
  wanted.alert = query.text("alert", 64);
  wanted.limit = most;
  if (paged) {
    const std::int64_t page = query.integer("page", 1, kMostPages, 1);
    wanted.limit = query.integer("limit", 1, 200, 50);
    wanted.offset = (page - 1) * wanted.limit;
  }
  CANDOR_TRY_VOID(query.done());
  return wanted;
}

std::string details_of(const AuditQuery& query, const AuditPage& page) {
  JsonWriter json;
  json.open_object();
  if (query.from) json.day("from", *query.from);
  if (query.to) json.day("to", *query.to);
  if (!query.actions.empty()) {
    json.key("actions").open_array();
    for (const std::string& action : query.actions) json.text(action);
    json.close_array();
  }
  if (query.viewer) json.text("viewer", *query.viewer);
  if (query.alert) json.text("alert", *query.alert);
  json.integer("rows", static_cast<std::int64_t>(page.lines.size())).integer("total", page.total).close_object();
  return json.take();
}

// What viewers read of the log: never what is about people hidden from them.
Result<AuditPage> visible_lines(const RecordDesk& desk, const Call& call, AuditQuery query) {
  query.only_units = call.hidden_people().units_text();
  for (const PersonId& person : call.hidden_people().people) {
    query.not_about.push_back(desk.records.presenter.pseudonym(person));
  }
  return desk.records.audit.lines(query);
}

Result<void> look_at_audit(const RecordDesk& desk, const Call& call, std::string action, std::string details = {}) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "audit";
  entry.details = std::move(details);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.records.presenter.view(call.viewer(), Permission::audit_read, entry));
  return {};
}

Result<Response> list_audit(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(const AuditQuery query, read_audit_query(call.target, true, 0));
  CANDOR_TRY(const AuditPage page, visible_lines(desk, call, query));
  CANDOR_TRY_VOID(look_at_audit(desk, call, "audit.viewed", details_of(query, page)));
  JsonWriter json;
  json.open_object().key("lines").open_array();
  for (const AuditLine& line : page.lines) {
    json.open_object().integer("number", line.number).time("at", line.at).text("viewer", or_null(line.viewer));
    json.text("action", line.action).text("alert", or_null(line.alert)).text("pseudonym", or_null(line.pseudonym));
    json.text("detail", detail_of(line)).close_object();
  }
  json.close_array().integer("total", page.total).integer("page", query.offset / query.limit + 1);
  json.integer("limit", query.limit).close_object();
  return json_response(200, json);
}

Result<Response> export_audit(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  const auto most = static_cast<std::int64_t>(desk.records.most_export_rows);
  CANDOR_TRY(const AuditQuery query, read_audit_query(call.target, false, most));
  CANDOR_TRY(const AuditPage page, visible_lines(desk, call, query));
  CANDOR_TRY_VOID(look_at_audit(desk, call, "audit.exported", details_of(query, page)));
  CsvWriter csv;
  write_audit_head(csv);
  write_audit_rows(csv, call.own == nullptr ? page.lines : lines_of_export(*call.own, page.lines));
  return csv_response(desk, csv, page.lines.size(), page.total > most, "audit");
}

Result<Response> verify(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(look_at_audit(desk, call, "audit.verified"));
  CANDOR_TRY(const AuditVerification verification, desk.records.audit.verify());
  JsonWriter json;
  json.open_object().boolean("whole", verification.whole()).integer("lines", verification.lines).key("broken_at");
  if (verification.broken_at) {
    json.integer(*verification.broken_at);
  } else {
    json.null();
  }
  json.close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> audit_routes() {
  return {{Method::get, "/audit", with(Permission::audit_read), list_audit},
          exporting("audit", {Method::get, "/audit.csv", with(Permission::audit_read), export_audit}),
          {Method::get, "/audit/verification", with(Permission::audit_read), verify}};
}

}  // namespace candor::api
