#include <optional>
#include <string>

#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "ingest/exclusion_counts.h"

namespace candor::api {

namespace {

Result<void> look_at_exclusions(const Desk& desk, const Call& call, std::string action, std::string kind) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = std::move(kind);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

// `ItemCount`
void write_items(JsonWriter& json, const ItemLists& lists) {
  json.key("items").open_array();
  for (std::size_t i = 0; i < kItemKinds; ++i) {
    const auto kind = static_cast<ItemKind>(i);
    if (lists.size(kind) == 0) continue;
    json.open_object().text("kind", to_text(kind)).integer("count", static_cast<std::int64_t>(lists.size(kind)));
    json.close_object();
  }
  json.close_array();
}

void write_left_out(JsonWriter& json, const IndicatorSet& set, const std::string& exclusion,
                    const std::vector<ExclusionCount>& counts) {
  json.key("left_out").open_array();
  for (const ExclusionCount& one : counts) {
    if (one.exclusion != exclusion) continue;
    const auto index = set.find_name(one.indicator);
    if (!index) continue;  // counted when there was one
    json.open_object().key("indicator");
    write_indicator(json, &set[*index]);
    json.integer("activities", one.activities).day("last_day", one.last).close_object();
  }
  json.close_array();
}

Result<Response> exclusions(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto counts, ExclusionBook(desk.context.store).all());
  CANDOR_TRY_VOID(look_at_exclusions(desk, call, "exclusions.viewed", "exclusions"));
  const IndicatorSet& set = *desk.context.indicators;
  JsonWriter json;
  json.open_object().key("exclusions").open_array();
  for (const Exclusion& one : set.exclusions()) {
    json.open_object().text("name", one.name).text("reason", one.reason).boolean("all", one.indicators.empty());
    json.key("indicators").open_array();
    for (const std::string& name : one.indicators) {
      if (const auto index = set.find_name(name)) write_indicator(json, &set[*index]);
    }
    json.close_array();
    write_items(json, one.lists);
    json.key("groups").open_array();
    for (const auto& group : one.groups) json.text(group->name);
    json.close_array().integer("unless_keywords", static_cast<std::int64_t>(one.unless.size()));
    write_left_out(json, set, one.name, counts);
    json.close_object();
  }
  json.close_array().key("groups").open_array();
  for (const auto& [name, group] : set.groups()) {
    json.open_object().text("name", name).text("title", group->title);
    write_items(json, group->lists);
    json.close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> exclusion_routes() {
  return {{Method::get, "/exclusions", with(Permission::policies_read), exclusions}};
}

}  // namespace candor::api
