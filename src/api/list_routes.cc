#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/body.h"
#include "api/json_writer.h"
#include "api/list_admission.h"
#include "api/own_objects.h"
#include "api/route.h"
#include "base/fold.h"
#include "organisation/list_book.h"

// The lists an organisation keeps: domains, priority content, detection groups, exclusions; and changes of them.
namespace candor::api {

namespace {

constexpr std::size_t kMostListChanges = 200;
constexpr std::size_t kMostDifferences = 200;
constexpr std::size_t kMostListFaults = 100;
constexpr std::size_t kMostTextsShown = 5;
constexpr std::size_t kLongestListName = 500;  // of an entry, in bytes
constexpr std::size_t kLongestSearch = 100;
constexpr std::int64_t kMostEntriesShown = 500;
// JSON writes a byte of a text as six at most; texts of that kind are rare, and refused by their size.
constexpr std::size_t kLargestListBody = 2 * kMostListBytes;

constexpr TextProperty kListText{.name = "text", .shortest = 0, .longest = kMostListBytes};
constexpr TextProperty kListRemove{.name = "remove", .shortest = 0, .longest = kMostListBytes};
constexpr TextProperty kListFormat{.name = "format", .shortest = 3, .longest = 4};
constexpr TextProperty kListMode{.name = "mode", .shortest = 3, .longest = 7};
constexpr TextProperty kListReason{
    .name = "reason", .shortest = kShortestReason, .longest = kLongestReason, .prose = true};

Result<ListBook*> book_of(const Desk& desk) {
  if (desk.context.lists.book == nullptr) return fail("api.not_found", "there is nothing here");
  return desk.context.lists.book;
}

Result<void> look_at_lists(const Desk& desk, const Call& call, const std::string& list,
                           Permission permission = Permission::settings_read) {
  AuditEntry entry;
  entry.action = "list.viewed";
  entry.object_kind = "list";
  entry.object_id = list;
  CANDOR_TRY([[maybe_unused]] const Viewing viewing, desk.context.presenter.view(call.viewer(), permission, entry));
  return {};
}

// `ListChange`
void write_list_change(JsonWriter& json, const ListChange& change) {
  json.open_object().integer("number", change.number).text("list", change.list);
  json.integer("entries_set", change.entries_set).integer("entries_removed", change.entries_removed);
  json.key("undoes");
  if (change.undoes > 0) {
    json.integer(change.undoes);
  } else {
    json.null();
  }
  json.text("asked_by", change.asked_by).text("reason", change.reason).time("asked_at", change.asked_at);
  json.text("decision", to_text(change.decision)).text("decided_by", or_null(change.decided_by));
  json.text("decided_reason", or_null(change.decided_reason));
  json.time("decided_at", change.decided_at == 0 ? std::nullopt : std::optional(change.decided_at)).close_object();
}

// `ListInfo`
void write_info(JsonWriter& json, const ListInfo& list, std::int64_t entries, std::int64_t waiting) {
  json.open_object().text("name", list.name).text("title", list.title).text("file", list.file);
  json.boolean("decides_matching", list.decides_matching).boolean("second_person", list.second_person);
  json.boolean("csv", list.name != "exclusions").integer("entries", entries).integer("waiting", waiting);
  json.key("fields").open_array();
  for (const ListField& field : fields_of(list)) {
    json.open_object().text("name", field.name).boolean("required", field.required).boolean("many", field.many);
    write_texts(json, "choices", field.choices);
    json.close_object();
  }
  json.close_array().close_object();
}

std::int64_t waiting_for(const std::vector<ListChange>& waiting, const std::string& list) {
  return std::ranges::count(waiting, list, &ListChange::list);
}

Result<Response> list_lists(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const ListBook* const book, book_of(desk));
  CANDOR_TRY_VOID(look_at_lists(desk, call, ""));
  CANDOR_TRY(const auto counts, book->counts());
  CANDOR_TRY(const auto waiting, book->waiting());
  CANDOR_TRY(const bool pending, book->is_pending());
  JsonWriter json;
  json.open_object().boolean("second_person", book->asks_second_person()).boolean("pending", pending);
  json.boolean("takes_up", static_cast<bool>(desk.context.lists.take_up)).key("lists").open_array();
  for (const ListInfo& list : list_infos()) {
    write_info(json, list, counts.at(list.name), waiting_for(waiting, list.name));
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// `ListField` by `ListField`: what an entry's text says, at most so many texts of each.
void write_entry_fields(JsonWriter& json, const std::string& text, std::size_t most) {
  const auto entry = nlohmann::ordered_json::parse(text, nullptr, false);
  json.key("fields").open_array();
  if (entry.is_object()) {
    for (const auto& [name, value] : entry.items()) {
      std::vector<std::string> texts;
      if (value.is_string()) texts.push_back(value.get<std::string>());
      if (value.is_array()) texts = value.get<std::vector<std::string>>();
      json.open_object().text("name", name).integer("count", static_cast<std::int64_t>(texts.size()));
      if (texts.size() > most) texts.resize(most);
      write_texts(json, "texts", texts);
      json.close_object();
    }
  }
  json.close_array();
}

void write_list_row(JsonWriter& json, const std::string& name, const ListRow& row, std::size_t most) {
  json.open_object().text("name", name).text("said_in", row.said_in).time("since", row.since);
  write_entry_fields(json, row.text, most);
  json.close_object();
}

Result<Response> show_list(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader reader(call.target);
  const std::string search = fold(reader.text("search", kLongestSearch).value_or(""));
  const std::int64_t limit = reader.integer("limit", 1, kMostEntriesShown, 100);
  const std::int64_t page = reader.integer("page", 1, kMostPages, 1);
  CANDOR_TRY_VOID(reader.done());
  CANDOR_TRY(const ListBook* const book, book_of(desk));
  CANDOR_TRY(const ListInfo list, list_info(call.parameter("list")));
  CANDOR_TRY_VOID(look_at_lists(desk, call, list.name));
  CANDOR_TRY(const ListRows rows, book->rows(list));
  CANDOR_TRY(auto changes, book->changes(list));
  CANDOR_TRY(const bool pending, book->is_pending());
  const std::int64_t waiting = std::ranges::count(changes, ListDecision::waits, &ListChange::decision);
  if (changes.size() > kMostListChanges) changes.resize(kMostListChanges);
  JsonWriter json;
  json.open_object().boolean("second_person", book->asks_second_person()).boolean("pending", pending);
  json.boolean("takes_up", static_cast<bool>(desk.context.lists.take_up)).key("list");
  write_info(json, list, static_cast<std::int64_t>(rows.size()), waiting);
  json.key("entries").open_array();
  std::int64_t found = 0;
  for (const auto& [name, row] : rows) {
    if (!search.empty() && fold(row.text).find(search) == std::string::npos) continue;
    if (found >= (page - 1) * limit && found < page * limit) write_list_row(json, name, row, kMostTextsShown);
    ++found;
  }
  json.close_array().integer("found", found).key("changes").open_array();
  for (const ListChange& change : changes) write_list_change(json, change);
  json.close_array().close_object();
  return json_response(200, json);
}

// One entry with all its texts, for a form.
Result<Response> show_entry(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader reader(call.target);
  const auto name = reader.text("name", kLongestListName);
  if (!name) reader.refuse("name", "is missing");
  CANDOR_TRY_VOID(reader.done());
  CANDOR_TRY(const ListBook* const book, book_of(desk));
  CANDOR_TRY(const ListInfo list, list_info(call.parameter("list")));
  CANDOR_TRY_VOID(look_at_lists(desk, call, list.name));
  CANDOR_TRY(const ListRows rows, book->rows(list));
  const auto row = rows.find(*name);
  if (row == rows.end()) return fail("lists.no_entry", "the list has no entry of that name");
  JsonWriter json;
  write_list_row(json, *name, row->second, kMostListEntries);
  return json_response(200, json);
}

Result<Response> list_file(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const ListBook* const book, book_of(desk));
  CANDOR_TRY(const ListInfo list, list_info(call.parameter("list")));
  CANDOR_TRY_VOID(look_at_lists(desk, call, list.name));
  CANDOR_TRY(const ListRows rows, book->rows(list));
  std::map<std::string, std::string> entries;
  for (const auto& [name, row] : rows) entries[name] = row.text;
  Response response{.status = 200, .headers = {}, .body = list_text(list, entries)};
  response.set("Content-Type", "application/yaml");
  response.set("Content-Disposition", "attachment; filename=\"candor-" + list.name + ".yml\"");
  return response;
}

void write_differences(JsonWriter& json, const std::vector<EntryDifference>& differences) {
  json.integer("total", static_cast<std::int64_t>(differences.size())).key("differences").open_array();
  std::size_t left = kMostDifferences;
  for (const EntryDifference& one : differences) {
    if (left-- == 0) break;
    json.open_object().text("name", one.name).text("kind", to_text(one.kind)).key("fields").open_array();
    for (const FieldDifference& field : one.fields) {
      json.open_object().text("field", field.field);
      json.integer("added_count", field.added_count).integer("removed_count", field.removed_count);
      write_texts(json, "added", field.added);
      write_texts(json, "removed", field.removed);
      json.close_object();
    }
    json.close_array().close_object();
  }
  json.close_array();
}

Result<ListWish> wish_of(const Body& body) {
  const std::string& format = body.at("format");
  const std::string& mode = body.at("mode");
  if (format != "yaml" && format != "csv") return fail("api.bad_property", "property `format` is not yaml or csv");
  if (mode != "add" && mode != "replace") return fail("api.bad_property", "property `mode` is not add or replace");
  ListWish wish{
      .text = body.at("text"), .csv = format == "csv", .replace = mode == "replace", .remove = {}, .file = "text"};
  std::string_view names = body.at("remove");
  while (!names.empty()) {
    const std::size_t end = std::min(names.find('\n'), names.size());
    if (end > 0) wish.remove.emplace_back(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return wish;
}

Result<Response> plan_list(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kListText, kListRemove, kListFormat, kListMode}));
  CANDOR_TRY(const ListBook* const book, book_of(desk));
  CANDOR_TRY(const ListInfo list, list_info(call.parameter("list")));
  CANDOR_TRY(const ListWish wish, wish_of(body));
  CANDOR_TRY_VOID(look_at_lists(desk, call, list.name, Permission::settings_write));
  CANDOR_TRY(const ListPlan plan, book->plan(list, wish));
  JsonWriter json;
  json.open_object().boolean("waits", plan.waits).integer("unchanged", plan.unchanged);
  write_differences(json, plan.differences);
  json.integer("total_faults", static_cast<std::int64_t>(plan.diagnostics.size())).key("faults").open_array();
  std::size_t left = kMostListFaults;
  for (const Diagnostic& fault : plan.diagnostics) {
    if (left-- == 0) break;
    const std::string file = fault.file.substr(fault.file.rfind('/') + 1);
    json.open_object().text("file", file).integer("line", fault.line).integer("column", fault.column);
    json.boolean("error", fault.severity == Severity::error).text("id", fault.id).text("message", fault.message);
    json.text("hint", fault.hint).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// Who acts, with the audit line of the act in its transaction.
ListActor list_actor(const Desk& desk, const Call& call, std::string action, const std::string& reason) {
  return {.name = call.viewer().user(),
          .reason = reason,
          .also = [&desk, &call, action = std::move(action), reason](Transaction& work,
                                                                     const ListChange& change) -> Result<void> {
            JsonWriter details;
            details.open_object().integer("number", change.number).integer("entries_set", change.entries_set);
            details.integer("entries_removed", change.entries_removed).text("decision", to_text(change.decision));
            details.close_object();
            AuditEntry entry;
            entry.action = action;
            entry.object_kind = "list";
            entry.object_id = change.list;
            entry.reason = reason;
            entry.details = details.take();
            CANDOR_TRY_VOID(desk.context.audit.append(work, done_by(call.viewer(), std::move(entry))));
            return {};
          }};
}

Response with_list_change(const ListChange& change) {
  JsonWriter json;
  write_list_change(json, change);
  return json_response(200, json);
}

Result<Response> ask_list(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kListText, kListRemove, kListFormat, kListMode, kListReason}));
  CANDOR_TRY(ListBook* const book, book_of(desk));
  CANDOR_TRY(const ListInfo list, list_info(call.parameter("list")));
  CANDOR_TRY(const ListWish wish, wish_of(body));
  CANDOR_TRY(const ListChange change, book->ask(list, wish, list_actor(desk, call, "list.asked", body.at("reason"))));
  return with_list_change(change);
}

Result<Response> show_list_change(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const ListBook* const book, book_of(desk));
  CANDOR_TRY(const ListInfo list, list_info(call.parameter("list")));
  CANDOR_TRY_VOID(look_at_lists(desk, call, list.name));
  CANDOR_TRY(const auto differences, book->differences(list, number_in(call.parameter("list_change"))));
  JsonWriter json;
  json.open_object();
  write_differences(json, differences);
  json.close_object();
  return json_response(200, json);
}

Result<std::string> asker_of_list(const ListBook& book, const ListInfo& list, std::int64_t number) {
  CANDOR_TRY(const auto changes, book.changes(list));
  const auto found = std::ranges::find(changes, number, &ListChange::number);
  return found == changes.end() ? std::string() : found->asked_by;
}

using ListStep = Result<ListChange> (ListBook::*)(const ListInfo&, std::int64_t, const ListActor&);

template <ListStep act>
Result<Response> decide_list(Desk& desk, const Call& call) {
  constexpr std::string_view kListDone = act == &ListBook::approve  ? "list.approved"
                                         : act == &ListBook::reject ? "list.rejected"
                                         : act == &ListBook::undo   ? "list.undone"
                                                                    : "list.withdrawn";
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kListReason}));
  CANDOR_TRY(ListBook* const book, book_of(desk));
  CANDOR_TRY(const ListInfo list, list_info(call.parameter("list")));
  const std::int64_t number = number_in(call.parameter("list_change"));
  if constexpr (act == &ListBook::approve) {
    CANDOR_TRY(const std::string asker, asker_of_list(*book, list, number));
    CANDOR_TRY_VOID(refuse_one_person(desk, call.viewer(), asker, "lists.own_request"));
  }
  CANDOR_TRY(const ListChange change,
             (book->*act)(list, number, list_actor(desk, call, std::string(kListDone), body.at("reason"))));
  return with_list_change(change);
}

// Records are read by what was changed from then on; answers come to an end while the folder is opened again.
Result<Response> take_up(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kListReason}));
  CANDOR_TRY(const ListBook* const book, book_of(desk));
  if (!desk.context.lists.take_up) return fail("api.not_found", "there is nothing here");
  CANDOR_TRY(const bool pending, book->is_pending());
  if (!pending) return fail("lists.nothing_to_take_up", "records are read by all that was changed already");
  AuditEntry entry;
  entry.action = "list.taken_up";
  entry.object_kind = "list";
  entry.reason = body.at("reason");
  CANDOR_TRY_VOID(desk.context.audit.append(done_by(call.viewer(), std::move(entry))));
  desk.context.lists.take_up();
  return Response{.status = 204, .headers = {}, .body = {}};
}

}  // namespace

bool is_list_path(std::string_view path) {
  constexpr std::string_view kBefore = "/api/v1/lists/";
  if (!path.starts_with(kBefore)) return false;
  const std::string_view rest = path.substr(kBefore.size());
  const std::size_t end = rest.find('/');
  return end != std::string_view::npos && end > 0 && (rest.substr(end) == "/plan" || rest.substr(end) == "/changes");
}

Result<std::size_t> admit_list(Viewers& viewers, bool secure_cookies, const Request& head) {
  CANDOR_TRY(const Session session, who_asks(viewers, head, secure_cookies, Viewers::Renewal::no));
  CANDOR_TRY_VOID(session.viewer.require(Permission::settings_write));
  return kLargestListBody;
}

std::vector<Route> list_routes() {
  return {{Method::get, "/lists", with(Permission::settings_read), list_lists},
          {Method::post, "/lists/take-up", with(Permission::settings_write), take_up},
          {Method::get, "/lists/{list}", with(Permission::settings_read), show_list},
          {Method::get, "/lists/{list}/entry", with(Permission::settings_read), show_entry},
          {Method::get, "/lists/{list}/file", with(Permission::settings_read), list_file},
          {Method::post, "/lists/{list}/plan", with(Permission::settings_write), plan_list},
          {Method::post, "/lists/{list}/changes", with(Permission::settings_write), ask_list},
          {Method::get, "/lists/{list}/changes/{list_change}", with(Permission::settings_read), show_list_change},
          {Method::post, "/lists/{list}/changes/{list_change}/approve", with(Permission::policies_approve),
           decide_list<&ListBook::approve>},
          {Method::post, "/lists/{list}/changes/{list_change}/reject", with(Permission::policies_approve),
           decide_list<&ListBook::reject>},
          {Method::post, "/lists/{list}/changes/{list_change}/withdraw", with(Permission::settings_write),
           decide_list<&ListBook::withdraw>},
          {Method::post, "/lists/{list}/changes/{list_change}/undo", with(Permission::settings_write),
           decide_list<&ListBook::undo>}};
}

}  // namespace candor::api
