#include <algorithm>
#include <array>

#include "activity/organisation_text.h"
#include "api/body.h"
#include "api/route.h"
#include "organisation/judgement.h"

namespace candor::api {

namespace {

// Of one section; a tenant may have tens of thousands of sites.
constexpr std::size_t kMostFactsOfMany = 100;
constexpr std::size_t kMostFactsOfOne = 5000;
constexpr std::size_t kMostFaults = 100;
constexpr std::size_t kLongestSection = 64;

struct Query {
  Day at = 0;
  std::optional<Day> known;
  std::string section;  // "" for all
};

Result<Query> read_organisation_query(const Desk& desk, const Call& call) {
  QueryReader reader(call.target);
  Query query;
  query.at = reader.day("at").value_or(day_of(desk.context.clock.now()));
  query.known = reader.day("known");
  query.section = reader.text("section", kLongestSection).value_or("");
  if (!query.section.empty() && !organisation_fact_kind(query.section)) reader.refuse("section", "names no section");
  CANDOR_TRY_VOID(reader.done());
  return query;
}

Result<void> look_at_organisation(const Desk& desk, const Call& call, const Query& query) {
  AuditEntry entry;
  entry.action = "organisation.viewed";
  entry.object_kind = "organisation";
  entry.object_id = query.section;
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

// The file's name alone: where it lay is nobody's business here.
std::string place_of(const std::string& source, int line) {
  const std::string name = source.substr(source.rfind('/') + 1);
  return line > 0 ? name + ":" + std::to_string(line) : name;
}

void write_fact(JsonWriter& json, const OrganisationBook::Known& known, Day at) {
  const OrganisationFact& fact = known.fact;
  json.open_object().key("attributes").open_array();
  for (const AttributeSchema& each : schema_of(fact.kind).attributes) {
    const std::string_view value = fact.attribute(each.name);
    if (!value.empty()) json.open_object().text("name", each.name).text("value", value).close_object();
  }
  json.close_array().day("from", fact.valid_from).day("to", fact.valid_to).boolean("holds", fact.holds_on(at));
  json.time("known_since", known.since).text("said_in", place_of(fact.source, fact.line)).close_object();
}

void write_section(JsonWriter& json, const OrganisationFactSchema& schema, const OrganisationBook::World& world,
                   const Query& query) {
  const FactState state = world.organisation->state(schema.kind, query.at);
  // Sorted by kind.
  const auto facts = std::ranges::equal_range(world.facts, schema.kind, {},
                                              [](const OrganisationBook::Known& known) { return known.fact.kind; });
  json.open_object().text("section", schema.section).text("title", schema.title).text("state", to_text(state));
  json.text("assumption",
            state == FactState::assumed ? std::optional(std::string(assumption_of(schema.kind))) : std::nullopt);
  json.integer("total", static_cast<std::int64_t>(facts.size())).key("facts").open_array();
  std::size_t left = query.section.empty() ? kMostFactsOfMany : kMostFactsOfOne;
  for (const OrganisationBook::Known& known : facts) {
    if (left-- == 0) break;
    write_fact(json, known, query.at);
  }
  json.close_array().close_object();
}

void write_judgement(JsonWriter& json, const Judgement& one) {
  json.open_object().text("indicator", one.indicator->name).text("title", one.indicator->title);
  json.text("section", schema_of(one.kind).section).text("need", schema_of(one.kind).need);
  json.text("dimension", one.dimension.empty() ? std::nullopt : std::optional(std::string(one.dimension)));
  json.text("state", to_text(one.state)).close_object();
}

Result<Response> show_organisation(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(const Query query, read_organisation_query(desk, call));
  CANDOR_TRY_VOID(look_at_organisation(desk, call, query));
  const OrganisationBook& book = desk.context.organisation;
  CANDOR_TRY(const auto world, query.known ? book.world(start_of(*query.known + 1) - 1) : book.world());
  CANDOR_TRY(const bool pending, book.is_pending());
  JsonWriter json;
  json.open_object().day("at", query.at).boolean("pending", pending).key("sections").open_array();
  for (const OrganisationFactSchema& schema : organisation_fact_schemas()) {
    if (query.section.empty() || query.section == schema.section) write_section(json, schema, world, query);
  }
  json.close_array().key("judgements").open_array();
  for (const Judgement& one : judge(desk.context.indicators->indicators(), *world.organisation, query.at)) {
    write_judgement(json, one);
  }
  std::vector<Diagnostic> faults;
  check_between(world.all(), faults);
  json.close_array().integer("total_faults", static_cast<std::int64_t>(faults.size())).key("faults").open_array();
  if (faults.size() > kMostFaults) faults.resize(kMostFaults);
  for (const Diagnostic& fault : faults) {
    json.open_object().text("id", fault.id).text("said_in", place_of(fault.file, fault.line));
    json.text("message", fault.message).text("hint", fault.hint).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> organisation_routes() {
  return {{Method::get, "/organisation", with(Permission::policies_read), show_organisation}};
}

}  // namespace candor::api
