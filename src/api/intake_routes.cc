#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "ingest/intake_counts.h"
#include "organisation/retention_kinds.h"

namespace candor::api {

namespace {

Result<void> look_at_intake(const Desk& desk, const Call& call, std::string kind) {
  AuditEntry entry;
  entry.action = kind + ".viewed";
  entry.object_kind = std::move(kind);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

Result<Response> intake(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const IntakeRules& rules = *desk.context.intake.rules;
  CANDOR_TRY(const IntakeCounts counted, intake_counts(desk.context.timeline));
  CANDOR_TRY_VOID(look_at_intake(desk, call, "intake"));
  JsonWriter json;
  json.open_object().text("version", rules.version_text()).key("rules").open_array();
  for (const IntakeRule& rule : rules.rules) {
    json.open_object().text("name", rule.name).text("reason", rule.reason).boolean("whole_record", rule.whole_record);
    json.integer("dropped_fields", static_cast<std::int64_t>(rule.drop.paths.size()));
    json.integer("masked_fields", static_cast<std::int64_t>(rule.mask.paths.size())).close_object();
  }
  json.close_array().key("parties").open_array();
  for (const ProtectedParty& party : rules.parties) {
    const std::size_t entries =
        party.people.size() + party.mailboxes.size() + party.sites.size() + party.domains.size();
    json.open_object().text("name", party.name).text("reason", party.reason);
    json.integer("entries", static_cast<std::int64_t>(entries)).close_object();
  }
  json.close_array().key("days").open_array();
  for (auto day = counted.rbegin(); day != counted.rend(); ++day) {
    for (const auto& [rule, count] : day->second) {
      json.open_object().day("day", day->first).text("rule", rule);
      json.integer("dropped", static_cast<std::int64_t>(count.dropped));
      json.integer("changed", static_cast<std::int64_t>(count.changed)).close_object();
    }
  }
  json.close_array().close_object();
  return json_response(200, json);
}

void write_counts(JsonWriter& json, std::int64_t activities, std::int64_t accounts, std::int64_t raw_records) {
  json.key("removed").open_object().integer("activities", activities).integer("accounts", accounts);
  json.integer("raw_records", raw_records).close_object();
}

void write_kinds(JsonWriter& json, const std::vector<RetentionKindCount>& kinds) {
  json.key("kinds").open_array();
  for (const RetentionKindCount& one : kinds) {
    json.open_object().text("kind", one.kind).integer("removed", one.removed).integer("held", one.held);
    json.close_object();
  }
  json.close_array();
}

Result<Response> retention(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  constexpr std::int64_t kShown = 30;
  RetentionBook book(desk.context.store);
  CANDOR_TRY(const Day began, book.began(day_of(desk.context.clock.now())));
  CANDOR_TRY(const auto totals, book.totals());
  CANDOR_TRY(const auto runs, book.runs(kShown));
  CANDOR_TRY_VOID(look_at_intake(desk, call, "retention"));
  const RunningSettings* const settings = desk.context.settings;
  const Settings::Retention kept = settings == nullptr ? Settings::Retention() : settings->get()->retention;
  JsonWriter json;
  json.open_object().integer("raw_days", kept.raw_days).integer("activity_days", kept.activity_days);
  json.day("folder_began", began);
  write_counts(json, totals.activities, totals.accounts, totals.raw_records);
  json.key("kinds").open_array();
  for (const RetentionKind& kind : kRetentionKinds) {
    const auto removed = totals.kinds.find(std::string(kind.name));
    json.open_object().text("kind", kind.name).text("setting", kind.setting);
    json.integer("days", kept.*kind.days);
    json.integer("removed", removed == totals.kinds.end() ? 0 : removed->second).close_object();
  }
  json.close_array().key("runs").open_array();
  for (const RetentionRun& run : runs) {
    const auto count = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
    json.open_object().day("day", run.day).day("activities_before", run.before);
    json.day("raw_records_before", run.raw_before);
    write_counts(json, count(run.removed.activities), count(run.removed.accounts), count(run.removed.raw_records));
    json.integer("held_people", run.held_people);
    json.integer("held_activities", count(run.removed.held_activities));
    write_kinds(json, run.kinds);
    json.close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> switches(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(look_at_intake(desk, call, "switches"));
  const auto set = desk.context.intake.switches.get();
  const IndicatorMask mask = set->mask({}, day_of(desk.context.clock.now()));
  JsonWriter json;
  json.open_object().key("indicators").open_array();
  for (std::size_t i = 0; i < set->indicators().size(); ++i) {
    const auto index = static_cast<IndicatorIndex>(i);
    const IndicatorInfo& info = set->indicators()[index];
    json.open_object().text("name", info.name).text("title", info.title).integer("intrusion", info.intrusion);
    json.boolean("on", mask.test(index)).key("decisions").open_array();
    for (const Switch& one : set->switches()) {
      if (one.indicator == info.name) write_switch(json, one);
    }
    json.close_array().close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Switch> decision_of(const Call& call, const Body& body, const Clock& clock) {
  const std::string& state = body.at("state");
  if (state != "on" && state != "off") return fail("api.bad_property", "`state` is on or off");
  const Day today = day_of(clock.now());
  std::optional<Day> from = today;
  if (!body.at("from").empty()) from = parse_day(body.at("from"));
  if (!from) return fail("api.bad_property", "`from` is a day as YYYY-MM-DD");
  if (*from < today) {
    return fail("switches.past",
                "a decision about days that are over matches them again: take it with `candor switches set`");
  }
  return Switch{.indicator = body.at("indicator"),
                .on = state == "on",
                .country = body.at("country"),
                .group = body.at("group"),
                .from = *from,
                .agreement = body.at("agreement"),
                .set_by = call.viewer().user()};
}

Result<Response> set_switch(Desk& desk, const Call& call) {
  CANDOR_TRY(const Body body, read_body(call.request, {{"indicator", 1, 128},
                                                       {"state", 2, 3},
                                                       {"country", 0, 2},
                                                       {"group", 0, 200},
                                                       {"from", 0, 10},
                                                       {"agreement", 0, 200, true}}));
  CANDOR_TRY(Switch decision, decision_of(call, body, desk.context.clock));
  const auto also = [&](Transaction& work, const Switch& decided) -> Result<void> {
    JsonWriter details;
    details.open_object().integer("number", decided.number).boolean("on", decided.on).text("country", decided.country);
    details.text("group", decided.group).day("from", decided.from).text("agreement", decided.agreement).close_object();
    AuditEntry entry;
    entry.action = "switches.set";
    entry.object_kind = "indicator";
    entry.object_id = decided.indicator;
    entry.details = details.take();
    CANDOR_TRY_VOID(desk.context.audit.append(work, done_by(call.viewer(), std::move(entry))));
    return {};
  };
  CANDOR_TRY(const Switch decided, desk.context.intake.decide(std::move(decision), also));
  JsonWriter json;
  write_switch(json, decided);
  return json_response(200, json);
}

}  // namespace

std::vector<Route> intake_routes() {
  return {{Method::get, "/intake", with(Permission::policies_read), intake},
          {Method::get, "/retention", with(Permission::policies_read), retention},
          {Method::get, "/switches", with(Permission::policies_read), switches},
          {Method::post, "/switches", with(Permission::policies_write), set_switch}};
}

}  // namespace candor::api
