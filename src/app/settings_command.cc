#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/second_person.h"
#include "organisation/running_settings.h"

namespace candor {
namespace {

struct SettingsOptions {
  std::string setting;
  std::optional<std::string> value;
  std::int64_t number = 0;
  std::string reason;
  std::string viewer;
  bool json = false;
};

template <typename T>
Json json_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json change_json(const SettingChange& change) {
  return {{"number", change.number},
          {"setting", change.setting},
          {"value", json_or_null(change.value)},
          {"asked_by", change.asked_by},
          {"reason", change.reason},
          {"asked_at", format_time(change.asked_at)},
          {"decision", to_text(change.decision)},
          {"decided_by", change.decided_by},
          {"decided_reason", change.decided_reason},
          {"decided_at", change.decided_at == 0 ? Json() : Json(format_time(change.decided_at))}};
}

Json state_json(const SettingState& state) {
  return {{"name", state.info.name},
          {"kind", to_text(state.info.kind)},
          {"changes", to_text(state.info.changes)},
          {"secret", state.info.secret},
          {"value", state.value},
          {"in_file", state.in_file},
          {"default", state.by_default},
          {"origin", to_text(state.origin)},
          {"line", state.line > 0 ? Json(state.line) : Json()},
          {"since", time_or_null(state.since)},
          {"change", state.change ? change_json(*state.change) : Json()},
          {"waiting", state.waiting ? change_json(*state.waiting) : Json()}};
}

std::string origin_in_words(const SettingState& state) {
  if (state.origin == SettingOrigin::changed) {
    return fmt::format("change {} of {}, by {}", state.change->number, format_time(*state.since).substr(0, 10),
                       state.change->asked_by);
  }
  return state.origin == SettingOrigin::file ? fmt::format("settings.yml:{}", state.line) : "default";
}

int list_settings(const Command& command, Installation& installation, const SettingsOptions& options) {
  const auto states = installation.running_settings().all();
  if (!states) return report(command.io, states.error());
  Json rows = Json::array();
  std::string text;
  for (const SettingState& state : *states) {
    rows.push_back(state_json(state));
    text += fmt::format("{:<28} {:<32} {}\n", state.info.name, state.value.empty() ? "-" : state.value,
                        origin_in_words(state));
    if (state.waiting) {
      text += fmt::format("{:<28} {:<32} waits: change {}, by {}: {}\n", "",
                          state.waiting->value.value_or("what settings.yml says"), state.waiting->number,
                          state.waiting->asked_by, state.waiting->reason);
    }
  }
  return print(command.io, options.json ? json_line(rows) : text) ? 0 : static_cast<int>(Exit::failed);
}

int list_changes(const Command& command, Installation& installation, const SettingsOptions& options) {
  const auto changes = installation.running_settings().changes();
  if (!changes) return report(command.io, changes.error());
  Json rows = Json::array();
  std::string text;
  for (const SettingChange& change : *changes) {
    rows.push_back(change_json(change));
    text += fmt::format("{:>4}  {}  {:<28} {:<24} {}{}\n      by {}: {}\n", change.number, format_time(change.asked_at),
                        change.setting, change.value.value_or("what settings.yml says"), to_text(change.decision),
                        change.decided_by.empty() ? "" : " by " + change.decided_by, change.asked_by, change.reason);
  }
  return print(command.io, options.json ? json_line(rows) : text) ? 0 : static_cast<int>(Exit::failed);
}

// `installation` must outlive it.
SettingActor actor_of(Installation& installation, const std::string& name, const std::string& action,
                      const std::string& reason) {
  return {
      .name = name,
      .reason = reason,
      .also = [&installation, name, action, reason](Transaction& work, const SettingChange& change) -> Result<void> {
        AuditEntry entry;
        entry.viewer = name;
        entry.action = "setting." + action;
        entry.object_kind = "setting";
        entry.object_id = change.setting;
        entry.reason = reason;
        entry.details = Json{{"number", change.number},
                             {"value", json_or_null(change.value)},
                             {"decision", to_text(change.decision)}}
                            .dump();
        const AuditLog audit(installation.store(), installation.keys(), installation.clock());
        CANDOR_TRY_VOID(audit.append(work, entry));
        return {};
      }};
}

int tell(const Command& command, const Result<SettingChange>& change) {
  if (!change) return report(command.io, change.error());
  const bool waits = change->decision == SettingDecision::waits;
  print(command.io,
        fmt::format("{}: {}{} (change {})\n", change->setting, change->value.value_or("what settings.yml says"),
                    waits ? ", waits for a second person" : ", " + std::string(to_text(change->decision)),
                    change->number));
  return 0;
}

int ask(const Command& command, Installation& installation, const SettingsOptions& options) {
  return tell(command, installation.running_settings().ask(
                           options.setting, options.value,
                           actor_of(installation, local_viewer(command.io), "asked", options.reason)));
}

using SettingStep = Result<SettingChange> (RunningSettings::*)(const std::string&, std::int64_t, const SettingActor&);

// Not whoever asked for the change, under whatever name.
Result<std::string> who_approves_setting(const Command& command, Installation& installation,
                                         const SettingsOptions& options) {
  CANDOR_TRY(const auto second,
             who_agrees(command, installation, options.viewer, "this changes what holds for real people"));
  if (!second) return local_viewer(command.io);
  CANDOR_TRY(const auto changes, installation.running_settings().changes());
  const auto asked = std::ranges::find(changes, options.number, &SettingChange::number);
  if (asked != changes.end()) {
    CANDOR_TRY_VOID(
        check_second(installation, *second, {.asked_by = asked->asked_by, .own_request = "settings.own_request"}));
  }
  return second->user();
}

int decide(const Command& command, Installation& installation, const SettingsOptions& options, SettingStep act,
           const std::string& action) {
  const auto name = act == &RunningSettings::approve ? who_approves_setting(command, installation, options)
                                                     : who_acts(command, installation, options.viewer);
  if (!name) return report(command.io, name.error());
  return tell(command, (installation.running_settings().*act)(options.setting, options.number,
                                                              actor_of(installation, *name, action, options.reason)));
}

void add_asking(CLI::App* settings, Command& command, const std::shared_ptr<SettingsOptions>& options) {
  CLI::App* sub =
      settings->add_subcommand("set", "Ask for another value; over real people some wait for a second person");
  sub->add_option("SETTING", options->setting, "Its name")->required();
  sub->add_option("VALUE", options->value, "As settings.yml would say it")->required();
  sub->add_option("--reason", options->reason, "Why; kept with the change")->required();
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return ask(command, in, *options); };
  });
  sub = settings->add_subcommand("reset", "Ask for what settings.yml says");
  sub->add_option("SETTING", options->setting, "Its name")->required();
  sub->add_option("--reason", options->reason, "Why; kept with the change")->required();
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) {
      options->value = std::nullopt;
      return ask(command, in, *options);
    };
  });
}

void add_deciding(CLI::App* settings, Command& command, const std::shared_ptr<SettingsOptions>& options) {
  struct Row {
    const char* name;
    const char* action;
    const char* about;
    SettingStep act;
  };
  constexpr Row kRows[] = {
      {"approve", "approved", "Let a change that waits hold; never one's own", &RunningSettings::approve},
      {"reject", "rejected", "Drop a change that waits", &RunningSettings::reject},
      {"withdraw", "withdrawn", "Take one's own request back", &RunningSettings::withdraw}};
  for (const Row& row : kRows) {
    CLI::App* sub = settings->add_subcommand(row.name, row.about);
    sub->add_option("SETTING", options->setting, "Its name")->required();
    sub->add_option("NUMBER", options->number, "Of the change")->required();
    sub->add_option("--reason", options->reason, "Why; kept with the change")->required();
    sub->add_option(
        "--viewer", options->viewer,
        "A viewer who may agree, with the password on standard input; approve needs one over real people (default: "
        "whoever runs the command)");
    sub->callback([&command, options, row] {
      command.installed = [&command, options, row](Installation& in) {
        return decide(command, in, *options, row.act, row.action);
      };
    });
  }
}

}  // namespace

void add_settings(CLI::App& app, Command& command) {
  CLI::App* settings =
      app.add_subcommand("settings", "What the organisation sets, where it comes from, who changed it");
  settings->require_subcommand(1);
  auto options = std::make_shared<SettingsOptions>();
  CLI::App* sub = settings->add_subcommand("list", "Every setting: its value, and where that comes from");
  sub->add_flag("--json", options->json, "As a JSON array");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return list_settings(command, in, *options); };
  });
  sub = settings->add_subcommand("changes", "Every change that was asked for, the newest first");
  sub->add_flag("--json", options->json, "As a JSON array");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return list_changes(command, in, *options); };
  });
  add_asking(settings, command, options);
  add_deciding(settings, command, options);
}

}  // namespace candor
