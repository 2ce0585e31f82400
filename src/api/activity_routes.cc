#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "api/activity_filter.h"
#include "api/activity_walk.h"
#include "api/body.h"
#include "api/csv.h"
#include "api/presented_json.h"
#include "api/report.h"
#include "api/route.h"
#include "policy/score.h"
#include "sources/feed.h"

namespace candor::api {

namespace {

constexpr Day kDaysBack = 180;
// The day and indicator of every part of the receipt that counts activities.
using Counted = std::set<std::pair<Day, IndicatorKey>>;

// The activities of one person that may be looked at: those of an alert, or of a report that was agreed to.
struct Explored {
  std::string_view kind;  // "alert" or "request", with its id: for the audit log
  std::string id;
  Permission look = Permission::alerts_read;
  PersonId person;
  std::vector<OwnedAccount> accounts;  // whose days are the person's
  Stretch stretch;
  // Of an alert.
  Counted counted = {};
  TimePoint evidence_until = 0;
};

struct ExploredAlert : Explored {
  AlertDetail detail;
};

AuditEntry about(const Desk& desk, const Explored& explored, std::string action) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = explored.kind;
  entry.object_id = explored.id;
  if (explored.kind == "alert") entry.alert = explored.id;
  entry.pseudonym = desk.context.presenter.pseudonym(explored.person);
  return entry;
}

Counted counted_by(const Assessment& assessment, const IndicatorSet& set) {
  Counted counted;
  for (const ReceiptPart& part : assessment.parts) {
    const IndicatorInfo* info = find_indicator(set, part.indicator);
    if (part.kind == PartKind::insight && part.day && info != nullptr) counted.emplace(*part.day, info->key);
  }
  return counted;
}

Result<std::vector<OwnedAccount>> accounts_of(const Desk& desk, const PersonId& person) {
  CANDOR_TRY(auto reading, desk.context.store.read());
  return owned_accounts(reading, person);
}

Result<ExploredAlert> explore_alert(const Desk& desk, const Call& call) {
  CANDOR_TRY(AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  const AlertRow& row = detail.row;
  CANDOR_TRY(auto accounts, accounts_of(desk, row.person));
  const Day first = std::min(row.first_day, row.last_day - kDaysBack);
  Explored explored{.kind = "alert",
                    .id = row.id,
                    .person = row.person,
                    .accounts = std::move(accounts),
                    .stretch = {start_of(first), start_of(row.last_day + 1), true},
                    .counted = counted_by(detail.assessment, *desk.context.indicators),
                    .evidence_until = row.evidence_until};
  return ExploredAlert{std::move(explored), std::move(detail)};
}

// What the path names.
Result<Explored> explore(const Desk& desk, const Call& call) {
  if (call.parameters.contains("alert_id")) {
    CANDOR_TRY(ExploredAlert explored, explore_alert(desk, call));
    return static_cast<Explored&&>(std::move(explored));
  }
  CANDOR_TRY(const StoredRequest report, open_report(desk, call));
  CANDOR_TRY(auto accounts, accounts_of(desk, report.person));
  return Explored{.kind = "request",
                  .id = std::to_string(report.number),
                  .look = Permission::requests_read,
                  .person = report.person,
                  .accounts = std::move(accounts),
                  .stretch = {start_of(report.from), start_of(report.to + 1), true}};
}

bool is_counted(const Explored& explored, const StoredActivity& activity) {
  if (activity.time > explored.evidence_until) return false;
  return std::ranges::any_of(activity.matches,
                             [&](IndicatorKey key) { return explored.counted.contains({day_of(activity.time), key}); });
}

std::string_view operation_of(const StoredActivity& activity, FieldId action) {
  for (const StoredActivity::Value& value : activity.values)
    if (value.field == action && !value.texts.empty()) return value.texts.front();
  return {};
}

bool fits(const Explored& explored, const ActivityFilter& filter, const StoredActivity& activity, FieldId action) {
  if (filter.scope == ActivityScope::alert && !is_counted(explored, activity)) return false;
  if (filter.scope == ActivityScope::matched && activity.matches.empty()) return false;
  if (filter.by_indicator &&
      std::ranges::none_of(activity.matches, [&](IndicatorKey key) { return filter.indicators.contains(key); }))
    return false;
  return filter.operations.empty() || filter.operations.contains(operation_of(activity, action));
}

// The part of the alert's stretch that filter and cursor leave.
Stretch narrowed(const Stretch& whole, const ActivityFilter& filter) {
  Stretch stretch = whole;
  stretch.newest_first = filter.newest_first;
  if (filter.from) stretch.from = std::max(stretch.from, start_of(*filter.from));
  if (filter.to) stretch.to = std::min(stretch.to, start_of(*filter.to + 1));
  if (filter.after && filter.newest_first && filter.after->time < stretch.to) stretch.to = filter.after->time + 1;
  if (filter.after && !filter.newest_first) stretch.from = std::max(stretch.from, filter.after->time);
  return stretch;
}

// Visits what fits, at most filter.limit; whether there is more.
Result<bool> each_fitting(const Desk& desk, const Explored& explored, const ActivityFilter& filter,
                          const std::function<void(const StoredActivity&)>& visit) {
  const FieldId action = desk.context.catalogue->require("event.action");
  std::size_t visited = 0;
  bool more = false;
  CANDOR_TRY_VOID(walk_activities(desk.context.timeline, explored.accounts, narrowed(explored.stretch, filter),
                                  [&](const StoredActivity& activity) {
                                    const ActivityRef ref = ActivityRef::of(activity);
                                    if (filter.after &&
                                        (filter.newest_first ? ref >= *filter.after : ref <= *filter.after))
                                      return true;
                                    if (!fits(explored, filter, activity, action)) return true;
                                    more = visited == filter.limit;
                                    if (!more) visit(activity);
                                    ++visited;
                                    return !more;
                                  }));
  return more;
}

// Turns one activity's values into what a viewer may read.
class ActivityWriter {
 public:
  // `own`: null, but for an export with pseudonyms of its own.
  ActivityWriter(const Desk& desk, const Explored& explored, const ActivityFilter& filter, const Mask& mask,
                 const ExportPseudonyms* own = nullptr)
      : catalogue_(*desk.context.catalogue),
        indicators_(*desk.context.indicators),
        explored_(explored),
        filter_(filter),
        mask_(mask),
        own_(own),
        action_(catalogue_.require("event.action")),
        user_id_(catalogue_.require("user.id")) {}

  void write(JsonWriter& json, const StoredActivity& activity) const {
    json.open_object().text("id", ActivityRef::of(activity).text()).time("time", activity.time);
    json.text("operation", shown(action_, operation_of(activity, action_)));
    json.boolean("in_alert", is_counted(explored_, activity)).key("indicators").open_array();
    for (const IndicatorKey key : activity.matches)
      if (const IndicatorInfo* info = find_indicator(indicators_, key)) write_indicator(json, info);
    json.close_array().key("values").open_object();
    for (const FieldId field : filter_.columns)
      if (const StoredActivity::Value* value = find(activity, field)) write_value(json, *value);
    json.close_object().close_object();
  }

  void write_header(CsvWriter& csv) const {
    csv.cell("time").cell("operation").cell("in_alert").cell("indicators");
    for (const FieldId field : filter_.columns) csv.cell(catalogue_[field].name);
    csv.end_row();
  }

  void write(CsvWriter& csv, const StoredActivity& activity) const {
    csv.cell(format_time(activity.time)).cell(shown(action_, operation_of(activity, action_)));
    csv.cell(is_counted(explored_, activity) ? "yes" : "no");
    std::string titles;
    for (const IndicatorKey key : activity.matches)
      if (const IndicatorInfo* info = find_indicator(indicators_, key))
        titles += (titles.empty() ? "" : "; ") + info->title;
    csv.cell(titles);
    for (const FieldId field : filter_.columns) {
      const StoredActivity::Value* value = find(activity, field);
      if (value != nullptr && catalogue_[field].type == FieldType::integer) {
        csv.number(value->number);
      } else {
        csv.cell(flat(value));
      }
    }
    csv.end_row();
  }

 private:
  static const StoredActivity::Value* find(const StoredActivity& activity, FieldId field) {
    const auto found = std::ranges::find(activity.values, field, &StoredActivity::Value::field);
    return found == activity.values.end() ? nullptr : &*found;
  }

  std::string shown(FieldId field, std::string_view text) const {
    if (field == user_id_) return mask_.id(text).text();
    if (own_ != nullptr) {
      const std::string_view kind = ExportPseudonyms::kind_of(catalogue_[field].name);
      if (!kind.empty()) return own_->id(kind, text);
    }
    return catalogue_[field].label ? std::string(text) : mask_.text(text).text();
  }

  void write_value(JsonWriter& json, const StoredActivity::Value& value) const {
    const Field& field = catalogue_[value.field];
    json.key(field.name);
    switch (field.type) {
      case FieldType::integer:
        json.integer(value.number);
        return;
      case FieldType::boolean:
        json.boolean(value.number != 0);
        return;
      case FieldType::keywords:
        json.open_array();
        for (const std::string& text : value.texts) json.text(shown(value.field, text));
        json.close_array();
        return;
      case FieldType::keyword:
      case FieldType::ip:
        json.text(value.texts.empty() ? std::string() : shown(value.field, value.texts.front()));
    }
  }

  std::string flat(const StoredActivity::Value* value) const {
    if (value == nullptr) return {};
    const FieldType type = catalogue_[value->field].type;
    if (type == FieldType::boolean) return value->number != 0 ? "true" : "false";
    std::string all;
    for (const std::string& text : value->texts) all += (all.empty() ? "" : "; ") + shown(value->field, text);
    return all;
  }

  const FieldCatalogue& catalogue_;
  const IndicatorSet& indicators_;
  const Explored& explored_;
  const ActivityFilter& filter_;
  const Mask& mask_;
  const ExportPseudonyms* own_;
  FieldId action_;
  FieldId user_id_;
};

Result<Response> list_activities(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(const ActivityFilter filter, read_filter(desk, call, true));
  CANDOR_TRY(const Explored explored, explore(desk, call));
  // Read before the look begins, so that its line can tell how many; shown only after it.
  std::vector<StoredActivity> activities;
  CANDOR_TRY(const bool more, each_fitting(desk, explored, filter,
                                           [&](const StoredActivity& activity) { activities.push_back(activity); }));
  AuditEntry look = about(desk, explored, "activities.viewed");
  CANDOR_TRY(look.details, details_of(desk, explored.person, filter, activities.size(), more));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), explored.look, look));
  CANDOR_TRY(const Mask mask, viewing.mask(explored.person));
  const ActivityWriter writer(desk, explored, filter, mask);
  JsonWriter json;
  std::optional<std::string> last;
  json.open_object().key("activities").open_array();
  for (const StoredActivity& activity : activities) {
    writer.write(json, activity);
    last = ActivityRef::of(activity).text();
  }
  json.close_array().key("columns").open_array();
  for (const FieldId field : filter.columns) json.text((*desk.context.catalogue)[field].name);
  json.close_array().text("next_cursor", more ? last : std::nullopt).close_object();
  return json_response(200, json);
}

Result<Response> export_activities(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(ActivityFilter filter, read_filter(desk, call, false));
  CANDOR_TRY(const Explored explored, explore(desk, call));
  filter.limit = desk.context.most_export_rows;
  // Counted first, so that the line that comes before the first name tells how many; too many to keep in memory.
  std::size_t rows = 0;
  CANDOR_TRY(const bool more, each_fitting(desk, explored, filter, [&](const StoredActivity&) { ++rows; }));
  AuditEntry look = about(desk, explored, "activities.exported");
  CANDOR_TRY(look.details, details_of(desk, explored.person, filter, rows, more));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::activities_export, look));
  CANDOR_TRY(const Mask mask, viewing.mask(explored.person));
  filter.limit = rows;  // what arrived in between is not in the line
  const ActivityWriter writer(desk, explored, filter, mask, call.own);
  CsvWriter csv;
  writer.write_header(csv);
  if (rows > 0) {
    CANDOR_TRY(
        [[maybe_unused]] const bool newer,
        each_fitting(desk, explored, filter, [&](const StoredActivity& activity) { writer.write(csv, activity); }));
  }
  return csv_response(desk, csv, rows, more, "activities-" + explored.id);
}

// The activity a look names, which must be one of these. Fails with `api.no_activity`.
Result<StoredActivity> named_activity(const Desk& desk, const Explored& explored,
                                      const std::optional<ActivityRef>& ref) {
  std::optional<StoredActivity> activity;
  if (ref && ref->time >= explored.stretch.from && ref->time < explored.stretch.to) {
    CANDOR_TRY(activity, find_activity(desk.context.timeline, explored.accounts, *ref));
  }
  if (!activity) return fail("api.no_activity", "this " + std::string(explored.kind) + " has no such activity");
  return *std::move(activity);
}

AuditEntry about_activity(const Desk& desk, const Explored& explored, const std::optional<ActivityRef>& ref,
                          std::string action) {
  AuditEntry look = about(desk, explored, std::move(action));
  if (ref) look.object_id = to_hex(ref->id);
  look.object_kind = "activity";
  return look;
}

Result<Response> get_activity(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const Explored explored, explore(desk, call));
  const std::optional<ActivityRef> ref = ActivityRef::parse(call.parameter("activity_id"));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), explored.look,
                                                          about_activity(desk, explored, ref, "activity.viewed")));
  CANDOR_TRY(const StoredActivity activity, named_activity(desk, explored, ref));
  CANDOR_TRY(const Mask mask, viewing.mask(explored.person));
  ActivityFilter every_field;
  for (std::size_t i = 0; i < desk.context.catalogue->size(); ++i)
    every_field.columns.push_back(static_cast<FieldId>(i));
  JsonWriter json;
  ActivityWriter(desk, explored, every_field, mask).write(json, activity);
  return json_response(200, json);
}

Result<Response> raw(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const Explored explored, explore(desk, call));
  // The line comes first: asking for a record that is not this person's is worth knowing too.
  const std::optional<ActivityRef> ref = ActivityRef::parse(call.parameter("activity_id"));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::raw_read,
                                                          about_activity(desk, explored, ref, "raw_record.viewed")));
  CANDOR_TRY(const StoredActivity activity, named_activity(desk, explored, ref));
  CANDOR_TRY(const std::string record, desk.context.timeline.raw(activity.raw));
  CANDOR_TRY(const Mask mask, viewing.mask(explored.person));
  const std::string_view source = activity.source == SourceKind::feed ? feed_of(record) : to_text(activity.source);
  JsonWriter json;
  json.open_object().text("activity", ref->text()).text("source", std::string(source));
  json.text("record", mask.json(record).text()).close_object();
  return json_response(200, json);
}

Result<Response> fields(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  constexpr std::array<std::string_view, 5> kTypes = {"keyword", "keywords", "integer", "boolean", "ip"};
  const FieldCatalogue& catalogue = *desk.context.catalogue;
  JsonWriter json;
  json.open_object().key("fields").open_array();
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    const Field& field = catalogue[static_cast<FieldId>(i)];
    const bool is_default = std::ranges::find(kDefaultColumns, field.name) != kDefaultColumns.end();
    json.open_object().text("name", field.name).text("type", kTypes[static_cast<std::size_t>(field.type)]);
    json.text("description", field.description).boolean("default", is_default).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// The same day of the month so many months before, or that month's last day.
Day months_before(Day day, int months) {
  using std::chrono::days;
  const std::chrono::year_month_day date{std::chrono::sys_days{days{day}}};
  const auto month = std::chrono::year_month{date.year(), date.month()} - std::chrono::months{months};
  const auto last = std::chrono::year_month_day_last{month.year(), std::chrono::month_day_last{month.month()}}.day();
  const std::chrono::sys_days before{month / std::min(date.day(), last)};
  return static_cast<Day>(before.time_since_epoch().count());
}

// What the receipt gives each day and indicator, boosters included.
std::map<std::pair<Day, std::string>, Micropoints> points_by_bubble(const Assessment& assessment) {
  std::map<std::pair<Day, std::string>, Micropoints> points;
  for (const ReceiptPart& part : assessment.parts)
    if (part.day && !part.indicator.empty()) points[{*part.day, part.indicator}] += part.points;
  return points;
}

void write_bubble(JsonWriter& json, const Insight& insight, const IndicatorInfo& info, const Policy& policy,
                  std::optional<Micropoints> points) {
  json.open_object().day("day", insight.day).key("indicator");
  write_indicator(json, &info);
  json.integer("count", insight.counts[0]).integer("bytes", insight.bytes);
  json.points("score", strength_alone(policy, insight))
      .points("points", points)
      .boolean("in_alert", points.has_value());
  json.time("first", insight.first).time("last", insight.last).close_object();
}

Result<Response> chart(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const std::int64_t months = query.integer("months", 1, 6, 3);
  if (months != 1 && months != 3 && months != 6) query.refuse("months", "is not 1, 3 or 6");
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY(const ExploredAlert explored, explore_alert(desk, call));
  const AlertRow& row = explored.detail.row;
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), explored.look, about(desk, explored, "chart.viewed")));
  CANDOR_TRY(const auto policy, desk.policies.find(row.policy, explored.detail.assessment.policy_version));
  const Day from = months_before(row.last_day, static_cast<int>(months)) + 1;
  Insights insights;
  for (const OwnedAccount& owned : explored.accounts) {
    const Day first = std::max(from, owned.from);
    const Day last = std::min(row.last_day, owned.to);
    if (first > last) continue;
    CANDOR_TRY(const Insights some, desk.context.timeline.insights(owned.account, first, last));
    merge_insights(insights, some);
  }
  const auto points = points_by_bubble(explored.detail.assessment);
  JsonWriter json;
  json.open_object().day("from", from).day("to", row.last_day).integer("months", months).key("bubbles").open_array();
  for (const Insight& insight : insights) {
    const IndicatorInfo* info = find_indicator(*desk.context.indicators, insight.indicator);
    if (info == nullptr || insight.counts[0] == 0) continue;
    const auto found = points.find({insight.day, info->name});
    write_bubble(json, insight, *info, *policy, found == points.end() ? std::nullopt : std::optional(found->second));
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> activity_routes() {
  return {{Method::get, "/alerts/{alert_id}/activity-chart", with(Permission::alerts_read), chart},
          {Method::get, "/alerts/{alert_id}/activities", with(Permission::alerts_read), list_activities},
          exporting("activities", {Method::get, "/alerts/{alert_id}/activities.csv",
                                   with(Permission::activities_export), export_activities}),
          {Method::get, "/alerts/{alert_id}/activities/{activity_id}", with(Permission::alerts_read), get_activity},
          {Method::get, "/alerts/{alert_id}/activities/{activity_id}/raw", with(Permission::raw_read), raw},
          {Method::get, "/requests/{number}/activities", with(Permission::requests_read), list_activities},
          exporting("activities", {Method::get, "/requests/{number}/activities.csv",
                                   with(Permission::activities_export, Permission::requests_read), export_activities}),
          {Method::get, "/requests/{number}/activities/{activity_id}", with(Permission::requests_read), get_activity},
          {Method::get, "/requests/{number}/activities/{activity_id}/raw",
           with(Permission::raw_read, Permission::requests_read), raw},
          {Method::get, "/activity-fields", with(Permission::alerts_read), fields}};
}

}  // namespace candor::api
