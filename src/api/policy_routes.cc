#include <algorithm>
#include <string>
#include <utility>

#include "api/body.h"
#include "api/json_writer.h"
#include "api/own_objects.h"
#include "api/policy_surroundings.h"
#include "api/presented_json.h"
#include "api/route.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestPolicy = 48'000;  // characters; the server takes 64 KB of body
constexpr std::size_t kMostDiffLines = 4'000;

Result<void> look_at_policy(const Desk& desk, const Call& call, std::string kind, std::string id) {
  AuditEntry entry;
  entry.action = kind + ".viewed";
  entry.object_kind = std::move(kind);
  entry.object_id = std::move(id);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

PolicyContentNow content_of(const Desk& desk) {
  return {.indicators = desk.context.indicators->indicators(), .scoring = desk.context.scoring};
}

void write_policy(JsonWriter& json, const PolicyStanding& standing, const Policy& compiled) {
  const StoredPolicy& shown = standing.in_force ? *standing.in_force : *standing.waiting;
  json.text("id", shown.id).text("name", shown.name).text("template", shown.template_name);
  json.text("description", compiled.description).text("version", shown.version).boolean("enabled", compiled.enabled);
  json.text("state", to_text(standing.state));
  json.day("since", standing.in_force ? std::optional(standing.in_force->effective_from) : std::nullopt);
  json.day("review_by", standing.review_by);
  json.boolean("waits", standing.waiting && standing.waiting->decision == PolicyDecision::waits);
  write_texts(json, "lacks", standing.lacks);
  json.key("windows").open_object().text("volume", to_text(compiled.volume));
  json.integer("look_back_days", compiled.look_back_days);
  json.integer("activation_days", compiled.activation_days);
  json.integer("evidence_days", compiled.evidence_days).close_object();
}

void write_lawful_start(JsonWriter& json, const LawfulStart& lawful) {
  const auto meaning = [](const std::vector<NamedMeaning>& all, const std::string& word) {
    const auto found = std::ranges::find(all, word, &NamedMeaning::first);
    return found == all.end() ? std::string() : std::string(found->second);
  };
  json.key("lawful_start").open_object();
  json.text("purpose", lawful.purpose).text("purpose_means", meaning(purposes(), lawful.purpose));
  json.text("legal_basis", lawful.legal_basis).text("legal_basis_means", meaning(legal_bases(), lawful.legal_basis));
  json.text("agreement", lawful.agreement).text("impact_assessment", lawful.impact_assessment);
  json.text("owner", lawful.owner).boolean("all_countries", lawful.all_countries);
  write_texts(json, "countries", lawful.countries);
  json.day("review_by", lawful.review_by).close_object();
}

Result<PolicySurroundings> surroundings_of(Desk& desk, const Call& call) {
  const ApiContext& context = desk.context;
  CANDOR_TRY(auto unusable, desk.policies.unusable());
  return policy_surroundings({.clock = context.clock,
                              .store = context.store,
                              .indicators = context.indicators,
                              .mappings = context.mappings,
                              .switches = context.intake.switches,
                              .facts = context.facts,
                              .people = context.people,
                              .alerts = context.alerts,
                              .sources = context.sources,
                              .without = call.hidden_people()},
                             std::move(unusable));
}

void write_health(JsonWriter& json, const std::vector<HealthMessage>& messages) {
  json.key("health").open_array();
  for (const HealthMessage& one : messages) {
    json.open_object().text("level", to_text(one.level)).text("id", one.id).text("text", one.text).close_object();
  }
  json.close_array();
}

// The newest of the versions that were asked for: what waits, or what is in force.
Result<std::shared_ptr<const Policy>> compiled_of(Desk& desk, const PolicyStanding& standing) {
  const StoredPolicy& shown = standing.in_force ? *standing.in_force : *standing.waiting;
  return desk.policies.find(shown.id, shown.version);
}

Result<Response> list_policies(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(look_at_policy(desk, call, "policies", ""));
  CANDOR_TRY(const auto standings, desk.context.policies.standings());
  CANDOR_TRY(auto counts, desk.context.alerts.counts(call.hidden_people()));
  CANDOR_TRY(const PolicyOrder order, desk.context.policies.order());
  CANDOR_TRY(const auto around, surroundings_of(desk, call));
  JsonWriter json;
  json.open_object().text("order", order.version()).key("policies").open_array();
  for (const PolicyStanding& standing : standings) {
    CANDOR_TRY(const auto compiled, compiled_of(desk, standing));
    json.open_object();
    write_policy(json, standing, *compiled);
    json.integer("place", static_cast<std::int64_t>(order.place_of(standing.id)));
    write_health(json, health_of(standing, *compiled, around));
    auto& by_status = counts[standing.id];
    json.integer("needs_review", by_status[AlertStatus::needs_review]);
    json.integer("confirmed", by_status[AlertStatus::confirmed]);
    json.integer("dismissed", by_status[AlertStatus::dismissed]).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// What of the waiting version needs a second person.
Result<std::vector<std::string>> widens(Desk& desk, const PolicyStanding& standing) {
  if (!standing.waiting || standing.waiting->decision != PolicyDecision::waits) return std::vector<std::string>();
  LoadedPolicy waiting = load_policy(standing.waiting->yaml, "policy " + standing.id,
                                     desk.context.indicators->indicators(), desk.context.scoring);
  if (!waiting.policy) return std::vector<std::string>();
  CANDOR_TRY(auto changes, desk.context.policies.compare(std::span(&*waiting.policy, 1), content_of(desk)));
  return std::move(changes.front().widens);
}

Result<Response> get_policy(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const PolicyStanding standing, desk.context.policies.standing(call.parameter("policy_id")));
  CANDOR_TRY_VOID(look_at_policy(desk, call, "policy", standing.id));
  CANDOR_TRY(const auto compiled, compiled_of(desk, standing));
  const StoredPolicy& shown = standing.in_force ? *standing.in_force : *standing.waiting;
  JsonWriter json;
  json.open_object();
  CANDOR_TRY(const auto around, surroundings_of(desk, call));
  write_policy(json, standing, *compiled);
  write_health(json, health_of(standing, *compiled, around));
  write_lawful_start(json, lawful_start_of(shown.yaml));
  json.key("indicators").open_array();
  for (const PolicyIndicator& indicator : compiled->indicators)
    if (const IndicatorInfo* info = find_indicator(*desk.context.indicators, indicator.key))
      write_indicator(json, info);
  json.close_array().text("yaml", shown.yaml);
  json.key("waiting");
  if (standing.waiting && standing.waiting->decision == PolicyDecision::waits) {
    const StoredPolicy& row = *standing.waiting;
    CANDOR_TRY(const auto why, widens(desk, standing));
    json.open_object()
        .integer("number", row.number)
        .text("version", row.version)
        .text("asked_by", row.asked_by)
        .text("reason", row.reason);
    json.time("asked_at", row.applied_at);
    write_texts(json, "widens", why);
    write_lawful_start(json, lawful_start_of(row.yaml));
    json.text("yaml", row.yaml).close_object();
  } else {
    json.null();
  }
  json.close_object();
  return json_response(200, json);
}

void write_version(JsonWriter& json, const StoredPolicy& row, const std::string* before) {
  json.open_object().integer("number", row.number).text("version", row.version).text("act", to_text(row.act));
  json.time("asked_at", row.applied_at).text("asked_by", row.asked_by).text("reason", row.reason);
  json.day("effective_from", row.effective_from);
  json.text("decision", row.decision == PolicyDecision::waits ? "waits" : to_text(row.decision));
  json.text("decided_by", row.decided_by).text("decided_reason", row.decided_reason);
  json.time("decided_at", row.decided_at == 0 ? std::nullopt : std::optional(row.decided_at));
  auto lines = before == nullptr || *before == row.yaml ? std::vector<std::string>() : diff_lines(*before, row.yaml);
  if (lines.size() > kMostDiffLines) lines.resize(kMostDiffLines);
  write_texts(json, "diff", lines);
  json.close_object();
}

Result<Response> versions(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto rows, desk.context.policies.versions(call.parameter("policy_id")));
  CANDOR_TRY_VOID(look_at_policy(desk, call, "policy", rows.front().id));
  JsonWriter json;
  json.open_object().key("versions").open_array();
  for (std::size_t i = rows.size(); i-- > 0;) write_version(json, rows[i], i == 0 ? nullptr : &rows[i - 1].yaml);
  json.close_array().close_object();
  return json_response(200, json);
}

// Who acts, with the audit line of the act in its transaction.
PolicyActor policy_actor_of(const Desk& desk, const Call& call, std::string action, const std::string& reason) {
  return {.name = call.viewer().user(),
          .reason = reason,
          .also = [&desk, &call, action = std::move(action), reason](Transaction& work, const StoredPolicy& row,
                                                                     const std::string& from) -> Result<void> {
            JsonWriter details;
            details.open_object().text("from", from).text("to", row.version);
            details.text("decision", row.decision == PolicyDecision::waits ? "waits" : to_text(row.decision));
            details.close_object();
            AuditEntry entry;
            entry.action = action;
            entry.object_kind = "policy";
            entry.object_id = row.id;
            entry.reason = reason;
            entry.details = details.take();
            CANDOR_TRY_VOID(desk.context.audit.append(work, done_by(call.viewer(), std::move(entry))));
            return {};
          }};
}

// `change` of `PolicyAnswer`.
void write_asked_change(JsonWriter& json, const PolicyChange& change) {
  const bool waits = !change.widens.empty() || !change.lacks.empty();
  json.open_object().text("policy", change.id).boolean("changes", change.kind != PolicyChange::Kind::unchanged);
  json.boolean("waits", waits);
  write_texts(json, "widens", change.widens);
  write_texts(json, "lacks", change.lacks);
  json.close_object();
}

// What asking for it would come to; nothing of it stays.
Result<Response> check_policy(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"yaml", 1, kLongestPolicy}}));
  LoadedPolicy loaded =
      load_policy(body.at("yaml"), "policy", desk.context.indicators->indicators(), desk.context.scoring);
  JsonWriter json;
  json.open_object();
  write_diagnostics(json, loaded.diagnostics);
  json.key("change");
  if (!loaded.policy) {
    json.null().close_object();
    return json_response(200, json);
  }
  CANDOR_TRY(auto work, desk.context.store.transaction());  // never committed
  CANDOR_TRY(const auto changes, desk.context.policies.apply(work, std::span(&*loaded.policy, 1), content_of(desk),
                                                             {.name = call.viewer().user(), .reason = "looked at"}));
  write_asked_change(json, changes.front());
  json.close_object();
  return json_response(200, json);
}

Result<Response> ask(Desk& desk, const Call& call) {
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"yaml", 1, kLongestPolicy}, {"reason", 10, kLongestReason, true}}));
  LoadedPolicy loaded =
      load_policy(body.at("yaml"), "policy", desk.context.indicators->indicators(), desk.context.scoring);
  JsonWriter json;
  json.open_object();
  write_diagnostics(json, loaded.diagnostics);
  json.key("change");
  if (!loaded.policy) {
    json.null().close_object();
    return json_response(200, json);
  }
  CANDOR_TRY(const auto changes,
             desk.context.policies.apply(std::span(&*loaded.policy, 1), content_of(desk),
                                         policy_actor_of(desk, call, "policy.applied", body.at("reason"))));
  write_asked_change(json, changes.front());
  json.close_object();
  return json_response(200, json);
}

Result<Response> templates(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const auto write_words = [](JsonWriter& json, std::string_view name, const std::vector<NamedMeaning>& all) {
    json.key(name).open_array();
    for (const auto& [word, meaning] : all)
      json.open_object().text("word", word).text("meaning", meaning).close_object();
    json.close_array();
  };
  JsonWriter json;
  json.open_object().key("templates").open_array();
  if (desk.context.templates) {
    for (const Policy& one : *desk.context.templates) {
      json.open_object().text("id", one.id).text("name", one.name).text("description", one.description);
      json.text("yaml", one.text).close_object();
    }
  }
  json.close_array();
  write_words(json, "purposes", purposes());
  write_words(json, "legal_bases", legal_bases());
  json.key("sequences").open_array();
  for (const SequenceContent& one : desk.context.scoring.sequences) {
    json.open_object().text("name", one.name).text("title", one.title).close_object();
  }
  json.close_array();
  json.close_object();
  return json_response(200, json);
}

std::string placing_details(const PolicyOrder& before, const PolicyOrder& after) {
  JsonWriter details;
  details.open_object();
  write_texts(details, "before", before.policies);
  write_texts(details, "after", after.policies);
  details.close_object();
  return details.take();
}

Result<Response> place_policy(Desk& desk, const Call& call) {
  CANDOR_TRY(const Body body,
             read_body(call.request, {{.name = "place", .shortest = 1, .longest = 100'000, .integer = true},
                                      {.name = "order", .shortest = 16, .longest = 16},
                                      {"reason", 0, kLongestReason, true}}));
  const std::string& id = call.parameter("policy_id");
  const auto also = [&](Transaction& work, const PolicyOrder& before, const PolicyOrder& after) -> Result<void> {
    AuditEntry entry;
    entry.action = "policy.placed";
    entry.object_kind = "policy";
    entry.object_id = id;
    entry.reason = body.at("reason");
    entry.details = placing_details(before, after);
    CANDOR_TRY_VOID(desk.context.audit.append(work, done_by(call.viewer(), std::move(entry))));
    return {};
  };
  CANDOR_TRY(const PolicyOrder after,
             desk.context.policies.place({.ids = {id},
                                          .place = static_cast<std::size_t>(std::stoi(body.at("place"))),
                                          .looked_at = body.at("order"),
                                          .also = also}));
  JsonWriter json;
  json.open_object().text("order", after.version());
  write_texts(json, "policies", after.policies);
  json.close_object();
  return json_response(200, json);
}

using PolicyStep = Result<StoredPolicy> (PolicyBook::*)(std::string_view, const PolicyActor&);

template <PolicyStep act>
Result<Response> act_on_policy(Desk& desk, const Call& call) {
  constexpr std::string_view kDone = act == &PolicyBook::approve  ? "policy.approved"
                                     : act == &PolicyBook::reject ? "policy.rejected"
                                     : act == &PolicyBook::pause  ? "policy.paused"
                                     : act == &PolicyBook::resume ? "policy.resumed"
                                                                  : "policy.retired";
  constexpr bool kNamesNumber = act == &PolicyBook::approve;
  constexpr TextProperty kReason{.name = "reason", .shortest = 10, .longest = kLongestReason, .prose = true};
  constexpr TextProperty kNumber{.name = "number", .shortest = 1, .longest = 1'000'000, .integer = true};
  CANDOR_TRY(const Body body,
             kNamesNumber ? read_body(call.request, {kReason, kNumber}) : read_body(call.request, {kReason}));
  PolicyActor actor = policy_actor_of(desk, call, std::string(kDone), body.at("reason"));
  if constexpr (kNamesNumber) actor.looked_at = std::stoi(body.at("number"));  // its range is checked
  if constexpr (kNamesNumber) {
    CANDOR_TRY(const PolicyStanding asked, desk.context.policies.standing(call.parameter("policy_id")));
    const std::string asker = asked.waiting ? asked.waiting->asked_by : std::string();
    CANDOR_TRY_VOID(refuse_one_person(desk, call.viewer(), asker, "policy.own_request"));
  }
  CANDOR_TRY(const StoredPolicy row, (desk.context.policies.*act)(call.parameter("policy_id"), actor));
  CANDOR_TRY(const PolicyStanding standing, desk.context.policies.standing(row.id));
  JsonWriter json;
  json.open_object().text("state", to_text(standing.state)).day("effective_from", row.effective_from).close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> policy_routes() {
  return {{Method::get, "/policies", with(Permission::policies_read), list_policies},
          {Method::post, "/policies", with(Permission::policies_write), ask},
          {Method::post, "/policies/check", with(Permission::policies_write), check_policy},
          {Method::get, "/policies/templates", with(Permission::policies_read), templates},
          {Method::get, "/policies/{policy_id}", with(Permission::policies_read), get_policy},
          {Method::get, "/policies/{policy_id}/versions", with(Permission::policies_read), versions},
          {Method::post, "/policies/{policy_id}/place", with(Permission::policies_write), place_policy},
          {Method::post, "/policies/{policy_id}/approve", with(Permission::policies_approve),
           act_on_policy<&PolicyBook::approve>},
          {Method::post, "/policies/{policy_id}/reject", with(Permission::policies_approve),
           act_on_policy<&PolicyBook::reject>},
          {Method::post, "/policies/{policy_id}/pause", with(Permission::policies_write),
           act_on_policy<&PolicyBook::pause>},
          {Method::post, "/policies/{policy_id}/resume", with(Permission::policies_write),
           act_on_policy<&PolicyBook::resume>},
          {Method::post, "/policies/{policy_id}/retire", with(Permission::policies_write),
           act_on_policy<&PolicyBook::retire>}};
}

}  // namespace candor::api
