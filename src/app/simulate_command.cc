#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "simulator/simulate.h"

namespace candor {
namespace {

struct SimulateOptions {
  SimulationOptions simulation;
  std::string start;
  std::filesystem::path out;
  bool json = false;
  bool list = false;
};

int list_scenarios(const Io& io) {
  for (const ScenarioInfo& scenario : scenarios()) {
    print(io, fmt::format("{:<28} {:<10} {}\n", scenario.name, to_text(scenario.kind), scenario.description));
  }
  return 0;
}

std::string to_json(const SimulationSummary& summary) {
  nlohmann::ordered_json json = {{"people", summary.people},         {"guests", summary.guests},
                                 {"records", summary.records},       {"rows", summary.rows},
                                 {"repeats", summary.repeats},       {"corrections", summary.corrections},
                                 {"badge_rows", summary.badge_rows}, {"hr_rows", summary.hr_rows},
                                 {"bytes", summary.bytes},           {"first", format_day(summary.first)},
                                 {"last", format_day(summary.last)}};
  for (const PlantedScenario& planted : summary.planted) json["planted"][planted.scenario] = planted.people;
  return json.dump() + "\n";
}

int run_simulate(const Command& command, SimulateOptions& options) {
  const Io& io = command.io;
  if (options.list) return list_scenarios(io);
  if (options.out.empty()) return report(io, {"app.usage", "say where to write with --out DIR"});
  if (!options.start.empty()) {
    const auto start = parse_day(options.start);
    if (!start) return report(io, {"app.usage", "--start takes a day as YYYY-MM-DD"});
    options.simulation.start = *start;
  }
  Progress progress(io, "simulating", options.json);
  const auto days = static_cast<std::uint64_t>(std::max(options.simulation.days, 1));
  options.simulation.progress = [&](const SimulationProgress& at) {
    // The size of the whole is guessed from the days that are done.
    const std::uint64_t total = at.days_done > 0 ? at.bytes / static_cast<std::uint64_t>(at.days_done) * days : 0;
    progress.update(at.bytes, total, at.rows);
  };
  FolderSink sink(io.resolve(options.out));
  const auto summary = simulate(options.simulation, sink);
  progress.finish();
  if (!summary) return report(io, summary.error());
  if (options.json) {
    print(io, to_json(*summary));
    return 0;
  }
  print(io, fmt::format("{} people and {} guests, {} to {}: {} records in {} rows, {} in {:.1f} s\n",
                        format_count(static_cast<std::uint64_t>(summary->people)), summary->guests,
                        format_day(summary->first), format_day(summary->last), format_count(summary->records),
                        format_count(summary->rows), format_bytes(summary->bytes), progress.seconds()));
  for (const PlantedScenario& planted : summary->planted) {
    print(io, fmt::format("  {:<28} {} people\n", planted.scenario, planted.people));
  }
  return 0;
}

}  // namespace

void add_simulate(CLI::App& app, Command& command) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* sub = app.add_subcommand("simulate", "Write an invented organisation's logs, with labels");
  sub->add_option("--people", options->simulation.people, "Employees and contractors")->capture_default_str();
  sub->add_option("--days", options->simulation.days, "Calendar days")->capture_default_str();
  sub->add_option("--seed", options->simulation.seed, "Same seed, same bytes")->capture_default_str();
  sub->add_option("--start", options->start, "First day, YYYY-MM-DD (default: 2026-01-05)");
  sub->add_option("--out", options->out, "Folder to write into");
  sub->add_option("--scenario", options->simulation.scenarios,
                  "Plant only these; `look_alikes` are all of that kind, `none` plants nothing");
  sub->add_option("--incidents", options->simulation.incidents,
                  "Scenarios that harm for 1,000 people, all together (default: some of each)");
  sub->add_option("--activities", options->simulation.activities, "Audit records by a person and working day")
      ->capture_default_str();
  sub->add_option("--repeat-percent", options->simulation.repeat_percent, "Share of rows that repeat an earlier one")
      ->capture_default_str();
  sub->add_flag("--compress", options->simulation.compress, "Write the audit log as .jsonl.zst");
  sub->add_flag("--list-scenarios", options->list, "Name what can be planted");
  sub->add_flag("--json", options->json, "Print the summary as one object");
  sub->callback(
      [&command, options] { command.standalone = [&command, options] { return run_simulate(command, *options); }; });
}

}  // namespace candor
