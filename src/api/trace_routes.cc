#include <string>
#include <utility>

#include "api/case_desk.h"
#include "api/case_json.h"
#include "api/report.h"
#include "api/route.h"
#include "api/target.h"
#include "api/trace_json.h"

// Where one content went: a trace that was asked for in a case and agreed to, run, read, exported and kept.
namespace candor::api {

namespace {

// The request of the path with its case, for members of it while it is agreed to.
struct AskedTrace {
  StoredRequest request;
  CaseDetail detail;
  TraceStart start;
};

Result<AskedTrace> trace_asked_for(const Desk& desk, const Call& call) {
  AskedTrace out;
  CANDOR_TRY(out.request, open_request(desk, call, RequestKind::data_trace));
  CANDOR_TRY(out.detail, desk.context.cases.get(out.request.case_id, actor_of(call)));
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY_VOID(desk.context.cases.may_read(reading, out.request.case_id, actor_of(call)));
  CANDOR_TRY(const RequestStart start, desk.context.requests.start_of(reading, out.request));
  const auto kind = trace_start_kind(start.kind);
  if (!kind) return fail("trace.bad_start", "what this trace begins with was made by a later Candor");
  CANDOR_TRY(out.start, read_trace_start(*kind, start.text));
  return out;
}

AuditEntry about_trace(const Desk& desk, const AskedTrace& asked, std::string action, std::string details = {}) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "request";
  entry.object_id = std::to_string(asked.request.number);
  entry.pseudonym = desk.context.presenter.pseudonym(asked.request.person);
  entry.details = std::move(details);
  return entry;
}

// How much was looked at or taken out; no text of it.
std::string details_of(const AskedTrace& asked, const Trace* trace) {
  JsonWriter json;
  json.open_object().text("case", asked.request.case_id).text("start", to_text(asked.start.kind));
  json.day("from", asked.request.from).day("until", asked.request.to);
  if (trace != nullptr) {
    json.integer("steps", static_cast<std::int64_t>(trace->steps.size()));
    json.integer("people", static_cast<std::int64_t>(trace->hands.size()));
  }
  json.close_object();
  return json.take();
}

// Everybody a trace tells of was looked at, most of them without an alert: each has a line of their own in the audit
// log, once a run, and before anything of it is told.
Result<void> note_people(Desk& desk, const Call& call, const AskedTrace& asked, const TraceRun& run,
                         const TraceNames& names) {
  if (run.looked_at) return {};
  CANDOR_TRY_VOID(desk.context.store.transact([&](Transaction& work) -> Result<void> {
    for (const TraceNames::One& one : names.people()) {
      AuditEntry entry = about_trace(desk, asked, "trace.person_shown");
      entry.pseudonym = one.pseudonym;
      CANDOR_TRY_VOID(desk.context.audit.append(work, done_by(call.viewer(), std::move(entry))));
    }
    return {};
  }));
  desk.traces.note_look(run.number);
  return {};
}

// `DataTrace` without what came of it.
void write_head(JsonWriter& json, const AskedTrace& asked, const std::optional<TraceRun>& run,
                const std::string& start) {
  json.open_object().integer("request", asked.request.number).text("case_id", asked.request.case_id);
  json.key("start").open_object().text("kind", to_text(asked.start.kind)).text("text", start).close_object();
  json.day("from", asked.request.from).day("until", asked.request.to);
  json.text("state", run ? to_text(run->state) : "none");
  json.integer("done", run ? run->done : 0).integer("total", run ? run->total : 0);
  json.time("started_at", run ? std::optional(run->started_at) : std::nullopt);
  json.time("ended_at", run ? run->ended_at : std::nullopt);
  const bool failed = run && run->error;
  json.text("failure", failed ? std::optional(run->error->message + " (" + run->error->id + ")") : std::nullopt);
}

// While nothing is shown of anybody but the case's person.
Result<Response> without_result(const Desk& desk, const AskedTrace& asked, const std::optional<TraceRun>& run,
                                int status) {
  CANDOR_TRY(const std::string start, desk.context.presenter.for_audit(asked.request.person, asked.start.text));
  JsonWriter json;
  write_head(json, asked, run, start);
  json.null("result").close_object();
  return json_response(status, json);
}

Result<Response> start_trace(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(AskedTrace asked, trace_asked_for(desk, call));
  if (asked.detail.row.state != CaseState::open) return fail("cases.closed", "the case is closed; reopen it first");
  if (desk.traces.busy()) return fail("trace.busy", "another trace is running; try again when it has ended");
  TraceOrder order{.viewer = call.viewer().user(), .request = asked.request.number, .start = asked.start};
  order.from = asked.request.from;
  order.to = asked.request.to;
  order.without = call.hidden_people();
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::requests_read,
                                         about_trace(desk, asked, "trace.run", details_of(asked, nullptr))));
  CANDOR_TRY(const TraceRun run, desk.traces.start(std::move(order)));
  return without_result(desk, asked, run, 202);
}

Result<Response> get_trace(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AskedTrace asked, trace_asked_for(desk, call));
  const auto run = desk.traces.find(call.viewer().user(), asked.request.number, call.hidden_people());
  if (!run || !run->result) return without_result(desk, asked, run, 200);
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(
                                  call.viewer(), Permission::requests_read,
                                  about_trace(desk, asked, "trace.viewed", details_of(asked, run->result.get()))));
  CANDOR_TRY(TraceNames names, TraceNames::as_seen(viewing, *run->result));
  CANDOR_TRY_VOID(note_people(desk, call, asked, *run, names));
  CANDOR_TRY(const Mask mask, viewing.mask(asked.request.person));
  JsonWriter json;
  write_head(json, asked, run, names.masked(mask.text(asked.start.text).text()));
  json.key("result");
  write_trace(json, *run->result, names);
  json.close_object();
  return json_response(200, json);
}

Result<Response> cancel_trace(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AskedTrace asked, trace_asked_for(desk, call));
  CANDOR_TRY_VOID(desk.traces.cancel(call.viewer().user(), asked.request.number, call.hidden_people()));
  return Response{.status = 204, .headers = {}, .body = {}};
}

// The viewer's last run of it, which found something to tell. `trace.unknown`.
Result<TraceRun> ended_trace(const Desk& desk, const Call& call, const AskedTrace& asked) {
  auto run = desk.traces.find(call.viewer().user(), asked.request.number, call.hidden_people());
  if (run && run->result) return *std::move(run);
  return fail("trace.unknown", "run the trace first: what was found is kept for an hour");
}

std::string file_name(const AskedTrace& asked) { return "trace-" + std::to_string(asked.request.number); }

Result<Viewing> export_look(const Desk& desk, const Call& call, const AskedTrace& asked, const Trace& trace) {
  return desk.context.presenter.view(call.viewer(), Permission::activities_export,
                                     about_trace(desk, asked, "trace.exported", details_of(asked, &trace)));
}

Result<Response> export_csv(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AskedTrace asked, trace_asked_for(desk, call));
  CANDOR_TRY(const TraceRun run, ended_trace(desk, call, asked));
  const Trace& trace = *run.result;
  CANDOR_TRY(Viewing viewing, export_look(desk, call, asked, trace));
  CANDOR_TRY(TraceNames names, TraceNames::as_seen(viewing, trace));
  CANDOR_TRY_VOID(note_people(desk, call, asked, run, names));
  names.set_own(call.own);
  CsvWriter csv;
  const std::size_t rows = write_trace(csv, trace, names);
  return csv_response(desk, csv, rows, trace.steps_left_out > 0 || !trace.read_all, file_name(asked));
}

Result<Response> export_json(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AskedTrace asked, trace_asked_for(desk, call));
  CANDOR_TRY(const TraceRun run, ended_trace(desk, call, asked));
  const Trace& trace = *run.result;
  CANDOR_TRY(Viewing viewing, export_look(desk, call, asked, trace));
  CANDOR_TRY(TraceNames names, TraceNames::as_seen(viewing, trace));
  CANDOR_TRY_VOID(note_people(desk, call, asked, run, names));
  JsonWriter json;
  write_trace(json, trace, names);
  Response response = json_response(200, json);
  response.set("Content-Disposition", "attachment; filename=\"candor-" + file_name(asked) + ".json\"");
  return response;
}

// As evidence of the case, where other members and readers of a package find it: it names nobody, whatever its keeper
// has lifted.
Result<Response> keep_trace(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AskedTrace asked, trace_asked_for(desk, call));
  CANDOR_TRY(const TraceRun run, ended_trace(desk, call, asked));
  CANDOR_TRY(TraceNames names, TraceNames::closed(desk.context.presenter, *run.result));
  CANDOR_TRY_VOID(note_people(desk, call, asked, run, names));
  CANDOR_TRY(const std::string start, desk.context.presenter.for_audit(asked.request.person, asked.start.text));
  JsonWriter json;
  write_head(json, asked, run, names.masked(start));
  json.key("result");
  write_trace(json, *run.result, names);
  json.close_object();
  const std::string bytes = json.take();
  JsonWriter details;
  details.open_object().integer("request", asked.request.number);
  details.integer("size", static_cast<std::int64_t>(bytes.size()));
  details.text("sha256", CaseBook::digest_of(bytes)).close_object();
  CaseEvidence added;
  CANDOR_TRY(Viewing viewing, act_on(desk, call, asked.detail.row, {.action = "trace.kept", .details = details.take()},
                                     [&](Transaction& work) -> Result<void> {
                                       CANDOR_TRY(added, desk.context.cases.add_evidence(work, asked.request.case_id,
                                                                                         file_name(asked) + ".json",
                                                                                         bytes, actor_of(call)));
                                       return {};
                                     }));
  CANDOR_TRY(const Mask mask, viewing.mask(asked.request.person));
  JsonWriter told;
  write_case_evidence(told, added, mask);
  return json_response(201, told);
}

}  // namespace

std::vector<Route> trace_routes() {
  const Needs reads = with(Permission::requests_read, Permission::cases_view);
  return {{Method::post, "/requests/{number}/trace", reads, start_trace},
          {Method::get, "/requests/{number}/trace", reads, get_trace},
          {Method::del, "/requests/{number}/trace", reads, cancel_trace},
          exporting("trace", {Method::get, "/requests/{number}/trace.csv",
                              with(Permission::activities_export, Permission::requests_read), export_csv}),
          exporting("trace", {Method::get, "/requests/{number}/trace.json",
                              with(Permission::activities_export, Permission::requests_read), export_json}),
          {Method::post, "/requests/{number}/trace/keep", with(Permission::cases_work, Permission::requests_read),
           keep_trace}};
}

}  // namespace candor::api
