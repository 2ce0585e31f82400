#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "app/command.h"
#include "app/complaint.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/read_input.h"
#include "app/second_person.h"
#include "organisation/list_book.h"

namespace candor {
namespace {

struct ListsOptions {
  std::string list;
  std::filesystem::path file;
  std::vector<std::string> names;
  std::int64_t number = 0;
  std::string reason;
  std::string viewer;
  bool csv = false;
  bool replace = false;
  bool dry_run = false;
  bool json = false;
};

Json to_json(const ListChange& change) {
  return {{"number", change.number},
          {"list", change.list},
          {"entries_set", change.entries_set},
          {"entries_removed", change.entries_removed},
          {"undoes", change.undoes > 0 ? Json(change.undoes) : Json()},
          {"asked_by", change.asked_by},
          {"reason", change.reason},
          {"asked_at", format_time(change.asked_at)},
          {"decision", to_text(change.decision)},
          {"decided_by", change.decided_by},
          {"decided_reason", change.decided_reason},
          {"decided_at", change.decided_at == 0 ? Json() : Json(format_time(change.decided_at))}};
}

Json to_json(const EntryDifference& difference) {
  Json fields = Json::array();
  for (const FieldDifference& field : difference.fields) {
    fields.push_back({{"field", field.field},
                      {"added", field.added},
                      {"removed", field.removed},
                      {"added_count", field.added_count},
                      {"removed_count", field.removed_count}});
  }
  return {{"name", difference.name}, {"kind", to_text(difference.kind)}, {"fields", fields}};
}

// "domains +a.example +b.example (and 3 more) -c.example"
std::string difference_in_words(const EntryDifference& difference) {
  std::string out = fmt::format("  {:<8} {}\n", to_text(difference.kind), difference.name);
  if (difference.kind == EntryDifference::Kind::removed) return out;
  for (const FieldDifference& field : difference.fields) {
    out += "             " + field.field + ":";
    for (const std::string& one : field.added) out += " +" + one;
    const auto told = [](const std::vector<std::string>& texts) { return static_cast<std::int64_t>(texts.size()); };
    if (field.added_count > told(field.added))
      out += fmt::format(" (and {} more)", field.added_count - told(field.added));
    for (const std::string& one : field.removed) out += " -" + one;
    if (field.removed_count > told(field.removed)) {
      out += fmt::format(" (and {} less)", field.removed_count - told(field.removed));
    }
    out += '\n';
  }
  return out;
}

// `installation` must outlive it.
ListActor list_actor(Installation& installation, const std::string& name, const std::string& action,
                     const std::string& reason) {
  return {.name = name,
          .reason = reason,
          .also = [&installation, name, action, reason](Transaction& work, const ListChange& change) -> Result<void> {
            AuditEntry entry;
            entry.viewer = name;
            entry.action = "list." + action;
            entry.object_kind = "list";
            entry.object_id = change.list;
            entry.reason = reason;
            entry.details = Json{{"number", change.number},
                                 {"entries_set", change.entries_set},
                                 {"entries_removed", change.entries_removed},
                                 {"decision", to_text(change.decision)}}
                                .dump();
            const AuditLog audit(installation.store(), installation.keys(), installation.clock());
            CANDOR_TRY_VOID(audit.append(work, entry));
            return {};
          }};
}

// What was done, and when records are read by it.
int tell_change(Command& command, Installation& installation, const Result<ListChange>& change, bool json) {
  if (!change) return report(command.io, change.error());
  const auto pending = installation.lists().is_pending();
  if (!pending) return report(command.io, pending.error());
  command.reopens = *pending && !command.serves;
  if (json) {
    Json out = to_json(*change);
    out["waits_to_be_taken_up"] = *pending && command.serves;
    print(command.io, json_line(out));
    return 0;
  }
  print(command.io,
        fmt::format("change {} of {}: {} entries written, {} taken out: {}\n", change->number, change->list,
                    change->entries_set, change->entries_removed,
                    change->decision == ListDecision::waits ? "waits for a second person" : to_text(change->decision)));
  if (*pending && command.serves) {
    print(command.io, "the folder is being served: its records are read by it after `candor lists take-up`\n");
  }
  return 0;
}

int show_all(const Command& command, Installation& installation, const ListsOptions& options) {
  const auto counts = installation.lists().counts();
  if (!counts) return report(command.io, counts.error());
  const auto waiting = installation.lists().waiting();
  if (!waiting) return report(command.io, waiting.error());
  const auto pending = installation.lists().is_pending();
  if (!pending) return report(command.io, pending.error());
  Json rows = Json::array();
  std::string text;
  for (const ListInfo& list : list_infos()) {
    const auto waits = std::ranges::count(*waiting, list.name, &ListChange::list);
    rows.push_back({{"name", list.name},
                    {"title", list.title},
                    {"file", list.file},
                    {"entries", counts->at(list.name)},
                    {"waiting", waits},
                    {"second_person", list.second_person}});
    text += fmt::format("{:<24} {:>8} entries{}\n", list.name, counts->at(list.name),
                        waits > 0 ? fmt::format(", {} changes wait for a second person", waits) : "");
  }
  if (*pending) text += "changes wait to be taken up: candor lists take-up\n";
  print(command.io, options.json ? json_line({{"lists", rows}, {"waits_to_be_taken_up", *pending}}) : text);
  return 0;
}

int show_one(const Command& command, Installation& installation, const ListsOptions& options, bool with_places) {
  const auto list = list_info(options.list);
  if (!list) return report(command.io, list.error());
  const auto rows = installation.lists().rows(*list);
  if (!rows) return report(command.io, rows.error());
  std::map<std::string, std::string> entries;
  Json json = Json::array();
  std::string text;
  for (const auto& [name, row] : *rows) {
    entries[name] = row.text;
    if (!with_places) continue;
    json.push_back({{"name", name},
                    {"entry", Json::parse(row.text)},
                    {"said_in", row.said_in},
                    {"since", time_or_null(row.since)}});
    text += fmt::format("{}   [{}]\n", row.text, row.said_in);
  }
  if (!with_places) text = list_text(*list, entries);
  return print(command.io, options.json ? json_line(json) : text) ? 0 : static_cast<int>(Exit::failed);
}

int show_changes(const Command& command, Installation& installation, const ListsOptions& options) {
  const auto list = list_info(options.list);
  if (!list) return report(command.io, list.error());
  const auto changes = installation.lists().changes(*list);
  if (!changes) return report(command.io, changes.error());
  Json rows = Json::array();
  std::string text;
  for (const ListChange& change : *changes) {
    const auto differences = installation.lists().differences(*list, change.number);
    if (!differences) return report(command.io, differences.error());
    Json row = to_json(change);
    row["differences"] = Json::array();
    text += fmt::format("{:>4}  {}  {}{}{}\n      by {}: {}\n", change.number, format_time(change.asked_at),
                        to_text(change.decision), change.decided_by.empty() ? "" : " by " + change.decided_by,
                        change.undoes > 0 ? fmt::format(", takes change {} back", change.undoes) : "", change.asked_by,
                        change.reason);
    for (const EntryDifference& one : *differences) {
      row["differences"].push_back(to_json(one));
      text += difference_in_words(one);
    }
    rows.push_back(std::move(row));
  }
  return print(command.io, options.json ? json_line(rows) : text) ? 0 : static_cast<int>(Exit::failed);
}

// What would change comes first, whatever happens then.
int ask_for(Command& command, Installation& installation, const ListsOptions& options, const ListWish& wish) {
  const auto list = list_info(options.list);
  if (!list) return report(command.io, list.error());
  const auto plan = installation.lists().plan(*list, wish);
  if (!plan) return report(command.io, plan.error());
  complain_about(command.io, plan->diagnostics);
  if (options.dry_run && options.json) {
    Json rows = Json::array();
    for (const EntryDifference& one : plan->differences) rows.push_back(to_json(one));
    print(command.io, json_line({{"differences", rows}, {"unchanged", plan->unchanged}, {"waits", plan->waits}}));
  } else if (!options.json) {
    std::string text;
    for (const EntryDifference& one : plan->differences) text += difference_in_words(one);
    text += fmt::format("{}{} entries differ, {} are so already{}\n", options.dry_run ? "nothing is stored: " : "",
                        plan->differences.size(), plan->unchanged,
                        plan->waits && !plan->edits.empty() ? "; a second person must agree" : "");
    print(command.io, text);
  }
  if (has_errors(plan->diagnostics)) return static_cast<int>(Exit::some_rejected);
  if (options.dry_run || plan->edits.empty()) return 0;
  if (options.reason.empty()) return report(command.io, {"app.usage", "say why: --reason TEXT"});
  return tell_change(command, installation,
                     installation.lists().ask(
                         *list, wish, list_actor(installation, local_viewer(command.io), "asked", options.reason)),
                     options.json);
}

int apply_file(Command& command, Installation& installation, const ListsOptions& options) {
  const auto text = read_input(command.io, options.file);
  if (!text) return report(command.io, text.error());
  return ask_for(command, installation, options,
                 {.text = *text,
                  .csv = options.csv || options.file.extension() == ".csv",
                  .replace = options.replace,
                  .remove = {},
                  .file = options.file.filename().string()});
}

using ListStep = Result<ListChange> (ListBook::*)(const ListInfo&, std::int64_t, const ListActor&);

// Not whoever asked for the change, under whatever name.
Result<std::string> who_approves_list(const Command& command, Installation& installation, const ListInfo& list,
                                      const ListsOptions& options) {
  CANDOR_TRY(const auto second,
             who_agrees(command, installation, options.viewer, "this changes what holds for real people"));
  if (!second) return local_viewer(command.io);
  CANDOR_TRY(const auto changes, installation.lists().changes(list));
  const auto asked = std::ranges::find(changes, options.number, &ListChange::number);
  if (asked != changes.end()) {
    CANDOR_TRY_VOID(
        check_second(installation, *second, {.asked_by = asked->asked_by, .own_request = "lists.own_request"}));
  }
  return second->user();
}

int decide_list(Command& command, Installation& installation, const ListsOptions& options, ListStep act,
                const std::string& action) {
  const auto list = list_info(options.list);
  if (!list) return report(command.io, list.error());
  const auto name = act == &ListBook::approve ? who_approves_list(command, installation, *list, options)
                                              : who_acts(command, installation, options.viewer);
  if (!name) return report(command.io, name.error());
  return tell_change(
      command, installation,
      (installation.lists().*act)(*list, options.number, list_actor(installation, *name, action, options.reason)),
      options.json);
}

int take_up_lists(const Command& command, Installation& installation, const ListsOptions& options) {
  // A folder that is opened for a command is read by everything already.
  const auto pending = installation.lists().is_pending();
  if (!pending) return report(command.io, pending.error());
  if (!*pending) {
    print(command.io, "records are read by all that was changed already\n");
    return 0;
  }
  const auto noted = AuditLog(installation.store(), installation.keys(), installation.clock())
                         .append({.viewer = local_viewer(command.io),
                                  .action = "list.taken_up",
                                  .object_kind = "list",
                                  .object_id = {},
                                  .alert = {},
                                  .pseudonym = {},
                                  .reason = options.reason,
                                  .details = {}});
  if (!noted) return report(command.io, noted.error());
  installation.ask_to_take_up();
  print(command.io, "Candor opens the folder again, and answers when everything stored is matched\n");
  return 0;
}

using ListsAct = std::function<int(Command&, Installation&, const ListsOptions&)>;

CLI::App* add_one(CLI::App* lists, Command& command, const std::shared_ptr<ListsOptions>& options,
                  const std::string& name, const std::string& about, ListsAct act) {
  CLI::App* sub = lists->add_subcommand(name, about);
  sub->callback([&command, options, act = std::move(act)] {
    command.installed = [&command, options, act](Installation& in) { return act(command, in, *options); };
  });
  return sub;
}

void add_list_looking(CLI::App* lists, Command& command, const std::shared_ptr<ListsOptions>& options) {
  CLI::App* sub = add_one(lists, command, options, "list", "Every list, and how many entries it has", show_all);
  sub->add_flag("--json", options->json, "As one object");
  sub = add_one(lists, command, options, "show", "The entries of a list, and who says them",
                [](Command& c, Installation& in, const ListsOptions& o) { return show_one(c, in, o, true); });
  sub->add_option("LIST", options->list, "domains, sites, labels, groups, exclusions, ...")->required();
  sub->add_flag("--json", options->json, "As a JSON array");
  sub = add_one(lists, command, options, "export", "The list as a file, an entry a line",
                [](Command& c, Installation& in, const ListsOptions& o) { return show_one(c, in, o, false); });
  sub->add_option("LIST", options->list, "Its name")->required();
  sub = add_one(lists, command, options, "changes", "Who asked for what, who decided, and what differs", show_changes);
  sub->add_option("LIST", options->list, "Its name")->required();
  sub->add_flag("--json", options->json, "As a JSON array");
}

void add_list_wishing(CLI::App* lists, Command& command, const std::shared_ptr<ListsOptions>& options) {
  CLI::App* sub =
      add_one(lists, command, options, "apply", "Ask for what a file says; what differs is shown first", apply_file);
  sub->add_option("LIST", options->list, "Its name")->required();
  sub->add_option("FILE", options->file, "YAML as content has it, CSV, or - for standard input")->required();
  sub->add_flag("--csv", options->csv, "It is CSV, whatever its name");
  sub->add_flag("--replace", options->replace, "Entries that the file does not name are taken out");
  sub->add_flag("--dry-run", options->dry_run, "Print the difference, store nothing");
  sub->add_option("--reason", options->reason, "Why; kept with the change");
  sub->add_flag("--json", options->json, "As one object");
  sub = add_one(lists, command, options, "remove", "Ask for entries to be taken out",
                [](Command& c, Installation& in, const ListsOptions& o) {
                  return ask_for(c, in, o,
                                 {.text = "", .csv = false, .replace = false, .remove = o.names, .file = "names"});
                });
  sub->add_option("LIST", options->list, "Its name")->required();
  sub->add_option("NAME", options->names, "Of entries, as `show --json` has them")->required();
  sub->add_flag("--dry-run", options->dry_run, "Print the difference, store nothing");
  sub->add_option("--reason", options->reason, "Why; kept with the change");
  sub->add_flag("--json", options->json, "As one object");
}

void add_list_decisions(CLI::App* lists, Command& command, const std::shared_ptr<ListsOptions>& options) {
  struct Row {
    const char* name;
    const char* action;
    const char* about;
    ListStep act;
  };
  constexpr Row kListRows[] = {
      {"approve", "approved", "Let a change that waits hold; never one's own", &ListBook::approve},
      {"reject", "rejected", "Drop a change that waits", &ListBook::reject},
      {"withdraw", "withdrawn", "Take one's own request back", &ListBook::withdraw},
      {"undo", "undone", "Ask for what held before a change", &ListBook::undo}};
  for (const Row& row : kListRows) {
    CLI::App* sub = add_one(lists, command, options, row.name, row.about,
                            [row](Command& c, Installation& in, const ListsOptions& o) {
                              return decide_list(c, in, o, row.act, row.action);
                            });
    sub->add_option("LIST", options->list, "Its name")->required();
    sub->add_option("NUMBER", options->number, "Of the change")->required();
    sub->add_option("--reason", options->reason, "Why; kept with the change")->required();
    sub->add_option(
        "--viewer", options->viewer,
        "A viewer who may agree, with the password on standard input; approve needs one over real people (default: "
        "whoever runs the command)");
    sub->add_flag("--json", options->json, "As one object");
  }
}

}  // namespace

void add_lists(CLI::App& app, Command& command) {
  CLI::App* lists =
      app.add_subcommand("lists", "Domains, priority content, groups, exclusions: what holds, and changes");
  lists->require_subcommand(1);
  auto options = std::make_shared<ListsOptions>();
  add_list_looking(lists, command, options);
  add_list_wishing(lists, command, options);
  add_list_decisions(lists, command, options);
  CLI::App* sub = add_one(lists, command, options, "take-up", "Read records by all that was changed, also where served",
                          take_up_lists);
  sub->add_option("--reason", options->reason, "Why; kept in the audit log");
}

}  // namespace candor
