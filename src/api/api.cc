#include "api/api.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "api/errors.h"
#include "api/own_export.h"
#include "api/own_objects.h"
#include "api/route.h"

namespace candor::api {

namespace {

constexpr std::string_view kPrefix = "/api/v1";

struct Matched {
  const Route* route = nullptr;
  PathParameters parameters;
};

// "{name}" takes one part of the path, anything else itself only.
std::optional<PathParameters> match(std::string_view pattern, std::string_view path) {
  PathParameters parameters;
  while (!pattern.empty() && !path.empty()) {
    const std::size_t pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t path_end = std::min(path.find('/', 1), path.size());
    const std::string_view expected = pattern.substr(1, pattern_end - 1);
    const std::string_view part = path.substr(1, path_end - 1);
    if (expected.starts_with('{')) {
      if (part.empty()) return std::nullopt;
      parameters.emplace(expected.substr(1, expected.size() - 2), part);
    } else if (expected != part) {
      return std::nullopt;
    }
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

constexpr std::string_view kMetrics = "/metrics";

bool is_unsafe(Method method) { return method != Method::get && method != Method::head; }

// A cookie alone must not be enough to change anything: another site can make a browser send it, but not this header.
Result<void> check_origin(const Request& request, bool by_cookie, Comes comes) {
  const std::string_view site = request.header("sec-fetch-site");
  const bool goes_there =
      request.header("sec-fetch-mode") == "navigate" && request.header("sec-fetch-dest") == "document";
  if (!site.empty() && site != "same-origin" && site != "none" && !(comes == Comes::by_navigation && goes_there))
    return fail("api.other_site", "requests from other sites are refused");
  if (by_cookie && is_unsafe(request.method) && request.header("x-candor-request") != "1")
    return fail("api.request_header_missing", "send the header `X-Candor-Request: 1`");
  return {};
}

class Router {
 public:
  explicit Router(const ApiContext& context)
      : holder_desk_(std::make_unique<Desk>(context)), desk_(*holder_desk_), routes_(all_routes()) {}
  Router(const RecordContext& context, AskHolder holder)
      : own_desk_(std::make_unique<RecordDesk>(context)),
        desk_(*own_desk_),
        holder_(std::move(holder)),
        routes_(all_routes()) {}

  Response operator()(const Request& request) {
    Result<Response> response = answer(request);
    return response ? std::move(*response) : error_response(response.error());
  }

 private:
  Result<Response> answer(const Request& request) {
    CANDOR_TRY(const Target target, Target::parse(request.target));
    if (target.path == kMetrics) return answer_metrics(request, target);
    if (PublicEvaluated::is_public_path(target.path)) {
      if (is_unsafe(request.method)) return not_allowed("GET");
      return holder_desk_ ? public_evaluated(*holder_desk_, request, target) : holder_(request);
    }
    if (!target.path.starts_with(kPrefix)) return fail("api.not_found", "there is nothing here");
    const std::string_view path = std::string_view(target.path).substr(kPrefix.size());
    Matched matched;
    const std::string allowed = find(request.method, path, matched);
    if (matched.route == nullptr && allowed.empty()) return fail("api.not_found", "there is nothing here");
    if (matched.route == nullptr) return not_allowed(allowed);
    const Route& route = *matched.route;
    if (!holder_desk_ && !route.needs_records_only()) {
      // The holder asks everything below itself.
      Result<Response> response = holder_(request);
      const bool away = !response && response.error().id == "api.holder_away";
      if (!away || !route.has_answer_without_holder()) return response;
    }
    // No other site can make a browser send a token: only a cookie needs the header beside it.
    const bool by_token = route.needs.kind != Needs::Kind::nothing && Viewers::is_token_text(bearer_token(request));
    const bool by_machine = route.needs.kind == Needs::Kind::token || route.needs.kind == Needs::Kind::provider;
    CANDOR_TRY_VOID(check_origin(request, !by_machine && !by_token, route.comes));
    if (route.needs.kind == Needs::Kind::nothing || route.needs.kind == Needs::Kind::provider)
      return run(route, {request, target, std::move(matched.parameters), nullptr, {}, {}});
    if (route.needs.kind == Needs::Kind::token) {
      CANDOR_TRY(std::string source, within_refused(request, source_of_token(request)));
      CANDOR_TRY_VOID(take_budget(desk_.of_sources, source, now(), "this source"));
      return run(route, {request, target, std::move(matched.parameters), nullptr, {}, std::move(source)});
    }
    const bool somebody = route.keeps_session && request.header("x-candor-automatic").empty();
    CANDOR_TRY(const Session session,
               within_refused(request, who_asks(desk_.records.viewers, request, desk_.records.secure_cookies,
                                                somebody ? Viewers::Renewal::yes : Viewers::Renewal::no)));
    const Viewer& viewer = session.viewer;
    CANDOR_TRY_VOID(take_budget(desk_.of_viewers, viewer.token().empty() ? viewer.session() : viewer.token(), now(),
                                viewer.token().empty() ? "this session" : "this token"));
    CANDOR_TRY_VOID(check_permission(route, session.viewer));
    CANDOR_TRY_VOID(hide_hidden(desk_, session.viewer, route.path, matched.parameters));
    if (route.method != Method::get) {
      auto free = refuse_own_team(desk_, session.viewer, route.path, matched.parameters);
      if (!free) return std::unexpected(noted(route, session.viewer, std::move(free)).error());
    }
    std::string token = by_token ? "" : session_token(request, desk_.records.secure_cookies);
    return run(route, {request, target, std::move(matched.parameters), &session, std::move(token), {}});
  }

  Result<Response> run(const Route& route, const Call& call) {
    if (!holder_desk_) return route.handler(desk_, call);
    return route.exports.empty() ? route.handler(*holder_desk_, call) : answer_export(*holder_desk_, route, call);
  }

  TimePoint now() const { return desk_.records.clock.now(); }

  // Whoever is known is never kept out by strangers behind the same address. What is ours to mend, or comes from nobody
  // knows where, counts against nobody.
  template <typename Known>
  Result<Known> within_refused(const Request& request, Result<Known> who) {
    const bool guessed = !who && status_of(who.error().id) == 401 && !request.client.empty();
    if (guessed) CANDOR_TRY_VOID(take_budget(desk_.of_refused, request.client, now(), "this address"));
    return who;
  }

  Result<Response> answer_metrics(const Request& request, const Target& target) {
    if (request.method != Method::get && request.method != Method::head) return not_allowed("GET");
    CANDOR_TRY_VOID(QueryReader(target).done());
    return holder_desk_ ? metrics(*holder_desk_, request) : metrics_beside(desk_, request);
  }

  // A token of another purpose is as good as none.
  Result<std::string> source_of_token(const Request& request) const {
    const Error none{"access.bad_token", "send a token of `candor token create` as `Authorization: Bearer TOKEN`"};
    if (desk_.records.tokens == nullptr) return std::unexpected(none);
    CANDOR_TRY(const SourceToken token, desk_.records.tokens->check(bearer_token(request)));
    if (token.is_for_metrics()) return std::unexpected(none);
    return token.source;
  }

  // Fills `matched` when method and path fit; else the methods the path has ("" when it has none).
  std::string find(Method method, std::string_view path, Matched& matched) const {
    if (method == Method::head) method = Method::get;
    std::string allowed;
    for (const Route& route : routes_) {
      std::optional<PathParameters> parameters = match(route.path, path);
      if (!parameters) continue;
      if (route.method == method) {
        matched = {&route, std::move(*parameters)};
        return {};
      }
      allowed += (allowed.empty() ? "" : ", ") + std::string(to_text(route.method));
    }
    return allowed;
  }

  static Response not_allowed(const std::string& allowed) {
    Response response = error_response({"api.method_not_allowed", "this address has " + allowed + " only"});
    response.set("Allow", allowed);
    return response;
  }

  // Refusals are in the audit log: somebody tried.
  Result<void> check_permission(const Route& route, const Viewer& viewer) const {
    Result<void> allowed;
    const bool early =
        viewer.must_change_password() ? route.opens == Opens::with_one_time_password : route.opens != Opens::when_ready;
    if (!early) allowed = viewer.is_ready();
    if (allowed && route.needs.kind == Needs::Kind::session && !viewer.token().empty())
      allowed = fail("access.needs_session", "no token opens this: sign in");
    if (allowed && route.needs.kind == Needs::Kind::permission) allowed = viewer.require(route.needs.permission);
    if (allowed && route.needs.also) allowed = viewer.require(*route.needs.also);
    return allowed ? allowed : noted(route, viewer, std::move(allowed));
  }

  // Whoever tried what they may not do is in the audit log.
  Result<void> noted(const Route& route, const Viewer& viewer, Result<void> refusal) const {
    AuditEntry entry;
    entry.action = "request.refused";
    entry.object_kind = "route";
    entry.object_id = std::string(to_text(route.method)) + " " + std::string(route.path);
    CANDOR_TRY_VOID(desk_.records.audit.append(done_by(viewer, std::move(entry))));
    return refusal;
  }

  const std::unique_ptr<Desk> holder_desk_;     // null: this process is beside the holder
  const std::unique_ptr<RecordDesk> own_desk_;  // where it is
  RecordDesk& desk_;                            // whichever there is
  const AskHolder holder_;                      // asks the holder, where this process is beside it
  std::vector<Route> routes_;
};

}  // namespace

std::string_view to_text(Fill::State state) {
  constexpr std::array<std::string_view, 4> kTexts = {"idle", "running", "done", "failed"};
  return kTexts[static_cast<std::size_t>(state)];
}

std::string_view Needs::text() const {
  switch (kind) {
    case Kind::nothing:
      return "none";
    case Kind::viewer:
      return "viewer";
    case Kind::session:
      return "session";
    case Kind::token:
      return "token";
    case Kind::provider:
      return "provider";
    case Kind::permission:
      break;
  }
  return to_text(permission);
}

Desk::Desk(const ApiContext& api_context)
    : RecordDesk(records_of(api_context)),
      context(api_context),
      policies(api_context.policies, api_context.indicators, api_context.scoring),
      backtests({.timeline = api_context.timeline,
                 .store = api_context.store,
                 .people = api_context.people,
                 .facts = api_context.facts},
                api_context.clock),
      analytics({.timeline = api_context.timeline,
                 .store = api_context.store,
                 .people = api_context.people,
                 .facts = api_context.facts},
                api_context.indicators, api_context.clock),
      traces({.timeline = api_context.timeline,
              .store = api_context.store,
              .keys = api_context.keys,
              .catalogue = *api_context.catalogue},
             api_context.clock) {}

std::string_view session_cookie_name(bool secure) { return secure ? "__Host-candor_session" : "candor_session"; }

std::string cookie_value(const Request& request, std::string_view name) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

std::string session_token(const Request& request, bool secure) {
  return cookie_value(request, session_cookie_name(secure));
}

Result<Session> who_asks(Viewers& viewers, const Request& request, bool secure_cookies, Viewers::Renewal renewal) {
  if (const std::string_view bearer = bearer_token(request); Viewers::is_token_text(bearer))
    return viewers.session_of_token(bearer);
  const std::string token = session_token(request, secure_cookies);
  if (token.empty()) return fail("api.not_signed_in", "sign in first");
  return viewers.session(token, renewal);
}

std::vector<Route> all_routes() {
  std::vector<Route> all;
  // The first that fits answers: /people/in-scope before /people/{person_id}.
  for (const std::vector<Route>& routes :
       {session_routes(),     account_routes(),      provider_routes(),  alert_routes(),     alert_person_routes(),
        case_routes(),        case_content_routes(), case_link_routes(), notice_routes(),    notification_routes(),
        activity_routes(),    request_routes(),      report_routes(),    package_routes(),   trace_routes(),
        people_routes(),      scope_routes(),        person_routes(),    policy_routes(),    backtest_routes(),
        analytics_routes(),   coverage_routes(),     indicator_routes(), exclusion_routes(), expectation_routes(),
        mass_event_routes(),  organisation_routes(), audit_routes(),     status_routes(),    intake_routes(),
        record_routes(),      source_routes(),       reread_routes(),    setting_routes(),   scoring_routes(),
        first_step_routes(),  viewer_routes(),       pack_routes(),      queue_act_routes(), evaluated_routes(),
        attestation_routes(), list_routes(),         export_routes(),    queue_view_routes()})
    all.insert(all.end(), routes.begin(), routes.end());
  return all;
}

Response json_response(int status, JsonWriter& json) {
  Response response{.status = status, .headers = {}, .body = json.take()};
  response.set("Content-Type", "application/json");
  return response;
}

Response csv_response(const RecordDesk& desk, CsvWriter& csv, std::size_t rows, bool more, std::string_view what) {
  const std::string_view data = desk.records.data_kind();
  const std::string name = std::string(data == "demo" ? "candor-demo-" : "candor-") + std::string(what) + ".csv";
  if (more) {
    csv.cell("CUT OFF after " + std::to_string(rows) + " rows: there are more. Narrow the filter.");
    csv.end_row();
  }
  Response response{.status = 200, .headers = {}, .body = csv.take()};
  response.set("Content-Type", "text/csv; charset=utf-8");
  response.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
  if (!data.empty()) response.set("X-Candor-Data", std::string(data));
  if (more) response.set("X-Candor-Cut", std::to_string(rows));
  return response;
}

RecordContext records_of(const ApiContext& context) {
  return {.clock = context.clock,
          .alerts = context.alerts,
          .policies = context.policies,
          .expectations = context.expectations,
          .cases = context.cases,
          .requests = context.requests,
          .store = context.store,
          .keys = context.keys,
          .facts = context.facts,
          .viewers = context.viewers,
          .lifting = context.lifting,
          .presenter = context.presenter,
          .audit = context.audit,
          .data_kind = context.intake.data_kind,
          .version = context.version,
          .secure_cookies = context.secure_cookies,
          .behind_proxy = context.behind_proxy,
          .most_export_rows = context.most_export_rows,
          .tokens = context.tokens,
          .provider = context.provider,
          .request_limits = context.request_limits};
}

Handler make_api(const ApiContext& context) {
  return [router = std::make_shared<Router>(context)](const Request& request) { return (*router)(request); };
}

Handler make_api_beside(const RecordContext& context, AskHolder holder) {
  return [router = std::make_shared<Router>(context, std::move(holder))](const Request& request) {
    return (*router)(request);
  };
}

}  // namespace candor::api
