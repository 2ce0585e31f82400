#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "alerts/run.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/policy_files.h"
#include "app/step_progress.h"
#include "assessment/backtest.h"
#include "policy/explain.h"
#include "policy/receipt_json.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

struct BacktestCommandOptions {
  std::filesystem::path policy;
  std::filesystem::path lawful_start;
  std::string against;
  std::string as_of;
  std::string reason;
  int days = 90;
  bool shadow = false;
  bool people = false;
  bool json = false;
};

std::string score_of(const std::optional<Assessment>& assessment) {
  return assessment ? fmt::format("{:.1f}", static_cast<double>(assessment->score) / kOnePoint) : "-";
}

std::string to_json(const Backtest& result, const Policy& draft, const std::string& against,
                    const BacktestCommandOptions& options, const Keys& keys) {
  ordered_json json = {{"policy", draft.id},
                       {"version", draft.version},
                       {"against", against.empty() ? ordered_json() : ordered_json(against)},
                       {"days", options.days},
                       {"people", result.people},
                       {"cut", static_cast<double>(draft.cut) / kOnePoint},
                       {"new", result.count(BacktestChange::Kind::added)},
                       {"gone", result.count(BacktestChange::Kind::gone)},
                       {"changed", result.count(BacktestChange::Kind::changed)},
                       {"same", result.count(BacktestChange::Kind::same)},
                       {"confirmed", result.confirmed},
                       {"dismissed", result.dismissed}};
  json["steps"] = ordered_json::array();
  for (const BacktestStep& step : result.steps) {
    json["steps"].push_back({{"cut", static_cast<double>(step.cut) / kOnePoint},
                             {"alerts", step.alerts},
                             {"alerts_a_day", static_cast<double>(step.alerts) / options.days},
                             {"people", step.people},
                             {"confirmed_lost", step.confirmed_lost},
                             {"dismissed_lost", step.dismissed_lost}});
  }
  json["indicators"] = ordered_json::array();
  for (const BacktestIndicator& one : result.indicators) {
    json["indicators"].push_back({{"indicator", one.name},
                                  {"confirmed", one.confirmed},
                                  {"dismissed", one.dismissed},
                                  {"precision_percent", one.precision_percent()}});
  }
  if (!options.people) return json.dump() + "\n";
  json["alerts"] = ordered_json::array();
  for (const BacktestChange& change : result.changes) {
    const auto receipt = [](const std::optional<Assessment>& one) {
      return one ? ordered_json::parse(candor::to_json(*one, false)) : ordered_json();
    };
    json["alerts"].push_back({{"person", pseudonym(keys, change.person)},
                              {"change", to_text(change.kind)},
                              {"was_confirmed", change.was_confirmed},
                              {"was_dismissed", change.was_dismissed},
                              {"draft", receipt(change.draft)},
                              {"live", receipt(change.live)}});
  }
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

// Of the alerts in force that people decided: in which indicator's receipts they were right.
std::string precision_table(const Backtest& result) {
  if (result.indicators.empty()) return "\nNo alert of these days was confirmed or dismissed: no precision to tell.\n";
  std::string out =
      fmt::format("\n{} confirmed, {} dismissed; by indicator of the receipt:\n", result.confirmed, result.dismissed);
  out += "  confirmed   dismissed   precision   indicator\n";
  for (const BacktestIndicator& one : result.indicators) {
    out +=
        fmt::format("  {:>9} {:>11} {:>9} %   {}\n", one.confirmed, one.dismissed, one.precision_percent(), one.name);
  }
  return out;
}

std::string to_table(const Backtest& result, const Policy& draft, const std::string& against,
                     const BacktestCommandOptions& options, const Keys& keys) {
  std::string out = fmt::format("{} on the last {} days of {} people", draft.name, options.days, result.people);
  out += against.empty() ? "; no policy in force to compare with\n" : fmt::format(", against `{}` in force\n", against);
  using Kind = BacktestChange::Kind;
  out += fmt::format("{} new, {} gone, {} with another score, {} as they are\n\n", result.count(Kind::added),
                     result.count(Kind::gone), result.count(Kind::changed), result.count(Kind::same));
  out += "  cut   alerts   a day   people   confirmed lost   dismissed gone\n";
  for (const BacktestStep& step : result.steps) {
    out += fmt::format("{:>5.0f}{} {:>7} {:>7.2f} {:>8} {:>16} {:>16}\n", static_cast<double>(step.cut) / kOnePoint,
                       step.cut == draft.cut ? "*" : " ", step.alerts, static_cast<double>(step.alerts) / options.days,
                       step.people, step.confirmed_lost, step.dismissed_lost);
  }
  out += "  * this policy's\n" + precision_table(result);
  if (options.shadow) return out;
  if (!options.people) {
    return out + "\nWho: --people --reason WHY (pseudonyms; the look goes into the audit log)\n";
  }
  for (const BacktestChange& change : result.changes) {
    const Assessment& shown = change.draft ? *change.draft : *change.live;
    out += fmt::format("\n{:<8} {}  {}  {} -> {}{}\n", to_text(change.kind), pseudonym(keys, change.person),
                       format_day(shown.day), score_of(change.live), score_of(change.draft),
                       change.was_confirmed   ? "  (was confirmed)"
                       : change.was_dismissed ? "  (was dismissed)"
                                              : "");
    for (const ReceiptPart& part : shown.parts) out += "    " + in_words(part, draft) + "\n";
  }
  return out;
}

// nullptr, and told, when the file is no one sound policy.
std::shared_ptr<const Policy> read_draft(const Io& io, const Content& content, const BacktestCommandOptions& options) {
  auto policies = load_policy_files(io, content, {options.policy}, options.lawful_start);
  if (!policies) return nullptr;
  if (policies->size() == 1) return std::make_shared<const Policy>(std::move(policies->front()));
  report(io, {"app.usage", "a back-test takes one policy file"});
  return nullptr;
}

// What waits for a second person, as if it had counted since it was asked for: numbers, no people.
Result<std::shared_ptr<const Policy>> in_shadow(Installation& installation, BacktestCommandOptions& options) {
  const std::string id = options.policy.string();
  CANDOR_TRY(const PolicyStanding standing, installation.policies().standing(id));
  const Content& content = installation.content();
  CANDOR_TRY(const auto compiled, installation.policies().compile(content.indicators->indicators(), *content.scoring));
  const auto waiting =
      std::ranges::find(compiled.proposed, id, [](const auto& one) -> const std::string& { return one->id; });
  if (!standing.waiting || standing.waiting->decision != PolicyDecision::waits || waiting == compiled.proposed.end()) {
    return fail("policy.nothing_waits",
                "nothing waits for a decision on policy `" + id + "`: only that runs in shadow");
  }
  options.days = static_cast<int>(day_of(installation.clock().now()) - day_of(standing.waiting->applied_at)) + 1;
  return *waiting;
}

int run_backtest(const Command& command, Installation& installation, BacktestCommandOptions options) {
  const Io& io = command.io;
  const Content& content = installation.content();
  if (options.shadow && (options.people || !options.as_of.empty())) {
    return report(io, {"app.usage", "--shadow shows numbers only, up to today: without --people and --as-of"});
  }
  std::shared_ptr<const Policy> draft;
  if (options.shadow) {
    auto waiting = in_shadow(installation, options);
    if (!waiting) return report(io, waiting.error());
    draft = std::move(*waiting);
  } else {
    draft = read_draft(io, content, options);
    if (!draft) return static_cast<int>(Exit::failed);
  }
  if (options.people && options.reason.empty()) {
    return report(io, {"app.usage", "--people needs --reason: who looks at people says why"});
  }
  if (const auto good = check_local_reason(options.reason); options.people && !good) return report(io, good.error());
  const bool invented = installation.kind().get() == DataKind::demo;
  if (const auto good = check_purpose(*draft, invented); !good) return report(io, good.error());
  BacktestOptions run;
  run.to = day_of(installation.clock().now());
  if (!options.as_of.empty()) {
    const auto day = parse_day(options.as_of);
    if (!day) return report(io, {"app.usage", "--as-of takes a day as YYYY-MM-DD"});
    run.to = *day;
  }
  run.from = run.to - options.days + 1;
  run.threads = installation.threads();
  const auto compiled = installation.policies().compile(content.indicators->indicators(), *content.scoring);
  if (!compiled) return report(io, compiled.error());
  const std::string wanted = options.against.empty() ? draft->id : options.against;
  const auto live = std::ranges::find(compiled->policies, wanted, &PolicyHistory::id);
  if (live == compiled->policies.end() && !options.against.empty()) {
    return report(io, {"app.no_policy", "no policy `" + wanted + "` is in force; `candor policy list` names all"});
  }
  const bool compared = live != compiled->policies.end();
  const auto decisions = installation.alerts().decisions();
  if (!decisions) return report(io, decisions.error());
  const auto expectations = installation.expectations().current(content.indicators->indicators());
  if (!expectations) return report(io, expectations.error());
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock())
                        .append({.viewer = local_viewer(io),
                                 .action = options.people ? "backtest.people" : "backtest.run",
                                 .object_kind = "policy",
                                 .object_id = draft->id,
                                 .alert = {},
                                 .pseudonym = {},
                                 .reason = options.reason,
                                 .details = fmt::format(R"({{"version":"{}","days":{},"purpose":"{}"}})",
                                                        draft->version, options.days, draft->lawful_start.purpose)});
  if (!line) return report(io, line.error());
  StepProgress progress(io, options.json);
  run.progress = [&](std::size_t done, std::size_t total) { progress.update("replaying", done, total); };
  const AssessmentInputs inputs = installation.inputs();
  const AssessSources sources{
      .timeline = inputs.timeline, .store = inputs.store, .people = inputs.people, .facts = inputs.facts};
  const auto result = backtest(sources, *draft, compared ? &*live : nullptr, *decisions, *expectations, run);
  progress.finish();
  if (!result) return report(io, result.error());
  const std::string against = compared ? wanted : std::string();
  print(io, options.json ? to_json(*result, *draft, against, options, installation.keys())
                         : to_table(*result, *draft, against, options, installation.keys()));
  return 0;
}

}  // namespace

void add_backtest(CLI::App& app, Command& command) {
  auto options = std::make_shared<BacktestCommandOptions>();
  CLI::App* sub = app.add_subcommand(
      "backtest", "Try a policy on the stored past: what it would have shown, and what would change");
  sub->add_option("POLICY", options->policy, "One policy file; with --shadow the id of a policy")->required();
  sub->add_flag("--shadow", options->shadow, "What waits for a second person, since it was asked for: numbers only");
  sub->add_option("--days", options->days, "Days of the past")->check(CLI::Range(1, 3650))->capture_default_str();
  sub->add_option("--lawful-start", options->lawful_start,
                  "A file with the section `lawful_start`, for a policy that has none");
  sub->add_option("--against", options->against, "Id of the policy in force to compare with (default: of the same id)");
  sub->add_option("--as-of", options->as_of, "The last day, YYYY-MM-DD (default: today, UTC)");
  sub->add_flag("--people", options->people, "Also the people, by pseudonym, with their receipts; needs --reason");
  sub->add_option("--reason", options->reason, "Why, for the audit log");
  sub->add_flag("--json", options->json, "Print one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return run_backtest(command, in, *options); };
  });
}

}  // namespace candor
