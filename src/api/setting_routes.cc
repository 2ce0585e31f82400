#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/body.h"
#include "api/json_writer.h"
#include "api/own_objects.h"
#include "api/route.h"
#include "organisation/running_settings.h"

// What the organisation sets, where each value comes from, and changes of it.
namespace candor::api {

namespace {

constexpr std::size_t kMostChanges = 200;
constexpr std::size_t kLongestValue = 200;
constexpr std::size_t kLongestNumber = 1'000'000;
constexpr TextProperty kWhy{.name = "reason", .shortest = kShortestReason, .longest = kLongestReason, .prose = true};
constexpr TextProperty kWhich{.name = "number", .shortest = 1, .longest = kLongestNumber, .integer = true};

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// `SettingChange`
void write_change(JsonWriter& json, const SettingChange& change) {
  json.open_object().integer("number", change.number).text("setting", change.setting).text("value", change.value);
  json.text("asked_by", change.asked_by).text("reason", change.reason).time("asked_at", change.asked_at);
  json.text("decision", to_text(change.decision)).text("decided_by", or_null(change.decided_by));
  json.text("decided_reason", or_null(change.decided_reason));
  json.time("decided_at", change.decided_at == 0 ? std::nullopt : std::optional(change.decided_at));
  json.close_object();
}

void write_change(JsonWriter& json, std::string_view name, const std::optional<SettingChange>& change) {
  json.key(name);
  if (change) {
    write_change(json, *change);
  } else {
    json.null();
  }
}

// `Setting`
void write_setting(JsonWriter& json, const SettingState& state) {
  const SettingInfo& info = state.info;
  const bool is_number = info.kind == SettingKind::whole_number;
  json.open_object().text("name", info.name).text("kind", to_text(info.kind)).boolean("secret", info.secret);
  json.text("changes", to_text(info.changes)).text("value", state.value).text("in_file", state.in_file);
  json.text("default", state.by_default).text("origin", to_text(state.origin));
  for (const auto& [name, number] : {std::pair("least", info.least), std::pair("most", info.most)}) {
    json.key(name);
    if (is_number) {
      json.integer(number);
    } else {
      json.null();
    }
  }
  json.key("line");
  if (state.line > 0) {
    json.integer(state.line);
  } else {
    json.null();
  }
  json.time("since", state.since);
  write_change(json, "change", state.change);
  write_change(json, "waiting", state.waiting);
  json.close_object();
}

Result<RunningSettings*> settings_of(const Desk& desk) {
  if (desk.context.settings == nullptr) return fail("api.not_found", "there is nothing here");
  return desk.context.settings;
}

Result<Response> list_settings(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(RunningSettings* const settings, settings_of(desk));
  AuditEntry entry;
  entry.action = "settings.viewed";
  entry.object_kind = "settings";
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::settings_read, entry));
  CANDOR_TRY(const auto states, settings->all());
  CANDOR_TRY(auto changes, settings->changes());
  if (changes.size() > kMostChanges) changes.resize(kMostChanges);
  JsonWriter json;
  json.open_object().boolean("second_person", settings->asks_second_person()).text("file", "settings.yml");
  json.key("settings").open_array();
  for (const SettingState& state : states) write_setting(json, state);
  json.close_array().key("changes").open_array();
  for (const SettingChange& change : changes) write_change(json, change);
  json.close_array().close_object();
  return json_response(200, json);
}

// Who acts, with the audit line of the act in its transaction.
SettingActor setting_actor_of(const Desk& desk, const Call& call, std::string action, const std::string& reason) {
  return {.name = call.viewer().user(),
          .reason = reason,
          .also = [&desk, &call, action = std::move(action), reason](Transaction& work,
                                                                     const SettingChange& change) -> Result<void> {
            JsonWriter details;
            details.open_object().integer("number", change.number).text("value", change.value);
            details.text("decision", to_text(change.decision)).close_object();
            AuditEntry entry;
            entry.action = action;
            entry.object_kind = "setting";
            entry.object_id = change.setting;
            entry.reason = reason;
            entry.details = details.take();
            CANDOR_TRY_VOID(desk.context.audit.append(work, done_by(call.viewer(), std::move(entry))));
            return {};
          }};
}

Response written(const SettingChange& change) {
  JsonWriter json;
  write_change(json, change);
  return json_response(200, json);
}

Result<Response> ask_setting(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"value", 0, kLongestValue}, kWhy}));
  CANDOR_TRY(RunningSettings* const settings, settings_of(desk));
  CANDOR_TRY(const SettingChange change,
             settings->ask(call.parameter("setting"), or_null(body.at("value")),
                           setting_actor_of(desk, call, "setting.asked", body.at("reason"))));
  return written(change);
}

Result<std::string> asker_of(const RunningSettings& settings, std::int64_t number) {
  CANDOR_TRY(const auto changes, settings.changes());
  const auto found = std::ranges::find(changes, number, &SettingChange::number);
  return found == changes.end() ? std::string() : found->asked_by;
}

using SettingStep = Result<SettingChange> (RunningSettings::*)(const std::string&, std::int64_t, const SettingActor&);

template <SettingStep act>
Result<Response> decide_setting(Desk& desk, const Call& call) {
  constexpr std::string_view kDone = act == &RunningSettings::approve  ? "setting.approved"
                                     : act == &RunningSettings::reject ? "setting.rejected"
                                                                       : "setting.withdrawn";
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kWhy, kWhich}));
  CANDOR_TRY(RunningSettings* const settings, settings_of(desk));
  const std::int64_t number = std::stoll(body.at("number"));  // its range is checked
  if constexpr (act == &RunningSettings::approve) {
    CANDOR_TRY(const std::string asker, asker_of(*settings, number));
    CANDOR_TRY_VOID(refuse_one_person(desk, call.viewer(), asker, "settings.own_request"));
  }
  CANDOR_TRY(const SettingChange change,
             (settings->*act)(call.parameter("setting"), number,
                              setting_actor_of(desk, call, std::string(kDone), body.at("reason"))));
  return written(change);
}

}  // namespace

std::vector<Route> setting_routes() {
  return {{Method::get, "/settings", with(Permission::settings_read), list_settings},
          {Method::post, "/settings/{setting}", with(Permission::settings_write), ask_setting},
          {Method::post, "/settings/{setting}/approve", with(Permission::policies_approve),
           decide_setting<&RunningSettings::approve>},
          {Method::post, "/settings/{setting}/reject", with(Permission::policies_approve),
           decide_setting<&RunningSettings::reject>},
          {Method::post, "/settings/{setting}/withdraw", with(Permission::settings_write),
           decide_setting<&RunningSettings::withdraw>}};
}

}  // namespace candor::api
