#include <algorithm>
#include <array>

#include "api/route.h"

namespace candor::api {
namespace {

// Every policy in force, and every template that none of them comes from.
Result<AnalyticsOrder> order_of(Desk& desk) {
  AnalyticsOrder order{.period = last_four_weeks(day_of(desk.context.clock.now())), .policies = {}, .in_force = {}};
  order.filling = desk.context.fill && desk.context.fill().state == Fill::State::running;
  CANDOR_TRY(const auto stored, desk.context.policies.list());
  for (const StoredPolicy& one : stored) {
    CANDOR_TRY(const auto history, desk.policies.history(one.id));
    if (!history || !history->versions.back().policy->enabled) continue;
    order.policies.push_back(history->versions.back().policy);
    order.in_force.insert(one.id);
  }
  if (desk.context.templates) {
    for (const Policy& one : *desk.context.templates) {
      if (order.in_force.contains(one.id)) continue;
      order.policies.emplace_back(desk.context.templates, &one);
    }
  }
  std::ranges::sort(order.policies, {}, [](const auto& one) -> const std::string& { return one->id; });
  return order;
}

void write_levels(JsonWriter& json, std::string_view name, const Levels& levels) {
  json.key(name).open_object().integer("low", levels.low).integer("medium", levels.medium);
  json.integer("high", levels.high).close_object();
}

void write_use(JsonWriter& json, const IndicatorUse& use) {
  json.open_object().text("indicator", use.indicator->name).text("title", use.indicator->title);
  json.text("category", to_text(use.indicator->category));
  json.integer("people", use.people).integer("reached_low", use.reached_low).integer("reached_high", use.reached_high);
  write_levels(json, "shipped", use.indicator->levels[0]);
  json.key("fitted").open_array();
  for (std::size_t d = 0; d < kDimensions; ++d) {
    if (!use.fitted[d]) continue;
    json.open_object().text("dimension", to_text(static_cast<Dimension>(d)));
    write_levels(json, "levels", *use.fitted[d]);
    json.close_object();
  }
  json.close_array().close_object();
}

void write_result(JsonWriter& json, const AnalyticsLook& look) {
  const Analytics& result = *look.result;
  json.open_object().integer("people", result.people).integer("person_days", result.person_days);
  json.key("policies").open_array();
  for (const PolicyReach& one : result.policies) {
    json.open_object().text("policy", one.policy->id).text("name", one.policy->name);
    json.text("description", one.policy->description);
    json.boolean("in_force", look.order->in_force.contains(one.policy->id)).integer("people", one.people);
    json.close_object();
  }
  json.close_array().key("indicators").open_array();
  for (const IndicatorUse& use : result.used) write_use(json, use);
  json.close_array().close_object();
}

Result<Response> analytics(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  JsonWriter json;
  json.open_object();
  if (!desk.context.analytics && desk.context.intake.data_kind() != "demo") {
    json.text("state", "off").key("from").null().key("to").null().integer("done", 0).integer("total", 0);
    json.key("message").null().key("result").null().close_object();
    return json_response(200, json);
  }
  CANDOR_TRY(AnalyticsOrder order, order_of(desk));
  const AnalyticsLook look = desk.analytics.look(std::move(order));
  constexpr std::array<std::string_view, 3> kStates = {"running", "done", "failed"};
  // How far counting is shows nothing yet; pages ask for it every second.
  if (look.result) {
    AuditEntry entry;
    entry.action = "analytics.viewed";
    entry.object_kind = "analytics";
    CANDOR_TRY([[maybe_unused]] const Viewing viewing,
               desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  }
  json.text("state", kStates[static_cast<std::size_t>(look.state)]);
  json.day("from", look.order->period.from).day("to", look.order->period.to);
  json.integer("done", static_cast<std::int64_t>(look.done)).integer("total", static_cast<std::int64_t>(look.total));
  json.key("message");
  if (look.error) {
    json.text(look.error->message);
  } else {
    json.null();
  }
  json.key("result");
  if (look.result) {
    write_result(json, look);
  } else {
    json.null();
  }
  json.close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> analytics_routes() {
  return {{Method::get, "/analytics", with(Permission::policies_read), analytics}};
}

}  // namespace candor::api
