#include <algorithm>
#include <string>
#include <utility>

#include "api/activity_walk.h"
#include "api/body.h"
#include "api/case_desk.h"
#include "api/own_objects.h"
#include "api/person_at.h"
#include "api/presented_json.h"
#include "api/report.h"
#include "api/route.h"
#include "api/target.h"
#include "assessment/trace.h"
#include "profile/ownership.h"

// Requests for looks that need a second person, and the reports that come of them.
namespace candor::api {

namespace {

constexpr std::size_t kLongestStart = 2'000;  // characters
constexpr std::size_t kLongestName = 500;     // bytes of a file's name that is kept beside an activity
constexpr std::string_view kKindWords = "activity_report, screen_evidence, investigation_package, content, data_trace";

bool decides(const Viewer& viewer) { return viewer.require(Permission::requests_approve).has_value(); }

AuditEntry about_request(const RecordDesk& desk, const StoredRequest& row, std::string action) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "request";
  if (row.number != 0) entry.object_id = std::to_string(row.number);
  entry.alert = row.alert_id;
  entry.pseudonym = desk.records.presenter.pseudonym(row.person);
  JsonWriter details;
  details.open_object().text("kind", to_text(row.kind)).day("from", row.from).day("until", row.to).close_object();
  entry.details = details.take();
  return entry;
}

std::optional<TimePoint> when(TimePoint at) { return at == 0 ? std::nullopt : std::optional(at); }

// Whether the viewer asked for it or is in its case: no decision is theirs then.
Result<bool> is_theirs(const RecordDesk& desk, const StoredRequest& row, const Viewer& viewer) {
  CANDOR_TRY(auto reading, desk.records.store.read());
  return desk.records.requests.is_of(reading, row, viewer.user());
}

// Whether what was agreed to is theirs to read.
Result<bool> may_use(const RecordDesk& desk, const StoredRequest& row, const Viewer& viewer) {
  CANDOR_TRY(auto reading, desk.records.store.read());
  return desk.records.requests.may_use(reading, row, viewer.user());
}

// Writes requests, each text through its person's mask.
class RequestWriter {
 public:
  RequestWriter(JsonWriter& json, const RecordDesk& desk, Viewing& viewing)
      : json_(json), desk_(desk), viewing_(viewing), today_(day_of(desk.records.clock.now())) {}

  // `LookRequest`
  Result<void> write(const StoredRequest& row) {
    CANDOR_TRY(const Mask mask, viewing_.mask(row.person));
    CANDOR_TRY(const PresentedPerson person, viewing_.present(row.person));
    CANDOR_TRY(const bool theirs, is_theirs(desk_, row, viewing_.viewer()));
    const RequestState state = row.state(today_);
    json_.open_object().integer("number", row.number).text("kind", to_text(row.kind)).text("state", to_text(state));
    json_.key("person");
    write_person(json_, person);
    json_.text("alert_id", shown(row.alert_id, Permission::alerts_read));
    json_.text("case_id", shown(row.case_id, Permission::cases_view));
    CANDOR_TRY_VOID(write_policy(row));
    json_.day("from", row.from).day("until", row.to).text("reason", mask.text(row.reason).text());
    json_.text("milder", mask.text(row.milder).text());
    CANDOR_TRY_VOID(write_start(row, mask));
    json_.text("asked_by", row.asked_by.empty() ? std::nullopt : std::optional(row.asked_by));
    json_.time("asked_at", row.asked_at).text("decided_by", row.decided_by).time("decided_at", when(row.decided_at));
    json_.text("decided_reason", mask.text(row.decided_reason).text());
    json_.day("open_until", row.agreed() ? std::optional(row.open_until) : std::nullopt);
    json_.text("withdrawn_by", row.withdrawn_by).time("withdrawn_at", when(row.withdrawn_at));
    json_.text("withdrawn_reason", mask.text(row.withdrawn_reason).text());
    const bool can_decide = state == RequestState::waits && decides(viewing_.viewer());
    json_.boolean("may_decide", can_decide && !theirs);
    CANDOR_TRY(const bool usable, may_use(desk_, row, viewing_.viewer()));
    json_.boolean("may_read", usable && state == RequestState::approved && row.kind != RequestKind::screen_evidence);
    json_.boolean("is_mine", theirs).close_object();
    return {};
  }

 private:
  std::optional<std::string> shown(const std::string& id, Permission needed) const {
    if (id.empty() || !viewing_.viewer().require(needed)) return std::nullopt;
    return id;
  }

  // Of an activity only what it is called: its digits say nothing to whoever decides.
  Result<void> write_start(const StoredRequest& row, const Mask& mask) {
    json_.key("start");
    if (row.kind != RequestKind::data_trace) {
      json_.null();
      return {};
    }
    CANDOR_TRY(auto reading, desk_.records.store.read());
    CANDOR_TRY(const RequestStart start, desk_.records.requests.start_of(reading, row));
    const auto kind = trace_start_kind(start.kind);
    const auto read = kind ? read_trace_start(*kind, start.text) : fail("trace.bad_start", "");
    json_.open_object().text("kind", start.kind);
    json_.text("text", mask.text(read ? read->text : start.text).text()).close_object();
    return {};
  }

  Result<void> write_policy(const StoredRequest& row) {
    json_.key("policy");
    if (row.policy.empty()) {
      json_.null();
      return {};
    }
    CANDOR_TRY(const auto standings, desk_.records.policies.standings());
    const auto found = std::ranges::find(standings, row.policy, &PolicyStanding::id);
    json_.open_object().text("id", row.policy);
    json_.text("name", found == standings.end() ? row.policy : found->newest().name).close_object();
    return {};
  }

  JsonWriter& json_;
  const RecordDesk& desk_;
  Viewing& viewing_;
  const Day today_;
};

Result<Response> written(const RecordDesk& desk, Viewing& viewing, const StoredRequest& row, int status) {
  JsonWriter json;
  CANDOR_TRY_VOID(RequestWriter(json, desk, viewing).write(row));
  return json_response(status, json);
}

Result<Response> list_requests(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  RequestQuery wanted;
  if (const auto text = query.text("kind", 30)) {
    wanted.kind = request_kind(*text);
    if (!wanted.kind) query.refuse("kind", "is not one of " + std::string(kKindWords));
  }
  if (const auto text = query.text("state", 20)) {
    wanted.state = request_state(*text);
    if (!wanted.state) query.refuse("state", "is not waits, approved, rejected, withdrawn or ended");
  }
  wanted.case_id = query.text("case", 32);
  const std::int64_t page = query.integer("page", 1, kMostPages, 1);
  wanted.limit = static_cast<std::size_t>(query.integer("limit", 1, 200, 50));
  wanted.offset = static_cast<std::size_t>(page - 1) * wanted.limit;
  CANDOR_TRY_VOID(query.done());
  if (!decides(call.viewer())) wanted.only_of = call.viewer().user();
  wanted.not_about = call.hidden_people();
  CANDOR_TRY(const RequestPage found, desk.records.requests.find(wanted));
  AuditEntry look;
  look.action = "requests.viewed";
  look.object_kind = "requests";
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::requests_read, look));
  JsonWriter json;
  json.open_object().key("requests").open_array();
  RequestWriter writer(json, desk, viewing);
  for (const StoredRequest& row : found.requests) CANDOR_TRY_VOID(writer.write(row));
  json.close_array().integer("total", found.total).integer("waiting", found.waiting).integer("page", page);
  json.integer("limit", static_cast<std::int64_t>(wanted.limit)).close_object();
  return json_response(200, json);
}

// The request of the path, if the viewer decides on requests or it is theirs. `requests.not_found`.
Result<StoredRequest> request_at(const RecordDesk& desk, const Call& call) {
  CANDOR_TRY(StoredRequest row, desk.records.requests.get(number_in(call.parameter("number"))));
  if (decides(call.viewer())) return row;
  CANDOR_TRY(const bool theirs, is_theirs(desk, row, call.viewer()));
  if (!theirs) return fail("requests.not_found", "there is no such request");
  return row;
}

Result<Response> get_request(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const StoredRequest row, request_at(desk, call));
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::requests_read,
                                                          about_request(desk, row, "request.viewed")));
  return written(desk, viewing, row, 200);
}

Result<NewRequest> read_wanted(const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"kind", 1, 30},
                                                       {"from", 10, 10},
                                                       {"until", 10, 10},
                                                       {"reason", kShortestReason, kLongestReason, true},
                                                       {"milder", kShortestReason, kLongestReason, true},
                                                       {.name = "start_kind", .longest = 20, .optional = true},
                                                       {.name = "start", .longest = kLongestStart, .optional = true}}));
  NewRequest wanted;
  const auto kind = request_kind(body.at("kind"));
  if (!kind) return fail("api.bad_property", "property `kind` is not one of " + std::string(kKindWords));
  const auto from = parse_day(body.at("from"));
  const auto to = parse_day(body.at("until"));
  if (!from || !to) return fail("api.bad_property", "properties `from` and `until` are days as YYYY-MM-DD");
  wanted.kind = *kind;
  wanted.from = *from;
  wanted.to = *to;
  wanted.reason = body.at("reason");
  wanted.milder = body.at("milder");
  const auto start_kind = body.find("start_kind");
  const auto start = body.find("start");
  if (start_kind != body.end()) wanted.start.kind = start_kind->second;
  if (start != body.end()) wanted.start.text = start->second;
  return wanted;
}

// What a trace begins with is something, and an activity is one of the case's person: its name is kept beside it.
Result<void> check_start(const Desk& desk, const PersonId& person, RequestStart& start) {
  const auto kind = trace_start_kind(start.kind);
  if (!kind) return fail("api.bad_property", "property `start_kind` is not one of those of a trace");
  CANDOR_TRY(const TraceStart read, read_trace_start(*kind, start.text));
  if (*kind != TraceStartKind::activity) return {};
  const auto ref = ActivityRef::parse(start.text.substr(0, 64));
  if (!ref) return fail("api.no_activity", "this person has no such activity");
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(const auto accounts, owned_accounts(reading, person));
  CANDOR_TRY(const auto found, find_activity(desk.context.timeline, accounts, *ref));
  if (!found) return fail("api.no_activity", "this person has no such activity");
  start.text = ref->text();
  const FieldId name = desk.context.catalogue->require("file.name");
  for (const StoredActivity::Value& value : found->values) {
    if (value.field == name && !value.texts.empty()) start.text += " " + value.texts.front().substr(0, kLongestName);
  }
  return {};
}

Result<Response> store_request(Desk& desk, const Call& call, const NewRequest& wanted) {
  StoredRequest row;
  static_cast<NewRequest&>(row) = wanted;
  AuditEntry entry = about_request(desk, row, "request.asked");
  const std::string said = wanted.reason + "\nNot enough otherwise: " + wanted.milder;
  CANDOR_TRY(entry.reason, desk.context.presenter.for_audit(wanted.person, said));
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(
                 call.viewer(), Permission::requests_write, entry, [&](Transaction& work) -> Result<void> {
                   CANDOR_TRY(row, desk.context.requests.add(work, wanted, call.viewer().user()));
                   return {};
                 }));
  return written(desk, viewing, row, 201);
}

Result<Response> ask_at_alert(Desk& desk, const Call& call) {
  CANDOR_TRY(NewRequest wanted, read_wanted(call));
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  wanted.person = detail.row.person;
  wanted.alert_id = detail.row.id;
  return store_request(desk, call, wanted);
}

// By those who read the case: whoever else is in it reads the report, too.
Result<Response> ask_in_case(Desk& desk, const Call& call) {
  CANDOR_TRY(NewRequest wanted, read_wanted(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  {
    CANDOR_TRY(auto reading, desk.context.store.read());
    CANDOR_TRY_VOID(desk.context.cases.may_read(reading, detail.row.id, actor_of(call)));
  }
  if (detail.row.state != CaseState::open) return fail("cases.closed", "the case is closed; reopen it first");
  wanted.person = detail.row.person;
  wanted.case_id = detail.row.id;
  if (wanted.kind == RequestKind::data_trace) CANDOR_TRY_VOID(check_start(desk, wanted.person, wanted.start));
  return store_request(desk, call, wanted);
}

Result<Response> ask_about_person(Desk& desk, const Call& call) {
  CANDOR_TRY(NewRequest wanted, read_wanted(call));
  CANDOR_TRY(wanted.person, person_at(desk, call));
  return store_request(desk, call, wanted);
}

using RequestStep = Result<StoredRequest> (RequestBook::*)(Transaction&, std::int64_t, std::string_view,
                                                           std::string_view) const;

Result<Response> act_on_request(Desk& desk, const Call& call, Permission permission, const char* action,
                                RequestStep step) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", kShortestReason, kLongestReason, true}}));
  CANDOR_TRY(const StoredRequest before, request_at(desk, call));
  // The router lets everybody take back their own; what others asked for about one's team is not one's to touch.
  if (before.asked_by != call.viewer().user()) {
    CANDOR_TRY_VOID(refuse_own_team(desk, call.viewer(), before.person));
  }
  if (permission == Permission::requests_approve) {
    CANDOR_TRY_VOID(refuse_one_person(desk, call.viewer(), before.asked_by, "requests.own_request"));
  }
  AuditEntry entry = about_request(desk, before, action);
  CANDOR_TRY(entry.reason, desk.context.presenter.for_audit(before.person, body.at("reason")));
  StoredRequest after;
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(call.viewer(), permission, entry, [&](Transaction& work) -> Result<void> {
               CANDOR_TRY(after,
                          (desk.context.requests.*step)(work, before.number, body.at("reason"), call.viewer().user()));
               return {};
             }));
  return written(desk, viewing, after, 200);
}

Result<Response> approve_request(Desk& desk, const Call& call) {
  return act_on_request(desk, call, Permission::requests_approve, "request.approved", &RequestBook::approve);
}
Result<Response> reject_request(Desk& desk, const Call& call) {
  return act_on_request(desk, call, Permission::requests_approve, "request.rejected", &RequestBook::reject);
}
Result<Response> withdraw_request(Desk& desk, const Call& call) {
  return act_on_request(desk, call, Permission::requests_read, "request.withdrawn", &RequestBook::withdraw);
}

// What each day of the report holds, by indicator: the activities themselves are a list of their own.
Result<Response> show_report(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const StoredRequest report, open_report(desk, call));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::requests_read,
                                                          about_request(desk, report, "report.viewed")));
  Insights insights;
  {
    CANDOR_TRY(auto reading, desk.context.store.read());
    CANDOR_TRY(const auto accounts, owned_accounts(reading, report.person));
    for (const OwnedAccount& owned : accounts) {
      const Day first = std::max(report.from, owned.from);
      const Day last = std::min(report.to, owned.to);
      if (first > last) continue;
      CANDOR_TRY(const Insights some, desk.context.timeline.insights(owned.account, first, last));
      merge_insights(insights, some);
    }
  }
  CANDOR_TRY(const PresentedPerson person, viewing.present(report.person));
  JsonWriter json;
  json.open_object().integer("number", report.number).key("person");
  write_person(json, person);
  json.day("from", report.from).day("until", report.to).day("open_until", report.open_until);
  json.key("insights").open_array();
  for (const Insight& insight : insights) {
    const IndicatorInfo* info = find_indicator(*desk.context.indicators, insight.indicator);
    if (info == nullptr || insight.counts[0] == 0) continue;
    json.open_object().day("day", insight.day).key("indicator");
    write_indicator(json, info);
    json.integer("count", insight.counts[0]).integer("bytes", insight.bytes);
    json.time("first", insight.first).time("last", insight.last).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

Result<StoredRequest> open_report(const Desk& desk, const Call& call) {
  return open_request(desk, call, RequestKind::activity_report);
}

Result<StoredRequest> open_request(const Desk& desk, const Call& call, RequestKind kind) {
  CANDOR_TRY(StoredRequest row, desk.context.requests.get(number_in(call.parameter("number"))));
  CANDOR_TRY(const bool usable, may_use(desk, row, call.viewer()));
  if (!usable || row.kind != kind) {
    return fail("requests.not_found", "there is no such request");
  }
  const RequestState state = row.state(day_of(desk.context.clock.now()));
  if (state != RequestState::approved) {
    return fail("requests.not_open",
                "request " + std::to_string(row.number) + " is " + std::string(to_text(state)) +
                    (state == RequestState::waits ? ": a second person must agree first" : ": ask for it anew"));
  }
  return row;
}

std::vector<Route> request_routes() {
  return {{Method::get, "/requests", with(Permission::requests_read), list_requests},
          {Method::get, "/requests/{number}", with(Permission::requests_read), get_request},
          {Method::get, "/requests/{number}/report", with(Permission::requests_read), show_report},
          {Method::post, "/requests/{number}/approve", with(Permission::requests_approve), approve_request},
          {Method::post, "/requests/{number}/reject", with(Permission::requests_approve), reject_request},
          {Method::post, "/requests/{number}/withdraw", with(Permission::requests_read), withdraw_request},
          {Method::post, "/alerts/{alert_id}/requests", with(Permission::requests_write, Permission::alerts_read),
           ask_at_alert},
          {Method::post, "/cases/{case_id}/requests", with(Permission::requests_write, Permission::cases_view),
           ask_in_case},
          {Method::post, "/people/{person_id}/requests", with(Permission::requests_write, Permission::people_read),
           ask_about_person}};
}

}  // namespace candor::api
