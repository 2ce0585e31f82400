#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/body.h"
#include "api/json_writer.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "packs/pack_changes.h"

// Packs: what they say, what was applied and how far it is from that, what applying would change, and applying it.
namespace candor::api {

namespace {

constexpr std::size_t kMostApplications = 20;
constexpr std::size_t kMostPackDiffLines = 400;
constexpr TextProperty kWhichPacks{.name = "packs", .shortest = 1, .longest = 500};
constexpr TextProperty kPackLawful{.name = "lawful_start", .shortest = 0, .longest = 16'000};
constexpr TextProperty kPackAgreement{.name = "agreement", .shortest = 0, .longest = 400, .prose = true};
constexpr TextProperty kPackRetention{.name = "retention", .shortest = 2, .longest = 3};

Result<const PackShelf*> pack_shelf_of(const Desk& desk) {
  if (desk.context.packs.shelf == nullptr) return fail("api.not_found", "there is nothing here");
  return desk.context.packs.shelf.get();
}

PackSurround pack_surround_of(const Desk& desk, const PackShelf& shelf) {
  return {.shelf = shelf,
          .policies = desk.context.policies,
          .content = {.indicators = desk.context.indicators->indicators(), .scoring = desk.context.scoring},
          .switches = desk.context.intake.switches,
          .settings = desk.context.settings,
          .store = desk.context.store,
          .clock = desk.context.clock};
}

Result<void> look_at_packs(const Desk& desk, const Call& call, std::string action, std::string id) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "pack";
  entry.object_id = std::move(id);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, entry));
  return {};
}

void write_pack_head(JsonWriter& json, const Pack& pack) {
  std::size_t indicators = 0;
  for (const PackSwitch& one : pack.switches) indicators += one.indicators.size();
  json.text("id", pack.id).text("title", pack.title).text("kind", to_text(pack.kind));
  json.text("country", pack.country).text("about", pack.about).text("checked_by", pack.checked_by);
  json.integer("policy_count", static_cast<std::int64_t>(pack.policies.size()));
  json.integer("limit_count", static_cast<std::int64_t>(pack.limits.size()));
  json.integer("switch_count", static_cast<std::int64_t>(indicators));
  json.integer("text_count", static_cast<std::int64_t>(pack.texts.size()));
}

void write_pack_application(JsonWriter& json, const PackApplication& one) {
  json.open_object();
  write_texts(json, "packs", one.packs);
  json.time("applied_at", one.applied_at).text("applied_by", one.applied_by).text("reason", one.reason);
  json.text("agreement", one.agreement).text("lawful_start", one.lawful_start);
  json.boolean("retention", one.retention).close_object();
}

Result<Response> list_packs(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const PackShelf* const shelf, pack_shelf_of(desk));
  CANDOR_TRY_VOID(look_at_packs(desk, call, "packs.viewed", ""));
  std::vector<PackApplication> applications;
  {
    CANDOR_TRY(Reading reading, desk.context.store.read());
    CANDOR_TRY(applications, PackBook::newest(reading, kMostApplications));
  }
  JsonWriter json;
  json.open_object().boolean("second_person", desk.context.intake.data_kind() != "demo").key("packs").open_array();
  for (const Pack& pack : shelf->packs) {
    json.open_object();
    write_pack_head(json, pack);
    json.boolean("applied", !applications.empty() && std::ranges::find(applications.front().packs, pack.id) !=
                                                         applications.front().packs.end());
    json.close_object();
  }
  json.close_array().key("drift");
  std::optional<PackDrift> drift;
  if (!applications.empty()) {
    CANDOR_TRY(drift, pack_drift(pack_surround_of(desk, *shelf), applications.front()));
  }
  if (drift) {
    json.open_object().integer("policies", drift->policies).integer("switches", drift->switches);
    json.boolean("retention", drift->retention).close_object();
  } else {
    json.null();
  }
  json.key("applications").open_array();
  for (const PackApplication& one : applications) write_pack_application(json, one);
  json.close_array().close_object();
  return json_response(200, json);
}

void write_pack_policies(JsonWriter& json, std::string_view name, const std::vector<PackPolicy>& all) {
  json.key(name).open_array();
  for (const PackPolicy& one : all) {
    json.open_object().text("file", one.file).text("policy", one.id).text("reason", one.reason);
    json.text("volume", one.volume ? std::optional(std::string(to_text(*one.volume))) : std::nullopt);
    json.key("enabled");
    if (one.enabled) {
      json.boolean(*one.enabled);
    } else {
      json.null();
    }
    write_texts(json, "not_in", one.not_in);
    json.close_object();
  }
  json.close_array();
}

Result<Response> get_pack(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const PackShelf* const shelf, pack_shelf_of(desk));
  CANDOR_TRY(const auto chosen, shelf->chosen(std::vector{call.parameter("pack_id")}));
  const Pack& pack = chosen.front();
  CANDOR_TRY_VOID(look_at_packs(desk, call, "pack.viewed", pack.id));
  JsonWriter json;
  json.open_object();
  write_pack_head(json, pack);
  write_pack_policies(json, "policies", pack.policies);
  write_pack_policies(json, "limits", pack.limits);
  json.key("switches").open_array();
  for (const PackSwitch& one : pack.switches) {
    json.open_object().boolean("on", one.on).text("country", one.country).text("reason", one.reason);
    write_texts(json, "indicators", one.indicators);
    json.close_object();
  }
  json.close_array().key("retention");
  if (pack.retention) {
    json.open_object().integer("raw_days", pack.retention->raw_days);
    json.integer("activity_days", pack.retention->activity_days).text("reason", pack.retention->reason).close_object();
  } else {
    json.null();
  }
  json.key("law").open_array();
  for (const PackLaw& one : pack.law)
    json.open_object().text("says", one.says).text("source", one.source).close_object();
  json.close_array().key("agree").open_array();
  for (const PackAgreement& one : pack.agree) {
    json.open_object().text("with", one.with).text("what", one.what).text("source", one.source).close_object();
  }
  json.close_array().key("texts").open_array();
  for (const PackText& one : pack.texts) {
    json.open_object().text("name", one.name).text("title", one.title).text("text", one.text).close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// Ids with anything between them that is in none.
std::vector<std::string> pack_ids_in(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t from = text.find_first_not_of(" ,"); from != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(" ,", from), text.size());
    out.push_back(text.substr(from, end - from));
    from = text.find_first_not_of(" ,", end);
  }
  return out;
}

Result<PackAsk> pack_ask_of(const Call& call, const Body& body) {
  PackAsk ask{.ids = pack_ids_in(body.at("packs")),
              .lawful_start = body.at("lawful_start"),
              .lawful_start_name = "the lawful start",
              .agreement = body.at("agreement"),
              .retention = body.at("retention") == "yes",
              .name = call.viewer().user()};
  if (!ask.retention && body.at("retention") != "no") return fail("api.bad_property", "`retention` is yes or no");
  if (ask.ids.empty()) return fail("api.bad_property", "`packs` names no pack");
  return ask;
}

std::string_view outcome_word(SwitchStep::Kind kind) {
  switch (kind) {
    case SwitchStep::Kind::set:
      return "set";
    case SwitchStep::Kind::again:
      return "again";
    case SwitchStep::Kind::holds:
      return "holds";
    case SwitchStep::Kind::agreed:
      return "agreed";
    case SwitchStep::Kind::decided:
      return "decided";
    case SwitchStep::Kind::needs_agreement:
      break;
  }
  return "needs_agreement";
}

void write_policy_change(JsonWriter& json, const Policy& policy, const PolicyChange& change) {
  constexpr const char* kKinds[] = {"added", "changed", "unchanged"};
  json.open_object().text("id", change.id).text("name", policy.name);
  json.text("change", kKinds[static_cast<std::size_t>(change.kind)]);
  write_texts(json, "widens", change.widens);
  write_texts(json, "lacks", change.lacks);
  // Of a new one everything would be the difference.
  auto lines = change.kind == PolicyChange::Kind::changed ? change.diff : std::vector<std::string>();
  if (lines.size() > kMostPackDiffLines) lines.resize(kMostPackDiffLines);
  write_texts(json, "diff", lines);
  json.close_object();
}

void write_pack_days(JsonWriter& json, std::string_view name, const ShorterRetention& days) {
  json.key(name).open_object().integer("raw_days", days.raw_days);
  json.integer("activity_days", days.activity_days).close_object();
}

void write_pack_plan(JsonWriter& json, const Desk& desk, const PackPlan& plan) {
  json.open_object().boolean("changes", plan.changes_anything()).text("digest", plan.digest());
  json.key("packs").open_array();
  for (const Pack& pack : plan.packs) {
    json.open_object().text("id", pack.id).text("title", pack.title).text("checked_by", pack.checked_by).close_object();
  }
  json.close_array();
  write_texts(json, "conflicts", plan.wishes.conflicts);
  write_texts(json, "notes", plan.notes);
  json.key("policies").open_array();
  for (std::size_t i = 0; i < plan.changes.size(); ++i) write_policy_change(json, plan.policies[i], plan.changes[i]);
  json.close_array().key("switches").open_array();
  for (const SwitchStep& step : plan.steps) {
    const Switch& one = step.decision;
    const auto index = desk.context.indicators->find_name(one.indicator);
    json.open_object().text("indicator", one.indicator);
    json.text("title", index ? (*desk.context.indicators)[*index].title : one.indicator).boolean("on", one.on);
    json.text("country", one.country).text("group", one.group).text("agreement", one.agreement);
    json.text("outcome", outcome_word(step.kind)).close_object();
  }
  json.close_array().key("retention").open_object();
  write_pack_days(json, "kept", plan.kept);
  if (plan.retention) {
    write_pack_days(json, "wanted", *plan.retention);
  } else {
    json.null("wanted");
  }
  json.boolean("asked", plan.retention_asked).boolean("waits", plan.retention_waits).close_object();
  json.close_object();
}

Response pack_plan_response(const Desk& desk, const std::vector<Diagnostic>& faults, const PackPlan* plan,
                            bool applied) {
  JsonWriter json;
  json.open_object().boolean("applied", applied);
  write_diagnostics(json, faults);
  json.key("plan");
  if (plan == nullptr) {
    json.null();
  } else {
    write_pack_plan(json, desk, *plan);
  }
  json.close_object();
  return json_response(200, json);
}

Result<Response> plan_of_packs(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kWhichPacks, kPackLawful, kPackAgreement, kPackRetention}));
  CANDOR_TRY(const PackShelf* const shelf, pack_shelf_of(desk));
  CANDOR_TRY(const PackAsk ask, pack_ask_of(call, body));
  std::vector<Diagnostic> faults;
  const auto plan = plan_packs(pack_surround_of(desk, *shelf), ask, faults);
  if (!plan && plan.error().id != "pack.not_applied") return std::unexpected(plan.error());
  return pack_plan_response(desk, faults, plan ? &*plan : nullptr, false);
}

// Lines of the audit log as each part's own act writes them, and one for each pack.
class PackWitness {
 public:
  PackWitness(const Desk& desk, const Call& call, std::string reason)
      : desk_(desk), call_(call), reason_(std::move(reason)) {}

  PackActor actor() const {
    const std::string& name = call_.viewer().user();
    return {
        .reason = reason_,
        .policies = {.name = name,
                     .reason = reason_,
                     .also = [this](Transaction& work, const StoredPolicy& row,
                                    const std::string& from) { return policy(work, row, from); }},
        .switches = [this](Transaction& work, const Switch& decided) { return decision(work, decided); },
        .settings = {.name = name,
                     .reason = reason_,
                     .also = [this](Transaction& work, const SettingChange& change) { return setting(work, change); }},
        .also = [this](Transaction& work, const PackPlan& plan) { return packs(work, plan); }};
  }

 private:
  Result<void> line(Transaction& work, std::string action, std::string kind, std::string id,
                    JsonWriter& details) const {
    AuditEntry entry;
    entry.action = std::move(action);
    entry.object_kind = std::move(kind);
    entry.object_id = std::move(id);
    entry.reason = reason_;
    entry.details = details.take();
    CANDOR_TRY_VOID(desk_.context.audit.append(work, done_by(call_.viewer(), std::move(entry))));
    return {};
  }
  Result<void> policy(Transaction& work, const StoredPolicy& row, const std::string& from) const {
    JsonWriter details;
    details.open_object().text("from", from).text("to", row.version);
    details.text("decision", row.decision == PolicyDecision::waits ? "waits" : to_text(row.decision)).close_object();
    return line(work, "policy.applied", "policy", row.id, details);
  }
  Result<void> decision(Transaction& work, const Switch& one) const {
    JsonWriter details;
    details.open_object().integer("number", one.number).boolean("on", one.on).text("country", one.country);
    details.text("group", one.group).day("from", one.from).text("agreement", one.agreement).close_object();
    return line(work, "switches.set", "indicator", one.indicator, details);
  }
  Result<void> setting(Transaction& work, const SettingChange& change) const {
    JsonWriter details;
    details.open_object().integer("number", change.number).text("value", change.value);
    details.text("decision", to_text(change.decision)).close_object();
    return line(work, "setting.asked", "setting", change.setting, details);
  }
  Result<void> packs(Transaction& work, const PackPlan& plan) const {
    for (const Pack& pack : plan.packs) {
      JsonWriter details;
      details.open_object().text("with", plan.ids());
      details.integer("decisions", static_cast<std::int64_t>(plan.decisions().size()));
      details.integer("policies", static_cast<std::int64_t>(plan.policies.size())).close_object();
      CANDOR_TRY_VOID(line(work, "pack.applied", "pack", pack.id, details));
    }
    return {};
  }

  const Desk& desk_;
  const Call& call_;
  const std::string reason_;
};

Result<Response> apply_packs_asked(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request,
                       {kWhichPacks,
                        kPackLawful,
                        kPackAgreement,
                        kPackRetention,
                        {.name = "digest", .shortest = 16, .longest = 16},
                        {.name = "reason", .shortest = kShortestReason, .longest = kLongestReason, .prose = true}}));
  CANDOR_TRY(const PackShelf* const shelf, pack_shelf_of(desk));
  CANDOR_TRY(const PackAsk ask, pack_ask_of(call, body));
  // Each part needs what it needs alone: policies and indicators are policies.write, as the route says.
  if (ask.retention) CANDOR_TRY_VOID(call.viewer().require(Permission::settings_write));
  const PackSurround around = pack_surround_of(desk, *shelf);
  std::vector<Diagnostic> faults;
  const auto plan = plan_packs(around, ask, faults);
  if (!plan && plan.error().id != "pack.not_applied") return std::unexpected(plan.error());
  if (!plan) return pack_plan_response(desk, faults, nullptr, false);
  if (plan->digest() != body.at("digest")) {
    return fail("pack.changed_meanwhile", "something else would change now than was shown: look at it again");
  }
  const bool acts = plan->changes_anything() || !plan->recorded;
  if (acts) {
    const PackWitness witness(desk, call, body.at("reason"));
    CANDOR_TRY_VOID(apply_packs(around, *plan, witness.actor(), desk.context.packs.decide));
  }
  return pack_plan_response(desk, faults, &*plan, acts);
}

}  // namespace

std::vector<Route> pack_routes() {
  return {{Method::get, "/packs", with(Permission::policies_read), list_packs},
          {Method::post, "/packs/plan", with(Permission::policies_read), plan_of_packs},
          {Method::post, "/packs/apply", with(Permission::policies_write), apply_packs_asked},
          {Method::get, "/packs/{pack_id}", with(Permission::policies_read), get_pack}};
}

}  // namespace candor::api
