#include "api/every_operation_test.h"

#include <functional>
#include <map>
#include <thread>

#include "base/ids.h"
#include "notifications/kinds.h"
#include "profile/ownership.h"

namespace candor::api {

using nlohmann::json;

namespace {

constexpr const char* kAskedBecause = "looked at with care";
constexpr const char* kStaff =
    "userPrincipalName,displayName,id,department,usageLocation,manager\n"
    "mallory.thief@example.com,Mallory Thief,m1,Sales,DE,boss@example.com\n"
    "junior@example.com,Jo Nior,j1,Sales,DE,mallory.thief@example.com\n"
    "boss@example.com,Bo Hay,b1,Board,FR,\n";

json notifications_wanted() {
  json body = {{"language", "en"}, {"zone", "UTC"}, {"digest_hour", 8}, {"quiet_from", ""}, {"quiet_to", ""}};
  for (const NotificationKindInfo& info : notification_kinds()) body[std::string(info.name)] = "off";
  return body;
}

json expected_usb() {
  return {{"policy_id", ""},       {"indicators", "sharepoint_download"},
          {"towards", "anything"}, {"destinations", ""},
          {"from", "2026-01-01"},  {"until", "2026-12-31"}};
}
json expectation_body() {
  json body = expected_usb();
  body["because"] = "moves to a new laptop";
  body["owner"] = "Head of IT";
  return body;
}

json report_asked() {
  return {{"kind", "activity_report"},
          {"from", "2026-01-01"},
          {"until", "2026-05-27"},
          {"reason", kAskedBecause},
          {"milder", "there is no alert about it"}};
}

// Bodies by operation; without a line it takes none.
const std::map<std::string, std::function<json(const Things&)>>& bodies() {
  const auto reason = [](const Things&) -> json { return {{"reason", kAskedBecause}}; };
  const auto proof = [](const Things& of) -> json { return {{"password", of.password}, {"code", "000000"}}; };
  static const std::map<std::string, std::function<json(const Things&)>> kBodies = {
      {"POST /session", [](const Things& of) -> json { return {{"user", of.user}, {"password", of.password}}; }},
      {"POST /session/provider", [](const Things&) -> json { return {{"return_to", "/alerts"}}; }},
      {"PUT /session/password",
       [](const Things& of) -> json { return {{"password", of.password}, {"new_password", "another long one"}}; }},
      {"POST /session/second-factor/confirm", proof},
      {"POST /session/second-factor/recovery-codes", proof},
      {"POST /session/second-factor/remove", proof},
      {"POST /tokens",
       [](const Things& of) -> json { return {{"name", "nightly"}, {"days", 30}, {"password", of.password}}; }},
      {"POST /alerts/{alert_id}/dismiss",
       [](const Things& of) -> json {
         return {{"reason", "expected"}, {"note", ""}, {"evidence_until", of.evidence_until}};
       }},
      // Of an alert nobody has: whom these are about is asked of each one by itself.
      {"POST /queue-acts",
       [](const Things&) -> json {
         return {{"id", std::string(32, '1')},
                 {"act", "confirm"},
                 {"as_of", "2026-05-27T00:00:00Z"},
                 {"alerts", std::string(32, '0')}};
       }},
      {"POST /alerts/{alert_id}/assign", [](const Things&) -> json { return {{"to", ""}}; }},
      {"POST /alerts/{alert_id}/confirm", [](const Things&) -> json { return {{"note", "needs work"}}; }},
      {"POST /rereads/{alert_id}/answer",
       [](const Things&) -> json { return {{"answer", "dismiss"}, {"reason", kAskedBecause}}; }},
      {"POST /alerts/{alert_id}/comments", [](const Things&) -> json { return {{"text", "look"}}; }},
      {"POST /alerts/{alert_id}/lift", reason},
      {"POST /alerts/{alert_id}/expectations", [](const Things&) { return expectation_body(); }},
      {"POST /alerts/{alert_id}/expectations/preview", [](const Things&) { return expected_usb(); }},
      {"POST /alerts/{alert_id}/requests", [](const Things&) { return report_asked(); }},
      {"POST /cases/{case_id}/requests", [](const Things&) { return report_asked(); }},
      {"POST /people/{person_id}/requests", [](const Things&) { return report_asked(); }},
      {"POST /requests/{number}/approve", reason},
      {"POST /requests/{number}/reject", reason},
      {"POST /requests/{number}/withdraw", reason},
      {"POST /cases",
       [](const Things& of) -> json {
         return {{"alert_id", of.alert}, {"title", "Files"}, {"reason", kAskedBecause}};
       }},
      {"POST /cases/{case_id}/alerts",
       [](const Things& of) -> json { return {{"alert_id", of.alert}, {"reason", kAskedBecause}}; }},
      {"POST /cases/{case_id}/close",
       [](const Things&) -> json {
         return {{"resolution", "benign"}, {"action", "none"}, {"text", "fine"}, {"alerts_seen", std::string(32, '0')}};
       }},
      {"POST /cases/{case_id}/reopen", reason},
      {"POST /cases/{case_id}/owner",
       [](const Things& of) -> json { return {{"owner", of.user}, {"reason", kAskedBecause}}; }},
      {"POST /cases/{case_id}/contributors", [](const Things&) -> json { return {{"user", "helper"}}; }},
      {"POST /cases/{case_id}/links",
       [](const Things& of) -> json {
         return {{"case_id", of.case_id}, {"kind", "colluding"}, {"reason", kAskedBecause}};
       }},
      {"POST /cases/{case_id}/links/{link_id}/unlink", reason},
      {"POST /cases/{case_id}/notes", [](const Things&) -> json { return {{"text", "a note"}}; }},
      {"POST /cases/{case_id}/tasks", [](const Things&) -> json { return {{"text", "a task"}}; }},
      {"POST /cases/{case_id}/notices", [](const Things&) -> json { return {{"template", "handling_reminder_en"}}; }},
      {"POST /cases/{case_id}/notices/test",
       [](const Things&) -> json { return {{"template", "handling_reminder_en"}}; }},
      {"PUT /session/mail", [](const Things&) -> json { return {{"address", "somebody@example.com"}}; }},
      {"PUT /session/notifications", [](const Things&) { return notifications_wanted(); }},
      {"POST /people/search", [](const Things&) -> json { return {{"name", "Bo Hay"}, {"reason", kAskedBecause}}; }},
      {"POST /people/{person_id}/lift", reason},
      {"POST /accounts/{account_id}/owner",
       [](const Things& of) -> json { return {{"person", of.person}, {"reason", kAskedBecause}}; }},
      {"POST /policies",
       [](const Things&) -> json { return {{"yaml", "id: data-leaks\n"}, {"reason", kAskedBecause}}; }},
      {"POST /policies/check", [](const Things&) -> json { return {{"yaml", "id: data-leaks\n"}}; }},
      {"POST /policies/{policy_id}/place",
       [](const Things&) -> json {
         return {{"place", 1}, {"order", std::string(16, '0')}, {"reason", kAskedBecause}};
       }},
      {"POST /policies/{policy_id}/approve",
       [](const Things&) -> json { return {{"reason", kAskedBecause}, {"number", 1}}; }},
      {"POST /policies/{policy_id}/reject", reason},
      {"POST /policies/{policy_id}/pause", reason},
      {"POST /policies/{policy_id}/resume", reason},
      {"POST /policies/{policy_id}/retire", reason},
      {"POST /policies/{policy_id}/backtests", [](const Things&) -> json { return {{"days", 90}}; }},
      {"POST /policies/{policy_id}/backtests/{backtest_id}/people", reason},
      {"POST /indicators/try",
       [](const Things&) -> json { return {{"record", "{}"}, {"source", "m365_audit"}, {"indicator", "usb_copy"}}; }},
      {"POST /expectations",
       [](const Things&) {
         json body = expectation_body();
         body["attribute"] = "department";
         body["value"] = "Finance";
         return body;
       }},
      {"POST /mass-events/{mass_event}/release", reason},
      {"POST /mass-events/{mass_event}/explain",
       [](const Things&) { return json{{"because", "a migration of all devices"}, {"owner", "ada"}}; }},
      {"POST /expectations/{number}/approve", reason},
      {"POST /expectations/{number}/reject", reason},
      {"POST /expectations/{number}/withdraw", reason},
      {"POST /people/{person_id}/scoring",
       [](const Things&) -> json { return {{"policy", "data-leaks"}, {"days", 30}, {"reason", kAskedBecause}}; }},
      {"POST /alerts/{alert_id}/scoring",
       [](const Things&) -> json { return {{"policy", "data-leaks"}, {"days", 30}, {"reason", kAskedBecause}}; }},
      {"POST /cases/{case_id}/scoring",
       [](const Things&) -> json { return {{"policy", "data-leaks"}, {"days", 30}, {"reason", kAskedBecause}}; }},
      {"POST /people/{person_id}/scoring/stop",
       [](const Things&) -> json { return {{"policy", "data-leaks"}, {"reason", kAskedBecause}}; }},
      {"POST /people/{person_id}/scoring/{number}/approve", reason},
      {"POST /people/{person_id}/scoring/{number}/reject", reason},
      {"POST /packs/plan",
       [](const Things&) -> json {
         return {{"packs", "shop"}, {"lawful_start", ""}, {"agreement", ""}, {"retention", "no"}};
       }},
      {"POST /packs/apply",
       [](const Things&) -> json {
         return {{"packs", "shop"},
                 {"lawful_start", ""},
                 {"agreement", ""},
                 {"retention", "no"},
                 {"digest", std::string(16, '0')},
                 {"reason", kAskedBecause}};
       }},
      {"POST /attestations",
       [](const Things&) -> json { return {{"country", "DE"}, {"from", "2026-05-01"}, {"to", "2026-05-27"}}; }},
      {"POST /viewers/{user}/changes",
       [](const Things&) -> json { return {{"units", "germany"}, {"reason", kAskedBecause}}; }},
      {"POST /viewer-changes/{number}/approve", reason},
      {"POST /viewer-changes/{number}/reject", reason},
      {"POST /viewer-changes/{number}/withdraw", reason},
      {"POST /settings/{setting}", [](const Things&) -> json { return {{"value", "60"}, {"reason", kAskedBecause}}; }},
      {"POST /settings/{setting}/approve",
       [](const Things&) -> json { return {{"reason", kAskedBecause}, {"number", 1}}; }},
      {"POST /settings/{setting}/reject",
       [](const Things&) -> json { return {{"reason", kAskedBecause}, {"number", 1}}; }},
      {"POST /settings/{setting}/withdraw",
       [](const Things&) -> json { return {{"reason", kAskedBecause}, {"number", 1}}; }},
      {"POST /lists/take-up", reason},
      {"POST /lists/{list}/plan",
       [](const Things&) -> json {
         return {{"text", "domains: [{domain: a.example, stance: allowed}]"},
                 {"remove", ""},
                 {"format", "yaml"},
                 {"mode", "add"}};
       }},
      {"POST /lists/{list}/changes",
       [](const Things&) -> json {
         return {{"text", "domains: [{domain: a.example, stance: allowed}]"},
                 {"remove", ""},
                 {"format", "yaml"},
                 {"mode", "add"},
                 {"reason", kAskedBecause}};
       }},
      {"POST /lists/{list}/changes/{list_change}/approve", reason},
      {"POST /lists/{list}/changes/{list_change}/reject", reason},
      {"POST /lists/{list}/changes/{list_change}/withdraw", reason},
      {"POST /lists/{list}/changes/{list_change}/undo", reason},
      {"POST /switches",
       [](const Things&) -> json {
         return {{"indicator", "usb_copy"}, {"state", "on"}, {"country", ""}, {"group", ""}, {"from", ""},
                 {"agreement", ""}};
       }},
  };
  return kBodies;
}

// Where a path has a parameter; "" when nobody has said it.
std::string value_of(const std::string& path, const std::string& name, const Things& things) {
  if (name == "number" && path.ends_with("/package")) return things.package;
  if (name == "number" && path.ends_with("/content-sheet")) return things.content;
  if (name == "number" && path.find("/trace") != std::string::npos) return things.trace;
  if (name == "number" && path.starts_with("/requests")) return things.request;
  if (name == "number" && (path.starts_with("/evaluated") || path.starts_with("/attestations"))) return "1";
  if (name == "number" && path.starts_with("/viewer-changes")) return "1";  // of a viewer, whatever it is about
  if (name == "number") return path.starts_with("/expectations") ? things.expectation : things.inside_case;
  const std::map<std::string, std::string> values = {{"alert_id", things.alert},
                                                     {"case_id", things.case_id},
                                                     {"person_id", things.person},
                                                     {"lift_id", things.lift},
                                                     {"account_id", things.account},
                                                     {"link_id", things.link},
                                                     {"activity_id", things.activity},
                                                     {"policy_id", "data-leaks"},
                                                     {"mass_event", "1"},
                                                     {"backtest_id", things.backtest},
                                                     {"name", "usb_copy"},
                                                     {"setting", "retention.activity_days"},
                                                     {"pack_id", "shop"},
                                                     {"list", "domains"},
                                                     {"list_change", "1"},
                                                     {"user", "helper"},
                                                     {"act_id", std::string(32, 'a')},
                                                     {"session_id", "none"},
                                                     {"token_id", "none"}};
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

Method method_named(const std::string& text) {
  for (const Method method : {Method::get, Method::post, Method::put, Method::del})
    if (to_text(method) == text) return method;
  return Method::other;
}

}  // namespace

std::optional<Request> request_for(const Contract::Operation& operation, const Things& things) {
  Request request;
  request.method = method_named(operation.method);
  request.target = "/api/v1" + operation.path;
  for (std::size_t open = request.target.find('{'); open != std::string::npos; open = request.target.find('{')) {
    const std::size_t close = request.target.find('}', open);
    const std::string value = value_of(operation.path, request.target.substr(open + 1, close - open - 1), things);
    if (value.empty()) return std::nullopt;
    request.target.replace(open, close - open + 1, value);
  }
  request.headers = {{"host", "localhost"}, {"x-candor-request", "1"}};
  const std::string name = operation.method + " " + operation.path;
  if (name == "GET /cases") request.target += "?alert=" + things.alert;
  if (name == "GET /lists/{list}/entry") request.target = "/api/v1/lists/groups/entry?name=caterers";
  if (name == "GET /cases/{case_id}/notices/preview") request.target += "?template=handling_reminder_en";
  if (const auto body = bodies().find(name); body != bodies().end()) {
    request.headers.push_back({"content-type", "application/json"});
    request.body = body->second(things).dump();
  } else if (name == "POST /cases/{case_id}/evidence") {
    request.headers.push_back({"content-type", "application/octet-stream"});
    request.headers.push_back({"x-candor-file-name", "log.txt"});
    request.body = "bytes";
  } else if (operation.permission == "provider") {
    request.headers.push_back({"content-type", "application/x-www-form-urlencoded"});
    request.body = "logout_token=none";
  } else if (operation.permission == "token") {
    request.headers.push_back({"content-type", "application/x-ndjson"});
    request.body = "{}\n";
  } else if (!operation.body_schema.empty()) {
    return std::nullopt;
  }
  return request;
}

Request with_session(Request request, const std::string& token) {
  request.headers.push_back({"cookie", "candor_session=" + token});
  return request;
}

Request with_token(Request request, const std::string& token) {
  request.headers.push_back({"authorization", "Bearer " + token});
  return request;
}

std::string error_id(const Response& response) {
  if (response.status < 400) return "";
  return json::parse(response.body, nullptr, false).value("id", "");
}

FullWorld::FullWorld() : boss_(sign_in("boss", "admin")) {
  sign_in("helper", "investigator");
  import(kStaff);
  things_.alert = alert_of(kThief);
  things_.evidence_until = read("/alerts/" + things_.alert, boss_).at("evidence_until");
  things_.activity = read("/alerts/" + things_.alert + "/activities?limit=1", boss_).at("activities").at(0).at("id");
  things_.person = person_of(kThief);
  things_.account = to_hex(account(kQuiet));
  things_.lift = act("/alerts/" + things_.alert + "/lift", {{"reason", kAskedBecause}}).at("id");
  things_.case_id =
      act("/cases", {{"alert_id", things_.alert}, {"title", "Files"}, {"reason", kAskedBecause}}).at("id");
  const std::string its_case = "/cases/" + things_.case_id;
  act(its_case + "/notes", {{"text", "a note"}});
  act(its_case + "/tasks", {{"text", "a task"}});
  for (const Contract::Operation& operation : contract().operations()) {
    if (operation.method != "POST" || operation.path != "/cases/{case_id}/evidence") continue;
    EXPECT_EQ(send(with_session(*request_for(operation, things_), boss_)).status, 201);
  }
  things_.inside_case = "1";
  act("/alerts/" + things_.alert + "/expectations", expectation_body());
  things_.expectation = "1";
  act("/alerts/" + things_.alert + "/requests", report_asked());
  things_.request = "1";
  json package = report_asked();
  package["kind"] = "investigation_package";
  act(its_case + "/requests", package);
  things_.package = "2";
  package["kind"] = "content";
  act(its_case + "/requests", package);
  things_.content = "3";
  package["kind"] = "data_trace";
  package["start_kind"] = "file";
  package["start"] = "quiet.txt";
  act(its_case + "/requests", package);
  things_.trace = "4";
  things_.backtest = backtest_of(boss_);
  // Another case about the same person: there is one alert about them only.
  const std::string other = CaseBook::new_id();
  const auto second = context().store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute(
        "insert into cases (case_id, number, person, person_hex, title, reason, state, owner, opened_by, opened_at, "
        "updated_at, resolution, action, closing_text, closed_by, closed_at) select ?1, 2, person, person_hex, title, "
        "reason, 'closed', owner, opened_by, opened_at, updated_at, '', '', '', '', null from cases",
        {other}));
    return {};
  });
  EXPECT_TRUE(second.has_value());
  things_.link = act(its_case + "/links", {{"case_id", other}, {"kind", "follow_up"}, {"reason", kAskedBecause}})
                     .at("links")
                     .at(0)
                     .at("id");
  // That such a thing comes of alerts by itself is tested elsewhere: two people make no crowd.
  const auto raised = context().store.transact([](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(
        work.execute("insert into mass_events (number, cause, day, raised_at, most_before, decision, decided_by, "
                     "decided_at, reason, "
                     "expectations) values (1, 'usb_copy', 20598, 0, 0, '', '', 0, '', '')"));
    CANDOR_TRY_VOID(work.execute("update alerts set mass_event = 1"));
    return {};
  });
  EXPECT_TRUE(raised.has_value());
}

nlohmann::json FullWorld::act(const std::string& target, const json& body) {
  const Response response = post(target, boss_, body.dump());
  EXPECT_LT(response.status, 300) << target << " " << response.body;
  return json::parse(response.body, nullptr, false);
}

std::string FullWorld::person_of(const std::string& address) const {
  const ApiContext all = context();
  auto reading = all.store.read();
  return to_hex(owners_of(*reading, account(address)).value().at(0).person);
}

std::string FullWorld::backtest_of(const std::string& token) {
  const std::string address = "/policies/data-leaks/backtests";
  Response response = post(address, token, R"({"days":90})");
  // One at a time, whoever began the other.
  while (response.status == 409) {
    std::this_thread::yield();
    response = post(address, token, R"({"days":90})");
  }
  const json begun = json::parse(response.body, nullptr, false);
  if (!begun.contains("policy_id")) return "99";
  const std::string number = begun.at("id");
  while (read(address + "/" + number, token).at("state") == "running") std::this_thread::yield();
  return number;
}

json run_trace(World& world, const std::string& token, const std::string& number) {
  const std::string address = "/requests/" + number + "/trace";
  Response response = world.post(address, token, "");
  // One at a time, whoever began the other.
  while (error_id(response) == "trace.busy") {
    std::this_thread::yield();
    response = world.post(address, token, "");
  }
  EXPECT_EQ(response.status, 202) << response.body;
  json now = json::parse(response.body, nullptr, false);
  while (now.value("state", "") == "running") {
    std::this_thread::yield();
    now = world.read(address, token);
  }
  return now;
}

std::set<std::string> FullWorld::expect_hidden(const std::string& token) {
  std::map<std::string, Contract::Operation> judged;
  const auto as = [this](const std::string& who, const Contract::Operation& operation, const Things& things) {
    return handler()(with_session(*request_for(operation, things), who));
  };
  for (const Contract::Operation& operation : contract().operations()) {
    const auto theirs = request_for(operation, things_);
    const auto none = request_for(operation, {});
    if (!theirs || !none) {
      ADD_FAILURE() << operation.path;
      continue;
    }
    const bool of_viewers = operation.path.find("/backtests") != std::string::npos;
    if ((theirs->target == none->target && theirs->body == none->body) || of_viewers) continue;
    const std::string name = operation.method + " " + operation.path;
    judged.emplace(name, operation);
    const Response hidden = as(token, operation, things_);
    const Response nothing = as(token, operation, {});
    EXPECT_EQ(hidden.status, 404) << name << hidden.body;
    EXPECT_EQ(hidden.status, nothing.status) << name;
    EXPECT_EQ(hidden.body, nothing.body) << name;
    EXPECT_EQ(hidden.headers.size(), nothing.headers.size()) << name;
  }
  std::set<std::string> names;
  // The lift is replaced meanwhile, by another of the same viewer.
  for (const auto& [name, operation] : judged) {
    names.insert(name);
    // What it found is forgotten by one of them.
    if (operation.path.contains("/trace")) run_trace(*this, boss_, things_.trace);
    const Response others = as(boss_, operation, things_);
    EXPECT_TRUE(others.status != 404 || operation.path == "/lifts/{lift_id}") << name << others.body;
  }
  return names;
}

std::string FullWorld::everything(const std::string& token) {
  std::string all;
  for (const Contract::Operation& operation : contract().operations()) {
    if (operation.method != "GET" || operation.path.find('{') != std::string::npos || operation.path == "/cases")
      continue;
    const Response response = handler()(with_session(*request_for(operation, {}), token));
    // Where the identity provider sends a browser back to: it goes on to a page.
    EXPECT_EQ(response.status, operation.path == "/session/provider/callback" ? 303 : 200)
        << operation.path << response.body;
    all += operation.path + "\n" + response.body + "\n";
  }
  return all + get("/cases", token).body;
}

}  // namespace candor::api
