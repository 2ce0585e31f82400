#include <string>
#include <utility>

#include "api/body.h"
#include "api/json_writer.h"
#include "api/route.h"
#include "api/target.h"
#include "cases/queue_views.h"

// The views of the queue that viewers saved, and how each has the queue.
namespace candor::api {

namespace {

QueueViews views_of(const Desk& desk) {
  return QueueViews(desk.context.store, desk.context.keys, desk.context.clock, desk.context.audit);
}

void write_columns(JsonWriter& json, std::string_view columns) {
  json.key("columns").open_array();
  while (!columns.empty()) {
    const std::string_view one = columns.substr(0, columns.find(','));
    json.text(one);
    columns.remove_prefix(std::min(columns.size(), one.size() + 1));
  }
  json.close_array();
}

void write_view(JsonWriter& json, const QueueView& view, const Viewer& viewer) {
  json.open_object().text("id", view.id).text("name", view.name).text("owner", view.owner);
  json.boolean("is_mine", view.owner == viewer.user());
  json.boolean("may_delete", view.owner == viewer.user() || viewer.may(Permission::viewers_write));
  json.text("sharing", view.shared ? "shared" : "private").text("query", view.query);
  write_columns(json, view.columns);
  json.time("changed_at", view.changed_at).close_object();
}

Result<QueueViewParts> read_parts(const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(Body body, read_body(call.request, {{"name", 1, QueueViews::kLongestName, true},
                                                 {"sharing", 6, 7},
                                                 {"query", 0, QueueViews::kLongestQuery},
                                                 {"columns", 1, 200}}));
  if (body.at("sharing") != "private" && body.at("sharing") != "shared") {
    return fail("api.bad_property", "property `sharing` is not private or shared");
  }
  return QueueViewParts{.name = std::move(body.at("name")),
                        .shared = body.at("sharing") == "shared",
                        .query = std::move(body.at("query")),
                        .columns = std::move(body.at("columns"))};
}

Response one_view(int status, const QueueView& view, const Call& call) {
  JsonWriter json;
  write_view(json, view, call.viewer());
  return json_response(status, json);
}

Result<Response> list_views(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const QueueViews views = views_of(desk);
  CANDOR_TRY(const auto all, views.all(call.viewer()));
  CANDOR_TRY(const QueueChoice choice, views.choice(call.viewer()));
  JsonWriter json;
  json.open_object().key("views").open_array();
  for (const QueueView& view : all) write_view(json, view, call.viewer());
  json.close_array();
  write_columns(json, choice.columns);
  json.text("opens_with", choice.opens_with).close_object();
  return json_response(200, json);
}

Result<Response> add_view(Desk& desk, const Call& call) {
  CANDOR_TRY(const QueueViewParts parts, read_parts(call));
  CANDOR_TRY(const QueueView view, views_of(desk).add(call.viewer(), parts));
  return one_view(201, view, call);
}

Result<Response> change_view(Desk& desk, const Call& call) {
  CANDOR_TRY(const QueueViewParts parts, read_parts(call));
  CANDOR_TRY(const QueueView view, views_of(desk).change(call.viewer(), call.parameter("view_id"), parts));
  return one_view(200, view, call);
}

Result<Response> delete_view(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(views_of(desk).remove(call.viewer(), call.parameter("view_id")));
  return Response{.status = 204, .headers = {}, .body = {}};
}

Result<Response> choose_queue(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(Body body, read_body(call.request, {{"columns", 0, 200}, {"opens_with", 0, 32}}));
  const QueueChoice choice{.columns = std::move(body.at("columns")), .opens_with = std::move(body.at("opens_with"))};
  CANDOR_TRY_VOID(views_of(desk).choose(call.viewer(), choice));
  return Response{.status = 204, .headers = {}, .body = {}};
}

}  // namespace

std::vector<Route> queue_view_routes() {
  const Needs reads = with(Permission::alerts_read);
  return {{Method::get, "/queue-views", reads, list_views},
          {Method::post, "/queue-views", reads, add_view},
          {Method::put, "/queue-views/{view_id}", reads, change_view},
          {Method::del, "/queue-views/{view_id}", reads, delete_view},
          {Method::put, "/queue-choice", reads, choose_queue}};
}

}  // namespace candor::api
