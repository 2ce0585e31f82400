#include <algorithm>
#include <array>
#include <charconv>

#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "policy/explain.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestDraft = 48'000;  // characters; the server takes 64 KB of body
constexpr std::size_t kMostDays = 3650;
constexpr std::size_t kMostCut = 100;
constexpr std::int64_t kMostBacktestRows = 100;

std::int64_t number_of(const Body& body, std::string_view name) {
  std::int64_t value = 0;
  const auto found = body.find(name);
  if (found != body.end()) std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

// Looking at people needs a purpose, and a back-test looks at all of them.
Result<void> require_purpose(const Desk& desk, const Policy& draft) {
  return check_purpose(draft, desk.context.intake.data_kind() == "demo");
}

// --- the draft

struct Draft {
  std::shared_ptr<const Policy> policy;  // null: it has errors
  bool edited = false;
  std::vector<Diagnostic> diagnostics;
};

// What is in force, or was before it was paused; else what waits to be.
Result<std::shared_ptr<const Policy>> own_policy(Desk& desk, const BacktestOrder& order) {
  if (!order.live) {
    CANDOR_TRY(const PolicyStanding standing, desk.context.policies.standing(order.policy_id));
    return desk.policies.find(order.policy_id, standing.newest().version);
  }
  const auto& versions = order.live->versions;
  for (auto one = versions.rbegin(); one != versions.rend(); ++one)
    if (one->policy->enabled) return one->policy;
  return versions.back().policy;
}

Result<Draft> read_draft(Desk& desk, const BacktestOrder& order, const Body& body) {
  Draft draft;
  const auto yaml = body.find("yaml");
  CANDOR_TRY(draft.policy, own_policy(desk, order));
  if (yaml != body.end() && yaml->second != draft.policy->text) {
    LoadedPolicy loaded =
        load_policy(yaml->second, "draft", desk.context.indicators->indicators(), desk.context.scoring);
    draft.diagnostics = std::move(loaded.diagnostics);
    draft.edited = true;
    draft.policy = loaded.policy ? std::make_shared<const Policy>(std::move(*loaded.policy)) : nullptr;
  }
  const Micropoints cut = number_of(body, "cut") * kOnePoint;
  if (draft.policy == nullptr || cut == 0 || cut == draft.policy->cut) return draft;
  auto moved = std::make_shared<Policy>(*draft.policy);
  moved->cut = cut;
  draft.policy = std::move(moved);
  draft.edited = true;
  return draft;
}

Response faulty(const Draft& draft) {
  JsonWriter json;
  json.open_object().text("id", "policy.faulty");
  json.text("message", "the draft has errors; nothing was tried");
  write_diagnostics(json, draft.diagnostics);
  json.close_object();
  return json_response(422, json);
}

// --- numbers

void write_steps(JsonWriter& json, const Backtest& result, int days) {
  json.key("steps").open_array();
  for (const BacktestStep& step : result.steps) {
    json.open_object().points("cut", step.cut).integer("alerts", step.alerts);
    json.points("alerts_a_day", step.alerts * kOnePoint / days).integer("people", step.people);
    json.integer("confirmed_lost", step.confirmed_lost).integer("dismissed_gone", step.dismissed_lost).close_object();
  }
  json.close_array();
}

const Policy* newest_live(const BacktestOrder& order) {
  return order.live ? order.live->versions.back().policy.get() : nullptr;
}

// Sequences have no indicator of their own: the policies know their titles.
std::string title_of(const Desk& desk, const BacktestOrder& order, const std::string& name) {
  if (const IndicatorInfo* const info = find_indicator(*desk.context.indicators, name)) return info->title;
  for (const Policy* const policy : {newest_live(order), order.draft.get()}) {
    if (policy == nullptr) continue;
    const auto found = std::ranges::find(policy->indicators, name, &PolicyIndicator::name);
    if (found != policy->indicators.end()) return found->title;
  }
  return name;
}

void write_result(JsonWriter& json, const Desk& desk, const BacktestRun& run) {
  if (!run.result) {
    json.null();
    return;
  }
  const Backtest& result = *run.result;
  using Kind = BacktestChange::Kind;
  json.open_object().integer("people", result.people);
  for (const Kind kind : {Kind::added, Kind::gone, Kind::changed, Kind::same})
    json.integer(to_text(kind), result.count(kind));
  json.integer("confirmed", result.confirmed).integer("dismissed", result.dismissed);
  write_steps(json, result, run.order->days);
  json.key("indicators").open_array();
  for (const BacktestIndicator& one : result.indicators) {
    json.open_object().text("name", one.name).text("title", title_of(desk, *run.order, one.name));
    json.integer("confirmed", one.confirmed).integer("dismissed", one.dismissed);
    json.integer("precision_percent", one.precision_percent()).close_object();
  }
  json.close_array().integer("not_kept", static_cast<std::int64_t>(run.left_out)).close_object();
}

// `Backtest`
void write_run(JsonWriter& json, const Desk& desk, const BacktestRun& run) {
  const BacktestOrder& order = *run.order;
  json.open_object().text("id", std::to_string(run.number)).text("policy_id", order.policy_id);
  json.text("state", to_text(run.state)).integer("done", static_cast<std::int64_t>(run.done));
  json.integer("total", static_cast<std::int64_t>(run.total));
  json.text("failure", run.error ? std::optional(run.error->message + " (" + run.error->id + ")") : std::nullopt);
  json.time("started_at", run.started_at).time("ended_at", run.ended_at);
  json.integer("days", order.days).day("from", order.from).day("to", order.to);
  json.key("draft").open_object().text("name", order.draft->name).text("version", order.draft->version);
  json.text("purpose", order.draft->lawful_start.purpose);
  json.boolean("edited", order.edited).points("cut", order.draft->cut).close_object();
  const Policy* const live = newest_live(order);
  json.points("live_cut", live != nullptr ? std::optional(live->cut) : std::nullopt);
  write_diagnostics(json, order.diagnostics);
  json.key("result");
  write_result(json, desk, run);
  json.close_object();
}

Response run_response(const Desk& desk, const BacktestRun& run, int status) {
  JsonWriter json;
  write_run(json, desk, run);
  return json_response(status, json);
}

BacktestRuns::Mine mine_of(const Call& call) {
  return {.viewer = call.viewer().user(), .policy_id = call.parameter("policy_id"), .without = call.hidden_people()};
}

Result<BacktestRun> run_of(Desk& desk, const Call& call) {
  return desk.backtests.find(mine_of(call), call.parameter("backtest_id"));
}

std::string details_of(const BacktestOrder& order) {
  JsonWriter json;
  json.open_object().text("version", order.draft->version).boolean("edited", order.edited);
  json.points("cut", order.draft->cut).integer("days", order.days);
  json.text("purpose", order.draft->lawful_start.purpose).close_object();
  return json.take();
}

AuditEntry about(const BacktestOrder& order, const char* action) {
  AuditEntry entry;
  entry.action = action;
  entry.object_kind = "policy";
  entry.object_id = order.policy_id;
  entry.details = details_of(order);
  return entry;
}

Result<Response> start(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(
      const Body body,
      read_body(call.request, {{.name = "days", .shortest = 1, .longest = kMostDays, .integer = true},
                               {.name = "cut", .shortest = 1, .longest = kMostCut, .integer = true, .optional = true},
                               {.name = "yaml", .shortest = 1, .longest = kLongestDraft, .optional = true}}));
  BacktestOrder order;
  order.viewer = call.viewer().user();
  order.without = call.hidden_people();
  order.policy_id = call.parameter("policy_id");
  CANDOR_TRY(order.live, desk.policies.history(order.policy_id));
  CANDOR_TRY(Draft draft, read_draft(desk, order, body));
  if (draft.policy == nullptr) return faulty(draft);
  CANDOR_TRY_VOID(require_purpose(desk, *draft.policy));
  if (desk.backtests.busy()) return fail("backtest.busy", "another back-test is running; try again when it has ended");
  order.draft = std::move(draft.policy);
  order.edited = draft.edited;
  order.diagnostics = std::move(draft.diagnostics);
  order.days = static_cast<int>(number_of(body, "days"));
  order.to = day_of(desk.context.clock.now());
  order.from = order.to - order.days + 1;
  CANDOR_TRY(order.decisions, desk.context.alerts.decisions());
  CANDOR_TRY(order.expectations, desk.context.expectations.current(desk.context.indicators->indicators()));
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::policies_read, about(order, "backtest.run")));
  CANDOR_TRY(const BacktestRun run, desk.backtests.start(std::move(order)));
  return run_response(desk, run, 202);
}

Result<Response> newest(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(desk.context.policies.get(call.parameter("policy_id")));
  const auto run = desk.backtests.newest(mine_of(call));
  JsonWriter json;
  json.open_object().boolean("busy", desk.backtests.busy()).key("newest");
  if (run) {
    write_run(json, desk, *run);
  } else {
    json.null();
  }
  json.close_object();
  return json_response(200, json);
}

Result<Response> show_backtest(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const BacktestRun run, run_of(desk, call));
  return run_response(desk, run, 200);
}

Result<Response> cancel(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY_VOID(desk.backtests.cancel(mine_of(call), call.parameter("backtest_id")));
  return Response{.status = 204, .headers = {}, .body = {}};
}

// --- people

std::optional<BacktestChange::Kind> kind_named(std::string_view text) {
  using Kind = BacktestChange::Kind;
  for (const Kind kind : {Kind::added, Kind::gone, Kind::changed, Kind::same})
    if (to_text(kind) == text) return kind;
  return std::nullopt;
}

struct Asked {
  std::vector<BacktestChange::Kind> kinds;  // empty: all
  std::int64_t page = 1;
  std::int64_t limit = 50;
};

Result<Asked> read_asked(const Target& target) {
  QueryReader query(target);
  Asked asked;
  for (const std::string& text : query.texts("change", 4, 10)) {
    const auto kind = kind_named(text);
    if (kind) asked.kinds.push_back(*kind);
    if (!kind) query.refuse("change", "is not new, gone, changed or same");
  }
  asked.page = query.integer("page", 1, static_cast<std::int64_t>(BacktestRuns::kMostChanges), 1);
  asked.limit = query.integer("limit", 1, kMostBacktestRows, 50);
  CANDOR_TRY_VOID(query.done());
  return asked;
}

class ChangeWriter {
 public:
  ChangeWriter(JsonWriter& json, const Desk& desk, const BacktestRun& run) : json_(json), desk_(desk), run_(run) {}

  void write(const BacktestChange& change, const PresentedPerson& person, const Mask& mask) {
    json_.open_object().key("person");
    write_person(json_, person);
    json_.text("change", to_text(change.kind)).key("decided");
    if (change.was_confirmed || change.was_dismissed) {
      json_.text(change.was_confirmed ? "confirmed" : "dismissed");
    } else {
      json_.null();
    }
    json_.key("draft");
    write_assessment(change.draft, mask);
    json_.key("live");
    write_assessment(change.live, mask);
    json_.close_object();
  }

 private:
  const Policy& policy_of(const Assessment& assessment) const {
    if (assessment.policy_version == run_.order->draft->version || !run_.order->live) return *run_.order->draft;
    for (const PolicyHistory::Version& one : run_.order->live->versions)
      if (one.policy->version == assessment.policy_version) return *one.policy;
    return *run_.order->draft;
  }

  void write_assessment(const std::optional<Assessment>& assessment, const Mask& mask) {
    if (!assessment) {
      json_.null();
      return;
    }
    const Policy& policy = policy_of(*assessment);
    json_.open_object().day("day", assessment->day).points("score", assessment->score);
    json_.text("severity", to_text(assessment->severity)).key("parts").open_array();
    for (const ReceiptPart& part : assessment->parts) {
      json_.open_object().text("text", mask.text(in_words(part, policy)).text()).key("indicator");
      write_indicator(json_, find_indicator(*desk_.context.indicators, part.indicator));
      json_.points("points", part.points).close_object();
    }
    json_.close_array().close_object();
  }

  JsonWriter& json_;
  const Desk& desk_;
  const BacktestRun& run_;
};

std::vector<const BacktestChange*> changes_asked(const Backtest& result, const Asked& asked) {
  std::vector<const BacktestChange*> found;
  for (const BacktestChange& change : result.changes) {
    const bool wanted = asked.kinds.empty() || std::ranges::find(asked.kinds, change.kind) != asked.kinds.end();
    if (wanted) found.push_back(&change);
  }
  return found;
}

// Who: by right, for a reason, and in the audit log before the first pseudonym is shown.
Result<Response> people(Desk& desk, const Call& call) {
  CANDOR_TRY(const Asked asked, read_asked(call.target));
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", kShortestReason, Lifting::kLongestReason, true}}));
  CANDOR_TRY(const BacktestRun run, run_of(desk, call));
  if (!run.result) return fail("backtest.not_done", "this back-test has no result");
  const auto changes = changes_asked(*run.result, asked);
  const auto first = std::min(changes.size(), static_cast<std::size_t>((asked.page - 1) * asked.limit));
  const auto last = std::min(changes.size(), first + static_cast<std::size_t>(asked.limit));
  AuditEntry look = about(*run.order, "backtest.people");
  look.reason = body.at("reason");
  // Nobody's own names mask a reason about several people, so it is masked for each in turn.
  for (std::size_t i = first; i < last; ++i) {
    CANDOR_TRY(look.reason, desk.context.presenter.for_audit(changes[i]->person, look.reason));
  }
  if (first == last) look.reason = "(nobody was found)";
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_read, look));
  JsonWriter json;
  ChangeWriter writer(json, desk, run);
  json.open_object().integer("total", static_cast<std::int64_t>(changes.size()));
  json.integer("page", asked.page).integer("limit", asked.limit).key("alerts").open_array();
  for (std::size_t i = first; i < last; ++i) {
    CANDOR_TRY(const PresentedPerson person, viewing.present(changes[i]->person));
    CANDOR_TRY(const Mask mask, viewing.mask(changes[i]->person));
    writer.write(*changes[i], person, mask);
  }
  json.close_array().close_object();
  return json_response(200, json);
}

}  // namespace

std::vector<Route> backtest_routes() {
  constexpr const char* kAll = "/policies/{policy_id}/backtests";
  constexpr const char* kOne = "/policies/{policy_id}/backtests/{backtest_id}";
  return {{Method::post, kAll, with(Permission::policies_read), start},
          {Method::get, kAll, with(Permission::policies_read), newest},
          {Method::get, kOne, with(Permission::policies_read), show_backtest},
          {Method::del, kOne, with(Permission::policies_read), cancel},
          {Method::post, "/policies/{policy_id}/backtests/{backtest_id}/people",
           with(Permission::alerts_read, Permission::policies_read), people}};
}

}  // namespace candor::api
