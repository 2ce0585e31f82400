#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/export_pseudonyms.h"
#include "api/analytics_runs.h"
#include "api/api.h"
#include "api/backtest_runs.h"
#include "api/compiled_policies.h"
#include "api/csv.h"
#include "api/http.h"
#include "api/json_writer.h"
#include "api/public_evaluated.h"
#include "api/request_budget.h"
#include "api/target.h"
#include "api/trace_runs.h"

// Internal: the table of routes and what their handlers get.
namespace candor::api {

// Checking a password is made to be slow, and anybody may ask for it: never on all workers at once, and never all turns
// for one client.
class Turns {
 public:
  Turns(int most, int most_per_client) : most_(most), most_per_client_(most_per_client) {}
  // False when none is free; else give it back. A client that is not known ("") counts towards the whole only.
  bool take(const std::string& client);
  void give_back(const std::string& client);

 private:
  const int most_;
  const int most_per_client_;
  std::mutex mutex_;
  int taken_ = 0;                         // guarded by mutex_
  std::map<std::string, int> by_client_;  // guarded by mutex_
};

// What handlers share that need the records alone. A process beside the holder of the timelines has no more.
struct RecordDesk {
  RecordContext records;
  Turns sign_ins{3, 2};
  Turns password_changes{1, 1};  // of those who are signed in: no rush at the door gets in their way
  RequestBudget of_refused{records.request_limits.refused};
  RequestBudget of_viewers{records.request_limits.viewer};
  RequestBudget of_sources{records.request_limits.source};

  explicit RecordDesk(RecordContext context) : records(std::move(context)) {}
};

// What all handlers share.
struct Desk : RecordDesk {
  ApiContext context;
  CompiledPolicies policies;
  BacktestRuns backtests;
  AnalyticsRuns analytics;
  TraceRuns traces;
  Turns queue_acts{3, 1};       // each takes seconds for thousands of alerts, and one viewer has one at a time
  Turns provider_visits{8, 4};  // each may wait for the identity provider
  Turns attestations{1, 1};     // each counts everything that is stored
  RequestBudget of_anybody{context.request_limits.anybody};
  PublicEvaluated public_page;

  explicit Desk(const ApiContext& api_context);
};

using PathParameters = std::map<std::string, std::string, std::less<>>;

// One request at its route; who asks is known and may.
struct Call {
  const Request& request;
  const Target& target;
  PathParameters parameters;
  const Session* session = nullptr;  // never null where the route needs a viewer, session or permission
  std::string token;                 // the cookie's; "" where a viewer's program asks with a token of its own
  std::string source;                // whose records the machine's token may send; where the route needs one
  // While an export with pseudonyms of its own is made; else null.
  const ExportPseudonyms* own = nullptr;

  const Viewer& viewer() const { return session->viewer; }
  // Whom nothing may be told about: the viewer themselves, and everybody outside of the units they are limited to.
  const HiddenPeople& hidden_people() const { return viewer().hidden_people(); }
  const std::string& parameter(std::string_view name) const { return parameters.find(name)->second; }
};

// Who may call a route.
struct Needs {
  enum class Kind : std::uint8_t { nothing, viewer, session, permission, token, provider };
  Kind kind = Kind::permission;
  Permission permission = Permission::viewers_write;
  std::optional<Permission> also = std::nullopt;  // with Kind::permission: a second one, as x-also-permission says

  static constexpr Needs nothing() { return {.kind = Kind::nothing}; }
  // Anybody who is signed in, or a program with a token of theirs.
  static constexpr Needs viewer() { return {.kind = Kind::viewer}; }
  // Somebody who is signed in, and no program: what is about the account itself.
  static constexpr Needs session() { return {.kind = Kind::session}; }
  // A machine's, in the Authorization header: no browser sends it by itself.
  static constexpr Needs token() { return {.kind = Kind::token}; }
  // The identity provider's, signed, in the body: the handler looks at it.
  static constexpr Needs provider() { return {.kind = Kind::provider}; }
  // As x-permission of openapi.yaml: "none", "viewer", "session", "alerts.read".
  std::string_view text() const;
};

// From when on a route answers somebody who has signed in.
enum class Opens : std::uint8_t {
  when_ready,             // the password is their own, and a second factor is there where the role requires one
  without_second_factor,  // for setting one up
  with_one_time_password,
};

// What may make a browser ask.
enum class Comes : std::uint8_t {
  from_here,      // our own pages
  by_navigation,  // also another site that sends the browser here, as to a page: the route changes nothing by a cookie
};

// What answers a route, and with it where: a function of a RecordDesk answers in every process, one of a Desk in the
// holder of the timelines only - another process sends the request on to it. There is no other flag: what touches a
// timeline, or anything that only the holder keeps, does not compile with a RecordDesk.
class RouteHandler {
 public:
  using AtHolder = Result<Response> (*)(Desk& desk, const Call& call);
  using OfRecords = Result<Response> (*)(RecordDesk& desk, const Call& call);

  // NOLINTNEXTLINE(google-explicit-constructor): rows of the table name functions
  constexpr RouteHandler(AtHolder at_holder) : at_holder_(at_holder) {}
  // NOLINTNEXTLINE(google-explicit-constructor): rows of the table name functions
  constexpr RouteHandler(OfRecords of_records) : of_records_(of_records) {}
  // The holder answers, and while it is away what is left does.
  constexpr RouteHandler(AtHolder at_holder, OfRecords while_away) : at_holder_(at_holder), of_records_(while_away) {}

  bool needs_records_only() const { return at_holder_ == nullptr; }
  bool has_answer_without_holder() const { return of_records_ != nullptr; }
  // In the holder.
  Result<Response> operator()(Desk& desk, const Call& call) const {
    return at_holder_ != nullptr ? at_holder_(desk, call) : of_records_(desk, call);
  }
  // In a process beside it; has_answer_without_holder().
  Result<Response> operator()(RecordDesk& desk, const Call& call) const { return of_records_(desk, call); }

 private:
  AtHolder at_holder_ = nullptr;
  OfRecords of_records_ = nullptr;
};

struct Route {
  Method method = Method::get;
  std::string_view path;  // below /api/v1, as in openapi.yaml: "/alerts/{alert_id}"
  Needs needs;
  RouteHandler handler;
  Opens opens = Opens::when_ready;
  bool keeps_session = true;  // false: a page asks it by itself, whether somebody is there or not
  Comes comes = Comes::from_here;
  // What the file that people may be in is called: it may be asked for with pseudonyms of its own (api/own_export.h).
  // "": no such file.
  std::string_view exports = {};

  // Whether a process beside the holder answers it. Whether a file has pseudonyms of its own is a setting, which the
  // holder knows.
  bool needs_records_only() const { return handler.needs_records_only() && exports.empty(); }
  bool has_answer_without_holder() const { return handler.has_answer_without_holder() && exports.empty(); }
};

constexpr Needs with(Permission permission, std::optional<Permission> also = std::nullopt) {
  return {.kind = Needs::Kind::permission, .permission = permission, .also = also};
}

// The row of a file that leaves Candor with people in it.
constexpr Route exporting(std::string_view what, Route route) {
  route.exports = what;
  return route;
}

// Each noun's rows of the table, in <noun>_routes.cc.
std::vector<Route> session_routes();
std::vector<Route> account_routes();
std::vector<Route> provider_routes();
std::vector<Route> alert_routes();
std::vector<Route> alert_person_routes();
std::vector<Route> queue_act_routes();
std::vector<Route> case_routes();
std::vector<Route> case_content_routes();
std::vector<Route> case_link_routes();
std::vector<Route> reread_routes();
std::vector<Route> notice_routes();
std::vector<Route> notification_routes();
std::vector<Route> activity_routes();
std::vector<Route> request_routes();
std::vector<Route> report_routes();
std::vector<Route> package_routes();
std::vector<Route> trace_routes();
std::vector<Route> people_routes();
std::vector<Route> person_routes();
std::vector<Route> analytics_routes();
std::vector<Route> policy_routes();
std::vector<Route> backtest_routes();
std::vector<Route> coverage_routes();
std::vector<Route> indicator_routes();
std::vector<Route> exclusion_routes();
std::vector<Route> expectation_routes();
std::vector<Route> mass_event_routes();
std::vector<Route> organisation_routes();
std::vector<Route> audit_routes();
std::vector<Route> status_routes();
std::vector<Route> intake_routes();
std::vector<Route> record_routes();
std::vector<Route> source_routes();
std::vector<Route> setting_routes();
std::vector<Route> list_routes();
std::vector<Route> first_step_routes();
std::vector<Route> scoring_routes();
std::vector<Route> viewer_routes();
std::vector<Route> pack_routes();
std::vector<Route> evaluated_routes();
std::vector<Route> attestation_routes();
std::vector<Route> scope_routes();
std::vector<Route> export_routes();
std::vector<Route> queue_view_routes();
std::vector<Route> all_routes();

// The token of a request: `Authorization: Bearer TOKEN`. "" when there is none.
std::string_view bearer_token(const Request& request);
// GET /metrics: for a token made for it, or whoever asks from this machine.
Result<Response> metrics(Desk& desk, const Request& request);
// The same of a process beside the holder of the timelines: of the sources and what is stored the holder's tell.
Result<Response> metrics_beside(const RecordDesk& desk, const Request& request);

// GET of PublicEvaluated's paths: for everybody, where the setting says so; else there is nothing.
Result<Response> public_evaluated(Desk& desk, const Request& request, const Target& target);

// `__Host-` keeps a cookie from being set by a neighbouring name; browsers take it over TLS only.
std::string_view session_cookie_name(bool secure);
// What the request's cookie of that name holds, "" when there is none.
std::string cookie_value(const Request& request, std::string_view name);
// The same of the session's.
std::string session_token(const Request& request, bool secure);

// Who asks, by a viewer's token or the cookie. `api.not_signed_in`, `access.no_session`, `access.bad_token`.
Result<Session> who_asks(Viewers& viewers, const Request& request, bool secure_cookies, Viewers::Renewal renewal);

Response json_response(int status, JsonWriter& json);
// `more`: it ends before everything was in it; a last row and the header X-Candor-Cut say so.
// The name of the file, "candor-WHAT.csv", and the header X-Candor-Data tell invented data: "candor-demo-WHAT.csv".
Response csv_response(const RecordDesk& desk, CsvWriter& csv, std::size_t rows, bool more, std::string_view what);
// No query, no body: for routes that take neither. Fails with `api.unknown_parameter` or `api.unexpected_body`.
Result<void> takes_nothing(const Call& call);

}  // namespace candor::api
