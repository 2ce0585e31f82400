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

// What the handlers share.
struct Desk {
  ApiContext context;
  CompiledPolicies policies;
  BacktestRuns backtests;
  AnalyticsRuns analytics;
  TraceRuns traces;
  Turns sign_ins{3, 2};
  Turns password_changes{1, 1};  // of those who are signed in: no rush at the door gets in their way
  Turns queue_acts{3, 1};        // each takes seconds for thousands of alerts, and one viewer has one at a time
  Turns provider_visits{8, 4};   // each may wait for the identity provider
  Turns attestations{1, 1};      // each counts everything that is stored
  PublicBudget public_budget;
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

struct Route {
  Method method = Method::get;
  std::string_view path;  // below /api/v1, as in openapi.yaml: "/alerts/{alert_id}"
  Needs needs;
  Result<Response> (*handler)(Desk& desk, const Call& call) = nullptr;
  Opens opens = Opens::when_ready;
  bool keeps_session = true;  // false: a page asks it by itself, whether somebody is there or not
  Comes comes = Comes::from_here;
  // What the file that people may be in is called: it may be asked for with pseudonyms of its own (api/own_export.h).
  // "": no such file.
  std::string_view exports = {};
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
Response csv_response(const Desk& desk, CsvWriter& csv, std::size_t rows, bool more, std::string_view what);
// No query, no body: for routes that take neither. Fails with `api.unknown_parameter` or `api.unexpected_body`.
Result<void> takes_nothing(const Call& call);

}  // namespace candor::api
