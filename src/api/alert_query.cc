#include "api/alert_query.h"

#include <algorithm>
#include <array>
#include <utility>

namespace candor::api {

namespace {

constexpr std::int64_t kMostMassEvents = 1'000'000'000;  // their numbers
constexpr std::size_t kLongestUserName = 64;

constexpr std::array kAlertSorts = {std::pair{std::string_view("score"), AlertSort::score},
                                    std::pair{std::string_view("first_day"), AlertSort::first_day},
                                    std::pair{std::string_view("last_day"), AlertSort::last_day},
                                    std::pair{std::string_view("created"), AlertSort::created},
                                    std::pair{std::string_view("updated"), AlertSort::updated},
                                    std::pair{std::string_view("policy"), AlertSort::policy},
                                    std::pair{std::string_view("status"), AlertSort::status},
                                    std::pair{std::string_view("severity"), AlertSort::severity}};

std::optional<AlertSeverity> severity_of(std::string_view text) {
  for (const AlertSeverity severity : {AlertSeverity::low, AlertSeverity::medium, AlertSeverity::high})
    if (to_text(severity) == text) return severity;
  return std::nullopt;
}

void read_range(QueryReader& query, std::string_view from, std::string_view until, DayRange& range) {
  range.from = query.day(from);
  range.to = query.day(until);
  if (range.from && range.to && *range.to < *range.from) query.refuse(until, "lies before the first day");
}

}  // namespace

void read_alert_filter(QueryReader& query, const Call& call, AlertQuery& wanted) {
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
  wanted.held = query.optional_boolean("held");
  wanted.mass_event = query.integer("mass_event", 0, kMostMassEvents, 0);
  wanted.assigned = query.text("assigned_to", kLongestUserName);
  if (query.boolean("unassigned", false)) {
    if (wanted.assigned) query.refuse("unassigned", "contradicts `assigned_to`");
    wanted.assigned = "";
  }
  wanted.in_case = query.optional_boolean("in_case");
  read_range(query, "opened_from", "opened_until", wanted.opened);
  read_range(query, "active_from", "active_until", wanted.active);
}

void read_alert_order(QueryReader& query, AlertQuery& wanted) {
  wanted.by_person = query.boolean("by_person", false);
  const std::optional<std::string> text = query.text("sort", 20);
  if (!text) return;
  wanted.descending = text->starts_with('-');
  const std::string_view name = std::string_view(*text).substr(wanted.descending ? 1 : 0);
  const auto* found = std::ranges::find(kAlertSorts, name, &std::pair<std::string_view, AlertSort>::first);
  if (found == kAlertSorts.end()) {
    query.refuse("sort", "is not one of the columns to sort by");
    return;
  }
  wanted.sort = found->second;
}

Result<void> may_filter(const Call& call, const AlertQuery& wanted) {
  return wanted.in_case ? call.viewer().require(Permission::cases_view) : Result<void>();
}

void write_alert_filter(JsonWriter& json, const AlertQuery& query) {
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
  if (query.held) json.boolean("held", *query.held);
  if (query.mass_event != 0) json.integer("mass_event", query.mass_event);
  if (query.assigned) json.text("assigned_to", *query.assigned);
  if (query.in_case) json.boolean("in_case", *query.in_case);
  const auto day = [&](std::string_view name, std::optional<Day> value) {
    if (value) json.day(name, *value);
  };
  day("opened_from", query.opened.from);
  day("opened_until", query.opened.to);
  day("active_from", query.active.from);
  day("active_until", query.active.to);
}

QueueActs queue_acts_of(const Desk& desk) {
  return QueueActs({.store = desk.context.store,
                    .keys = desk.context.keys,
                    .clock = desk.context.clock,
                    .alerts = desk.context.alerts,
                    .viewers = desk.context.viewers,
                    .facts = desk.context.facts,
                    .presenter = desk.context.presenter,
                    .audit = desk.context.audit});
}

}  // namespace candor::api
