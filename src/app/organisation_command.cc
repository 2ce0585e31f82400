#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "access/audit_log.h"
#include "activity/organisation_text.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/read_input.h"
#include "organisation/import.h"
#include "organisation/judgement.h"

namespace candor {
namespace {

using Outcome = OrganisationImport::Outcome;

constexpr TimePoint kForEver = std::numeric_limits<TimePoint>::max();

Json json_of(const Diagnostic& fault) {
  return {{"file", fault.file},     {"line", fault.line},
          {"column", fault.column}, {"severity", fault.severity == Severity::error ? "error" : "warning"},
          {"id", fault.id},         {"message", fault.message},
          {"hint", fault.hint}};
}

Json day_or_null(const std::optional<Day>& day) { return day ? Json(format_day(*day)) : Json(nullptr); }

Json json_of(const OrganisationFact& fact) {
  Json attributes = Json::object();
  for (const AttributeSchema& each : schema_of(fact.kind).attributes) {
    const std::string_view value = fact.attribute(each.name);
    if (!value.empty()) attributes[std::string(each.name)] = value;
  }
  return {{"section", schema_of(fact.kind).section},
          {"attributes", attributes},
          {"from", day_or_null(fact.valid_from)},
          {"to", day_or_null(fact.valid_to)}};
}

// candor organisation import -------------------------------------------------------------------------------------

struct ImportOptions {
  std::filesystem::path file;
  std::string kind;
  std::string known_since;
  bool withdraw = false;
  bool reinstate = false;
  bool dry_run = false;
  bool json = false;
};

Result<std::pair<OrganisationImportOptions, LearntAt>> parsed(const ImportOptions& options, TimePoint now) {
  OrganisationImportOptions import{.kind = {},
                                   .csv = options.file.extension() == ".csv" || !options.kind.empty(),
                                   .withdraw = options.withdraw,
                                   .reinstate = options.reinstate,
                                   .dry_run = options.dry_run};
  if (!options.kind.empty()) {
    import.kind = organisation_fact_kind(options.kind);
    if (!import.kind) {
      std::string all;
      for (const auto& each : organisation_fact_schemas()) all.append(all.empty() ? "" : ", ").append(each.section);
      return fail("app.usage", "--kind takes one of " + all);
    }
  }
  LearntAt learnt{.time = now, .stated = false};
  if (!options.known_since.empty()) {
    const auto stated = parse_time(options.known_since);
    if (!stated) return fail("app.usage", "--known-since takes a time such as 2026-03-20T09:00:00Z");
    learnt = {.time = *stated, .stated = true};
  }
  return std::pair(import, learnt);
}

std::string to_json(const OrganisationImport& import, bool pending) {
  Json changes = Json::array();
  for (const OrganisationImport::Change& change : import.changes) {
    if (change.outcome == Outcome::unchanged) continue;
    Json row = json_of(change.fact);
    row["outcome"] = to_text(change.outcome);
    row["line"] = change.fact.line;
    if (!change.before.empty()) row["before"] = change.before;
    changes.push_back(std::move(row));
  }
  Json faults = Json::array();
  for (const Diagnostic& fault : import.diagnostics) faults.push_back(json_of(fault));
  Json json;
  for (const Outcome outcome : {Outcome::added, Outcome::corrected, Outcome::unchanged, Outcome::withdrawn,
                                Outcome::still_withdrawn, Outcome::not_there}) {
    json[std::string(to_text(outcome))] = import.count(outcome);
  }
  json["rejected"] = import.rejected;
  json["waits_for_next_start"] = pending;
  json["changes"] = changes;
  json["diagnostics"] = faults;
  return json_line(json);
}

void print_import(const Io& io, const OrganisationImport& import, bool dry_run, bool waits) {
  complain_about(io, import.diagnostics);
  for (const OrganisationImport::Change& change : import.changes) {
    if (change.outcome == Outcome::unchanged || (!dry_run && change.outcome == Outcome::added)) continue;
    print(io, fmt::format("  {:<15} {}{}\n", to_text(change.outcome), describe(change.fact),
                          change.before.empty() ? "" : " (before: " + change.before + ")"));
  }
  print(io, fmt::format("{}{} new, {} corrected, {} unchanged, {} withdrawn, {} not usable\n",
                        dry_run ? "nothing is stored; it would be " : "", import.count(Outcome::added),
                        import.count(Outcome::corrected),
                        import.count(Outcome::unchanged) + import.count(Outcome::still_withdrawn),
                        import.count(Outcome::withdrawn), import.rejected));
  if (import.count(Outcome::still_withdrawn) > 0) {
    print(io, "some were withdrawn before and stay so: --reinstate lets them hold again\n");
  }
  if (import.count(Outcome::not_there) > 0) {
    print(io,
          "some cannot be withdrawn, as no import said them: those of content/organisation.yml are taken out there\n");
  }
  if (waits) {
    print(io, "the folder is being served: its records are read by these facts from the next start on\n");
  }
}

Result<void> note_in_audit(Installation& installation, const Io& io, const OrganisationImport& import) {
  CANDOR_TRY_VOID(AuditLog(installation.store(), installation.keys(), installation.clock())
                      .append({.viewer = local_viewer(io),
                               .action = "organisation.imported",
                               .object_kind = "organisation",
                               .object_id = {},
                               .alert = {},
                               .pseudonym = {},
                               .reason = {},
                               .details = fmt::format(R"({{"added":{},"corrected":{},"withdrawn":{}}})",
                                                      import.count(Outcome::added), import.count(Outcome::corrected),
                                                      import.count(Outcome::withdrawn))}));
  return {};
}

int run_import(Command& command, Installation& installation, const ImportOptions& options, bool served) {
  const Io& io = command.io;
  const auto how = parsed(options, installation.clock().now());
  if (!how) return report(io, how.error());
  const auto text = read_input(io, options.file);
  if (!text) return report(io, text.error());
  const std::lock_guard lock(installation.writing());
  const auto settled = settle_by_mark(installation.kind(), io, {options.file}, options.dry_run);
  if (!settled) return report(io, settled.error());
  const auto import = import_organisation(installation.store(), installation.organisation_facts(), *text,
                                          options.file.filename().string(), how->second, how->first);
  if (!import) return report(io, import.error());
  bool waits = false;
  if (!options.dry_run && import->changes_anything()) {
    if (const auto noted = note_in_audit(installation, io, *import); !noted) return report(io, noted.error());
    const auto pending = installation.organisation().is_pending();
    if (!pending) return report(io, pending.error());
    command.reopens = *pending && !served;
    waits = *pending && served;
  }
  if (options.json) {
    print(io, to_json(*import, waits));
  } else {
    print_import(io, *import, options.dry_run, waits);
  }
  return static_cast<int>(import->rejected > 0 ? Exit::some_rejected : Exit::ok);
}

// candor organisation show and check -----------------------------------------------------------------------------

struct ShowOptions {
  std::string at;
  std::string known;
  std::string section;
  bool json = false;
};

struct Asked {
  Day at = 0;
  TimePoint known = kForEver;
};

Result<Asked> asked(const ShowOptions& options, TimePoint now) {
  Asked asked{.at = day_of(now), .known = kForEver};
  if (!options.at.empty()) {
    const auto day = parse_day(options.at);
    if (!day) return fail("app.usage", "--at takes a day as YYYY-MM-DD");
    asked.at = *day;
  }
  if (!options.known.empty()) {
    const auto time = parse_time(options.known);
    if (!time) return fail("app.usage", "--known takes a day or a time such as 2026-03-20T09:00:00Z");
    // A day alone means all that was known by its end.
    asked.known = parse_day(options.known) ? *time + kMicrosPerDay - 1 : *time;
  }
  if (!options.section.empty() && !organisation_fact_kind(options.section)) {
    return fail("app.usage", "--section names no section: `candor organisation show` lists them");
  }
  return asked;
}

std::string place_of(const OrganisationFact& fact) {
  return fact.line > 0 ? fmt::format("{}:{}", fact.source, fact.line) : fact.source;
}

int run_show(const Command& command, const Installation& installation, const ShowOptions& options) {
  const Io& io = command.io;
  const auto when = asked(options, installation.clock().now());
  if (!when) return report(io, when.error());
  const auto world = installation.organisation().world(when->known);
  if (!world) return report(io, world.error());
  Json sections = Json::object();
  for (const OrganisationFactSchema& schema : organisation_fact_schemas()) {
    if (!options.section.empty() && options.section != schema.section) continue;
    const FactState state = world->organisation->state(schema.kind, when->at);
    if (!options.json) print(io, fmt::format("{} ({})\n", schema.section, to_text(state)));
    Json rows = Json::array();
    for (const auto& [fact, since] : world->facts) {
      if (fact.kind != schema.kind || !fact.holds_on(when->at)) continue;
      if (options.json) {
        Json row = json_of(fact);
        row["known_since"] = since ? Json(format_time(*since)) : Json(nullptr);
        row["said_in"] = place_of(fact);
        rows.push_back(std::move(row));
      } else {
        print(io, fmt::format("  {}   [{}]\n", describe(fact), place_of(fact)));
      }
    }
    sections[std::string(schema.section)] = {{"state", to_text(state)}, {"facts", rows}};
  }
  if (options.json) print(io, json_line({{"at", format_day(when->at)}, {"sections", sections}}));
  return static_cast<int>(Exit::ok);
}

std::string in_words(const Judgement& one) {
  const std::string_view need = schema_of(one.kind).need;
  const std::string what =
      one.dimension.empty() ? one.indicator->name : fmt::format("{} ({})", one.indicator->name, one.dimension);
  if (one.state == FactState::missing) return fmt::format("{:<40} cannot judge: {} missing", what, need);
  return fmt::format("{:<40} assumes: {} not said", what, need);
}

int run_check(const Command& command, const Installation& installation, const ShowOptions& options) {
  const Io& io = command.io;
  const auto when = asked(options, installation.clock().now());
  if (!when) return report(io, when.error());
  const auto world = installation.organisation().world(when->known);
  if (!world) return report(io, world.error());
  std::vector<Diagnostic> faults;
  check_between(world->all(), faults);
  const Organisation& organisation = *world->organisation;
  const auto judgements = judge(installation.content().indicators->indicators(), organisation, when->at);
  if (options.json) {
    Json fault_rows = Json::array();
    for (const Diagnostic& fault : faults) fault_rows.push_back(json_of(fault));
    Json needs = Json::object();
    for (const auto& each : organisation_fact_schemas()) {
      needs[std::string(each.need)] = to_text(organisation.state(each.kind, when->at));
    }
    Json rows = Json::array();
    for (const Judgement& one : judgements) {
      rows.push_back({{"indicator", one.indicator->name},
                      {"need", schema_of(one.kind).need},
                      {"state", to_text(one.state)},
                      {"dimension", one.dimension.empty() ? Json(nullptr) : Json(one.dimension)},
                      {"cannot_judge", one.state == FactState::missing}});
    }
    print(io, json_line(
                  {{"at", format_day(when->at)}, {"needs", needs}, {"indicators", rows}, {"diagnostics", fault_rows}}));
  } else {
    complain_about(io, faults);
    for (const Judgement& one : judgements) print(io, "  " + in_words(one) + "\n");
    for (const auto& each : organisation_fact_schemas()) {
      const bool assumed = organisation.state(each.kind, when->at) == FactState::assumed;
      if (assumed) print(io, fmt::format("{}: {}\n", each.need, assumption_of(each.kind)));
    }
    const auto missing = std::ranges::count(judgements, FactState::missing, &Judgement::state);
    print(io, fmt::format("{} times an indicator cannot judge for want of a fact, {} times it assumes; {} faults\n",
                          missing, static_cast<std::ptrdiff_t>(judgements.size()) - missing, faults.size()));
  }
  return static_cast<int>(has_errors(faults) ? Exit::failed : Exit::ok);
}

void add_dates(CLI::App* sub, ShowOptions& options) {
  sub->add_option("--at", options.at, "What holds on this day (default: today)");
  sub->add_option("--known", options.known, "As known at this time (default: now)");
  sub->add_flag("--json", options.json, "Print one object");
}

void add_import(CLI::App* organisation, Command& command) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* sub = organisation->add_subcommand("import", "Take dated facts from a YAML or CSV file");
  sub->add_option("FILE", options->file, "YAML as content/organisation.yml, CSV, or - for standard input")->required();
  sub->add_option("--kind", options->kind, "The file is a CSV and all rows are of this section: labels, sites, ...");
  sub->add_option("--known-since", options->known_since, "When this became known (default: now)");
  sub->add_flag("--withdraw", options->withdraw, "What the file names is no longer true and never was");
  sub->add_flag("--reinstate", options->reinstate, "What was withdrawn holds again");
  sub->add_flag("--dry-run", options->dry_run, "Print the difference, store nothing");
  sub->add_flag("--json", options->json, "Print the outcome as one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& installation) {
      return run_import(command, installation, *options, command.serves);
    };
  });
}

}  // namespace

void add_organisation(CLI::App& app, Command& command) {
  CLI::App* organisation = app.add_subcommand("organisation", "What the organisation says about itself");
  organisation->require_subcommand(1);
  add_import(organisation, command);
  auto shown = std::make_shared<ShowOptions>();
  CLI::App* show = organisation->add_subcommand("show", "Print the facts that hold on a day");
  show->add_option("--section", shown->section, "Only this one");
  add_dates(show, *shown);
  show->callback([&command, shown] {
    command.installed = [&command, shown](Installation& installation) {
      return run_show(command, installation, *shown);
    };
  });
  auto checked = std::make_shared<ShowOptions>();
  CLI::App* check = organisation->add_subcommand("check", "Name faults, and the indicators that cannot judge");
  add_dates(check, *checked);
  check->callback([&command, checked] {
    command.installed = [&command, checked](Installation& installation) {
      return run_check(command, installation, *checked);
    };
  });
}

}  // namespace candor
