#include "app/pack_apply.h"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include "access/audit_log.h"
#include "app/content.h"
#include "app/json.h"
#include "app/policy_acts.h"
#include "app/policy_files.h"
#include "app/switch_decision.h"
#include "packs/pack_changes.h"

namespace candor {
namespace {

std::string settings_lines(const ShorterRetention& wanted) {
  return fmt::format("retention:\n  raw_days: {}\n  activity_days: {}\n", wanted.raw_days, wanted.activity_days);
}

// Raw records first: they are kept no longer than activities.
std::string settings_commands(const ShorterRetention& wanted) {
  return fmt::format(
      "candor settings set retention.raw_days {} --reason TEXT\n"
      "candor settings set retention.activity_days {} --reason TEXT\n",
      wanted.raw_days, wanted.activity_days);
}

// The lines for the file, or, where a change made while Candor ran lies over it, what asks for another one.
std::string retention_remedy(const ShorterRetention& wanted, bool changed) {
  if (!changed) return "It is your file; put this into it:\n\n" + settings_lines(wanted);
  return "It was changed while Candor ran; this asks for it, and over real people a second person approves:\n\n" +
         settings_commands(wanted);
}

std::string retention_outcome(const PackPlan& plan) {
  if (plan.retention_asked) return "The shorter times are asked for already and wait for a second person.\n";
  if (!plan.ask.retention) return retention_remedy(*plan.retention, plan.retention_changed);
  return fmt::format("Asked for: raw records {} days and activities {}{}.\n", plan.retention->raw_days,
                     plan.retention->activity_days, plan.retention_waits ? "; it waits for a second person" : "");
}

// Fails with `pack.not_applied` when faults of files have been told.
Result<PackPlan> make_plan(const Io& io, const PackSurround& around, const PackApplyOptions& options) {
  complain_about(io, around.shelf.diagnostics);
  PackAsk ask{.ids = options.ids,
              .lawful_start = {},
              .lawful_start_name = options.lawful_start.string(),
              .agreement = options.agreement,
              .retention = options.retention,
              .name = local_viewer(io)};
  if (!options.lawful_start.empty()) {
    const auto section = read_lawful_section(io, options.lawful_start);
    if (!section) return fail("pack.not_applied", "nothing was applied: mend the faults above");
    ask.lawful_start = *section;
  }
  std::vector<Diagnostic> faults;
  auto plan = plan_packs(around, ask, faults);
  complain_about(io, faults);
  return plan;
}

// One line for all that are decided alike.
std::string switches_text(const PackPlan& plan) {
  struct Alike {
    std::vector<std::string> names;
    std::string why;
  };
  std::map<std::tuple<SwitchStep::Kind, bool, std::string, std::string>, Alike> groups;
  for (const SwitchStep& step : plan.steps) {
    const Switch& one = step.decision;
    const bool plain = step.kind == SwitchStep::Kind::holds;
    Alike& alike = groups[{step.kind, one.on, scope_of(one), plain ? "" : one.agreement}];
    alike.names.push_back(one.indicator);
    alike.why = plain ? "" : one.agreement;
  }
  std::string text;
  for (const auto& [key, alike] : groups) {
    const auto& [kind, on, scope, agreement] = key;
    text += fmt::format("  {} {}: {} {}", on ? "on" : "off", scope, alike.names.size(),
                        alike.names.size() == 1 ? "indicator" : "indicators");
    switch (kind) {
      case SwitchStep::Kind::set:
        text += ", from today on";
        break;
      case SwitchStep::Kind::again:
        text += ", decided again, or what is decided for more people would undo it";
        break;
      case SwitchStep::Kind::holds:
        text += ", so already\n";
        continue;
      case SwitchStep::Kind::agreed:
        text += ", left as agreed";
        break;
      case SwitchStep::Kind::decided:
        text += ", left as somebody decided";
        break;
      case SwitchStep::Kind::needs_agreement:
        text += ", left off: --agreement names what allows it";
        break;
    }
    text += (alike.why.empty() ? "" : " (" + alike.why + ")") + "\n    " + joined(alike.names) + "\n";
  }
  return text;
}

std::string plan_text(const PackPlan& plan) {
  const ShorterRetention& now = plan.kept;
  std::string text;
  for (const Pack& pack : plan.packs) text += pack_warning(pack);
  for (const std::string& conflict : plan.wishes.conflicts) text += "conflict: " + conflict + "\n";
  for (const std::string& note : plan.notes) text += "note: " + note + "\n";
  text += "\nindicators\n" + (plan.steps.empty() ? "  nothing\n" : switches_text(plan));
  text += "\npolicies\n";
  if (plan.changes.empty()) text += "  none\n";
  for (const PolicyChange& change : plan.changes) text += to_text(change);
  text += "\nretention\n";
  if (!plan.wishes.retention) {
    text += "  the packs say nothing\n";
  } else if (!plan.retention) {
    text += fmt::format("  raw records are kept {} days and activities {}: no longer than the packs say\n",
                        now.raw_days, now.activity_days);
  } else {
    text += fmt::format("  raw records are kept {} days and activities {}, longer than the packs say. {}", now.raw_days,
                        now.activity_days, retention_outcome(plan));
  }
  return text;
}

Json plan_json(const PackPlan& plan) {
  const ShorterRetention& now = plan.kept;
  Json packs = Json::array();
  for (const Pack& pack : plan.packs) {
    packs.push_back({{"id", pack.id}, {"title", pack.title}, {"checked_by", pack.checked_by}});
  }
  Json policies = Json::array();
  for (const PolicyChange& change : plan.changes) {
    constexpr const char* kKinds[] = {"added", "changed", "unchanged"};
    policies.push_back({{"id", change.id},
                        {"change", kKinds[static_cast<int>(change.kind)]},
                        {"from_version", change.from_version},
                        {"to_version", change.to_version},
                        {"waits_for", change.widens},
                        {"lacks", change.lacks}});
  }
  Json switches = Json::array();
  for (const SwitchStep& step : plan.steps) {
    const Switch& one = step.decision;
    switches.push_back({{"indicator", one.indicator},
                        {"on", one.on},
                        {"country", one.country},
                        {"group", one.group},
                        {"from", format_day(one.from)},
                        {"agreement", one.agreement},
                        {"outcome", to_text(step.kind)}});
  }
  Json retention = {{"raw_days", now.raw_days}, {"activity_days", now.activity_days}, {"put_into_settings", Json()}};
  if (plan.retention && (plan.ask.retention || plan.retention_asked)) retention["asked"] = true;
  if (plan.retention && !plan.retention_changed) retention["put_into_settings"] = settings_lines(*plan.retention);
  if (plan.retention && plan.retention_changed) retention["ask_for"] = settings_commands(*plan.retention);
  return {{"packs", packs},
          {"changes", plan.changes_anything()},
          {"conflicts", plan.wishes.conflicts},
          {"notes", plan.notes},
          {"switches", switches},
          {"policies", policies},
          {"retention", retention}};
}

Result<void> do_plan(const Io& io, Installation& installation, const PackSurround& around, const PackPlan& plan,
                     const std::string& reason) {
  const std::string viewer = local_viewer(io);
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const auto line = [&](Transaction& work, const char* action, const char* kind, const std::string& id,
                        const Json& details) -> Result<void> {
    CANDOR_TRY_VOID(audit.append(work, {.viewer = viewer,
                                        .action = action,
                                        .object_kind = kind,
                                        .object_id = id,
                                        .alert = {},
                                        .pseudonym = {},
                                        .reason = reason,
                                        .details = json_text(details)}));
    return {};
  };
  const PackActor actor{.reason = reason,
                        .policies = policy_actor(installation, viewer, "policy.applied", reason),
                        .switches = switch_line(installation, io),
                        .settings = {.name = viewer,
                                     .reason = reason,
                                     .also =
                                         [&](Transaction& work, const SettingChange& change) {
                                           return line(work, "setting.asked", "setting", change.setting,
                                                       {{"number", change.number},
                                                        {"value", change.value ? Json(*change.value) : Json()},
                                                        {"decision", to_text(change.decision)}});
                                         }},
                        .also = [&](Transaction& work, const PackPlan& done) -> Result<void> {
                          const Json details = {{"with", done.ids()},
                                                {"decisions", done.decisions().size()},
                                                {"policies", done.policies.size()}};
                          for (const Pack& pack : done.packs)
                            CANDOR_TRY_VOID(line(work, "pack.applied", "pack", pack.id, details));
                          return {};
                        }};
  return apply_packs(around, plan, actor,
                     [&](std::vector<Switch> decisions, const SwitchBook::Also& also, const auto& rest) {
                       return installation.decide_together(std::move(decisions), also, rest);
                     });
}

}  // namespace

std::string pack_warning(const Pack& pack) {
  return fmt::format("{} ({}): a starting point, no legal advice. To be checked by: {}\n", pack.title, pack.id,
                     pack.checked_by);
}

int apply_packs(const Command& command, Installation& installation, const PackApplyOptions& options) {
  const Io& io = command.io;
  const std::lock_guard lock(installation.writing());
  const Content& content = installation.content();
  const auto shelf = load_pack_shelf(content.folder, content.indicators->indicators(), *content.scoring);
  const PackSurround around{.shelf = *shelf,
                            .policies = installation.policies(),
                            .content = installation.policy_content(),
                            .switches = installation.switches(),
                            .settings = &installation.running_settings(),
                            .store = installation.store(),
                            .clock = installation.clock()};
  const auto plan = make_plan(io, around, options);
  if (!plan) return report(io, plan.error());
  const bool changes = plan->changes_anything();
  const bool acts = changes && !options.dry_run;
  if (!options.json) print(io, plan_text(*plan));
  // That it was asked for is kept, also where nothing else is left to do.
  if (acts || (!plan->recorded && !options.dry_run)) {
    if (const auto done = do_plan(io, installation, around, *plan, options.reason); !done)
      return report(io, done.error());
  }
  if (options.json) {
    Json json = plan_json(*plan);
    json["applied"] = acts;
    if (!print(io, json_line(json))) return static_cast<int>(Exit::failed);
  } else {
    print(io, !changes          ? "\nnothing to change: all of it is so already\n"
              : options.dry_run ? "\nnothing was changed: --dry-run\n"
                                : "\napplied\n");
  }
  return acts ? assess_again(io, installation) : 0;
}

}  // namespace candor
