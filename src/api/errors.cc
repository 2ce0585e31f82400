#include "api/errors.h"

#include <algorithm>
#include <array>

#include "api/json_writer.h"

namespace candor::api {

namespace {

constexpr std::array kStatuses = {
    ErrorStatus{"api.bad_target", 400},
    ErrorStatus{"api.bad_request", 400},
    ErrorStatus{"api.bad_host", 421},
    ErrorStatus{"api.bad_parameter", 400},
    ErrorStatus{"api.unknown_parameter", 400},
    ErrorStatus{"api.bad_content_type", 415},
    ErrorStatus{"api.bad_json", 400},
    ErrorStatus{"api.bad_property", 400},
    ErrorStatus{"api.unknown_property", 400},
    ErrorStatus{"api.unexpected_body", 400},
    ErrorStatus{"api.bad_cursor", 400},
    ErrorStatus{"api.not_found", 404},
    ErrorStatus{"api.method_not_allowed", 405},
    ErrorStatus{"api.request_header_missing", 403},
    ErrorStatus{"api.other_site", 403},
    ErrorStatus{"api.not_signed_in", 401},
    ErrorStatus{"api.body_too_large", 413},
    ErrorStatus{"api.headers_too_large", 431},
    ErrorStatus{"api.no_activity", 404},
    ErrorStatus{"api.no_account", 404},
    ErrorStatus{"api.too_many_at_once", 409},
    ErrorStatus{"api.busy", 503},
    ErrorStatus{"access.no_session", 401},
    ErrorStatus{"access.wrong_credentials", 401},
    ErrorStatus{"access.too_many_attempts", 429},
    ErrorStatus{"access.password_change_required", 403},
    ErrorStatus{"access.second_factor_required", 403},
    ErrorStatus{"access.needs_session", 403},
    ErrorStatus{"access.not_allowed", 403},
    ErrorStatus{"access.code_needed", 401},
    ErrorStatus{"access.second_factor_present", 409},
    ErrorStatus{"access.no_second_factor", 409},
    ErrorStatus{"access.unknown_session", 404},
    ErrorStatus{"access.unknown_token", 404},
    ErrorStatus{"access.bad_token_name", 400},
    ErrorStatus{"access.bad_scope", 400},
    ErrorStatus{"access.bad_expiry", 400},
    ErrorStatus{"access.too_many_tokens", 409},
    ErrorStatus{"access.provider_off", 404},
    ErrorStatus{"access.provider_account", 409},
    ErrorStatus{"access.provider_unreachable", 503},
    ErrorStatus{"access.provider_bad_discovery", 503},
    ErrorStatus{"access.provider_bad_keys", 503},
    ErrorStatus{"access.provider_logout_refused", 400},
    ErrorStatus{"access.provider_token_replayed", 400},
    ErrorStatus{"access.bad_password", 400},
    ErrorStatus{"access.bad_reason", 400},
    ErrorStatus{"access.unknown_person", 404},
    ErrorStatus{"access.own_team", 403},
    ErrorStatus{"access.unknown_lift", 404},
    ErrorStatus{"alerts.not_found", 404},
    ErrorStatus{"alerts.bad_decision", 400},
    ErrorStatus{"alerts.bad_query", 400},
    ErrorStatus{"alerts.closed", 409},
    ErrorStatus{"alerts.no_policy", 404},
    ErrorStatus{"cases.not_found", 404},
    ErrorStatus{"cases.not_member", 403},
    ErrorStatus{"cases.own_person", 403},
    ErrorStatus{"cases.closed", 409},
    ErrorStatus{"cases.not_closed", 409},
    ErrorStatus{"cases.erased", 409},
    ErrorStatus{"cases.changed_meanwhile", 409},
    ErrorStatus{"cases.other_person", 409},
    ErrorStatus{"cases.alert_taken", 409},
    ErrorStatus{"cases.bad_viewer", 400},
    ErrorStatus{"cases.bad_text", 400},
    ErrorStatus{"cases.bad_evidence", 400},
    ErrorStatus{"cases.bad_query", 400},
    ErrorStatus{"cases.full", 409},
    ErrorStatus{"cases.no_task", 404},
    ErrorStatus{"cases.notice_repeated", 409},
    ErrorStatus{"cases.no_notice", 404},
    ErrorStatus{"cases.no_address", 409},
    ErrorStatus{"cases.mail_off", 409},
    ErrorStatus{"access.bad_mail_address", 400},
    ErrorStatus{"notifications.bad", 400},
    ErrorStatus{"access.no_mail_address", 409},
    ErrorStatus{"cases.task_done", 409},
    ErrorStatus{"cases.no_evidence", 404},
    ErrorStatus{"cases.package_too_large", 409},
    ErrorStatus{"cases.bad_package", 500},
    ErrorStatus{"requests.bad", 400},
    ErrorStatus{"requests.not_found", 404},
    ErrorStatus{"requests.not_waiting", 409},
    ErrorStatus{"requests.not_open", 409},
    ErrorStatus{"requests.own_request", 409},
    ErrorStatus{"requests.own_person", 403},
    ErrorStatus{"requests.too_many", 409},
    ErrorStatus{"scoring.bad_days", 400},
    ErrorStatus{"scoring.not_started", 409},
    ErrorStatus{"scoring.nothing_waits", 409},
    ErrorStatus{"scoring.own_request", 409},
    ErrorStatus{"settings.unknown", 404},
    ErrorStatus{"settings.in_file_only", 409},
    ErrorStatus{"settings.same", 409},
    ErrorStatus{"settings.bad_value", 400},
    ErrorStatus{"settings.nothing_waits", 409},
    ErrorStatus{"settings.changed_meanwhile", 409},
    ErrorStatus{"settings.own_request", 409},
    ErrorStatus{"settings.not_own", 409},
    ErrorStatus{"policy.nothing_waits", 409},
    ErrorStatus{"policy.changed_meanwhile", 409},
    ErrorStatus{"policy.not_lawful", 409},
    ErrorStatus{"policy.own_request", 409},
    ErrorStatus{"policy.not_in_force", 409},
    ErrorStatus{"policy.not_paused", 409},
    ErrorStatus{"policy.unusable", 409},
    ErrorStatus{"mass_events.not_found", 404},
    ErrorStatus{"mass_events.not_held", 409},
    ErrorStatus{"mass_events.not_an_indicator", 409},
    ErrorStatus{"expectations.bad", 400},
    ErrorStatus{"expectations.not_found", 404},
    ErrorStatus{"expectations.not_waiting", 409},
    ErrorStatus{"expectations.not_agreed", 409},
    ErrorStatus{"expectations.own_request", 409},
    ErrorStatus{"expectations.too_many", 409},
    ErrorStatus{"backtest.unknown", 404},
    ErrorStatus{"backtest.busy", 409},
    ErrorStatus{"backtest.not_done", 409},
    ErrorStatus{"indicators.not_found", 404},
    ErrorStatus{"switches.unknown_indicator", 404},
    ErrorStatus{"switches.bad_country", 400},
    ErrorStatus{"switches.agreement_needed", 400},
    ErrorStatus{"switches.too_long", 400},
    ErrorStatus{"switches.past", 409},
    ErrorStatus{"store.locked", 503},
    ErrorStatus{"store.held", 503},
    ErrorStatus{"store.unavailable", 503},
    ErrorStatus{"store.disk_full", 507},
    ErrorStatus{"timeline.disk_full", 507},
    ErrorStatus{"timeline.raw_removed", 410},
    ErrorStatus{"api.request_timeout", 408},
    ErrorStatus{"access.bad_token", 401},
    ErrorStatus{"ingest.queue_full", 429},
    ErrorStatus{"sources.too_large", 413},
    ErrorStatus{"sources.damaged_input", 400},
    ErrorStatus{"sources.unknown_format", 400},
    ErrorStatus{"api.too_many_connections", 503},
};

}  // namespace

std::span<const ErrorStatus> error_statuses() { return kStatuses; }

int status_of(std::string_view error_id) {
  const auto* found = std::ranges::find(kStatuses, error_id, &ErrorStatus::id);
  return found == kStatuses.end() ? 500 : found->status;
}

Response error_response(const Error& error) {
  JsonWriter json;
  json.open_object().text("id", error.id).text("message", error.message).close_object();
  Response response{.status = status_of(error.id), .headers = {}, .body = json.take()};
  response.set("Content-Type", "application/json");
  if (error.id == "ingest.queue_full") response.set("Retry-After", "1");
  if (error.id == "access.bad_token") response.set("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace candor::api
