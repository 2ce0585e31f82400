#include "api/first_steps.h"
#include "api/json_writer.h"
#include "api/route.h"
#include "organisation/running_settings.h"

// What has to be in place before Candor can be relied on.
namespace candor::api {

namespace {

// `FirstStep`
void write_step(JsonWriter& json, const FirstStep& step) {
  json.open_object().text("id", step.id).text("state", to_text(step.state)).integer("count", step.count);
  json.integer("wanting", step.wanting).time("last", step.last).close_object();
}

Result<Response> show_first_steps(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const ApiContext& context = desk.context;
  const auto settings = context.settings != nullptr ? context.settings->get() : std::make_shared<const Settings>();
  CANDOR_TRY(const auto steps, first_steps({.clock = context.clock,
                                            .store = context.store,
                                            .keys = context.keys,
                                            .people = context.people,
                                            .facts = context.facts,
                                            .organisation = context.organisation,
                                            .policies = context.policies,
                                            .viewers = context.viewers,
                                            .audit = context.audit,
                                            .sources = context.sources,
                                            .settings = *settings,
                                            .key_is_sealed = context.key_is_sealed && context.key_is_sealed()}));
  AuditEntry entry;
  entry.action = "first_steps.viewed";
  entry.object_kind = "first_steps";
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             context.presenter.view(call.viewer(), Permission::settings_read, entry));
  JsonWriter json;
  json.open_object().key("steps").open_array();
  for (const FirstStep& step : steps) write_step(json, step);
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> first_step_routes() {
  return {{Method::get, "/first-steps", with(Permission::settings_read), show_first_steps}};
}

}  // namespace candor::api
