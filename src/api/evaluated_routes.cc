#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/body.h"
#include "api/json_writer.h"
#include "api/route.h"
#include "disclosure/evaluated_book.h"
#include "document/changes.h"
#include "document/html.h"

// What is evaluated here, in versions.
namespace candor::api {

namespace {

constexpr std::int64_t kMostVersions = 500;

struct AskedVersion {
  EvaluatedVersion version;
  Language language = Language::en;
};

EvaluatedBook evaluated_book(const Desk& desk) { return {desk.context.store, desk.context.audit, desk.context.clock}; }

Result<Language> language_of(QueryReader& query) {
  const std::string text = query.text("language", 2).value_or("en");
  const auto language = language_named(text);
  if (!language) query.refuse("language", "is `en` or `de`");
  CANDOR_TRY_VOID(query.done());
  return language.value_or(Language::en);
}

// What holds now is kept first, so that the newest version is what holds.
Result<EvaluatedVersion> newest(const Desk& desk) {
  if (!desk.context.evaluated) return fail("api.not_found", "there is nothing here");
  return desk.context.evaluated();
}

Result<EvaluatedVersion> named(const Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(newest(desk));
  return evaluated_book(desk).version(number_in(call.parameter("number")));
}

Result<void> look(const Desk& desk, const Call& call, const EvaluatedVersion& version, const char* action) {
  AuditEntry entry;
  entry.action = action;
  entry.object_kind = "evaluated";
  entry.object_id = std::to_string(version.number);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

void write_block(JsonWriter& json, const Block& block) {
  json.open_object().text("kind", to_text(block.kind)).integer("level", block.level).text("text", block.text);
  write_texts(json, "cells", block.cells);
  json.key("rows").open_array();
  for (const auto& row : block.rows) {
    json.open_array();
    for (const std::string& cell : row) json.text(cell);
    json.close_array();
  }
  json.close_array().close_object();
}

void write_version(JsonWriter& json, const EvaluatedVersion& version) {
  json.integer("number", version.number).time("since", version.since).text("sha256", version.hash);
}

// `Evaluated`
Result<Response> written(const Desk& desk, const EvaluatedVersion& version, Language language) {
  CANDOR_TRY(const TextDocument document, document_of(version, language));
  CANDOR_TRY(const auto versions, evaluated_book(desk).list(kMostVersions));
  JsonWriter json;
  json.open_object();
  write_version(json, version);
  json.text("public_key", desk.context.audit.public_key());
  json.boolean("public", desk.context.settings != nullptr && desk.context.settings->get()->evaluated.public_page);
  json.text("language", to_text(language)).text("title", document.title).key("blocks").open_array();
  for (const Block& block : document.blocks) write_block(json, block);
  json.close_array().key("versions").open_array();
  for (const EvaluatedVersion& one : versions) {
    json.open_object();
    write_version(json, one);
    json.close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> read_newest(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  CANDOR_TRY(const Language language, language_of(query));
  CANDOR_TRY(const EvaluatedVersion version, newest(desk));
  CANDOR_TRY_VOID(look(desk, call, version, "evaluated.viewed"));
  return written(desk, version, language);
}

Result<AskedVersion> asked_version(const Desk& desk, const Call& call, const char* action) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  AskedVersion asked;
  CANDOR_TRY(asked.language, language_of(query));
  CANDOR_TRY(asked.version, named(desk, call));
  CANDOR_TRY_VOID(look(desk, call, asked.version, action));
  return asked;
}

Result<Response> read_version(Desk& desk, const Call& call) {
  CANDOR_TRY(const AskedVersion asked, asked_version(desk, call, "evaluated.viewed"));
  return written(desk, asked.version, asked.language);
}

Response as_file(std::string bytes, const char* type, const AskedVersion& asked, const std::string& ending) {
  Response response{.status = 200, .headers = {}, .body = std::move(bytes)};
  response.set("Content-Type", type);
  response.set("Content-Disposition",
               "attachment; filename=\"candor-evaluated-" + std::to_string(asked.version.number) + ending + "\"");
  response.set("Content-Security-Policy", html_content_policy());
  return response;
}

Result<Response> export_pdf(Desk& desk, const Call& call) {
  CANDOR_TRY(const AskedVersion asked, asked_version(desk, call, "evaluated.exported"));
  CANDOR_TRY(std::string pdf, evaluated_pdf(asked.version, asked.language, desk.context.audit.public_key()));
  return as_file(std::move(pdf), "application/pdf", asked, "-" + std::string(to_text(asked.language)) + ".pdf");
}

Result<Response> export_html(Desk& desk, const Call& call) {
  CANDOR_TRY(const AskedVersion asked, asked_version(desk, call, "evaluated.exported"));
  CANDOR_TRY(TextDocument document, document_of(asked.version, asked.language));
  return as_file(to_html(with_proof(std::move(document), asked.version, desk.context.audit.public_key()),
                         foot_of(asked.version, asked.language)),
                 "text/html; charset=utf-8", asked, "-" + std::string(to_text(asked.language)) + ".html");
}

Result<Response> export_statement(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(EvaluatedVersion version, named(desk, call));
  CANDOR_TRY_VOID(look(desk, call, version, "evaluated.exported"));
  std::string statement = std::exchange(version.statement, {});
  return as_file(std::move(statement), "application/json", {.version = std::move(version)}, ".json");
}

// `EvaluatedChanges`
Result<Response> read_changes(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const std::int64_t number = number_in(call.parameter("number"));
  const std::int64_t before = query.integer("since", 1, 1'000'000'000, std::max<std::int64_t>(number - 1, 1));
  CANDOR_TRY(const Language language, language_of(query));
  CANDOR_TRY(const EvaluatedVersion to, named(desk, call));
  CANDOR_TRY(const EvaluatedVersion from, evaluated_book(desk).version(before));
  CANDOR_TRY_VOID(look(desk, call, to, "evaluated.viewed"));
  CANDOR_TRY(const TextDocument earlier, document_of(from, language));
  CANDOR_TRY(const TextDocument later, document_of(to, language));
  JsonWriter json;
  json.open_object().integer("from", from.number).integer("to", to.number).key("changes").open_array();
  for (const DocumentChange& change : document_changes(earlier, later)) {
    json.open_object().text("section", change.section).boolean("added", change.added).text("text", change.text);
    json.close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> evaluated_routes() {
  constexpr Needs kReader = with(Permission::policies_read);
  return {{Method::get, "/evaluated", kReader, read_newest},
          {Method::get, "/evaluated/{number}", kReader, read_version},
          {Method::get, "/evaluated/{number}/pdf", kReader, export_pdf},
          {Method::get, "/evaluated/{number}/html", kReader, export_html},
          {Method::get, "/evaluated/{number}/statement", kReader, export_statement},
          {Method::get, "/evaluated/{number}/changes", kReader, read_changes}};
}

Result<Response> public_evaluated(Desk& desk, const Request& request, const Target& target) {
  const auto settings = desk.context.settings == nullptr ? nullptr : desk.context.settings->get();
  // Where it is not public, nothing tells that it could be.
  if (settings == nullptr || !settings->evaluated.public_page || !desk.context.evaluated)
    return fail("api.not_found", "there is nothing here");
  CANDOR_TRY_VOID(take_budget(desk.of_anybody, request.client, desk.context.clock.now(), "this address"));
  QueryReader query(target);
  Language language = wanted_language(request.header("accept-language"));
  if (const auto text = query.text("language", 2)) {
    const auto asked = language_named(*text);
    if (!asked) query.refuse("language", "is `en` or `de`");
    language = asked.value_or(language);
  }
  CANDOR_TRY_VOID(query.done());
  const auto form = target.path == PublicEvaluated::kFile ? PublicEvaluated::Form::pdf : PublicEvaluated::Form::html;
  return desk.public_page.answer(evaluated_book(desk), desk.context.audit.public_key(), form, language, request);
}

}  // namespace candor::api
