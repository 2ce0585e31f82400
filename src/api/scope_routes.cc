#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "alerts/people_in_scope.h"
#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/target.h"
#include "base/fold.h"

// Whom policies look at: by pseudonym, with what their alerts come to, and why and since when they are in scope. Of
// what they do nothing is told here, and nobody is ranked by it.
namespace candor::api {

namespace {

constexpr std::int64_t kMostScopeRows = 200;

struct ScopeAsk {
  PeopleInScopeQuery query;
  std::string text;
};

Result<ScopeAsk> read_scope_query(const RecordDesk& desk, const Call& call, bool paged) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  constexpr std::array kSeverities = {std::pair("none", AlertSeverity::none), std::pair("low", AlertSeverity::low),
                                      std::pair("medium", AlertSeverity::medium),
                                      std::pair("high", AlertSeverity::high)};
  QueryReader reader(call.target);
  ScopeAsk ask;
  PeopleInScopeQuery& query = ask.query;
  query.today = day_of(desk.records.clock.now());
  query.without = call.hidden_people();
  for (const std::string& text : reader.texts("severity", 4, 10)) {
    const auto found = std::ranges::find(kSeverities, text, [](const auto& one) { return std::string(one.first); });
    if (found == kSeverities.end()) {
      reader.refuse("severity", "is not none, low, medium or high");
    } else {
      query.severities.push_back(found->second);
    }
  }
  query.policies = reader.texts("policy", 50, 128);
  query.by_hand = reader.boolean("by_hand", false);
  ask.text = reader.text("text", 100).value_or("");
  const std::string sort = reader.text("sort", 20).value_or("severity");
  if (sort == "open_alerts") query.sort = PeopleInScopeSort::open_alerts;
  if (sort != "open_alerts" && sort != "severity") reader.refuse("sort", "is not severity or open_alerts");
  if (paged) {
    const std::int64_t page = reader.integer("page", 1, kMostPages, 1);
    query.limit = static_cast<std::size_t>(reader.integer("limit", 1, kMostScopeRows, 50));
    query.offset = static_cast<std::size_t>(page - 1) * query.limit;
  } else {
    query.limit = desk.records.most_export_rows;
  }
  CANDOR_TRY_VOID(reader.done());
  return ask;
}

// Names are not searched: the text is part of a pseudonym.
Result<void> find_pseudonyms(const RecordDesk& desk, Reading& reading, ScopeAsk& ask) {
  if (ask.text.empty()) return {};
  ask.query.only_these = true;
  const std::string wanted = ascii_lowered(ask.text);
  CANDOR_TRY(const auto everybody, everybody_in_scope(reading, ask.query.today));
  for (const PersonId& person : everybody) {
    if (ascii_lowered(desk.records.presenter.pseudonym(person)).find(wanted) == std::string::npos) continue;
    // That too many match must not tell of people who are not there for this viewer.
    CANDOR_TRY(const bool hidden, hides(reading, ask.query.without, person));
    if (hidden) continue;
    ask.query.only.push_back(person);
    if (ask.query.only.size() > PeopleInScopeQuery::kMostOnly) break;  // refused: the text says too little
  }
  return {};
}

Result<PeopleInScopePage> found_in_scope(const RecordDesk& desk, ScopeAsk& ask) {
  CANDOR_TRY(Reading reading, desk.records.store.read());
  CANDOR_TRY_VOID(find_pseudonyms(desk, reading, ask));
  return people_in_scope(reading, ask.query);
}

// Not the text searched for: somebody may type a name there.
std::string scope_details(const ScopeAsk& ask, const PeopleInScopePage& page) {
  JsonWriter json;
  json.open_object();
  if (!ask.query.policies.empty()) write_texts(json, "policies", ask.query.policies);
  if (ask.query.by_hand) json.boolean("by_hand", true);
  if (!ask.text.empty()) json.boolean("searched", true);
  if (ask.query.offset > 0) json.integer("offset", static_cast<std::int64_t>(ask.query.offset));
  json.integer("rows", static_cast<std::int64_t>(page.people.size())).integer("total", page.total).close_object();
  return json.take();
}

Result<Viewing> look_at_scopes(const RecordDesk& desk, const Call& call, std::string action, std::string details) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "people";
  entry.details = std::move(details);
  return desk.records.presenter.view(call.viewer(), Permission::people_read, entry);
}

Result<std::map<std::string, std::string>> policy_names(const RecordDesk& desk) {
  CANDOR_TRY(const auto policies, desk.records.policies.list());
  std::map<std::string, std::string> names;
  for (const StoredPolicy& one : policies) names.emplace(one.id, one.name);
  return names;
}

std::string severity_word(AlertSeverity severity) {
  return severity == AlertSeverity::none ? "none" : std::string(to_text(severity));
}

std::optional<Day> by_hand_until(const PersonInScope& one) {
  std::optional<Day> until;
  for (const ScopeNow& scope : one.scopes) {
    if (scope.by_hand) until = std::max(until.value_or(scope.until), scope.until);
  }
  return until;
}

// nullopt where the viewer may not see cases.
Result<std::optional<std::int64_t>> open_cases(const RecordDesk& desk, const Call& call, const PersonId& person) {
  if (!call.viewer().may(Permission::cases_view)) return std::nullopt;
  CaseQuery query;
  query.state = CaseState::open;
  query.person = person;
  query.limit = 1;
  CANDOR_TRY(const CasePage page, desk.records.cases.find(query, CaseActor(call.viewer())));
  return page.total;
}

Result<Response> list_in_scope(RecordDesk& desk, const Call& call) {
  CANDOR_TRY(ScopeAsk ask, read_scope_query(desk, call, true));
  CANDOR_TRY(const PeopleInScopePage page, found_in_scope(desk, ask));
  CANDOR_TRY(const auto names, policy_names(desk));
  CANDOR_TRY(Viewing viewing, look_at_scopes(desk, call, "people.in_scope_listed", scope_details(ask, page)));
  JsonWriter json;
  json.open_object().integer("total", page.total).key("people").open_array();
  for (const PersonInScope& one : page.people) {
    CANDOR_TRY(const PresentedPerson person, viewing.present(one.person));
    CANDOR_TRY(const auto cases, open_cases(desk, call, one.person));
    json.open_object().text("id", to_hex(one.person)).key("person");
    write_person(json, person);
    json.text("severity", severity_word(one.severity)).integer("open_alerts", one.open_alerts);
    json.integer("confirmed", one.confirmed).key("open_cases");
    if (cases) {
      json.integer(*cases);
    } else {
      json.null();
    }
    json.day("by_hand_until", by_hand_until(one)).key("scopes").open_array();
    for (const ScopeNow& scope : one.scopes) {
      const auto name = names.find(scope.policy);
      json.open_object().key("policy").open_object().text("id", scope.policy);
      json.text("name", name == names.end() ? scope.policy : name->second).close_object();
      json.day("since", scope.since).day("until", scope.until).boolean("by_hand", scope.by_hand).close_object();
    }
    json.close_array().close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// By pseudonym only, whatever is lifted: a file outlives that. Who may not read alerts is told nothing of them, not
// even by the order.
Result<Response> export_in_scope(RecordDesk& desk, const Call& call) {
  CANDOR_TRY(ScopeAsk ask, read_scope_query(desk, call, false));
  const bool tells_alerts = call.viewer().may(Permission::alerts_read);
  if (!tells_alerts && !ask.query.severities.empty()) CANDOR_TRY_VOID(call.viewer().require(Permission::alerts_read));
  CANDOR_TRY(PeopleInScopePage page, found_in_scope(desk, ask));
  if (!tells_alerts) std::ranges::sort(page.people, {}, &PersonInScope::person);
  if (call.own != nullptr) {
    // By what stands in this file alone: the same order in two of them would join them.
    std::ranges::sort(page.people, {}, [&](const PersonInScope& one) {
      return call.own->of(desk.records.presenter.pseudonym(one.person));
    });
  }
  CANDOR_TRY(const auto names, policy_names(desk));
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             look_at_scopes(desk, call, "people.in_scope_exported", scope_details(ask, page)));
  CsvWriter csv;
  for (const char* head :
       {"person", "severity", "open_alerts", "confirmed", "policies", "since", "scored_by_hand_until"})
    csv.cell(head);
  csv.end_row();
  for (const PersonInScope& one : page.people) {
    std::string policies;
    std::optional<Day> since;
    for (const ScopeNow& scope : one.scopes) {
      const auto name = names.find(scope.policy);
      policies += (policies.empty() ? "" : "; ") + (name == names.end() ? scope.policy : name->second);
      since = std::min(since.value_or(scope.since), scope.since);
    }
    const auto until = by_hand_until(one);
    csv.cell(desk.records.presenter.pseudonym(one.person));
    if (tells_alerts) {
      csv.cell(severity_word(one.severity)).number(one.open_alerts).number(one.confirmed);
    } else {
      csv.cell("").cell("").cell("");
    }
    csv.cell(policies);
    csv.cell(since ? format_day(*since) : "").cell(until ? format_day(*until) : "");
    csv.end_row();
  }
  const bool more = page.total > static_cast<std::int64_t>(page.people.size());
  return csv_response(desk, csv, page.people.size(), more, "people-in-scope");
}

}  // namespace

std::vector<Route> scope_routes() {
  return {
      {Method::get, "/people/in-scope", with(Permission::people_read, Permission::alerts_read), list_in_scope},
      exporting("people-in-scope", {Method::get, "/people/in-scope.csv",
                                    with(Permission::people_read, Permission::activities_export), export_in_scope})};
}

}  // namespace candor::api
