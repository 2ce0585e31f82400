#include "app/analytics_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "app/installation.h"
#include "app/policy_files.h"
#include "app/step_progress.h"
#include "assessment/analytics.h"
#include "assessment/fitted_policy.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

std::string word_of(std::size_t dimension) { return std::string(to_text(static_cast<Dimension>(dimension))); }

std::string tens(std::int64_t people) { return people == 0 ? "fewer than 10" : fmt::format("{} or more", people); }

std::string in_list(const Levels& levels) { return fmt::format("{} {} {}", levels.low, levels.medium, levels.high); }

// What the shipped policies would bring into scope, and those in force.
Result<std::vector<std::shared_ptr<const Policy>>> policies_to_judge(Installation& installation,
                                                                     std::set<std::string>& in_force) {
  const Content& content = installation.content();
  CANDOR_TRY(const auto compiled, installation.policies().compile(content.indicators->indicators(), *content.scoring));
  std::vector<std::shared_ptr<const Policy>> out;
  for (const PolicyHistory& history : compiled.policies) {
    const auto& newest = history.versions.back().policy;
    if (!newest->enabled) continue;
    in_force.insert(newest->id);
    out.push_back(newest);
  }
  const auto templates = policy_templates(content);
  for (const Policy& one : *templates) {
    if (!in_force.contains(one.id)) out.emplace_back(templates, &one);
  }
  std::ranges::sort(out, {}, [](const auto& one) -> const std::string& { return one->id; });
  return out;
}

Result<void> require_switched_on(Installation& installation) {
  if (installation.kind().get() == DataKind::demo || installation.settings()->analytics.enabled) return {};
  return fail(
      "analytics.off",
      "analytics are off: they count what everybody does, also people no policy looks at. Once that is "
      "agreed to, `candor settings set analytics.enabled true --reason TEXT` asks for them, and a second person "
      "approves it; the page Settings does the same");
}

// How a command is told to look.
struct LookOptions {
  std::string as_of;
  bool json = false;
};

Result<Analytics> run_analytics(const Command& command, Installation& installation,
                                std::span<const std::shared_ptr<const Policy>> policies, const LookOptions& look,
                                const std::string& why) {
  CANDOR_TRY_VOID(require_switched_on(installation));
  const std::optional<Day> today =
      look.as_of.empty() ? std::optional(day_of(installation.clock().now())) : parse_day(look.as_of);
  if (!today) return fail("app.usage", "--as-of takes a day as YYYY-MM-DD");
  AnalyticsOptions options;
  options.period = last_four_weeks(*today);
  options.threads = installation.threads();
  CANDOR_TRY_VOID(
      AuditLog(installation.store(), installation.keys(), installation.clock())
          .append({.viewer = local_viewer(command.io),
                   .action = "analytics.viewed",
                   .object_kind = "analytics",
                   .object_id = "",
                   .alert = {},
                   .pseudonym = {},
                   .reason = {},
                   .details = fmt::format(R"({{"from":"{}","to":"{}","for":"{}"}})", format_day(options.period.from),
                                          format_day(options.period.to), why)}));
  StepProgress progress(command.io, look.json);
  options.progress = [&](std::size_t done, std::size_t total) { progress.update("counting", done, total); };
  const AssessmentInputs inputs = installation.inputs();
  auto found =
      analyse({.timeline = inputs.timeline, .store = inputs.store, .people = inputs.people, .facts = inputs.facts},
              installation.content().indicators->indicators(), policies, options);
  progress.finish();
  return found;
}

ordered_json levels_json(const FittedLevels& levels) {
  ordered_json out = ordered_json::object();
  for (std::size_t d = 0; d < kDimensions; ++d) {
    if (levels[d]) out[word_of(d)] = {levels[d]->low, levels[d]->medium, levels[d]->high};
  }
  return out;
}

std::string to_json(const Analytics& found, const std::set<std::string>& in_force) {
  ordered_json json = {{"from", format_day(found.period.from)},
                       {"to", format_day(found.period.to)},
                       {"people", found.people},
                       {"person_days", found.person_days}};
  json["policies"] = ordered_json::array();
  for (const PolicyReach& one : found.policies) {
    json["policies"].push_back({{"policy", one.policy->id},
                                {"name", one.policy->name},
                                {"in_force", in_force.contains(one.policy->id)},
                                {"people", one.people}});
  }
  json["indicators"] = ordered_json::array();
  for (const IndicatorUse& one : found.used) {
    json["indicators"].push_back({{"indicator", one.indicator->name},
                                  {"title", one.indicator->title},
                                  {"people", one.people},
                                  {"reached_low", one.reached_low},
                                  {"reached_high", one.reached_high},
                                  {"fitted", levels_json(one.fitted)}});
  }
  return json.dump() + "\n";
}

std::string to_table(const Analytics& found, const std::set<std::string>& in_force) {
  std::string out = fmt::format(
      "{} to {}: {} people did something an indicator sees, on {} days altogether\n"
      "People are told in tens; who is fewer than ten is not told.\n\n",
      format_day(found.period.from), format_day(found.period.to), tens(found.people), found.person_days);
  out += fmt::format("{:<40} {:<12} {}\n", "policy", "", "would bring into scope");
  for (const PolicyReach& one : found.policies) {
    out += fmt::format("{:<40} {:<12} {}\n", one.policy->id, in_force.contains(one.policy->id) ? "in force" : "",
                       tens(one.people));
  }
  out += fmt::format("\n{:<34} {:>7} {:>9} {:>9}   {:<16} {}\n", "indicator", "people", "over low", "over high",
                     "shipped levels", "levels of these days");
  for (const IndicatorUse& one : found.used) {
    out += fmt::format("{:<34} {:>7} {:>9} {:>9}   {:<16} {}\n", one.indicator->name, one.people, one.reached_low,
                       one.reached_high, in_list(one.indicator->levels[0]),
                       one.fitted[0] ? in_list(*one.fitted[0]) : "too little to tell");
  }
  return out;
}

int show_analytics(const Command& command, Installation& installation, const LookOptions& look) {
  std::set<std::string> in_force;
  const auto policies = policies_to_judge(installation, in_force);
  if (!policies) return report(command.io, policies.error());
  const auto found = run_analytics(command, installation, *policies, look, "analytics");
  if (!found) return report(command.io, found.error());
  print(command.io, look.json ? to_json(*found, in_force) : to_table(*found, in_force));
  return 0;
}

struct FitOptions {
  std::filesystem::path policy;
  std::filesystem::path out;
  LookOptions look;
};

int fit_policy_file(const Command& command, Installation& installation, const FitOptions& options) {
  const Io& io = command.io;
  const auto loaded = load_policy_files(io, installation.content(), {options.policy}, {});
  if (!loaded) return static_cast<int>(Exit::failed);
  if (loaded->size() != 1) return report(io, {"app.usage", "fitting takes one policy file"});
  const Policy& policy = loaded->front();
  const auto found = run_analytics(command, installation, {}, options.look, "fit " + policy.id);
  if (!found) return report(io, found.error());
  const auto fitted =
      fit_policy(policy, *found, installation.content().indicators->indicators(), *installation.content().scoring);
  if (!fitted) return report(io, fitted.error());
  if (!options.out.empty()) {
    std::ofstream file(io.resolve(options.out), std::ios::binary);
    file << fitted->text;
    if (!file.flush()) return report(io, {"app.cannot_write", "cannot write " + options.out.string()});
  }
  ordered_json changed = ordered_json::array();
  std::string table = fmt::format("{:<34} {:<10} {:<18} {}\n", "indicator", "counts", "levels now", "fitted");
  for (const FittedLevel& one : fitted->changed) {
    changed.push_back({{"indicator", one.indicator},
                       {"dimension", to_text(one.dimension)},
                       {"before", {one.now.low, one.now.medium, one.now.high}},
                       {"after", {one.fitted.low, one.fitted.medium, one.fitted.high}}});
    table += fmt::format("{:<34} {:<10} {:<18} {}\n", one.indicator, to_text(one.dimension), in_list(one.now),
                         in_list(one.fitted));
  }
  if (options.look.json) {
    print(io, ordered_json{{"policy", policy.id},
                           {"from", format_day(found->period.from)},
                           {"to", format_day(found->period.to)},
                           {"changed", changed}}
                      .dump() +
                  "\n");
    return 0;
  }
  print(io, changed.empty()
                ? "No level changes: ten people or more must have done something, none of them most of it.\n"
                : table);
  if (options.out.empty()) print(io, "\nNothing is written: name a file with --out, then `candor backtest` it.\n");
  return 0;
}

void add_looking(CLI::App* sub, LookOptions& look) {
  sub->add_option("--as-of", look.as_of, "The last four weeks complete before this day, YYYY-MM-DD (default: today)");
  sub->add_flag("--json", look.json, "Print one object");
}

}  // namespace

void add_analytics(CLI::App& app, Command& command) {
  CLI::App* sub = app.add_subcommand(
      "analytics", "How many people do what indicators see, and which policies would help: numbers in tens, no people");
  auto look = std::make_shared<LookOptions>();
  add_looking(sub, *look);
  sub->callback([&command, look] {
    command.installed = [&command, look](Installation& in) { return show_analytics(command, in, *look); };
  });
}

void add_policy_fit(CLI::App& policy, Command& command) {
  auto options = std::make_shared<FitOptions>();
  CLI::App* sub = policy.add_subcommand(
      "fit", "Levels for a policy from the organisation's own last four weeks, in place of the shipped ones");
  sub->add_option("FILE", options->policy, "One policy file")->required();
  sub->add_option("--out", options->out, "Write the policy with the fitted levels here; may be FILE itself");
  add_looking(sub, options->look);
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return fit_policy_file(command, in, *options); };
  });
}

}  // namespace candor
