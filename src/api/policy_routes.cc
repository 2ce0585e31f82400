#include <algorithm>

#include "api/presented_json.h"
#include "api/route.h"

namespace candor::api {

namespace {

Result<void> look(const Desk& desk, const Call& call, std::string kind, std::string id) {
  AuditEntry entry;
  entry.action = kind + ".viewed";
  entry.object_kind = std::move(kind);
  entry.object_id = std::move(id);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

void write_policy(JsonWriter& json, const StoredPolicy& stored, const Policy& compiled) {
  json.text("id", stored.id).text("name", stored.name).text("template", stored.template_name);
  json.text("description", compiled.description).text("version", stored.version).boolean("enabled", compiled.enabled);
}

Result<Response> list(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(look(desk, call, "policies", ""));
  CANDOR_TRY(auto policies, desk.context.policies.list());
  CANDOR_TRY(auto counts, desk.context.alerts.counts());
  std::ranges::sort(policies, {}, &StoredPolicy::name);
  JsonWriter json;
  json.open_object().key("policies").open_array();
  for (const StoredPolicy& policy : policies) {
    CANDOR_TRY(const auto compiled, desk.policies.find(policy.id, policy.version));
    json.open_object();
    write_policy(json, policy, *compiled);
    auto& by_status = counts[policy.id];
    json.integer("needs_review", by_status[AlertStatus::needs_review]);
    json.integer("confirmed", by_status[AlertStatus::confirmed]);
    json.integer("dismissed", by_status[AlertStatus::dismissed]).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> get(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const StoredPolicy policy, desk.context.policies.get(call.parameter("policy_id")));
  CANDOR_TRY_VOID(look(desk, call, "policy", policy.id));
  CANDOR_TRY(const auto compiled, desk.policies.find(policy.id, policy.version));
  JsonWriter json;
  json.open_object();
  write_policy(json, policy, *compiled);
  json.key("indicators").open_array();
  for (const PolicyIndicator& indicator : compiled->indicators)
    if (const IndicatorInfo* info = find_indicator(*desk.context.indicators, indicator.key))
      write_indicator(json, info);
  json.close_array().text("yaml", policy.yaml).close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> policy_routes() {
  return {{Method::get, "/policies", with(Permission::policies_read), list},
          {Method::get, "/policies/{policy_id}", with(Permission::policies_read), get}};
}

}  // namespace candor::api
