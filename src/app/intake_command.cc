#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "activity/normalise.h"
#include "app/command.h"
#include "app/content.h"
#include "app/inputs.h"
#include "app/installation.h"
#include "app/json.h"
#include "ingest/intake_counts.h"
#include "ingest/intake_filter.h"
#include "sources/file_source.h"

namespace candor {
namespace {

struct IntakeOptions {
  std::vector<std::string> names;
  bool json = false;
  std::string feed;
};

int check_intake(const Command& command) {
  const Io& io = command.io;
  std::vector<Diagnostic> faults;
  const auto rules = IntakeRules::load(content_folder(command), faults);
  complain_about(io, faults);
  if (!rules) {
    if (faults.empty()) return report(io, rules.error());
    print(io, fmt::format("{} faults\n", faults.size()));
    return static_cast<int>(Exit::failed);
  }
  print(io, fmt::format("{} rules, {} protected parties, 0 faults; version {}\n", (*rules)->rules.size(),
                        (*rules)->parties.size(), (*rules)->version_text()));
  return 0;
}

std::string effect_of(const IntakeRule& rule) {
  if (rule.whole_record) return "nothing of the record";
  std::string text;
  if (!rule.drop.paths.empty()) text += fmt::format("drops {} fields", rule.drop.paths.size());
  if (!rule.mask.paths.empty()) {
    text += fmt::format("{}masks {} fields", text.empty() ? "" : ", ", rule.mask.paths.size());
  }
  return text;
}

// Who is protected is not printed: a count says how many.
std::size_t size_of(const ProtectedParty& party) {
  return party.people.size() + party.mailboxes.size() + party.sites.size() + party.domains.size();
}

int show_intake(const Command& command, Installation& installation, const IntakeOptions& options) {
  const IntakeRules& rules = *installation.content().intake;
  const auto counted = intake_counts(installation.timeline());
  if (!counted) return report(command.io, counted.error());
  if (options.json) {
    Json json = {{"version", rules.version_text()}, {"rules", Json::array()}, {"parties", Json::array()}};
    for (const IntakeRule& rule : rules.rules) {
      json["rules"].push_back({{"name", rule.name}, {"reason", rule.reason}, {"effect", effect_of(rule)}});
    }
    for (const ProtectedParty& party : rules.parties) {
      json["parties"].push_back({{"name", party.name}, {"reason", party.reason}, {"entries", size_of(party)}});
    }
    json["days"] = Json::object();
    for (const auto& [day, counts] : *counted) {
      for (const auto& [rule, count] : counts) {
        json["days"][format_day(day)][rule] = {{"dropped", count.dropped}, {"changed", count.changed}};
      }
    }
    return print(command.io, json.dump() + "\n") ? 0 : static_cast<int>(Exit::failed);
  }
  std::string text = fmt::format("intake rules, version {}\n", rules.version_text());
  for (const IntakeRule& rule : rules.rules) {
    text += fmt::format("  {:<32} never stored: {}  ({})\n", rule.name, effect_of(rule), rule.reason);
  }
  for (const ProtectedParty& party : rules.parties) {
    text += fmt::format("  {:<32} protected party, {} entries  ({})\n", party.name, size_of(party), party.reason);
  }
  for (const auto& [day, counts] : *counted) {
    for (const auto& [rule, count] : counts) {
      text += fmt::format("{}  {:<32} {} dropped, {} stored without fields\n", format_day(day), rule,
                          format_count(count.dropped), format_count(count.changed));
    }
  }
  return print(command.io, text) ? 0 : static_cast<int>(Exit::failed);
}

// What a run over records at hand would do; nothing is stored.
struct Trial {
  std::uint64_t records = 0;
  std::uint64_t kept = 0;
  std::uint64_t refused = 0;  // not usable for other reasons
  std::map<std::string, std::uint64_t> dropped;
  std::map<std::string, std::uint64_t> changed;

  void count(const Normalised& normalised, IntakeFilter& filter) {
    ++records;
    const auto verdict =
        normalised.activity == nullptr ? IntakeFilter::Verdict::unreadable : filter.judge(*normalised.activity);
    if (verdict == IntakeFilter::Verdict::unreadable) {
      ++refused;
    } else if (verdict == IntakeFilter::Verdict::keep) {
      ++kept;
    } else {
      auto& counts = verdict == IntakeFilter::Verdict::drop ? dropped : changed;
      for (const std::string_view rule : filter.by()) ++counts[std::string(rule)];
    }
  }
};

Result<void> try_input(const SourceInput& input, const Io& io, Normaliser& normaliser, IntakeFilter& filter,
                       const std::optional<FeedForm>& feed, Trial& trial) {
  CANDOR_TRY(const auto source,
             FileSource::open(input, {.checkpoint = {}, .cancelled = io.cancelled, .limits = {}, .feed = feed}));
  while (true) {
    CANDOR_TRY(const auto batch, source->next());
    if (!batch) return {};
    trial.records += batch->rejected.size();
    trial.refused += batch->rejected.size();
    normaliser.normalise(*batch, [&](const Normalised& normalised) { trial.count(normalised, filter); });
  }
}

int try_files(const Command& command, const IntakeOptions& options) {
  const Io& io = command.io;
  const auto content = load_content(content_folder(command));
  if (!content) return report(io, content.error());
  std::optional<FeedForm> form;
  if (!options.feed.empty()) {
    auto known = content->mappings->feed_form(options.feed);
    if (!known) return report(io, known.error());
    form = std::move(*known);
  }
  const auto inputs = list_inputs(io, options.names);
  if (!inputs) return report(io, inputs.error());
  Normaliser normaliser(content->mappings);
  // Without a directory nobody's country is known: the strictest answer, as on a first day.
  IntakeFilter filter(content->intake, {});
  Trial trial;
  for (const SourceInput& input : *inputs) {
    if (auto tried = try_input(input, io, normaliser, filter, form, trial); !tried) return report(io, tried.error());
  }
  if (options.json) {
    const Json json = {{"version", content->intake->version_text()},
                       {"records", trial.records},
                       {"kept", trial.kept},
                       {"not_usable", trial.refused},
                       {"dropped", trial.dropped},
                       {"changed", trial.changed}};
    return print(io, json.dump() + "\n") ? 0 : static_cast<int>(Exit::failed);
  }
  std::string text = fmt::format("{} records: {} would be stored as they are, {} are not usable\n",
                                 format_count(trial.records), format_count(trial.kept), format_count(trial.refused));
  for (const auto& [rule, count] : trial.dropped) text += fmt::format("  {:<32} {} dropped\n", rule, count);
  for (const auto& [rule, count] : trial.changed) {
    text += fmt::format("  {:<32} {} stored without some fields\n", rule, count);
  }
  return print(io, text) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_intake(CLI::App& app, Command& command) {
  auto options = std::make_shared<IntakeOptions>();
  CLI::App* intake = app.add_subcommand("intake", "What is never stored: content/intake.yml and protected.yml");
  intake->require_subcommand(1);
  CLI::App* sub = intake->add_subcommand("check", "Read the rules and name every fault");
  sub->callback([&command] { command.standalone = [&command] { return check_intake(command); }; });
  sub = intake->add_subcommand("show", "The rules in force and what they kept from the disk, by day");
  sub->add_flag("--json", options->json, "As one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return show_intake(command, in, *options); };
  });
  sub = intake->add_subcommand("try", "What the rules would do to these records; counts only, nothing is stored");
  sub->add_option("FILE", options->names, "Files or folders; - for standard input")->required();
  sub->add_option("--feed", options->feed, "All records are of this feed (content/mappings/feeds)");
  sub->add_flag("--json", options->json, "As one object");
  sub->callback(
      [&command, options] { command.standalone = [&command, options] { return try_files(command, *options); }; });
}

}  // namespace candor
