#include "api/activity_filter.h"

#include <algorithm>
#include <utility>

#include "api/presented_json.h"

namespace candor::api {

namespace {

constexpr std::size_t kMostColumns = 40;

void read_scope(QueryReader& query, bool of_alert, ActivityFilter& filter) {
  const std::string scope = query.text("scope", 10).value_or(of_alert ? "alert" : "all");
  if (scope == "matched") {
    filter.scope = ActivityScope::matched;
  } else if (scope == "all") {
    filter.scope = ActivityScope::all;
  } else if (!of_alert) {
    query.refuse("scope", "is not matched or all");
  } else if (scope != "alert") {
    query.refuse("scope", "is not alert, matched or all");
  }
}

// Indicator and category both narrow: what is left must satisfy each that is given.
void read_indicators(QueryReader& query, const IndicatorSet& set, ActivityFilter& filter) {
  const std::vector<std::string> names = query.texts("indicator", 50, 128);
  const std::vector<std::string> categories = query.texts("category", 7, 20);
  for (const std::string& category : categories) {
    if (std::ranges::none_of(all_categories(), [&](Category one) { return to_text(one) == category; }))
      query.refuse("category", "is not a category of indicators");
  }
  for (const std::string& name : names)
    if (find_indicator(set, name) == nullptr) query.refuse("indicator", "is not the name of an indicator");
  filter.by_indicator = !names.empty() || !categories.empty();
  for (const IndicatorInfo& info : set.indicators()) {
    const bool named = names.empty() || std::ranges::find(names, info.name) != names.end();
    const bool listed = categories.empty() || std::ranges::find(categories, to_text(info.category)) != categories.end();
    if (filter.by_indicator && named && listed) filter.indicators.insert(info.key);
  }
}

void read_columns(QueryReader& query, const FieldCatalogue& catalogue, ActivityFilter& filter) {
  const std::optional<std::string> text = query.text("columns", 2000);
  if (!text) {
    for (const std::string_view name : kDefaultColumns)
      if (const auto field = catalogue.find(name)) filter.columns.push_back(*field);
    return;
  }
  std::string_view rest = *text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const auto field = catalogue.find(rest.substr(0, comma));
    if (!field) return query.refuse("columns", "names a field that is not known");
    if (filter.columns.size() == kMostColumns) return query.refuse("columns", "names too many fields");
    if (std::ranges::find(filter.columns, *field) == filter.columns.end()) filter.columns.push_back(*field);
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

void read_sort(QueryReader& query, ActivityFilter& filter) {
  const std::string sort = query.text("sort", 10).value_or("-time");
  filter.newest_first = sort == "-time";
  if (sort != "-time" && sort != "time") query.refuse("sort", "is not time or -time");
}

}  // namespace

Result<ActivityFilter> read_filter(const Desk& desk, const Call& call, bool paged) {
  QueryReader query(call.target);
  ActivityFilter filter;
  read_scope(query, call.parameters.contains("alert_id"), filter);
  read_indicators(query, *desk.context.indicators, filter);
  for (std::string& operation : query.texts("operation", 50, 200)) filter.operations.insert(std::move(operation));
  filter.from = query.day("from");
  filter.to = query.day("to");
  read_sort(query, filter);
  read_columns(query, *desk.context.catalogue, filter);
  if (paged) {
    filter.limit = static_cast<std::size_t>(query.integer("limit", 1, 500, 100));
    if (const auto cursor = query.text("cursor", 200)) {
      filter.after = ActivityRef::parse(*cursor);
      if (!filter.after) query.refuse("cursor", "is not one this server gave");
    }
  }
  CANDOR_TRY_VOID(query.done());
  return filter;
}

Result<std::string> details_of(const Desk& desk, const PersonId& person, const ActivityFilter& filter, std::size_t rows,
                               bool more) {
  static constexpr std::array<std::string_view, 3> kScopes = {"alert", "matched", "all"};
  JsonWriter json;
  json.open_object().text("scope", kScopes[static_cast<std::size_t>(filter.scope)]);
  if (filter.from) json.day("from", *filter.from);
  if (filter.to) json.day("to", *filter.to);
  if (filter.by_indicator) {
    json.key("indicators").open_array();
    for (const IndicatorKey key : filter.indicators)
      if (const IndicatorInfo* info = find_indicator(*desk.context.indicators, key)) json.text(info->name);
    json.close_array();
  }
  if (!filter.operations.empty()) {
    json.key("operations").open_array();
    // Typed by the viewer, so it may be a name.
    for (const std::string& operation : filter.operations) {
      CANDOR_TRY(const std::string masked, desk.context.presenter.for_audit(person, operation));
      json.text(masked);
    }
    json.close_array();
  }
  json.key("columns").open_array();
  for (const FieldId field : filter.columns) json.text((*desk.context.catalogue)[field].name);
  json.close_array().integer("rows", static_cast<std::int64_t>(rows)).boolean("more", more).close_object();
  return json.take();
}

}  // namespace candor::api
