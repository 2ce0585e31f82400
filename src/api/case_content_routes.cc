#include <algorithm>
#include <charconv>
#include <utility>

#include "api/body.h"
#include "api/case_desk.h"
#include "api/case_json.h"
#include "api/target.h"
#include "base/utf8.h"

// What is inside a case: notes, tasks, evidence; and its history.
namespace candor::api {
namespace {

constexpr std::size_t kLongestCaseNote = 10'000;
constexpr std::size_t kLongestTask = 1'000;

struct PageOf {
  std::size_t offset = 0;
  std::size_t limit = 0;
};

Result<PageOf> read_page(const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const std::int64_t page = query.integer("page", 1, kMostPages, 1);
  const auto limit = static_cast<std::size_t>(query.integer("limit", 1, 200, 50));
  CANDOR_TRY_VOID(query.done());
  return PageOf{.offset = static_cast<std::size_t>(page - 1) * limit, .limit = limit};
}

// A number of the path; one that is none names nothing there is.
std::int64_t number_of(const Call& call, std::string_view name) {
  const std::string& text = call.parameter(name);
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size() ? number : 0;
}

template <typename Line>
Result<Response> page_response(Viewing& viewing, const CaseRow& row, std::string_view name,
                               const CaseLines<Line>& lines, const PageOf& page,
                               void (*write)(JsonWriter&, const Line&, const Mask&)) {
  CANDOR_TRY(const Mask mask, viewing.mask(row.person));
  JsonWriter json;
  json.open_object().key(name).open_array();
  for (const Line& line : lines.lines) write(json, line, mask);
  json.close_array().integer("total", lines.total);
  json.integer("page", static_cast<std::int64_t>(page.offset / page.limit) + 1);
  json.integer("limit", static_cast<std::int64_t>(page.limit)).close_object();
  return json_response(200, json);
}

Result<Response> history(RecordDesk& desk, const Call& call) {
  CANDOR_TRY(const PageOf page, read_page(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::cases_view,
                                                          about_case(desk, detail.row, "case.history_viewed")));
  CANDOR_TRY(const auto lines, desk.records.cases.history(detail.row.id, actor_of(call), page.offset, page.limit));
  return page_response(viewing, detail.row, "history", lines, page, &write_case_line);
}

Result<Response> notes(RecordDesk& desk, const Call& call) {
  CANDOR_TRY(const PageOf page, read_page(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, look_inside(desk, call, detail.row, "case.notes_viewed"));
  CANDOR_TRY(const auto lines, desk.records.cases.notes(detail.row.id, actor_of(call), page.offset, page.limit));
  return page_response(viewing, detail.row, "notes", lines, page, &write_case_note);
}

Result<Response> add_note(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"text", 1, kLongestCaseNote, true}}));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CaseNote added;
  CANDOR_TRY(Viewing viewing,
             act_on(desk, call, detail.row, {.action = "case.note_added"}, [&](Transaction& work) -> Result<void> {
               CANDOR_TRY(added, desk.context.cases.add_note(work, detail.row.id, body.at("text"), actor_of(call)));
               return {};
             }));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  JsonWriter json;
  write_case_note(json, added, mask);
  return json_response(201, json);
}

Result<Response> show_tasks(const RecordDesk& desk, const Call& call, const CaseRow& row, Viewing& viewing,
                            int status) {
  CANDOR_TRY(const auto tasks, desk.records.cases.tasks(row.id, actor_of(call)));
  CANDOR_TRY(const Mask mask, viewing.mask(row.person));
  JsonWriter json;
  json.open_object().key("tasks").open_array();
  for (const CaseTask& task : tasks) write_case_task(json, task, mask);
  json.close_array().close_object();
  return json_response(status, json);
}

Result<Response> tasks(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, look_inside(desk, call, detail.row, "case.tasks_viewed"));
  return show_tasks(desk, call, detail.row, viewing, 200);
}

Result<Response> add_task(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"text", 1, kLongestTask, true},
                                                       {.name = "due", .shortest = 10, .longest = 10, .optional = true},
                                                       {.name = "assigned_to", .longest = 64, .optional = true}}));
  std::optional<Day> due;
  if (const auto found = body.find("due"); found != body.end()) {
    due = parse_day(found->second);
    if (!due) return fail("api.bad_property", "property `due` is not a day");
  }
  const auto assigned = body.find("assigned_to");
  const std::string to = assigned == body.end() ? "" : assigned->second;
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(
      Viewing viewing,
      act_on(desk, call, detail.row, {.action = "case.task_added"}, [&](Transaction& work) -> Result<void> {
        CANDOR_TRY_VOID(desk.context.cases.add_task(work, detail.row.id, body.at("text"), due, to, actor_of(call)));
        return {};
      }));
  return show_tasks(desk, call, detail.row, viewing, 201);
}

Result<Response> finish_task(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  const std::int64_t number = number_of(call, "number");
  CANDOR_TRY(Viewing viewing, act_on(desk, call, detail.row, {.action = "case.task_done"}, [&](Transaction& work) {
               return desk.context.cases.finish_task(work, detail.row.id, number, actor_of(call));
             }));
  return show_tasks(desk, call, detail.row, viewing, 200);
}

Result<Response> evidence(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, look_inside(desk, call, detail.row, "case.evidence_viewed"));
  CANDOR_TRY(const auto files, desk.records.cases.evidence(detail.row.id, actor_of(call)));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  JsonWriter json;
  json.open_object().key("evidence").open_array();
  for (const CaseEvidence& one : files) write_case_evidence(json, one, mask);
  json.close_array().close_object();
  return json_response(200, json);
}

// A header holds no other letters than those of the ASCII, and an address must not hold a name at all.
Result<std::string> name_of(const Request& request) {
  const Error fault{"cases.bad_evidence", "send the file's name percent-encoded (UTF-8) as `X-Candor-File-Name`"};
  const std::string_view text = request.header("x-candor-file-name");
  if (text.empty() || text.size() > 3 * kLongestEvidenceName || request.count("x-candor-file-name") != 1)
    return std::unexpected(fault);
  std::string name;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      name += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
    if (high < 0 || low < 0) return std::unexpected(fault);
    name += static_cast<char>(high * 16 + low);
    at += 2;
  }
  if (!is_utf8(name)) return std::unexpected(fault);
  return name;
}

Result<Response> add_evidence(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const std::string name, name_of(call.request));
  if (call.request.header("content-type") != "application/octet-stream")
    return fail("api.bad_content_type", "send the file's bytes as Content-Type: application/octet-stream");
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  JsonWriter details;
  details.open_object().integer("size", static_cast<std::int64_t>(call.request.body.size()));
  // In the chain of the audit log, so that no later file can take its place.
  details.text("sha256", CaseBook::digest_of(call.request.body)).close_object();
  CaseEvidence added;
  CANDOR_TRY(Viewing viewing,
             act_on(desk, call, detail.row, {.action = "case.evidence_added", .details = details.take()},
                    [&](Transaction& work) -> Result<void> {
                      CANDOR_TRY(added, desk.context.cases.add_evidence(work, detail.row.id, name, call.request.body,
                                                                        actor_of(call)));
                      return {};
                    }));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  JsonWriter json;
  write_case_evidence(json, added, mask);
  return json_response(201, json);
}

// What any file system takes, and what looks like what it is: letters, digits, dot, dash, underscore.
std::string plain_name(const CaseRow& row, const CaseEvidence& evidence, const std::string& shown) {
  std::string name = "case-" + std::to_string(row.number) + "-" + std::to_string(evidence.number) + "-";
  const std::size_t end = std::min<std::size_t>(name.size() + 100, name.size() + shown.size());
  for (const char c : shown) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (name.size() < end) name += plain ? c : '_';
  }
  return name;
}

// Only ever a file to keep: nothing in it is shown, run or guessed at by the browser.
Result<Response> file(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  const std::int64_t number = number_of(call, "number");
  CANDOR_TRY(Viewing viewing, look_inside(desk, call, detail.row, "case.evidence_downloaded"));
  CANDOR_TRY(CaseBook::File found, desk.records.cases.file(detail.row.id, number, actor_of(call)));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  const std::string name = plain_name(detail.row, found.evidence, mask.text(found.evidence.name).text());
  Response response{.status = 200, .headers = {}, .body = std::move(found.bytes)};
  response.set("Content-Type", "application/octet-stream");
  response.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
  response.set("Content-Security-Policy", "default-src 'none'; sandbox");
  return response;
}

}  // namespace

std::vector<Route> case_content_routes() {
  return {{Method::get, "/cases/{case_id}/history", with(Permission::cases_view), history},
          {Method::get, "/cases/{case_id}/notes", with(Permission::cases_view), notes},
          {Method::post, "/cases/{case_id}/notes", with(Permission::cases_work), add_note},
          {Method::get, "/cases/{case_id}/tasks", with(Permission::cases_view), tasks},
          {Method::post, "/cases/{case_id}/tasks", with(Permission::cases_work), add_task},
          {Method::post, "/cases/{case_id}/tasks/{number}/done", with(Permission::cases_work), finish_task},
          {Method::get, "/cases/{case_id}/evidence", with(Permission::cases_view), evidence},
          {Method::post, "/cases/{case_id}/evidence", with(Permission::cases_work), add_evidence},
          {Method::get, "/cases/{case_id}/evidence/{number}/file", with(Permission::cases_view), file}};
}

}  // namespace candor::api
