#include <algorithm>
#include <array>

#include "api/route.h"
#include "assessment/fitted_policy.h"

namespace candor::api {
namespace {

// By the organisation; over invented people it always is.
bool is_switched_on(const ApiContext& context) {
  return context.settings != nullptr && context.settings->get()->analytics.enabled;
}

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
  if (!is_switched_on(desk.context) && desk.context.intake.data_kind() != "demo") {
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

void write_fitted(JsonWriter& json, const FittedPolicy& fitted) {
  json.open_object().text("yaml", fitted.text).key("changed").open_array();
  for (const FittedLevel& one : fitted.changed) {
    json.open_object().text("indicator", one.indicator).text("title", one.title);
    json.text("dimension", to_text(one.dimension));
    write_levels(json, "now", one.now);
    write_levels(json, "fitted", one.fitted);
    json.close_object();
  }
  json.close_array().close_object();
}

// What waits for a second person, or whoever takes the levels would drop the change that was asked for; else what is in
// force, or was before it was paused.
Result<std::shared_ptr<const Policy>> policy_to_fit(Desk& desk, const std::string& id) {
  CANDOR_TRY(const PolicyStanding standing, desk.context.policies.standing(id));
  const StoredPolicy& shown = standing.newest();
  return desk.policies.find(shown.id, shown.version);
}

// The levels of the organisation's own days beside those of a policy. Counted as `analytics`, and switched off as they
// are.
Result<Response> fitted_levels(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto policy, policy_to_fit(desk, call.parameter("policy_id")));
  JsonWriter json;
  json.open_object();
  if (!is_switched_on(desk.context) && desk.context.intake.data_kind() != "demo") {
    json.text("state", "off").null("from").null("to").null("message").null("fitted").close_object();
    return json_response(200, json);
  }
  CANDOR_TRY(AnalyticsOrder order, order_of(desk));
  const AnalyticsLook look = desk.analytics.look(std::move(order));
  std::optional<FittedPolicy> fitted;
  if (look.result) {
    CANDOR_TRY(fitted, fit_policy(*policy, *look.result, desk.context.indicators->indicators(), desk.context.scoring));
    AuditEntry entry;
    entry.action = "policy.fitted_viewed";
    entry.object_kind = "policy";
    entry.object_id = policy->id;
    CANDOR_TRY([[maybe_unused]] const Viewing viewing,
               desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  }
  constexpr std::array<std::string_view, 3> kStates = {"running", "done", "failed"};
  json.text("state", kStates[static_cast<std::size_t>(look.state)]);
  json.day("from", look.order->period.from).day("to", look.order->period.to).key("message");
  if (look.error) {
    json.text(look.error->message);
  } else {
    json.null();
  }
  json.key("fitted");
  if (fitted) {
    write_fitted(json, *fitted);
  } else {
    json.null();
  }
  json.close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> analytics_routes() {
  return {{Method::get, "/analytics", with(Permission::policies_read), analytics},
          {Method::get, "/policies/{policy_id}/fitted", with(Permission::policies_read), fitted_levels}};
}

}  // namespace candor::api
