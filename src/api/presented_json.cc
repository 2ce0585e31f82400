#include "api/presented_json.h"

namespace candor::api {

void write_person(JsonWriter& json, const PresentedPerson& person) {
  json.open_object().text("pseudonym", person.pseudonym.text()).key("name");
  if (person.name) {
    json.text(person.name->text());
  } else {
    json.null();
  }
  json.time("lifted_until", person.lifted_until).close_object();
}

void write_indicator(JsonWriter& json, const IndicatorInfo* indicator) {
  if (indicator == nullptr) {
    json.null();
    return;
  }
  json.open_object().text("name", indicator->name).text("title", indicator->title);
  json.text("category", to_text(indicator->category)).close_object();
}

const IndicatorInfo* find_indicator(const IndicatorSet& set, std::string_view name) {
  const auto index = set.find_name(name);
  return index ? &set[*index] : nullptr;
}

const IndicatorInfo* find_indicator(const IndicatorSet& set, IndicatorKey key) {
  const auto index = set.find(key);
  return index ? &set[*index] : nullptr;
}

void write_switch(JsonWriter& json, const Switch& one) {
  json.open_object().integer("number", one.number).text("indicator", one.indicator).boolean("on", one.on);
  json.text("country", one.country).text("group", one.group).day("from", one.from);
  json.text("agreement", one.agreement).time("set_at", one.set_at).text("set_by", one.set_by).close_object();
}

void write_peers(JsonWriter& json, const std::optional<PeerStanding>& peers) {
  json.key("peers");
  if (!peers) {
    json.null();
    return;
  }
  json.open_object().text("group", to_text(peers->group)).integer("people", peers->people);
  json.integer("of_hundred", peers->of_hundred).integer("at_most", peers->at_most);
  json.day("from", peers->from).day("to", peers->to).close_object();
}

void write_usual_of(JsonWriter& json, UsualDays days, int from) {
  json.key("usual_of");
  if (from == 0) {
    json.null();
    return;
  }
  json.open_object().text("days", to_text(days)).integer("from", from).close_object();
}

void write_diagnostics(JsonWriter& json, const std::vector<Diagnostic>& diagnostics) {
  json.key("diagnostics").open_array();
  for (const Diagnostic& one : diagnostics) {
    json.open_object().integer("line", one.line).integer("column", one.column);
    json.text("severity", one.severity == Severity::error ? "error" : "warning").text("id", one.id);
    json.text("message", one.message).text("hint", one.hint).close_object();
  }
  json.close_array();
}

void write_alert_row(JsonWriter& json, const AlertRow& row, const PresentedPerson& person) {
  json.text("id", row.id).text("severity", to_text(row.severity)).points("score", row.score);
  json.key("policy").open_object().text("id", row.policy).text("name", row.policy_name).close_object();
  json.key("person");
  write_person(json, person);
  json.day("first_day", row.first_day).day("last_day", row.last_day).text("status", to_text(row.status));
  json.boolean("changed_after_decision", row.changed_after_decision);
  json.time("created_at", row.created_at).time("updated_at", row.updated_at);
}

void write_assigned(JsonWriter& json, const AlertRow& row) {
  if (row.assigned.empty() || !row.is_open()) {
    json.null("assigned_to");
  } else {
    json.text("assigned_to", row.assigned);
  }
}

}  // namespace candor::api
