#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/control.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/switch_decision.h"

namespace candor {
namespace {

struct SwitchOptions {
  Switch decision;
  std::string state;
  std::string from;
  bool json = false;
};

// By default, and as decided; for somebody of whom nothing is known.
int list_switches(const Command& command, Installation& installation, bool json) {
  const auto switches = installation.switches().get();
  const IndicatorSet& indicators = switches->indicators();
  const IndicatorMask mask = switches->mask({}, day_of(installation.clock().now()));
  Json rows = Json::array();
  std::string text;
  for (std::size_t i = 0; i < indicators.size(); ++i) {
    const auto index = static_cast<IndicatorIndex>(i);
    const IndicatorInfo& info = indicators[index];
    Json decisions = Json::array();
    text += fmt::format("{:<44} intrusion {}  {}\n", info.name, info.intrusion, mask.test(index) ? "on" : "off");
    for (const Switch& one : switches->switches()) {
      if (one.indicator != info.name) continue;
      decisions.push_back(to_json(one));
      text += fmt::format("    {:<3} {}, from {}{}\n", one.on ? "on" : "off", scope_of(one), format_day(one.from),
                          one.agreement.empty() ? "" : " (" + one.agreement + ")");
    }
    rows.push_back(
        {{"name", info.name}, {"intrusion", info.intrusion}, {"on", mask.test(index)}, {"decisions", decisions}});
  }
  if (json) text = rows.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return print(command.io, text) ? 0 : static_cast<int>(Exit::failed);
}

Result<Switch> parsed(const SwitchOptions& options, const Io& io, const Clock& clock) {
  Switch decision = options.decision;
  decision.on = options.state == "on";
  decision.set_by = local_viewer(io);
  decision.from = day_of(clock.now());
  if (!options.from.empty()) {
    const auto day = parse_day(options.from);
    if (!day) return fail("app.usage", "--from takes a day as YYYY-MM-DD");
    decision.from = *day;
  }
  return decision;
}

int tell(const Command& command, const Result<Switch>& decided, const SwitchOptions& options) {
  if (!decided) return report(command.io, decided.error());
  const Switch& one = *decided;
  print(command.io, options.json ? to_json(one).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"
                                 : fmt::format("{} is {} {}, from {}\n", one.indicator, one.on ? "on" : "off",
                                               scope_of(one), format_day(one.from)));
  return 0;
}

// Days that are over are matched again at once, which wants the folder for itself.
int set_for_the_past(const Command& command, const Switch& decision, const SwitchOptions& options) {
  const Io& io = command.io;
  const std::filesystem::path folder = io.resolve(command.data);
  auto lock = FolderLock::take(folder);
  if (!lock) return report(io, lock.error());
  if (!lock->has_value()) {
    return report(io, {"app.served", folder.string() + " is being served: a decision about days that are over matches "
                                                       "them again; stop that first"});
  }
  Result<Switch> decided = fail("app.internal", "nothing was decided");
  {
    auto installation = open_installation(command, folder, false);
    if (!installation) return report(io, installation.error());
    decided = decide_switch(**installation, io, decision);
  }
  if (!decided) return report(io, decided.error());
  auto again = open_installation(command, folder, false);
  if (!again) return report(io, again.error());
  if (const auto assessed = (*again)->assess(); !assessed) return report(io, assessed.error());
  return tell(command, decided, options);
}

void add_set(CLI::App* switches, Command& command) {
  auto options = std::make_shared<SwitchOptions>();
  CLI::App* sub = switches->add_subcommand("set", "Switch an indicator on or off");
  sub->add_option("INDICATOR", options->decision.indicator, "Its name")->required();
  sub->add_option("STATE", options->state, "on or off")->required()->check(CLI::IsMember({"on", "off"}));
  sub->add_option("--country", options->decision.country, "Only there: two capital letters (default: everywhere)");
  sub->add_option("--group", options->decision.group, "Only for this group of the directory");
  sub->add_option("--from", options->from, "First UTC day it holds for, YYYY-MM-DD (default: today)");
  sub->add_option("--agreement", options->decision.agreement,
                  "Reference to the agreement that allows it: needed to switch on intrusion 3 and 4, and for the past");
  sub->add_flag("--json", options->json, "Print the decision as one object");
  sub->callback([&command, options] {
    const SystemClock clock;
    const auto decision = parsed(*options, command.io, clock);
    if (!decision) {
      command.standalone = [&command, error = decision.error()] { return report(command.io, error); };
    } else if (decision->from < day_of(clock.now())) {
      command.standalone = [&command, options, decision = *decision] {
        return set_for_the_past(command, decision, *options);
      };
    } else {
      command.installed = [&command, options, decision = *decision](Installation& in) {
        return tell(command, decide_switch(in, command.io, decision), *options);
      };
    }
  });
}

}  // namespace

void add_switches(CLI::App& app, Command& command) {
  CLI::App* switches = app.add_subcommand("switches", "Which indicators may be evaluated, for whom, from when");
  switches->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  CLI::App* sub = switches->add_subcommand("list", "Every indicator with the decisions about it");
  sub->add_flag("--json", *json, "As a JSON array");
  sub->callback([&command, json] {
    command.installed = [&command, json](Installation& in) { return list_switches(command, in, *json); };
  });
  add_set(switches, command);
}

}  // namespace candor
