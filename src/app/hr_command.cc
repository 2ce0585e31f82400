#include <fmt/format.h>

#include <memory>

#include "access/audit_log.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/read_input.h"
#include "profile/hr_import.h"

namespace candor {
namespace {

struct HrOptions {
  std::filesystem::path file;
  std::string kind;
  std::vector<std::string> columns;
  std::string known_since;
  bool reinstate = false;
  bool json = false;
  bool withdraw = false;
};

Result<HrImportOptions> parsed(const HrOptions& options) {
  HrImportOptions import;
  import.reinstate = options.reinstate;
  if (!options.kind.empty()) {
    import.csv.kind = fact_kind(options.kind);
    if (!import.csv.kind) return fail("app.usage", "--kind: there is no kind of fact called `" + options.kind + "`");
  }
  for (const std::string& pair : options.columns) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) return fail("app.usage", "--map takes Column=Field, not `" + pair + "`");
    import.csv.columns.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  if (!options.known_since.empty()) {
    import.known_since = parse_time(options.known_since);
    if (!import.known_since) return fail("app.usage", "--known-since takes a time such as 2026-03-20T09:00:00Z");
  }
  return import;
}

void print_summary(const Io& io, const HrImportSummary& summary) {
  complain_about(io, summary.diagnostics, summary.diagnostics_left_out);
  print(io, fmt::format("{} rows about {} people: {} new, {} corrected, {} unchanged, {} withdrawn, {} not usable\n",
                        summary.rows_read, summary.people, summary.added, summary.corrected,
                        summary.unchanged + summary.still_withdrawn, summary.withdrawn, summary.rejected_rows()));
  if (summary.erased > 0) {
    print(io, fmt::format("  {} rows about people who were erased were left out\n", summary.erased));
  }
}

int run_hr(const Command& command, Installation& installation, const HrOptions& options) {
  const Io& io = command.io;
  const auto import = parsed(options);
  if (!import) return report(io, import.error());
  const auto text = read_input(io, options.file);
  if (!text) return report(io, text.error());
  const std::lock_guard lock(installation.writing());
  if (auto settled = settle_by_mark(installation.kind(), io, {options.file}, false); !settled) {
    return report(io, settled.error());
  }
  const auto run = options.withdraw ? withdraw_hr_csv : import_hr_csv;
  const auto summary =
      run(installation.store(), installation.keys(), installation.clock(), *text, options.file.string(), *import);
  if (!summary) return report(io, summary.error());
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock())
                        .append({.viewer = local_viewer(io),
                                 .action = options.withdraw ? "facts.withdrawn" : "facts.imported",
                                 .object_kind = "facts",
                                 .object_id = {},
                                 .alert = {},
                                 .pseudonym = {},
                                 .reason = {},
                                 .details = fmt::format(R"({{"added":{},"corrected":{},"withdrawn":{}}})",
                                                        summary->added, summary->corrected, summary->withdrawn)});
  if (!line) return report(io, line.error());
  if (options.json) {
    print(io, to_json(*summary) + "\n");
  } else {
    print_summary(io, *summary);
  }
  if (const auto assessed = installation.assess(); !assessed) return report(io, assessed.error());
  return static_cast<int>(summary->rejected_rows() > 0 ? Exit::some_rejected : Exit::ok);
}

void add_options(CLI::App* sub, const std::shared_ptr<HrOptions>& options, Command& command) {
  sub->add_option("FILE", options->file, "CSV file, or - for standard input")->required();
  sub->add_option("--kind", options->kind,
                  "All rows are of this kind: resignation, job_level_change, performance_review, improvement_plan, "
                  "employee_profile (default: told from the columns)");
  sub->add_option("--map", options->columns, "Column=Field for columns with other names (docs/reference/hr-csv.md)");
  sub->add_option("--known-since", options->known_since, "When this became known (default: now)");
  sub->add_flag("--json", options->json, "Print the summary as one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& installation) {
      return run_hr(command, installation, *options);
    };
  });
}

}  // namespace

void add_hr(CLI::App& app, Command& command) {
  CLI::App* hr = app.add_subcommand("hr", "Facts from human resources");
  hr->require_subcommand(1);
  auto import = std::make_shared<HrOptions>();
  CLI::App* sub = hr->add_subcommand("import", "Take resignations, reviews, level changes, profiles from a CSV file");
  sub->add_flag("--reinstate", import->reinstate, "Rows that were withdrawn hold again");
  add_options(sub, import, command);
  auto withdraw = std::make_shared<HrOptions>();
  withdraw->withdraw = true;
  add_options(hr->add_subcommand("withdraw", "The facts a CSV file names are no longer true and never were"), withdraw,
              command);
}

}  // namespace candor
