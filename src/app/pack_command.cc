#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/command.h"
#include "app/content.h"
#include "app/json.h"
#include "app/pack_apply.h"
#include "packs/pack_shelf.h"

namespace candor {
namespace {

struct PackShowOptions {
  std::string id;
  std::string text;
  bool json = false;
};

Json policy_json(const PackPolicy& said) {
  return {{"file", said.file},
          {"policy", said.id},
          {"volume", said.volume ? Json(to_text(*said.volume)) : Json()},
          {"enabled", said.enabled ? Json(*said.enabled) : Json()},
          {"not_in", said.not_in},
          {"reason", said.reason}};
}

Json pack_head_json(const Pack& pack) {
  return {{"id", pack.id},           {"title", pack.title}, {"kind", to_text(pack.kind)},
          {"country", pack.country}, {"about", pack.about}, {"checked_by", pack.checked_by}};
}

Json pack_json(const Pack& pack) {
  Json json = pack_head_json(pack);
  for (const char* key : {"policies", "limits", "switches", "law", "agree", "texts"}) json[key] = Json::array();
  for (const PackPolicy& one : pack.policies) json["policies"].push_back(policy_json(one));
  for (const PackPolicy& one : pack.limits) json["limits"].push_back(policy_json(one));
  for (const PackSwitch& one : pack.switches) {
    json["switches"].push_back(
        {{"on", one.on}, {"country", one.country}, {"reason", one.reason}, {"indicators", one.indicators}});
  }
  json["retention"] = pack.retention ? Json{{"raw_days", pack.retention->raw_days},
                                            {"activity_days", pack.retention->activity_days},
                                            {"reason", pack.retention->reason}}
                                     : Json();
  for (const PackLaw& one : pack.law) json["law"].push_back({{"says", one.says}, {"source", one.source}});
  for (const PackAgreement& one : pack.agree) {
    json["agree"].push_back({{"with", one.with}, {"what", one.what}, {"source", one.source}});
  }
  for (const PackText& one : pack.texts) {
    json["texts"].push_back({{"name", one.name}, {"title", one.title}, {"text", one.text}});
  }
  return json;
}

std::string policy_words(const PackPolicy& said) {
  std::string text = "  " + said.file;
  if (said.volume) text += fmt::format(", volume {}", to_text(*said.volume));
  if (said.enabled) text += *said.enabled ? ", enabled" : ", not enabled";
  if (!said.not_in.empty()) text += ", not in " + joined(said.not_in);
  return text + (said.reason.empty() ? "" : "\n    " + said.reason) + "\n";
}

std::string pack_words(const Pack& pack) {
  std::string text = pack_warning(pack) + "\n" + pack.about + "\n";
  if (!pack.policies.empty()) text += "\nit takes the policies\n";
  for (const PackPolicy& one : pack.policies) text += policy_words(one);
  if (!pack.limits.empty()) text += "\nand limits, where another pack takes them\n";
  for (const PackPolicy& one : pack.limits) text += policy_words(one);
  if (!pack.switches.empty()) text += "\nindicators\n";
  for (const PackSwitch& one : pack.switches) {
    text += fmt::format("  {} {}: {}\n    {}\n", one.on ? "on" : "off",
                        one.country.empty() ? "everywhere" : "in " + one.country, one.reason, joined(one.indicators));
  }
  if (pack.retention) {
    text += fmt::format("\nkept at most: raw records {} days, activities {} days\n  {}\n", pack.retention->raw_days,
                        pack.retention->activity_days, pack.retention->reason);
  }
  if (!pack.agree.empty()) text += "\nto agree to before\n";
  for (const PackAgreement& one : pack.agree) {
    text += fmt::format("  {}: {}\n    {}\n", one.with, one.what, one.source);
  }
  if (!pack.law.empty()) text += "\nlaw and rules\n";
  for (const PackLaw& one : pack.law) text += fmt::format("  {}\n    {}\n", one.says, one.source);
  if (!pack.texts.empty()) text += "\ntexts\n";
  for (const PackText& one : pack.texts) {
    text += fmt::format("  {:<24} {}    candor pack show {} --text {}\n", one.name, one.title, pack.id, one.name);
  }
  return text;
}

// The packs of the content folder; faults of others than are wanted are told and hinder nobody.
Result<std::shared_ptr<const PackShelf>> packs_of(const Command& command) {
  CANDOR_TRY(const Content content, load_content(content_folder(command)));
  auto shelf = load_pack_shelf(content.folder, content.indicators->indicators(), *content.scoring);
  complain_about(command.io, shelf->diagnostics);
  return shelf;
}

int list_packs(const Command& command, bool json) {
  const auto loaded = packs_of(command);
  if (!loaded) return report(command.io, loaded.error());
  Json rows = Json::array();
  std::string text = fmt::format("{:<16} {:<9} {}\n", "PACK", "KIND", "TITLE");
  for (const Pack& pack : (*loaded)->packs) {
    rows.push_back(pack_head_json(pack));
    text += fmt::format("{:<16} {:<9} {}\n", pack.id, to_text(pack.kind), pack.title);
  }
  if (!print(command.io, json ? json_line(rows) : text)) return static_cast<int>(Exit::failed);
  return static_cast<int>(has_errors((*loaded)->diagnostics) ? Exit::failed : Exit::ok);
}

Result<std::string> pack_text_of(const Pack& pack, const std::string& name) {
  const auto found = std::ranges::find(pack.texts, name, &PackText::name);
  if (found != pack.texts.end()) return found->text + (found->text.ends_with('\n') ? "" : "\n");
  std::vector<std::string> known;
  for (const PackText& text : pack.texts) known.push_back(text.name);
  return fail("pack.no_text",
              "pack " + pack.id + " has no such text" + (known.empty() ? std::string() : "; it has: " + joined(known)));
}

int show_pack(const Command& command, const PackShowOptions& options) {
  const Io& io = command.io;
  const auto loaded = packs_of(command);
  if (!loaded) return report(io, loaded.error());
  const auto pack = (*loaded)->chosen(std::vector{options.id});
  if (!pack) return report(io, pack.error());
  const Pack& shown = pack->front();
  if (!options.text.empty()) {
    const auto text = pack_text_of(shown, options.text);
    if (!text) return report(io, text.error());
    return print(io, options.json ? json_line({{"id", shown.id}, {"name", options.text}, {"text", *text}}) : *text)
               ? 0
               : static_cast<int>(Exit::failed);
  }
  return print(io, options.json ? json_line(pack_json(shown)) : pack_words(shown)) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_pack(CLI::App& app, Command& command) {
  CLI::App* pack = app.add_subcommand("pack", "Policies, switches, retention and texts by industry and country");
  pack->require_subcommand(1);
  auto shown = std::make_shared<PackShowOptions>();
  CLI::App* sub = pack->add_subcommand("list", "Every pack of the content folder");
  sub->add_flag("--json", shown->json, "As a JSON array");
  sub->callback(
      [&command, shown] { command.standalone = [&command, shown] { return list_packs(command, shown->json); }; });

  sub = pack->add_subcommand("show", "What a pack says, with its sources");
  sub->add_option("PACK", shown->id, "Id of a pack")->required();
  sub->add_option("--text", shown->text, "Only this text of it, to start your own from");
  sub->add_flag("--json", shown->json, "As one object");
  sub->callback([&command, shown] { command.standalone = [&command, shown] { return show_pack(command, *shown); }; });

  auto options = std::make_shared<PackApplyOptions>();
  sub = pack->add_subcommand("apply",
                             "Apply packs together: shows what would change, then decides and applies; "
                             "applying the same again changes nothing");
  sub->add_option("PACK", options->ids, "Ids of packs: usually one industry and every country with people in it")
      ->required();
  sub->add_option("--lawful-start", options->lawful_start,
                  "A file with the section `lawful_start`, for the policies; over real people they need one");
  sub->add_option("--agreement", options->agreement,
                  "Reference to the agreement that allows what packs want switched on; without it that stays off");
  sub->add_option("--reason", options->reason, "Why; kept with the versions and in the audit log");
  sub->add_flag(
      "--retention", options->retention,
      "Also ask for the shorter times, where things are kept longer than the packs say; over real people a second "
      "person approves");
  sub->add_flag("--dry-run", options->dry_run, "Only show what would change");
  sub->add_flag("--json", options->json, "Print what changes as one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return apply_packs(command, in, *options); };
  });
}

}  // namespace candor
