#include "api/own_export.h"

#include <optional>
#include <string>
#include <utility>

#include "access/exports.h"
#include "api/own_objects.h"

namespace candor::api {
namespace {

// What the parameters of an export say, and those that are the handler's.
struct AskedExport {
  std::optional<std::string> pseudonyms;
  std::optional<std::string> recipient;
  Target rest;
};

Result<AskedExport> read_export_asked(const Target& target) {
  AskedExport asked;
  asked.rest.path = target.path;
  for (const auto& [name, value] : target.query) {
    if (name != "pseudonyms" && name != "recipient") {
      asked.rest.query.emplace_back(name, value);
      continue;
    }
    auto& known = name == "pseudonyms" ? asked.pseudonyms : asked.recipient;
    if (known) return fail("api.bad_parameter", "parameter `" + name + "` is given twice");
    known = value;
  }
  if (asked.pseudonyms && asked.pseudonyms != "own" && asked.pseudonyms != "usual") {
    return fail("api.bad_parameter", "parameter `pseudonyms` is not own or usual");
  }
  if (asked.recipient && asked.pseudonyms != "own") {
    return fail("api.bad_parameter", "parameter `recipient` is for exports with `pseudonyms=own`");
  }
  return asked;
}

// Names of whom the export is about do not stand in what was said of its recipient.
Result<OwnExport> begin_export(Desk& desk, const Route& route, const Call& call, const std::string& recipient) {
  AuditEntry line = done_by(call.viewer(), {});
  std::string said = recipient;
  CANDOR_TRY(const auto person, person_in_path(desk, route.path, call.parameters));
  if (person) {
    line.pseudonym = desk.context.presenter.pseudonym(*person);
    CANDOR_TRY(said, desk.context.presenter.for_audit(*person, recipient));
  }
  const Exports exports(desk.context.store, desk.context.keys, desk.context.clock, desk.context.audit);
  return exports.begin(route.exports, said, std::move(line));
}

void replace_everything(const Desk& desk, std::string_view what, const ExportPseudonyms& own, Response& response) {
  const std::string type(response.header("Content-Type"));
  std::string ending = ".zip";
  if (type.starts_with("text/csv")) {
    response.body = own.text(response.body);
    ending = ".csv";
  } else if (type.starts_with("application/json")) {
    response.body = own.json(response.body);
    ending = ".json";
  }
  const std::string number = std::to_string(own.number());
  response.set("Content-Disposition", std::string("attachment; filename=\"candor-") +
                                          (desk.context.intake.data_kind() == "demo" ? "demo-" : "") +
                                          std::string(what) + "-export-" + number + ending + "\"");
  response.set("X-Candor-Export", number);
}

}  // namespace

Result<Response> answer_export(Desk& desk, const Route& route, const Call& call) {
  CANDOR_TRY(AskedExport asked, read_export_asked(call.target));
  const bool always = desk.context.settings != nullptr && desk.context.settings->get()->exports.own_pseudonyms;
  if (always && asked.pseudonyms == "usual") {
    return fail("exports.own_only", "this organisation gives every export pseudonyms of its own");
  }
  if (!always && asked.pseudonyms != "own") {
    return route.handler(desk, {call.request, asked.rest, call.parameters, call.session, call.token, call.source});
  }
  if (!asked.recipient) {
    return fail(
        "exports.recipient_missing",
        "an export with pseudonyms of its own needs `pseudonyms=own` and `recipient`: who gets it and what for");
  }
  CANDOR_TRY(const OwnExport made, begin_export(desk, route, call, *asked.recipient));
  const ExportPseudonyms own(desk.context.keys, made.number);
  Session session = *call.session;
  session.viewer = call.viewer().for_export(made.number);
  CANDOR_TRY(Response response,
             route.handler(desk, {call.request, asked.rest, call.parameters, &session, call.token, call.source, &own}));
  replace_everything(desk, route.exports, own, response);
  return response;
}

}  // namespace candor::api
