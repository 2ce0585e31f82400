#include <fmt/format.h>

#include <memory>

#include "access/audit_log.h"
#include "app/command.h"
#include "app/installation.h"

namespace candor {
namespace {

struct AlertOptions {
  bool canonical = false;
  std::string as_of;
};

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
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock())
                        .append({.viewer = local_viewer(io),
                                 .action = "alerts.exported",
                                 .object_kind = "alerts",
                                 .object_id = {},
                                 .alert = {},
                                 .pseudonym = {},
                                 .reason = {},
                                 .details = fmt::format(R"({{"as_of":"{}"}})", format_day(assess.as_of))});
  if (!line) return report(io, line.error());
  const auto text = canonical_alerts(installation.inputs(), assess);
  if (!text) return report(io, text.error());
  // Not in the text itself: that depends on the input alone.
  if (installation.kind().get() == DataKind::demo)
    complain(io, "these are invented people: the data folder is a demo\n");
  return print(io, *text) ? 0 : static_cast<int>(Exit::failed);
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
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return export_alerts(command, in, *options); };
  });
}

}  // namespace candor
