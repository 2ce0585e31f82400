#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <tuple>

#include "activity/normalise.h"
#include "api/body.h"
#include "api/json_writer.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "indicators/examples.h"
#include "indicators/explain.h"
#include "ingest/exclusion_counts.h"
#include "ingest/indicator_reach.h"
#include "ingest/ledger.h"
#include "sources/feed.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestRecord = 48'000;  // characters; the server takes 64 KB of body

Result<void> look_at_indicators(const Desk& desk, const Call& call, std::string action, std::string kind,
                                std::string id) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = std::move(kind);
  entry.object_id = std::move(id);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

void write_levels(JsonWriter& json, const IndicatorInfo& indicator) {
  json.key("levels").open_object();
  for (int i = 0; i < kDimensions; ++i) {
    const Levels& levels = indicator.levels[i];
    json.key(to_text(static_cast<Dimension>(i))).open_object();
    json.integer("low", levels.low).integer("medium", levels.medium).integer("high", levels.high).close_object();
  }
  json.close_object();
}

// `IndicatorState`: decisions by whom they are about, as they hold on that day.
void write_state(JsonWriter& json, const IndicatorInfo& info, const std::vector<Switch>& switches, Day day) {
  std::vector<Switch> about_all;
  std::set<std::string> countries;
  bool groups = false;
  for (const Switch& one : switches) {
    if (one.indicator != info.name || one.from > day) continue;
    if (one.country.empty() && one.group.empty()) about_all.push_back(one);
    if (!one.country.empty()) countries.insert(one.country);
    groups = groups || !one.group.empty();
  }
  json.key("state").open_object();
  json.boolean("everywhere", is_switched_on(about_all, info.name, info.intrusion, {}, day));
  json.key("countries").open_array();
  for (const std::string& country : countries) {
    const AccountPlace place{.country = country, .groups = std::set<std::string, std::less<>>()};
    json.open_object().text("country", country);
    json.boolean("on", is_switched_on(switches, info.name, info.intrusion, place, day)).close_object();
  }
  json.close_array().boolean("groups", groups).close_object();
}

// `Indicator`
void write_whole_indicator(JsonWriter& json, const IndicatorInfo& info, const std::vector<Switch>& switches, Day day) {
  json.open_object().text("id", info.id).text("name", info.name).text("title", info.title);
  json.text("description", info.description).text("workload", info.workload);
  json.text("category", to_text(info.category)).integer("intrusion", info.intrusion).text("maturity", info.status);
  write_texts(json, "operations", info.operations);
  write_texts(json, "techniques", techniques_of(info));
  write_state(json, info, switches, day);
  write_levels(json, info);
  json.text("variant_of", info.variant_of.empty() ? std::nullopt : std::optional(info.variant_of));
  write_texts(json, "only", info.only);
  write_texts(json, "except", info.except);
  json.close_object();
}

Result<Response> list_indicators(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(look_at_indicators(desk, call, "indicators.viewed", "indicators", ""));
  std::vector<const IndicatorInfo*> sorted;
  for (const IndicatorInfo& indicator : desk.context.indicators->indicators()) sorted.push_back(&indicator);
  std::ranges::sort(sorted, {}, [](const IndicatorInfo* one) { return std::tie(one->workload, one->name); });
  const auto switches = desk.context.intake.switches.get();
  const Day today = day_of(desk.context.clock.now());
  JsonWriter json;
  json.open_object().key("indicators").open_array();
  for (const IndicatorInfo* one : sorted) write_whole_indicator(json, *one, switches->switches(), today);
  json.close_array().close_object();
  return json_response(200, json);
}

Result<IndicatorIndex> find(const Desk& desk, std::string_view name) {
  const auto index = desk.context.indicators->find_name(name);
  if (!index) return fail("indicators.not_found", "there is no indicator of that name");
  return *index;
}

void write_thresholds(JsonWriter& json, const IndicatorInfo& info) {
  json.key("thresholds").open_array();
  for (int i = 0; i < kDimensions; ++i) {
    if (!info.has_levels[i]) continue;
    const Levels& levels = info.levels[i];
    json.open_object().text("dimension", to_text(static_cast<Dimension>(i))).integer("low", levels.low);
    json.integer("medium", levels.medium).integer("high", levels.high).text("reason", info.reasons[i]).close_object();
  }
  json.close_array();
}

void write_feeds(JsonWriter& json, const IndicatorInfo& info) {
  json.key("feeds").open_array();
  for (const Feed& feed : info.feeds) {
    json.open_object().text("source", feed.source).key("record_types").open_array();
    for (const int type : feed.record_types) json.integer(type);
    json.close_array().text("setting", feed.setting).text("licence", to_text(feed.licence)).close_object();
  }
  json.close_array();
}

void write_examples(JsonWriter& json, const IndicatorExamples& examples) {
  json.key("examples").open_array();
  for (const IndicatorExample& one : examples.examples) {
    json.open_object().text("about", one.about).boolean("matches", one.matches);
    json.text("source", one.source).text("record", one.records.front());
    json.integer("records", static_cast<std::int64_t>(one.records.size())).close_object();
  }
  json.close_array();
  write_texts(json, "example_facts", examples.facts);
}

void write_rule(JsonWriter& json, const IndicatorInfo& info) {
  json.text("stage", info.stage ? std::optional(std::string(to_text(*info.stage))) : std::nullopt);
  json.text("level", info.level).text("legal", info.legal).boolean("exfiltration_trigger", info.exfiltration_trigger);
  write_texts(json, "tags", info.tags);
  write_texts(json, "false_positives", info.false_positives);
  write_texts(json, "needs", info.needs);
  write_thresholds(json, info);
  write_feeds(json, info);
  json.text("file", shown_file(info)).text("detection", info.detection);
}

// As counted last; before that nobody is known to have done it.
Result<IndicatorReach> reach_of(const Desk& desk, const std::string& indicator) {
  CANDOR_TRY(const ReachBook::Count counted, ReachBook(desk.context.store).last());
  const auto found = std::ranges::find(counted.reach, indicator, &IndicatorReach::indicator);
  return found == counted.reach.end() ? IndicatorReach{.indicator = indicator, .last_hit = std::nullopt} : *found;
}

// A count of matches is told of a crowd only: of few people it would be a window on them.
void write_told(JsonWriter& json, const IndicatorReach& reach, std::int64_t count) {
  if (reach.many) {
    json.integer(count);
  } else {
    json.null();
  }
}

Result<Response> show_indicator(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const IndicatorIndex index, find(desk, call.parameter("name")));
  const IndicatorInfo& info = (*desk.context.indicators)[index];
  CANDOR_TRY(const IndicatorExamples examples, read_examples(info.file));
  CANDOR_TRY(const LedgerBook::Tally tally, LedgerBook(desk.context.store).tally(info.name));
  CANDOR_TRY(const IndicatorReach reach, reach_of(desk, info.name));
  CANDOR_TRY(const std::int64_t left_out, ExclusionBook(desk.context.store).left_out_of(info.name));
  CANDOR_TRY_VOID(look_at_indicators(desk, call, "indicator.viewed", "indicator", info.name));
  const auto switches = desk.context.intake.switches.get();
  JsonWriter json;
  json.open_object().key("indicator");
  write_whole_indicator(json, info, switches->switches(), day_of(desk.context.clock.now()));
  write_rule(json, info);
  write_examples(json, examples);
  json.key("decisions").open_array();
  for (const Switch& one : switches->switches()) {
    if (one.indicator == info.name) write_switch(json, one);
  }
  json.close_array().key("stored").open_object().day("last_matched", reach.last_hit);
  json.integer("offered", tally.offered).integer("evaluated", tally.evaluated);
  json.key("matched");
  write_told(json, reach, tally.matched);
  json.key("left_out");
  write_told(json, reach, left_out);
  json.close_object().close_object();
  return json_response(200, json);
}

// --- trying a record

struct Tried {
  RawBatch batch;                           // of the one record
  std::optional<IndicatorIndex> explained;  // the indicator to explain
};

Result<Tried> tried_of(const Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(Body body,
             read_body(call.request, {{"record", 1, kLongestRecord, true}, {"source", 1, 64}, {"indicator", 0, 128}}));
  Tried tried;
  const std::string& source = body["source"];
  const auto kind = kind_of_source(source);
  const bool is_mapped = kind && (*kind != SourceKind::feed || desk.context.mappings->find_feed(source) != nullptr);
  if (!is_mapped) {
    return fail("api.bad_property", "property `source` is m365_audit, badge, or the name of a feed that has a mapping");
  }
  tried.batch = batch_of_record(std::move(body["record"]), source);
  if (const std::string& name = body["indicator"]; !name.empty()) {
    CANDOR_TRY(tried.explained, find(desk, name));
  }
  return tried;
}

std::vector<std::string> values_of(const Activity& activity, FieldId field) {
  const FieldType type = activity.catalogue()[field].type;
  if (type == FieldType::integer) return {std::to_string(activity.number(field))};
  if (type == FieldType::boolean) return {activity.number(field) != 0 ? "true" : "false"};
  const auto texts = activity.list(field);
  return {texts.begin(), texts.end()};
}

void write_activity(JsonWriter& json, const Activity& activity) {
  json.key("activity").open_object().time("time", activity.time).text("operation", activity.operation);
  json.key("fields").open_array();
  activity.for_each_present([&](FieldId field) {
    json.open_object();
    json.text("name", activity.catalogue()[field].name);
    write_texts(json, "values", values_of(activity, field));
    json.close_object();
  });
  json.close_array().close_object();
}

void write_part(JsonWriter& json, const sigma::Explained& part) {
  json.open_object().text("part", part.name).boolean("holds", part.holds).text("why", part.why);
  json.key("parts").open_array();
  for (const sigma::Explained& each : part.parts) write_part(json, each);
  json.close_array().close_object();
}

// Whom it is about is not known, and neither is why somebody tries it: off on either day is off.
IndicatorMask allowed(const SwitchSet& switches, Day record, Day today) {
  IndicatorMask mask = switches.mask({}, record);
  const IndicatorMask now = switches.mask({}, today);
  for (std::size_t i = 0; i < switches.indicators().size(); ++i) {
    const auto index = static_cast<IndicatorIndex>(i);
    mask.set(index, mask.test(index) && now.test(index));
  }
  return mask;
}

// `matched`, `left_out`: what a matcher said of the activity.
void write_explained(JsonWriter& json, const Desk& desk, IndicatorIndex index, const Activity& activity, bool on,
                     std::span<const IndicatorIndex> matched, std::span<const ExcludedMatch> left_out) {
  const IndicatorSet& set = *desk.context.indicators;
  json.key("explained").open_object().key("indicator");
  write_indicator(json, &set[index]);
  if (!on) {
    json.text("state", "off").null("condition").close_object();
    return;
  }
  const auto is_counted = [&](IndicatorIndex at) { return !set.is_indicator(at) && set.owner(at) == index; };
  const sigma::Explained explained = explain(set, index, activity);
  std::string_view state = explained.holds ? "other_source" : "does_not_match";
  if (std::ranges::find(left_out, index, &ExcludedMatch::indicator) != left_out.end()) state = "left_out";
  if (std::ranges::any_of(matched, is_counted)) state = "counted";
  if (std::ranges::find(matched, index) != matched.end()) state = "matches";
  json.text("state", state);
  json.key("condition");
  write_part(json, explained);
  json.close_object();
}

void write_outcome(JsonWriter& json, const Desk& desk, const Tried& tried, const Normalised& result) {
  const auto or_null = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(std::string(text));
  };
  json.open_object().text("rejection", or_null(result.rejection));
  json.text("unknown_operation", or_null(result.unknown_operation));
  json.text("unknown_record_type", or_null(result.unknown_record_type));
  if (result.activity == nullptr) {
    json.null("activity").key("matches").open_array().close_array();
    json.key("left_out").open_array().close_array().integer("switched_off", 0).null("explained").close_object();
    return;
  }
  const Activity& activity = *result.activity;
  write_activity(json, activity);
  const IndicatorSet& set = *desk.context.indicators;
  const IndicatorMask mask =
      allowed(*desk.context.intake.switches.get(), day_of(activity.time), day_of(desk.context.clock.now()));
  std::vector<IndicatorIndex> matched;
  Matcher matcher(desk.context.indicators);
  matcher.match(activity, mask, matched);
  json.key("matches").open_array();
  for (const IndicatorIndex index : matched) {
    if (set.is_indicator(index)) write_indicator(json, &set[index]);
  }
  json.close_array().key("left_out").open_array();
  for (const ExcludedMatch& one : matcher.left_out()) {
    json.open_object().key("indicator");
    write_indicator(json, &set[one.indicator]);
    json.text("exclusion", set.exclusions()[one.exclusion].name).close_object();
  }
  std::int64_t off = 0;
  for (std::size_t i = 0; i < set.size(); ++i) off += mask.test(static_cast<IndicatorIndex>(i)) ? 0 : 1;
  json.close_array().integer("switched_off", off);
  if (tried.explained) {
    const IndicatorIndex index = *tried.explained;
    write_explained(json, desk, index, activity, mask.test(index), matched, matcher.left_out());
  } else {
    json.null("explained");
  }
  json.close_object();
}

Result<Response> try_record(Desk& desk, const Call& call) {
  CANDOR_TRY(const Tried tried, tried_of(desk, call));
  if (!desk.context.mappings) return fail("api.not_found", "there is nothing here");
  const std::string name = tried.explained ? (*desk.context.indicators)[*tried.explained].name : "";
  CANDOR_TRY_VOID(look_at_indicators(desk, call, "indicator.tried", "indicator", name));
  JsonWriter json;
  Normaliser(desk.context.mappings).normalise(tried.batch, [&](const Normalised& result) {
    write_outcome(json, desk, tried, result);
  });
  return json_response(200, json);
}

}  // namespace

std::vector<Route> indicator_routes() {
  return {{Method::get, "/indicators", with(Permission::policies_read), list_indicators},
          {Method::get, "/indicators/{name}", with(Permission::policies_read), show_indicator},
          {Method::post, "/indicators/try", with(Permission::policies_read), try_record}};
}

}  // namespace candor::api
