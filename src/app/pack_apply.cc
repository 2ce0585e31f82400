#include "app/pack_apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

#include "access/audit_log.h"
#include "app/json.h"
#include "app/pack_plan.h"
#include "app/pack_policies.h"
#include "app/policy_acts.h"
#include "app/policy_files.h"
#include "app/switch_decision.h"

namespace candor {
namespace {

std::string ids_of(const std::vector<Pack>& packs) {
  std::vector<std::string> ids;
  for (const Pack& pack : packs) ids.push_back(pack.id);
  return joined(ids);
}

// What settings.yml, which is the organisation's own file, would have to say. nullopt: it keeps nothing longer.
std::optional<Settings::Retention> shorter_retention(const Settings::Retention& now, const PackWishes& wishes) {
  if (!wishes.retention) return std::nullopt;
  Settings::Retention wanted{.raw_days = std::min(now.raw_days, wishes.retention->raw_days),
                             .activity_days = std::min(now.activity_days, wishes.retention->activity_days)};
  wanted.raw_days = std::min(wanted.raw_days, wanted.activity_days);
  if (wanted.raw_days == now.raw_days && wanted.activity_days == now.activity_days) return std::nullopt;
  return wanted;
}

std::string settings_lines(const Settings::Retention& wanted) {
  return fmt::format("retention:\n  raw_days: {}\n  activity_days: {}\n", wanted.raw_days, wanted.activity_days);
}

// Raw records first: they are kept no longer than activities.
std::string settings_commands(const Settings::Retention& wanted) {
  return fmt::format(
      "candor settings set retention.raw_days {} --reason TEXT\n"
      "candor settings set retention.activity_days {} --reason TEXT\n",
      wanted.raw_days, wanted.activity_days);
}

// The lines for the file, or, where a change made while Candor ran lies over it, what asks for another one.
std::string retention_remedy(const Settings::Retention& wanted, bool changed) {
  if (!changed) return "It is your file; put this into it:\n\n" + settings_lines(wanted);
  return "It was changed while Candor ran; this asks for it, and over real people a second person approves:\n\n" +
         settings_commands(wanted);
}

// Whether the file alone does not say it any more.
Result<bool> is_retention_changed(const RunningSettings& settings) {
  CANDOR_TRY(const auto all, settings.all());
  return std::ranges::any_of(all, [](const SettingState& one) {
    return one.origin == SettingOrigin::changed && one.info.name.starts_with("retention.");
  });
}

// What was found out before anything is done.
struct PackPlan {
  std::vector<Pack> packs;
  PackWishes wishes;
  std::vector<Policy> policies;
  std::vector<PolicyChange> changes;
  std::vector<SwitchStep> steps;
  std::vector<std::string> notes;
  std::optional<Settings::Retention> retention;  // that should hold
  bool retention_changed = false;                // while Candor ran, so that the file would not make it hold

  bool changes_anything() const {
    return std::ranges::any_of(changes, [](const auto& one) { return one.kind != PolicyChange::Kind::unchanged; }) ||
           std::ranges::any_of(steps, [](const auto& one) { return is_to_do(one); });
  }
  static bool is_to_do(const SwitchStep& step) {
    return step.kind == SwitchStep::Kind::set || step.kind == SwitchStep::Kind::again;
  }
};

// The countries whose law is and is not looked at.
void note_countries(const Io& io, const PackApplyOptions& options, const std::vector<Pack>& all, PackPlan& plan) {
  if (options.lawful_start.empty()) return;
  std::ifstream in(io.resolve(options.lawful_start), std::ios::binary);
  const LawfulStart lawful = lawful_start_of(std::string(std::istreambuf_iterator<char>(in), {}));
  const auto has = [](const std::vector<Pack>& packs, const std::string& country) {
    return std::ranges::find(packs, country, &Pack::country) != packs.end();
  };
  for (const Pack& pack : plan.packs) {
    if (pack.kind != PackKind::country || lawful.all_countries) continue;
    if (std::ranges::find(lawful.countries, pack.country) == lawful.countries.end()) {
      plan.notes.push_back("the lawful start does not name " + pack.country +
                           ": policies that have it score nobody there");
    }
  }
  for (const std::string& country : lawful.countries) {
    if (has(plan.packs, country)) continue;
    plan.notes.push_back("the lawful start names " + country +
                         (has(all, country) ? ", and its pack is not among these"
                                            : ", of which there is no pack: have its law looked at"));
  }
  const bool left_out =
      std::ranges::any_of(plan.wishes.policies, [](const PackPolicy& one) { return !one.not_in.empty(); });
  if (lawful.all_countries && left_out) {
    plan.notes.emplace_back(
        "the lawful start names all countries: whom the directory places nowhere is scored by every policy");
  }
}

// A limit on what none of the packs takes may still be about something that is in force.
Result<void> note_limits(Installation& installation, PackPlan& plan) {
  CANDOR_TRY(const auto standings, installation.policies().standings());
  for (const PackPolicy& limit : plan.wishes.idle_limits) {
    const auto found = std::ranges::find(standings, limit.id, &PolicyStanding::id);
    if (found == standings.end() || found->state != PolicyState::active) continue;
    plan.notes.push_back("policy " + limit.id + " is in force and none of these packs takes it: look at it by hand. " +
                         limit.reason);
  }
  return {};
}

// Fails with `pack.not_applied` when faults of files have been told.
Result<PackPlan> make_plan(const Io& io, Installation& installation, const PackApplyOptions& options) {
  const Content& content = installation.content();
  const Error told{"pack.not_applied", "nothing was applied: mend the faults above"};
  PackPlan plan{.packs = {},
                .wishes = {},
                .policies = {},
                .changes = {},
                .steps = {},
                .notes = {},
                .retention = {},
                .retention_changed = false};
  const LoadedPacks loaded = load_packs(content);
  complain_about(io, loaded.diagnostics);
  CANDOR_TRY(plan.packs, chosen_packs(loaded.packs, options.ids));
  plan.wishes = settle(plan.packs);
  LoadedPolicies policies = pack_policies(plan.wishes, "packs " + ids_of(plan.packs), content);
  complain_about(io, policies.diagnostics);
  if (has_errors(policies.diagnostics)) return std::unexpected(told);
  plan.policies = std::move(policies.policies);
  if (!add_lawful_start(io, content, plan.policies, options.lawful_start)) return std::unexpected(told);
  CANDOR_TRY(plan.changes, installation.policies().compare(plan.policies, installation.policy_content()));
  plan.steps = plan_switches(
      plan.wishes.switches, installation.switches().get()->switches(), content.indicators->indicators(),
      {.today = day_of(installation.clock().now()), .agreement = options.agreement, .name = local_viewer(io)});
  plan.retention = shorter_retention(installation.settings()->retention, plan.wishes);
  CANDOR_TRY(plan.retention_changed, is_retention_changed(installation.running_settings()));
  note_countries(io, options, loaded.packs, plan);
  CANDOR_TRY_VOID(note_limits(installation, plan));
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

std::string plan_text(const PackPlan& plan, const Settings::Retention& now) {
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
                        now.activity_days, retention_remedy(*plan.retention, plan.retention_changed));
  }
  return text;
}

Json plan_json(const PackPlan& plan, const Settings::Retention& now) {
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

Result<void> do_plan(const Io& io, Installation& installation, const PackApplyOptions& options, const PackPlan& plan) {
  std::size_t decided = 0;
  for (const SwitchStep& step : plan.steps) {
    if (!PackPlan::is_to_do(step)) continue;
    CANDOR_TRY_VOID(decide_switch(installation, io, step.decision));
    ++decided;
  }
  const std::string viewer = local_viewer(io);
  CANDOR_TRY_VOID(installation.policies().apply(plan.policies, installation.policy_content(),
                                                policy_actor(installation, viewer, "policy.applied", options.reason)));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const Json details = {{"with", ids_of(plan.packs)}, {"decisions", decided}, {"policies", plan.policies.size()}};
  for (const Pack& pack : plan.packs) {
    CANDOR_TRY_VOID(audit.append({.viewer = viewer,
                                  .action = "pack.applied",
                                  .object_kind = "pack",
                                  .object_id = pack.id,
                                  .alert = {},
                                  .pseudonym = {},
                                  .reason = options.reason,
                                  .details = json_text(details)}));
  }
  return {};
}

}  // namespace

Result<std::vector<Pack>> chosen_packs(const std::vector<Pack>& packs, const std::vector<std::string>& ids) {
  std::map<std::string, Pack> out;
  for (const std::string& id : ids) {
    const auto found = std::ranges::find(packs, id, &Pack::id);
    if (found != packs.end()) {
      out.emplace(id, *found);
      continue;
    }
    std::vector<std::string> known;
    for (const Pack& pack : packs) known.push_back(pack.id);
    constexpr std::size_t kLongestTyped = 100;  // the distance costs length times length
    const std::string near = id.size() > kLongestTyped ? "" : nearest(id, known);
    return fail("pack.unknown", "there is no such pack, or it has a fault" +
                                    (near.empty() ? std::string() : "; did you mean `" + near + "`?") +
                                    " `candor pack list` names all");
  }
  std::vector<Pack> chosen;
  for (auto& [id, pack] : out) chosen.push_back(std::move(pack));
  return chosen;
}

std::string pack_warning(const Pack& pack) {
  return fmt::format("{} ({}): a starting point, no legal advice. To be checked by: {}\n", pack.title, pack.id,
                     pack.checked_by);
}

int apply_packs(const Command& command, Installation& installation, const PackApplyOptions& options) {
  const Io& io = command.io;
  const std::lock_guard lock(installation.writing());
  const auto plan = make_plan(io, installation, options);
  if (!plan) return report(io, plan.error());
  const Settings::Retention now = installation.settings()->retention;
  const bool changes = plan->changes_anything();
  const bool acts = changes && !options.dry_run;
  if (!options.json) print(io, plan_text(*plan, now));
  if (acts) {
    if (const auto done = do_plan(io, installation, options, *plan); !done) return report(io, done.error());
  }
  if (options.json) {
    Json json = plan_json(*plan, now);
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
