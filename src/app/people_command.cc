#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/present.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/own_domains_seen.h"
#include "app/people_commands.h"
#include "app/read_input.h"
#include "profile/directory_import.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

struct PeopleImportOptions {
  std::vector<std::string> files;
  std::string format = "auto";
  std::vector<std::string> columns;
  std::string source = "directory";
  int most_ended_percent = 10;
  std::string known_since;
  bool partial = false;
  bool dry_run = false;
  bool json = false;
};

Result<DirectoryImportOptions> parsed(const PeopleImportOptions& options) {
  DirectoryImportOptions import;
  import.source = options.source;
  import.most_ended_percent = options.most_ended_percent;
  import.partial = options.partial;
  import.dry_run = options.dry_run;
  if (options.format != "auto") {
    import.read.format = directory_format(options.format);
    if (!import.read.format) {
      return fail("app.usage", "--format takes auto, entra-csv, graph-json, ldif or csv, not `" + options.format + "`");
    }
  }
  for (const std::string& pair : options.columns) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) return fail("app.usage", "--map takes Column=Field, not `" + pair + "`");
    import.read.columns.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  if (!options.known_since.empty()) {
    import.known_since = parse_time(options.known_since);
    if (!import.known_since) return fail("app.usage", "--known-since takes a time such as 2026-03-20T09:00:00Z");
  }
  return import;
}

ordered_json to_json(const Diagnostic& each) {
  return {{"file", each.file},
          {"line", each.line},
          {"severity", each.severity == Severity::error ? "error" : "warning"},
          {"id", each.id},
          {"message", each.message},
          {"hint", each.hint}};
}

std::string to_json(const DirectoryImportSummary& summary, const SeenDomains& own_domains, const Keys& keys) {
  auto changes = ordered_json::array();
  for (const DirectoryChange& change : summary.changes) {
    changes.push_back({{"change", to_text(change.kind)},
                       {"person", pseudonym(keys, change.person)},
                       {"file", change.place.file},
                       {"line", change.place.line},
                       {"entry", change.place.number},
                       {"what", change.what}});
  }
  auto diagnostics = ordered_json::array();
  for (const Diagnostic& each : summary.diagnostics) diagnostics.push_back(to_json(each));
  return ordered_json{{"dry_run", summary.dry_run},
                      {"entries_read", summary.entries_read},
                      {"passed_over", summary.passed_over},
                      {"people", summary.people},
                      {"new", summary.added},
                      {"changed", summary.changed},
                      {"returned", summary.returned},
                      {"unchanged", summary.unchanged},
                      {"left", summary.left},
                      {"held_back", summary.held_back},
                      {"withdrawn", summary.withdrawn},
                      {"erased", summary.erased},
                      {"conflicts", summary.conflicts},
                      {"accounts_linked", summary.accounts_linked},
                      {"accounts_handed_on", summary.accounts_handed_on},
                      {"rejected", summary.rejected},
                      {"own_domains_seen", to_json(own_domains)},
                      {"changes", std::move(changes)},
                      {"diagnostics", std::move(diagnostics)},
                      {"diagnostics_left_out", summary.diagnostics_left_out}}
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string place_of(const EntryPlace& place) {
  if (place.file.empty()) return "";
  if (place.line == 0) return fmt::format("  {} entry {}", place.file, place.number);
  return fmt::format("  {}:{}", place.file, place.line);
}

void print_summary(const Io& io, const DirectoryImportSummary& summary, const Keys& keys) {
  complain_about(io, summary.diagnostics, summary.diagnostics_left_out);
  if (summary.dry_run) {
    for (const DirectoryChange& change : summary.changes) {
      print(io, fmt::format("{:<8}  {}{}{}\n", to_text(change.kind), pseudonym(keys, change.person),
                            place_of(change.place), change.what.empty() ? "" : "  " + change.what));
    }
  }
  print(io, fmt::format("{}{} people: {} new, {} changed, {} returned, {} unchanged; {} left, {} withdrawn, {} "
                        "conflicts, {} entries not usable\n",
                        summary.dry_run ? "dry run, nothing was stored: " : "", summary.people, summary.added,
                        summary.changed, summary.returned, summary.unchanged, summary.left, summary.withdrawn,
                        summary.conflicts, summary.rejected_entries()));
  print(io, fmt::format("  {} accounts linked, {} of them handed on\n", summary.accounts_linked,
                        summary.accounts_handed_on));
  if (summary.erased > 0) {
    print(io, fmt::format("  {} entries of people who were erased were left out\n", summary.erased));
  }
  if (summary.held_back > 0) {
    print(io,
          fmt::format("  {} people are missing but were not ended, because entries could not be used: correct them, "
                      "and import again\n",
                      summary.held_back));
  }
}

Result<void> write_audit_line(const Io& io, Installation& installation, const DirectoryImportSummary& summary) {
  AuditEntry entry;
  entry.viewer = local_viewer(io);
  entry.action = "people.imported";
  entry.object_kind = "facts";
  entry.details = fmt::format(R"({{"new":{},"changed":{},"returned":{},"left":{},"accounts":{}}})", summary.added,
                              summary.changed, summary.returned, summary.left, summary.accounts_linked);
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock()).append(entry);
  if (!line) return std::unexpected(line.error());
  return {};
}

int run_import(const Command& command, Installation& installation, const PeopleImportOptions& options) {
  const Io& io = command.io;
  const auto import = parsed(options);
  if (!import) return report(io, import.error());
  std::vector<DirectoryFile> files;
  files.reserve(options.files.size());
  for (const std::string& file : options.files) {
    auto text = read_input(io, file);
    if (!text) return report(io, text.error());
    files.push_back({.name = file, .text = *std::move(text)});
  }
  const std::lock_guard lock(installation.writing());
  const auto settled =
      settle_by_mark(installation.kind(), io, {options.files.begin(), options.files.end()}, options.dry_run);
  if (!settled) return report(io, settled.error());
  const auto summary =
      import_directory(installation.store(), installation.keys(), installation.clock(), files, *import);
  if (!summary) return report(io, summary.error());
  if (!options.dry_run) {
    if (const auto line = write_audit_line(io, installation, *summary); !line) return report(io, line.error());
  }
  const auto own_domains = own_domains_seen(installation, summary->domains);
  if (!own_domains) return report(io, own_domains.error());
  if (options.json) {
    print(io, to_json(*summary, *own_domains, installation.keys()) + "\n");
  } else {
    print_summary(io, *summary, installation.keys());
    print(io, to_text(*own_domains, command));
  }
  if (!options.dry_run) {
    if (const auto assessed = installation.assess(); !assessed) return report(io, assessed.error());
  }
  return static_cast<int>(summary->rejected_entries() > 0 ? Exit::some_rejected : Exit::ok);
}

void add_import(CLI::App& people, Command& command) {
  auto options = std::make_shared<PeopleImportOptions>();
  CLI::App* sub = people.add_subcommand("import", "Take people and their accounts from a directory's whole export");
  sub->add_option("FILE", options->files, "All files of one export; - is standard input")->required();
  sub->add_flag("--dry-run", options->dry_run, "Tell what would change, person by person, and store nothing");
  sub->add_option("--format", options->format, "auto, entra-csv, graph-json, ldif, csv")->capture_default_str();
  sub->add_option("--map", options->columns, "Column=Field for columns with other names (docs/reference/people.md)");
  sub->add_option("--source", options->source, "Keeps several directories apart")->capture_default_str();
  sub->add_option("--most-ended", options->most_ended_percent,
                  "Refuse an export from which more than this percentage of the source's people is missing")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  sub->add_flag("--partial", options->partial, "Not everybody is in it: nobody who is missing has left");
  sub->add_option("--known-since", options->known_since, "When this became known (default: now)");
  sub->add_flag("--json", options->json, "Print the summary as one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& installation) {
      return run_import(command, installation, *options);
    };
  });
}

}  // namespace

void add_people(CLI::App& app, Command& command) {
  CLI::App* people = app.add_subcommand("people", "People, their accounts and what directories say of them");
  people->require_subcommand(1);
  add_import(*people, command);
  add_people_looks(*people, command);
  add_people_decisions(*people, command);
  add_people_scoring(*people, command);
  add_people_export(*people, command);
  add_people_holds(*people, command);
  add_people_erase(*people, command);
  add_people_erasures(*people, command);
}

}  // namespace candor
