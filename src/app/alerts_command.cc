#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "access/audit_log.h"
#include "alerts/mass_events.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/own_export.h"
#include "policy/receipt_json.h"

namespace candor {
namespace {

struct AlertOptions {
  bool canonical = false;
  std::string as_of;
  OwnExportOptions own = {};
};

// The order of the lines, too, is that of what they name.
std::string with_own_pseudonyms(const ExportPseudonyms& own, const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(own.json(line));
  std::ranges::sort(lines);
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

int export_alerts(const Command& command, Installation& installation, const AlertOptions& options) {
  const Io& io = command.io;
  if (!options.canonical) {
    return report(io,
                  {"app.usage", "only --canonical is offered on the command line; people read alerts in the pages"});
  }
  AssessOptions assess;
  assess.as_of = day_of(installation.clock().now());
  assess.threads = installation.threads();
  if (!options.as_of.empty()) {
    const auto day = parse_day(options.as_of);
    if (!day) return report(io, {"app.usage", "--as-of takes a day as YYYY-MM-DD"});
    assess.as_of = *day;
  }
  const auto own = begin_own_export(io, installation, options.own, "alerts");
  if (!own) return report(io, own.error());
  const std::string of_export = *own ? fmt::format(R"(,"export":{})", (*own)->number()) : "";
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock())
                        .append({.viewer = local_viewer(io),
                                 .action = "alerts.exported",
                                 .object_kind = "alerts",
                                 .object_id = {},
                                 .alert = {},
                                 .pseudonym = {},
                                 .reason = {},
                                 .details = fmt::format(R"({{"as_of":"{}"{}}})", format_day(assess.as_of), of_export)});
  if (!line) return report(io, line.error());
  const auto text = canonical_alerts(installation.inputs(), assess);
  if (!text) return report(io, text.error());
  // Not in the text itself: that depends on the input alone.
  if (installation.kind().get() == DataKind::demo)
    complain(io, "these are invented people: the data folder is a demo\n");
  return print(io, *own ? with_own_pseudonyms(**own, *text) : *text) ? 0 : static_cast<int>(Exit::failed);
}

constexpr std::size_t kShortestReason = 10;

struct MassEventOptions {
  bool json = false;
  std::int64_t number = 0;
  std::string reason;
};

std::string in_words(const MassEvent& event) {
  const std::string whose = event.department.empty() ? "" : "  department " + json_text(event.department);
  return fmt::format("{:>4}  {}  {:<28} {:>7} people {:>7} alerts {:>5} high  at most {} before  {}{}\n", event.number,
                     format_day(event.day), event.cause, event.people, event.alerts, event.high, event.most_before,
                     to_text(event.state), whose);
}

std::string as_json(const MassEvent& event) {
  return fmt::format(
      R"({{"number":{},"cause":{},"day":"{}","department":{},"most_before":{},"state":"{}","people":{},"alerts":{},"high":{}}})"
      "\n",
      event.number, json_text(event.cause), format_day(event.day),
      event.department.empty() ? "null" : json_text(event.department), event.most_before, to_text(event.state),
      event.people, event.alerts, event.high);
}

int list_mass_events(const Command& command, Installation& installation, const MassEventOptions& options) {
  const Io& io = command.io;
  const auto events = MassEvents(installation.store(), installation.clock()).all();
  if (!events) return report(io, events.error());
  if (events->empty() && !options.json) {
    complain(io, "no day on which many people had alerts about the same\n");
  }
  for (const MassEvent& event : *events) {
    if (!print(io, options.json ? as_json(event) : in_words(event))) return static_cast<int>(Exit::failed);
  }
  return 0;
}

int release_mass_event(const Command& command, Installation& installation, const MassEventOptions& options) {
  const Io& io = command.io;
  if (options.reason.size() < kShortestReason) {
    return report(io, {"app.usage", fmt::format("--reason takes {} characters or more", kShortestReason)});
  }
  const MassEvents events(installation.store(), installation.clock());
  const auto before = events.get(options.number);
  if (!before) return report(io, before.error());
  const auto done = installation.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(events.release(work, options.number, options.reason, local_viewer(io)));
    CANDOR_TRY_VOID(AuditLog(installation.store(), installation.keys(), installation.clock())
                        .append(work, {.viewer = local_viewer(io),
                                       .action = "mass_event.released",
                                       .object_kind = "mass_event",
                                       .object_id = std::to_string(options.number),
                                       .alert = {},
                                       .pseudonym = {},
                                       .reason = options.reason,
                                       .details = {}}));
    return {};
  });
  if (!done) return report(io, done.error());
  return print(io, fmt::format("{} alerts are in the queue\n", before->alerts)) ? 0 : static_cast<int>(Exit::failed);
}

void add_mass_events(CLI::App& alerts, Command& command) {
  auto options = std::make_shared<MassEventOptions>();
  CLI::App* list = alerts.add_subcommand(
      "mass-events", "Print the days on which many people had alerts about the same; these are held as one");
  list->add_flag("--json", options->json, "One JSON object a line");
  list->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return list_mass_events(command, in, *options); };
  });
  CLI::App* release = alerts.add_subcommand("release", "Put the alerts of a mass event into the queue");
  release->add_option("number", options->number, "Its number")->required();
  release->add_option("--reason", options->reason, "Why; kept in the audit log")->required();
  release->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return release_mass_event(command, in, *options); };
  });
}

}  // namespace

void add_alerts(CLI::App& app, Command& command) {
  CLI::App* alerts = app.add_subcommand("alerts", "Alerts outside the pages");
  alerts->require_subcommand(1);
  auto options = std::make_shared<AlertOptions>();
  CLI::App* sub = alerts->add_subcommand(
      "export", "Print every alert in the canonical form (--canonical is needed: people read alerts in the pages)");
  sub->add_flag("--canonical", options->canonical,
                "The one form there is: sorted JSON lines that depend on nothing but the input; people are digests");
  sub->add_option("--as-of", options->as_of, "The last day assessed, YYYY-MM-DD (default: today, UTC)");
  add_own_export_options(*sub, options->own);
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return export_alerts(command, in, *options); };
  });
  add_mass_events(*alerts, command);
}

}  // namespace candor
