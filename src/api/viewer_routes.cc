#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/unit_members.h"
#include "access/viewer_changes.h"
#include "api/body.h"
#include "api/json_writer.h"
#include "api/route.h"
#include "api/target.h"

// Who looks: viewers with their roles, the units they are limited to, and the priority groups they review.
namespace candor::api {

namespace {

constexpr std::size_t kMostViewerChanges = 200;
constexpr std::int64_t kLeastCounted = 10;  // of fewer people no number is told
constexpr std::size_t kLongestUnitList = ViewerChanges::kMostUnits * 65;

ViewerChanges change_book(const Desk& desk) {
  return {desk.context.store, desk.context.keys, desk.context.clock, desk.context.audit, desk.context.viewers.roles()};
}

const Units& units_of(const Desk& desk) {
  static const Units kNone;
  return desk.context.units ? *desk.context.units : kNone;
}

bool units_need_second(const Desk& desk) { return desk.context.intake.data_kind() != "demo"; }

ViewerActor viewer_actor(const Viewer& viewer) {
  return {.name = viewer.user(), .own = viewer.own_people(), .token = viewer.token(), .local = false};
}

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void write_unit_ids(JsonWriter& json, std::string_view name, const std::vector<std::string>& units) {
  json.key(name).open_array();
  for (const std::string& unit : units) json.text(unit);
  json.close_array();
}

// `ViewerChange`
void write_viewer_change(JsonWriter& json, const ViewerChange& change) {
  json.open_object().integer("number", change.number).text("user", change.user);
  json.text("role", change.after.role).text("role_before", change.before.role);
  write_unit_ids(json, "units", change.after.units);
  write_unit_ids(json, "before", change.before.units);
  write_unit_ids(json, "reviews", change.after.reviews);
  write_unit_ids(json, "reviews_before", change.before.reviews);
  json.text("asked_by", change.asked_by).text("reason", change.reason).time("asked_at", change.asked_at);
  json.text("decision", to_text(change.decision)).text("decided_by", text_or_null(change.decided_by));
  json.text("decided_reason", text_or_null(change.decided_reason));
  json.time("decided_at", change.decided_at == 0 ? std::nullopt : std::optional(change.decided_at));
  json.close_object();
}

void write_viewer(JsonWriter& json, const ViewerInfo& viewer, const std::vector<ViewerChange>& changes) {
  json.open_object().text("user", viewer.user).text("role", viewer.role).time("last_sign_in", viewer.last_sign_in);
  json.boolean("of_provider", viewer.is_of_provider).boolean("known_person", viewer.is_known_person);
  write_unit_ids(json, "units", viewer.units);
  write_unit_ids(json, "reviews", viewer.reviews);
  const auto waiting = std::ranges::find_if(changes, [&](const ViewerChange& one) {
    return one.user == viewer.user && one.decision == ViewerDecision::waits;
  });
  json.key("waiting");
  if (waiting == changes.end()) {
    json.null();
  } else {
    write_viewer_change(json, *waiting);
  }
  json.close_object();
}

using UnitCounts = std::map<std::string, std::int64_t>;

// `Unit`, without its end.
void open_unit(JsonWriter& json, const Unit& unit, const UnitCounts& counts) {
  const auto found = counts.find(unit.id);
  const std::int64_t people = found == counts.end() ? 0 : found->second;
  json.open_object().text("id", unit.id).text("name", unit.name).text("description", unit.description);
  json.text("rule", rule_in_words(unit)).key("people");
  if (people < kLeastCounted) {
    json.null();
  } else {
    json.integer(people);
  }
}

// Of others than their own a limited viewer is told nothing, not even how many there are.
void write_units(JsonWriter& json, const Units& units, const UnitCounts& counts, const HiddenPeople& hidden) {
  json.key("units").open_array();
  for (const Unit& unit : units.units) {
    if (hidden.outside_units && std::ranges::find(*hidden.outside_units, unit.id) == hidden.outside_units->end())
      continue;
    open_unit(json, unit, counts);
    json.close_object();
  }
  json.close_array();
}

// How many are in one is told to who reviews it.
void write_groups(JsonWriter& json, const Units& units, const UnitCounts& counts,
                  const std::vector<ViewerInfo>& viewers, const HiddenPeople& hidden) {
  json.key("groups").open_array();
  for (const Unit& group : units.groups) {
    const bool reviewed = std::ranges::find(hidden.inside_groups, group.id) == hidden.inside_groups.end();
    open_unit(json, group, reviewed ? counts : UnitCounts());
    json.boolean("counted", reviewed).key("reviewers").open_array();
    for (const ViewerInfo& viewer : viewers) {
      if (std::ranges::find(viewer.reviews, group.id) != viewer.reviews.end()) json.text(viewer.user);
    }
    json.close_array().close_object();
  }
  json.close_array();
}

Result<Response> list_viewers(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  AuditEntry look;
  look.action = "viewers.viewed";
  look.object_kind = "viewers";
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::viewers_write, look));
  CANDOR_TRY(const auto viewers, desk.context.viewers.list());
  CANDOR_TRY(auto changes, change_book(desk).changes());
  CANDOR_TRY(const auto counts,
             UnitMembers(desk.context.store, desk.context.keys, desk.context.facts, desk.context.audit).counts());
  JsonWriter json;
  json.open_object().boolean("second_person", units_need_second(desk));
  json.boolean("units_understood", !units_of(desk).faulty);
  json.boolean("may_change", !call.hidden_people().is_limited()).key("roles").open_array();
  for (const std::string& role : desk.context.viewers.roles().names()) json.text(role);
  json.close_array().key("viewers").open_array();
  for (const ViewerInfo& viewer : viewers) write_viewer(json, viewer, changes);
  json.close_array();
  write_units(json, units_of(desk), counts, call.hidden_people());
  write_groups(json, units_of(desk), counts, viewers, call.hidden_people());
  if (changes.size() > kMostViewerChanges) changes.resize(kMostViewerChanges);
  json.key("changes").open_array();
  for (const ViewerChange& change : changes) write_viewer_change(json, change);
  json.close_array().close_object();
  return json_response(200, json);
}

Response answer_with_change(const ViewerChange& change) {
  JsonWriter json;
  write_viewer_change(json, change);
  return json_response(200, json);
}

// "germany, finance"; blanks around an id do not matter.
std::vector<std::string> ids_in(std::string_view text) {
  std::vector<std::string> ids;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto first = one.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    one = one.substr(first, one.find_last_not_of(' ') - first + 1);
    ids.emplace_back(one);
  }
  return ids;
}

Result<Response> change_viewer(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{.name = "role", .longest = 100, .optional = true},
                                      {.name = "units", .longest = kLongestUnitList, .optional = true},
                                      {.name = "reviews", .longest = kLongestUnitList, .optional = true},
                                      {"reason", kShortestReason, kLongestReason, true}}));
  ViewerChanges::Wanted wanted;
  if (body.contains("role")) wanted.role = body.at("role");
  if (body.contains("units")) wanted.units = ids_in(body.at("units"));
  if (body.contains("reviews")) wanted.reviews = ids_in(body.at("reviews"));
  if (!wanted.role && !wanted.units && !wanted.reviews) {
    return fail("api.bad_property", "`role`, `units` or `reviews` says what the viewer is to do or see");
  }
  CANDOR_TRY(const ViewerChange change,
             change_book(desk).ask(viewer_actor(call.viewer()), call.parameter("user"), std::move(wanted),
                                   units_of(desk), body.at("reason"), units_need_second(desk)));
  return answer_with_change(change);
}

template <ViewerDecision decision>
Result<Response> decide_change(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", kShortestReason, kLongestReason, true}}));
  CANDOR_TRY(const ViewerChange change,
             change_book(desk).decide(viewer_actor(call.viewer()), number_in(call.parameter("number")), decision,
                                      body.at("reason")));
  return answer_with_change(change);
}

}  // namespace

std::vector<Route> viewer_routes() {
  return {{Method::get, "/viewers", with(Permission::viewers_write), list_viewers},
          {Method::post, "/viewers/{user}/changes", with(Permission::viewers_write), change_viewer},
          {Method::post, "/viewer-changes/{number}/approve", with(Permission::viewers_write),
           decide_change<ViewerDecision::agreed>},
          {Method::post, "/viewer-changes/{number}/reject", with(Permission::viewers_write),
           decide_change<ViewerDecision::rejected>},
          {Method::post, "/viewer-changes/{number}/withdraw", with(Permission::viewers_write),
           decide_change<ViewerDecision::withdrawn>}};
}

}  // namespace candor::api
